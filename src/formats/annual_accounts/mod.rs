//! Annual accounts as Inpi types them in: `bilansSaisis`, in JSON.
//!
//! Amounts are whole euros written as texts (`000000000007622`, `-000000000195000`). Which column
//! holds the year depends on the form and on the page, see [`columns`]. Banks and insurers follow
//! other forms and are rejected, as are accounts in another currency.

pub mod codes;
mod codes_complete;
mod codes_simplified;
pub mod columns;
mod raw;
mod reader;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use reader::AccountsReader;

use super::Confidentiality;
use super::ratios::AccountsKind;
use crate::domain::Siren;

/// One line of a form, in whole euros (or people, for the headcounts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Line {
    /// The year that is closed; for assets, net of depreciation.
    pub n: Option<i64>,
    /// The year before.
    pub previous: Option<i64>,
}

/// One set of accounts. Its key is (SIREN, closing date, kind): a company may deposit complete and
/// consolidated accounts for the same year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountsRow {
    /// The company.
    pub siren: Siren,
    /// Day on which the accounts were closed.
    pub closed_on: NaiveDate,
    /// Day on which they were deposited.
    pub deposited_on: Option<NaiveDate>,
    /// Form of the accounts; never [`AccountsKind::Unknown`].
    pub kind: AccountsKind,
    /// How far they may be seen; confidential accounts often have no line.
    pub confidentiality: Confidentiality,
    /// True when Inpi has withdrawn them: what was known of them is to be removed.
    pub deleted: bool,
    /// Length of the year in months, from 1 to 24; flows are compared once brought to twelve.
    pub months: Option<u32>,
    /// Length of the year before in months; nothing when there was none, or the file does not say.
    pub previous_months: Option<u32>,
    /// Amounts by code; a code without any amount is absent.
    pub lines: BTreeMap<String, Line>,
}

impl AccountsRow {
    /// Amount of the year under a code; for assets, net.
    pub fn amount(&self, code: &str) -> Option<i64> {
        self.lines.get(code)?.n
    }

    /// Amount of the year before under a code.
    pub fn previous_amount(&self, code: &str) -> Option<i64> {
        self.lines.get(code)?.previous
    }
}

#[cfg(test)]
mod tests;
