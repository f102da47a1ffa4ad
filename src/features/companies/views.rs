//! Pages of companies.

pub mod export;
pub mod list;
pub mod meetings;
pub mod notes;
pub mod risk;
pub mod search;
pub mod show;
mod timeline;
