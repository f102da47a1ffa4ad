//! Signing in, one's own account, the people of the service and the journal of what they did.
//!
//! Writes no table of its own: accounts are written by `auth::directory`. Other features use
//! nothing of this one; the program calls `provision` (first start, demonstration, command line),
//! `jobs::register` and `upkeep::purge`.

mod forms;
pub mod jobs;
pub mod journal;
pub mod provision;
mod queries;
mod routes;
mod session;
pub mod upkeep;

pub use routes::routes;
