//! Pages of alerts.

pub mod queue;
pub mod show;
