//! « À faire aujourd’hui »: one list of things to do, read from what the other features hold. Owns
//! no table.

mod mine;
mod model;
mod queries;
mod routes;
mod views;

pub use routes::routes;
