//! Pages of companies.

pub mod dossiers;
pub mod export;
mod group;
pub mod list;
pub mod meetings;
pub mod notes;
pub mod notice;
pub mod risk;
pub mod show;
mod state;
mod timeline;
