//! What became of a key company that leaves its place.

use std::str::FromStr;

/// `key_companies.exit_outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Still active in the territory: it no longer needs the place.
    Maintained,
    /// It closed.
    Closed,
    /// It left the territory.
    Left,
    /// Anything else; the motive tells.
    Other,
}

/// A code that names no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown outcome")]
pub struct UnknownOutcome;

impl Outcome {
    /// Every outcome, in the order of the forms.
    pub const ALL: [Self; 4] = [Self::Maintained, Self::Closed, Self::Left, Self::Other];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Maintained => "maintained",
            Self::Closed => "closed",
            Self::Left => "left",
            Self::Other => "other",
        }
    }

    /// The outcome in words, for a company.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Maintained => "Maintenue",
            Self::Closed => "Fermée",
            Self::Left => "Partie du territoire",
            Self::Other => "Autre",
        }
    }
}

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(code: &str) -> Result<Self, UnknownOutcome> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.code() == code)
            .ok_or(UnknownOutcome)
    }
}
