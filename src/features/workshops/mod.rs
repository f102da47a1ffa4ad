//! Workshops (« ateliers de partage »): prepared, invited, held, decided, told.
//!
//! What is said in the room is one row an entry, shared or kept within the council; a decision lives
//! until it is done. Invitations are answered by a secret address without an account. Nothing that
//! leaves (mails, sheets, minutes) tells an alert, a level or a confidential entry.

mod again;
mod delivery;
mod forms;
mod letters;
pub mod model;
pub mod queries;
mod routes;
mod views;

pub use delivery::{keep_as_sent, register};
pub use forms::NewWorkshop;
pub use letters::event;
pub use routes::routes;
