//! The five dossiers of an action plan, and of what partners can bring to it.

use std::str::FromStr;

use super::UnknownCode;

/// One of the five dossiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dossier {
    /// Land and premises.
    Land,
    /// Access to the site.
    Accessibility,
    /// Networks, sustainable development, pollution.
    Environment,
    /// Skills, hiring, handing over.
    Training,
    /// Research and development.
    Research,
}

impl Dossier {
    /// Every dossier, in the order in which plans and forms list them.
    pub const ALL: [Self; 5] = [
        Self::Land,
        Self::Accessibility,
        Self::Environment,
        Self::Training,
        Self::Research,
    ];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Land => "land",
            Self::Accessibility => "accessibility",
            Self::Environment => "environment",
            Self::Training => "training",
            Self::Research => "research",
        }
    }

    /// The dossier in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Land => "Foncier",
            Self::Accessibility => "Accessibilité",
            Self::Environment => "Environnement",
            Self::Training => "Formation",
            Self::Research => "R&D",
        }
    }
}

impl FromStr for Dossier {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .into_iter()
            .find(|dossier| dossier.code() == code)
            .ok_or(UnknownCode)
    }
}
