//! Measures of a score against what happened: all on `scores` (higher = riskier) and `labels`
//! (true = failed) of the same length, all deterministic.

pub mod alerts;
pub mod probability;
pub mod ranking;
pub mod stability;
pub mod top;
