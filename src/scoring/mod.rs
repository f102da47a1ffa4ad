//! From accounts to what is said of a company: features of a model, its points, landmarks, rules, the
//! level that is retained and its words; and the proof and training of a model. Nothing here reads a file, a clock or a database: dates and
//! seeds are passed in.

pub mod accounts;
pub mod assessment;
pub mod backtest;
pub mod codes;
pub mod counting;
pub mod dossier;
pub mod events;
mod explain;
pub mod explanation;
pub mod features;
pub mod fit;
pub mod flags;
pub mod formula;
pub mod landmarks;
pub mod level;
pub mod metrics;
pub mod model;
pub mod numbers;
pub mod random;
pub mod ratios;
pub mod retained;
pub mod score;
#[cfg(test)]
mod testing;
pub mod words;
