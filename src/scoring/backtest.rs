//! Proof of a model on what happened: sets, splits, measures, reports.

pub mod american;
pub mod history;
pub mod page;
pub mod panel;
pub mod polish;
pub mod report;
mod rows;
pub mod run;
pub mod scoring;
pub mod slovak;
pub mod splits;
mod table;
pub mod text;

pub use panel::{Candidate, Panel};
pub use report::Report;
pub use run::{Settings, Split, run};
pub use table::ReadError;

use super::model::Model;

/// The columns that a model needs, to read our own history with [`history::read`].
pub fn candidates(model: &Model) -> Vec<Candidate> {
    model
        .variables
        .iter()
        .map(|variable| Candidate {
            id: variable.id.clone(),
            label: variable.label.clone(),
            block: variable.block.clone(),
            unit: variable.unit.clone(),
            direction: Some(variable.direction),
            formulas: variable.formulas.clone(),
        })
        .collect()
}

#[cfg(test)]
#[path = "backtest/read_tests.rs"]
mod tests;
