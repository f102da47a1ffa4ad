//! What is wrong in a model file.

use std::fmt;

/// A fault: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Table, or identifier of the variable or event.
    pub place: String,
    /// What is wrong, in French.
    pub problem: String,
}

/// Every fault of a model file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ModelErrors(pub Vec<Fault>);

impl ModelErrors {
    /// A single fault.
    pub fn of(place: &str, problem: String) -> Self {
        Self(vec![Fault {
            place: place.to_owned(),
            problem,
        }])
    }
}

impl fmt::Display for ModelErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "modèle refusé\u{a0}:")?;
        for fault in &self.0 {
            write!(f, "\n- {}\u{a0}: {}", fault.place, fault.problem)?;
        }
        Ok(())
    }
}
