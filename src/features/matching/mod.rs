//! R&D and skills matching: what companies and organisations need or offer, by theme; who could be introduced
//! to whom and why, in words; introductions, followed until something comes of them or does not. Owns
//! `matching_themes`, `matching_entries`, `introductions`, `introduction_events`.
//!
//! A need or an offer is for the council and its writer only until it is shared (`reads_matching`). There is no
//! score: suggestions follow an ordered rule, which the page says.

mod forms;
mod list;
pub mod model;
pub mod queries;
mod routes;
mod views;

pub use routes::routes;
