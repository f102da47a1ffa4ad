//! Vigie: a lookout for the companies that a rural territory cannot lose.
//!
//! Six floors; an import only goes down.
//!
//! - F0 `domain`, `scoring`, `formats`: words, numbers and files, without I/O of their own and
//!   without a clock
//! - F1 `platform`: the outside world, without our screens
//! - F2 `auth`: who the person is and what they may do
//! - F3 `web`: HTTP without any feature
//! - F4 `features`: one folder each; a feature uses only those before it in the list
//! - F5 `app`: the only file that names every feature
//! - F6 `cli`: subcommands

pub mod app;
pub mod auth;
pub mod cli;
pub mod domain;
pub mod features;
pub mod formats;
pub mod platform;
pub mod scoring;
pub mod web;

/// The schema's history, embedded in the program.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
