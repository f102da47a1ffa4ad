//! Pages of social data.

pub mod company;
pub mod settings;
