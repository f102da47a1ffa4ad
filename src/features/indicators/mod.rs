//! The indicators: who is identified and followed, who is maintained, and what the method did for it.
//! Owns `indicator_settings`, `indicator_comments` and `indicator_snapshots`.
//!
//! Every figure comes from the functions of the schema (`indicator_figures`, `key_company_outcomes`):
//! the page, its lists, its files and the snapshots cannot disagree.

mod forms;
pub mod model;
pub mod queries;
mod routes;
pub mod snapshots;
mod views;
pub mod words;

pub use routes::routes;
