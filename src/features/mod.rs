//! One folder a feature; each uses only those before it in the order that
//! `tests/it/architecture.rs` states.

pub mod accounts;
pub mod alerts;
pub mod companies;
pub mod contacts;
pub mod demo;
pub mod facts;
pub mod groups;
pub mod home;
pub mod imports;
pub mod indicators;
pub mod key_companies;
pub mod mails;
pub mod meetings;
pub mod model_card;
pub mod notifications;
pub mod organisations;
pub mod pages;
pub mod plans;
pub mod risk;
pub mod search;
pub mod sheets;
pub mod signals;
pub mod social;
pub mod territories;
pub mod workshops;
