//! The five places of each territory: who could hold them, who does, why, and since when.
//!
//! Owns `key_companies`, `key_company_events`, `impact_weights` and `impact_facts`. Other features
//! may call [`places`] (the acts), [`facts`] and [`queries`]; [`candidates::Pool`] scores a territory.

pub mod candidates;
pub mod closure;
pub mod criteria;
mod dependents;
pub mod facts;
mod forms;
pub mod model;
pub mod outcome;
pub mod places;
pub mod queries;
mod refusals;
mod routes;
mod views;

pub use routes::routes;
