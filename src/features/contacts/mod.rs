//! People to talk to in a company. Owns `contacts`; the company's page shows them.
//!
//! They are personal data (GDPR, public interest): only what serves to reach someone, notes that the
//! person may read, set aside when they leave, erased or told when they ask, and a trace of each
//! change by the audit's triggers.

mod forms;
pub mod queries;
mod routes;
mod views;

pub use routes::routes;
