//! Deteriorations that someone must handle: opened by assessments, one a company, enriched rather than
//! repeated, never two for the same cause; taken in charge, put off, closed with an outcome.
//!
//! Owns `alerts`, `alert_causes`, `alert_events` and `assessment_feedback`. [`run::catch_up`] scores what is new and follows
//! it in one transaction; the program calls it every few seconds, commands and tests directly.

mod acts;
pub mod follow;
mod forms;
mod model;
pub mod queries;
mod routes;
pub mod run;
mod views;

pub use routes::routes;
