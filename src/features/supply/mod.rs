//! Customers and suppliers: who supplies whom, how much the one depends on the other, who said so. Owns
//! `supply_links`; the page of a company and « what if it closed » show them.
//!
//! No register tells these links: each says whether a company declared it or somebody estimates it. A link
//! that is over is ended with its reason, never removed.

mod forms;
pub mod queries;
mod routes;
mod views;

pub use routes::routes;
