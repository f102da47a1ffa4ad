//! Organisations and the people in them: who can help a company, on what and where. Owns
//! `organisations`, `organisation_skills`, `organisation_territories` and `partner_people`.
//!
//! Stands left of `accounts`: an account names its organisation and adds it when nobody had written
//! it yet, while `users.organisation_id` stays the account's own column.

mod acts;

pub use acts::provide;
