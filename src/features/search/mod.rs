//! The search of the header, over everything that people look for: companies, places, people, meetings,
//! workshops, decisions, actions. Each kind with the rights of its own list. Owns no table.

mod model;
mod queries;
mod routes;
mod views;

pub use routes::routes;
