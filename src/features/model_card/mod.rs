//! The card of the model, for whoever reads a level: what it is for, what it is not, what it reads, what
//! it is worth and where it stops. Says what the shipped model file and the measured figures say.
//!
//! Owns no table.

mod measures;
mod queries;
mod routes;
mod versions;
mod views;

pub use routes::routes;
pub use versions::PATH as VERSIONS;
