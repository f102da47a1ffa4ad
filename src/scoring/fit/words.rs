//! What a trained variable says of itself.

use crate::scoring::backtest::Panel;
use crate::scoring::metrics::top::wilson;

/// Classes with fewer failures tell no frequency: it would move with the next failure.
const LEAST_FAILURES: usize = 5;

/// Said of a variable that has no established economic sign.
pub(super) const OPEN_SIGN: &str =
    " Sens trouvé dans les données, faute de signe économique établi.";

/// Measured frequency of failure by class, in French.
pub(super) fn rationale(panel: &Panel, place: usize, cuts: &[f64]) -> String {
    let mut rows = vec![0_usize; cuts.len() + 2];
    let mut failures = vec![0_usize; cuts.len() + 2];
    for (value, label) in panel.columns[place].iter().zip(&panel.labels) {
        let class = if value.is_nan() {
            cuts.len() + 1
        } else {
            cuts.partition_point(|cut| cut <= value)
        };
        rows[class] += 1;
        failures[class] += usize::from(*label);
    }
    let rates: Vec<String> = rows
        .iter()
        .zip(&failures)
        .map(|(rows, failures)| rate(*failures, *rows))
        .collect();
    let (unknown, known) = rates.split_last().map_or(("", &[][..]), |(a, b)| (a, b));
    format!(
        "Taux de défaillance par classe mesuré sur {} lignes de «\u{a0}{}\u{a0}»\u{a0}: {}\u{a0}; valeur inconnue\u{a0}: {unknown}.",
        panel.len(),
        panel.name,
        known.join(", "),
    )
}

fn rate(failures: usize, rows: usize) -> String {
    match wilson(failures, rows) {
        None => "aucune ligne".to_owned(),
        Some(_) if failures < LEAST_FAILURES => {
            format!("moins de {LEAST_FAILURES} cas sur {rows}")
        }
        Some(found) => percent(found.value),
    }
}

/// A share as a French percentage with two decimals.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}\u{a0}%", 100.0 * share).replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_class_tells_no_frequency() {
        assert_eq!(rate(4, 1000), "moins de 5 cas sur 1000");
        assert_eq!(rate(10, 1000), "1,00\u{a0}%");
        assert_eq!(rate(0, 0), "aucune ligne");
    }
}
