//! Totals that do not fit together: said, never refused, since the return itself may be wrong.

use super::lines::{Regime, label};
use crate::formats::annual_accounts::AccountsRow;
use crate::web::filters::group_thousands;

/// Parts that together cannot exceed a whole.
type Within = (&'static [&'static str], &'static str);

const COMPLETE: &[Within] = &[
    (&["CD", "CF"], "CJ"),
    (&["CJ"], "EE"),
    (&["EG"], "EC"),
    (&["EH"], "EG"),
    (&["DL", "DO", "EC"], "EE"),
];
const SIMPLIFIED: &[Within] = &[
    (&["080", "084"], "096"),
    (&["096"], "180"),
    (&["195"], "176"),
    (&["142", "176"], "180"),
];

/// Euros of rounding that a return may hold.
const ROUNDING: i64 = 10;

/// What does not fit together, one French sentence each.
pub fn doubts(accounts: &AccountsRow) -> Vec<String> {
    let rules = match Regime::of(accounts.kind) {
        Regime::Complete => COMPLETE,
        Regime::Simplified => SIMPLIFIED,
    };
    let of_year = |year: &'static str, amount: fn(&AccountsRow, &str) -> Option<i64>| {
        rules
            .iter()
            .filter_map(move |rule| doubt(rule, |code| amount(accounts, code), year))
    };
    of_year("", AccountsRow::amount)
        .chain(of_year(" (année précédente)", AccountsRow::previous_amount))
        .collect()
}

fn doubt(
    (parts, whole): &Within,
    amount: impl Fn(&str) -> Option<i64>,
    year: &str,
) -> Option<String> {
    let total = amount(whole)?;
    let known: Vec<i64> = parts.iter().filter_map(|code| amount(code)).collect();
    if known.is_empty() {
        return None;
    }
    let sum: i64 = known.iter().sum();
    (sum > total.saturating_add(ROUNDING)).then(|| {
        let names: Vec<String> = parts.iter().map(|code| named(code)).collect();
        format!(
            "{}{year}\u{a0}: {}\u{a0}€, plus que {}, {}\u{a0}€.",
            names.join(" + "),
            group_thousands(sum),
            named(whole),
            group_thousands(total)
        )
    })
}

fn named(code: &str) -> String {
    format!("{} ({code})", label(code))
}
