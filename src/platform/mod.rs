//! F1: what talks to the outside without knowing our screens.

pub mod bucket;
pub mod checks;
pub mod client;
pub mod clock;
pub mod config;
pub mod database;
pub mod db;
pub mod embedded_postgres;
pub mod health;
pub mod jobs;
pub mod limits;
pub mod mail;
pub mod memo;
pub mod pdf;
pub mod scan;
pub mod server;
pub mod shutdown;
pub mod submissions;
pub mod telemetry;
