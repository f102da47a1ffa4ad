//! Companies as the registers know them: the list with its search and its export, the page of one
//! company. Reads `companies`, `establishments` and `headcounts`, which
//! imports write; owns no table.
//!
//! Names that the register forbids to show never leave the database: every query masks them.

mod forms;
pub mod model;
pub mod queries;
mod routes;
pub mod supply;
pub mod views;

pub use routes::routes;
