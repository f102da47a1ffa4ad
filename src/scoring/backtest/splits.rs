//! Splits that do not leak: by firm, or by time.

use std::collections::BTreeMap;

use super::panel::Panel;
use crate::scoring::random::Generator;

/// Fold (`0..folds`) of each row: whole firms, firms that fail spread evenly, drawn with the seed.
/// Where each firm has one row this is the usual stratified split.
pub fn by_firm(panel: &Panel, folds: usize, seed: u64) -> Vec<usize> {
    let mut fails: BTreeMap<u32, bool> = BTreeMap::new();
    for (firm, label) in panel.firms.iter().zip(&panel.labels) {
        *fails.entry(*firm).or_default() |= label;
    }
    let mut generator = Generator::new(seed);
    let mut fold_of: BTreeMap<u32, usize> = BTreeMap::new();
    for class in [true, false] {
        let mut firms: Vec<u32> = fails
            .iter()
            .filter(|(_, fails)| **fails == class)
            .map(|(firm, _)| *firm)
            .collect();
        generator.shuffle(&mut firms);
        for (place, firm) in firms.into_iter().enumerate() {
            fold_of.insert(firm, place % folds.max(1));
        }
    }
    panel.firms.iter().map(|firm| fold_of[firm]).collect()
}

/// Rows of the three periods of a split by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByTime {
    /// Up to the end of training.
    pub train: Vec<usize>,
    /// After it, up to the end of validation: calibration, choice of settings.
    pub validate: Vec<usize>,
    /// After it.
    pub test: Vec<usize>,
}

/// Periods up to `train_until` train, then up to `validate_until` validate, the rest test.
pub fn by_time(panel: &Panel, train_until: i32, validate_until: i32) -> ByTime {
    ByTime {
        train: panel.rows_where(|period| period <= train_until),
        validate: panel.rows_where(|period| period > train_until && period <= validate_until),
        test: panel.rows_where(|period| period > validate_until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty firms of two years each, of which ten fail.
    fn panel() -> Panel {
        let firms: Vec<u32> = (0..80).map(|row| row / 2).collect();
        Panel {
            labels: firms.iter().map(|firm| firm % 4 == 0).collect(),
            periods: (0..80).map(|row| 2010 + row % 8).collect(),
            firms,
            ..Panel::default()
        }
    }

    #[test]
    fn a_firm_is_never_in_two_folds_and_failures_are_spread() {
        let panel = panel();
        let folds = by_firm(&panel, 5, 1);
        for pair in (0..80).step_by(2) {
            assert_eq!(folds[pair], folds[pair + 1]);
        }
        for fold in 0..5 {
            let failing = (0..80).filter(|&row| folds[row] == fold && panel.labels[row]);
            assert_eq!(failing.count(), 4, "two firms of two years in each fold");
        }
        assert_ne!(folds, by_firm(&panel, 5, 2));
    }

    #[test]
    fn time_splits_into_three_and_forgets_nothing() {
        let parts = by_time(&panel(), 2012, 2014);
        assert_eq!(
            (parts.train.len(), parts.validate.len(), parts.test.len()),
            (30, 20, 30)
        );
    }
}
