//! Totals that do not fit together: said, not refused, since the return itself may be wrong. What no
//! return can hold is refused: a balance sheet or fixed assets below zero.

use std::collections::BTreeMap;

use super::form;
use super::lines::{Regime, label};
use crate::formats::annual_accounts::{AccountsRow, Line};
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

/// A year of the form: the name of the field of a line, and its amount.
type Year = (fn(&str) -> String, fn(&Line) -> Option<i64>);

/// What no return can hold: the field, and why.
pub fn refusals(regime: Regime, lines: &BTreeMap<String, Line>) -> Vec<(String, String)> {
    let (total, current) = (regime.total(), regime.current_assets());
    let years: [Year; 2] = [
        (form::current, |line| line.n),
        (form::previous, |line| line.previous),
    ];
    let mut refused = Vec::new();
    for (field, amount) in years {
        let of = |code: &str| lines.get(code).and_then(amount);
        let Some(sum) = of(total) else { continue };
        let assets = of(current).unwrap_or(0);
        if sum < 0 {
            refused.push((
                field(total),
                format!(
                    "{}\u{a0}: {}\u{a0}€. Un total de bilan n’est jamais négatif, vérifiez le signe.",
                    named(total),
                    group_thousands(sum)
                ),
            ));
        } else if assets > sum.saturating_add(ROUNDING) {
            refused.push((
                field(current),
                format!(
                    "{}\u{a0}: {}\u{a0}€, plus que le total du bilan, {}\u{a0}€. L’actif immobilisé serait négatif.",
                    named(current),
                    group_thousands(assets),
                    group_thousands(sum)
                ),
            ));
        }
    }
    refused
}

fn named(code: &str) -> String {
    format!("{} ({code})", label(code))
}
