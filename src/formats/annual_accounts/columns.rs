//! Which of the four columns `m1` to `m4` holds the year, and which the year before.
//!
//! Complete and consolidated accounts: page 1 (assets) m3 and m4, page 2 (liabilities) m1 and m2,
//! page 3 (operations) m3 and m4, page 4 (result) m1 and m2, page 11 (notes of 2058-C) m1 and m2.
//! Simplified accounts: page 1 (balance sheet) m3 and m4, page 2 (income statement) m1 and m2.
//!
//! Source: the table of every code by page and column with which Signaux Faibles reads these files
//! (github.com/signaux-faibles/libinpirncs, `schema.go`), compared with ours code by code; it agrees
//! with the documentation of Inpi (version 5, part E) as two other readers quote it. GW stands on
//! page 3 there and on page 4 in other files: its page tells its column.

use super::codes::{Code, Regime};
use crate::formats::ratios::AccountsKind;

/// Ranks of two columns, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// The year.
    pub n: usize,
    /// The year before.
    pub previous: usize,
}

const THIRD: Columns = Columns { n: 2, previous: 3 };
const FIRST: Columns = Columns { n: 0, previous: 1 };

/// The columns of a page; nothing for the pages beyond, whose columns are not known.
pub fn of_page(kind: AccountsKind, page: u64) -> Option<Columns> {
    match (kind, page) {
        (AccountsKind::Simplified, 1) => Some(THIRD),
        (AccountsKind::Simplified, 2) => Some(FIRST),
        (AccountsKind::Simplified, _) => None,
        (_, 1 | 3) => Some(THIRD),
        (_, 2 | 4 | 11) => Some(FIRST),
        _ => None,
    }
}

/// Whether a code is expected in accounts of a kind.
pub fn belongs(code: &Code, kind: AccountsKind) -> bool {
    match code.regime {
        Regime::Simplified => kind == AccountsKind::Simplified,
        Regime::Complete => kind != AccountsKind::Simplified,
        Regime::Consolidated => kind == AccountsKind::Consolidated,
    }
}
