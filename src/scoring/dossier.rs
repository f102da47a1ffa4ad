//! Everything that is known of a company and bears on its risk, as it stood on an evening. It is kept
//! beside each assessment, so that any of them can be computed again.

use std::fmt::Write as _;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::accounts::Accounts;
use super::flags::RaisedFlag;
use super::ratios::PublicRatios;
use super::retained::Override;
use crate::domain::insolvency::Notice;

/// Accounts, and the day from which they were public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The accounts.
    pub accounts: Accounts,
    /// Day of their deposit, when it is told.
    pub known_on: Option<NaiveDate>,
}

/// What is known of a company.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Dossier {
    /// Annual accounts.
    pub accounts: Vec<Filed>,
    /// Ratios published by public bodies.
    pub ratios: Vec<PublicRatios>,
    /// Legal notices.
    pub notices: Vec<Notice>,
    /// What people saw.
    pub flags: Vec<RaisedFlag>,
    /// Experts' views.
    pub overrides: Vec<Override>,
    /// Since when a fact that is kept for a few people speaks against the company. No more of it is
    /// kept here: what it says is deleted with the right to hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved_since: Option<NaiveDate>,
}

impl Dossier {
    /// What was known on the evening of a day, in an order that owes nothing to that of the imports.
    #[must_use]
    pub fn at(mut self, on: NaiveDate) -> Self {
        self.accounts
            .retain(|filed| filed.known_on.unwrap_or(filed.accounts.closing) <= on);
        self.ratios.retain(|ratios| ratios.closing <= on);
        self.notices.retain(|notice| notice.published_on <= on);
        self.flags.retain(|flag| flag.in_force(on));
        self.overrides
            .retain(|view| view.signed_on <= on && on < view.expires_on);
        self.reserved_since = self.reserved_since.filter(|since| *since <= on);
        sort(&mut self.accounts);
        sort(&mut self.ratios);
        self.notices.sort();
        self.flags.sort();
        self.overrides.sort();
        self
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// SHA-256 of what is known, in hexadecimal: the same facts, the same digest.
    pub fn digest(&self) -> String {
        let hash = Sha256::digest(text(self));
        hash.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// Sorts by content, whatever the type.
fn sort<T: Serialize>(items: &mut [T]) {
    items.sort_by_cached_key(text);
}

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    // Dates, numbers and texts always serialise.
    serde_json::to_string(value).unwrap_or_default()
}
