//! What a source says of a company at a date, whatever the layout that says it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::Siren;

/// What a fact is about; `facts.kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    /// A legal notice.
    Notice,
    /// Annual accounts, line by line.
    Accounts,
    /// Ratios that a public body computed from accounts.
    Ratios,
    /// A debt to a social body.
    SocialDebt,
    /// A contribution due to a social body.
    SocialContribution,
    /// A delay granted by a social body.
    SocialDelay,
}

impl FactKind {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::Notice,
        Self::Accounts,
        Self::Ratios,
        Self::SocialDebt,
        Self::SocialContribution,
        Self::SocialDelay,
    ];

    /// Code of the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Accounts => "accounts",
            Self::Ratios => "ratios",
            Self::SocialDebt => "social_debt",
            Self::SocialContribution => "social_contribution",
            Self::SocialDelay => "social_delay",
        }
    }

    /// From the code of the database.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// In French words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Notice => "Annonce légale",
            Self::Accounts => "Comptes annuels",
            Self::Ratios => "Ratios publics",
            Self::SocialDebt => "Dette sociale",
            Self::SocialContribution => "Cotisations",
            Self::SocialDelay => "Délai de paiement social",
        }
    }

    /// Who produces it, when a file tells it.
    pub fn producer(self) -> &'static str {
        match self {
            Self::Notice => "DILA-BODACC",
            Self::Accounts => "INPI, comptes annuels",
            Self::Ratios => "Bercy-INPI, ratios publics",
            Self::SocialDebt | Self::SocialContribution | Self::SocialDelay => "Urssaf",
        }
    }

    /// Whether the law keeps it for those whom an administrator named.
    pub fn is_social(self) -> bool {
        matches!(
            self,
            Self::SocialDebt | Self::SocialContribution | Self::SocialDelay
        )
    }
}

/// A fact as a file tells it.
#[derive(Debug)]
pub struct NewFact<'a, T> {
    /// What it is about.
    pub kind: FactKind,
    /// What tells it from others of its kind.
    pub key: String,
    /// Its company.
    pub siren: Siren,
    /// Day that it speaks of.
    pub happened_on: NaiveDate,
    /// The reader's row.
    pub content: &'a T,
}

impl<T: Serialize> NewFact<'_, T> {
    /// The content as the database keeps it.
    pub fn json(&self) -> String {
        // Rows of readers have text keys and finite numbers: they always serialise.
        serde_json::to_string(self.content).unwrap_or_else(|_| "{}".to_owned())
    }
}
