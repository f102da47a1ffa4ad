//! HTTP without any feature: doors, errors, forms, the frame of pages, charts.

pub mod assets;
pub mod charts;
pub mod download;
pub mod error;
pub mod error_page;
pub mod extract;
pub mod filters;
pub mod forms;
pub mod frame;
pub mod guard;
pub mod letter;
pub mod levels;
pub mod map;
pub mod pager;
pub mod printed;
pub mod request;
pub mod routes;
pub mod security;
pub mod sending;
pub mod shell;
pub mod sign_in;
pub mod state;
pub mod submitted;
pub mod timeline;

pub use error::{Error, Result};
pub use extract::{Db, Tx, Visit, Visitor};
pub use routes::Routes;
pub use state::AppState;
pub use submitted::Submitted;
