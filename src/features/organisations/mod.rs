//! Organisations and the people in them: who can help a company, on what and where. Owns
//! `organisations`, `organisation_skills`, `organisation_territories` and `partner_people`.
//!
//! Stands left of `accounts`: an account names its organisation and adds it when nobody had written
//! it yet, while `users.organisation_id` stays the account's own column.
//!
//! People are personal data (GDPR): they are set aside when they leave, told what is known of them or
//! erased when they ask; what they signed keeps its row.

pub mod acts;
pub mod forms;
pub mod matched;
pub mod participations;
pub mod people;
pub mod personal;
pub mod queries;
mod routes;
mod views;

pub use acts::provide;
pub use routes::routes;
