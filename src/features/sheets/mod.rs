//! The sheet of a company: what a person takes along to a meeting, on one A4 page, from the browser
//! or as a PDF. It says no more than the page of the company, to nobody else.
//!
//! Owns no table.

mod accounts;
mod routes;
mod views;

pub use routes::routes;
