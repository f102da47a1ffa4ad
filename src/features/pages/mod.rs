//! Pages that every site of a public body owes its visitors, help, and the show-room of components.
//!
//! Owns no table. `app.rs` mounts them and gives them a [`views::LegalSettings`] read from the configuration.
pub mod guide;
mod help;
mod routes;
pub mod style;
pub mod views;

pub use routes::routes;
