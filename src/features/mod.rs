//! One folder a feature; each uses only those before it in the order that
//! `tests/it/architecture.rs` states.

pub mod accounts;
pub mod alerts;
pub mod companies;
pub mod contacts;
pub mod demo;
pub mod facts;
pub mod home;
pub mod imports;
pub mod key_companies;
pub mod meetings;
pub mod model_card;
pub mod organisations;
pub mod pages;
pub mod risk;
pub mod signals;
pub mod territories;
