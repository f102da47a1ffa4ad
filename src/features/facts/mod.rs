//! What sources say of a company: the page of its facts, and accounts typed by hand when no file
//! gives them. Owns no table: facts belong to the imports. Social facts never appear here.

mod checks;
mod form;
mod lines;
pub mod queries;
mod routes;
pub mod sentence;
mod views;

pub use routes::routes;
