//! Deteriorations that someone must handle: opened by assessments, one a company, enriched rather than
//! repeated, never two for the same cause; taken in charge, put off, closed with an outcome.
//!
//! Owns `alerts`, `alert_causes` and `alert_events`. [`run::catch_up`] scores what is new and follows
//! it in one transaction; the program calls it every few seconds, commands and tests directly.

pub mod follow;
pub mod queries;
pub mod run;
