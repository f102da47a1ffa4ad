//! The risk of each company: from the facts that are kept to an assessment, and its proof.
//!
//! Owns `risk_assessments`, `company_risks`, `risk_comparisons`, `scored_days` and
//! `rescore_requests`. Everything that is said is computed by `scoring`, which is pure; here the facts
//! are gathered, many companies at a time, and what changed is written once and for ever.
//! [`run::rescore`] and [`run::everything`] take the day explicitly: the job, the command and the tests
//! call the same functions.

pub mod dossiers;
pub mod history;
pub mod models;
pub mod queries;
pub mod run;

pub use run::{Assessed, Standing};
