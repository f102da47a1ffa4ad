//! Social and fiscal data of named companies: off by default, on for a time by an administrator who
//! states the legal basis, read by people named one by one, each reading in the audit.
//!
//! Owns `social_data_activations` and `social_data_readers`. The facts themselves belong to the
//! imports, which ask here whether they may take them; the schema deletes them when an activation
//! ends. They enter no export, no search and no list; the score knows one of them only as « un fait
//! réservé » ([`model::rise`]).

mod forms;
pub mod model;
pub mod queries;
mod routes;
pub mod run;
mod views;

pub use routes::{SETTINGS_PATH, routes};
