//! From log-odds to whole points, and the thresholds of a trained model.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Options;
use crate::scoring::counting::{count, mean, points, quantile, real};
use crate::scoring::model::{Aggregates, Completeness, Identity, Levels, Model, Trend, Variable};

/// Whole points of a variable.
pub(super) struct Scale {
    pub cuts: Vec<f64>,
    pub points: Vec<u16>,
    pub missing: u16,
}

/// Points of a table of log-odds whose last entry is for unknown values: from zero for the best
/// class, `to_double` points doubling the odds, neighbours with the same points made one class.
/// The points of an unknown value stay between the best and the worst class. `None` when no class
/// differs from another.
pub(super) fn of(table: &[f64], cuts: &[f64], to_double: f64) -> Option<Scale> {
    let (missing, known) = table.split_last()?;
    let least = known.iter().copied().fold(f64::INFINITY, f64::min);
    let scale = to_double / std::f64::consts::LN_2;
    let whole: Vec<u16> = known
        .iter()
        .map(|odds| points((odds - least) * scale))
        .collect();
    let most = whole.iter().copied().max().filter(|most| *most > 0)?;
    let mut merged = Scale {
        cuts: Vec::new(),
        points: vec![whole[0]],
        missing: points((missing - least) * scale).min(most),
    };
    for (pair, cut) in whole.windows(2).zip(cuts) {
        if pair[0] != pair[1] {
            merged.cuts.push(*cut);
            merged.points.push(pair[1]);
        }
    }
    Some(merged)
}

/// Share of the firms that each level may hold when the model is made: what teams can look at.
const CAPACITY: [f64; 3] = [0.20, 0.10, 0.05];

/// A model around these variables, to be named; thresholds are set afterwards.
pub(super) fn model(variables: Vec<Variable>, to_double: f64) -> Model {
    let margin = u32::from(points(to_double));
    Model {
        identity: Identity {
            id: String::new(),
            version: String::new(),
            valid_from: NaiveDate::default(),
            author: String::new(),
            reason: String::new(),
            label_definition: String::new(),
            horizon_months: 12,
            trained: true,
            sha256_training: None,
            metrics: BTreeMap::new(),
        },
        levels: Levels {
            moderate: margin + 1,
            high: margin + 2,
            critical: margin + 3,
            exit_margin: margin,
        },
        completeness: Completeness {
            min_weight: 0.5,
            stale_months: 18,
            frozen_months: 30,
        },
        trend: Trend {
            from_points: margin + 2,
            delta: margin.max(1),
            sudden_drop: 2 * margin.max(1),
        },
        aggregates: Aggregates::new(),
        variables,
        events: Vec::new(),
        calibration: None,
    }
}

/// Thresholds by capacity on the training scores. The exit margin is the number of points that
/// doubles the odds: measured on the American panel, it halves the one-year flaps. Where many scores
/// are equal the thresholds still differ, and none is beyond the `total` that can be reached.
pub(super) fn levels(scores: &[u32], to_double: f64, total: u32) -> Levels {
    let mut sorted: Vec<f64> = scores.iter().map(|score| f64::from(*score)).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let value = quantile(&sorted, 1.0 - part).unwrap_or(0.0);
        u32::try_from(count(value.ceil())).unwrap_or(u32::MAX)
    };
    let below = |steps: u32| total.max(3) - steps;
    let moderate = at(CAPACITY[0]).max(1).min(below(2));
    let high = at(CAPACITY[1]).max(moderate + 1).min(below(1));
    let critical = at(CAPACITY[2]).max(high + 1).min(below(0));
    Levels {
        moderate,
        high,
        critical,
        exit_margin: u32::from(points(to_double)).min(moderate - 1),
    }
}

/// A rise counts from one standard deviation of the yearly changes, and is sudden from two.
pub(super) fn trend(
    scores: &[u32],
    previous: &[Option<usize>],
    levels: Levels,
    options: &Options,
) -> Trend {
    let changes: Vec<f64> = previous
        .iter()
        .zip(scores)
        .filter_map(|(before, now)| Some(f64::from(*now) - f64::from(scores[(*before)?])))
        .collect();
    let centre = mean(changes.iter().copied());
    let deviation = mean(changes.iter().map(|change| (change - centre).powi(2))).sqrt();
    let usual = if real(changes.len()) >= 100.0 {
        deviation
    } else {
        options.points_to_double
    };
    let delta = u32::try_from(count(usual.ceil()))
        .unwrap_or(u32::MAX)
        .max(1);
    Trend {
        from_points: levels.high,
        delta,
        sudden_drop: 2 * delta,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twenty points double the odds: ln 4 above the best class is forty points.
    #[test]
    fn points_count_doublings_and_equal_neighbours_become_one_class() {
        let two = std::f64::consts::LN_2;
        let found = of(
            &[2.0 * two, two, two + 0.001, 0.0, 9.0],
            &[1.0, 2.0, 3.0],
            20.0,
        )
        .unwrap();
        assert_eq!(found.points, [40, 20, 0]);
        assert_eq!(found.cuts, [1.0, 3.0]);
        assert_eq!(
            found.missing, 40,
            "an unknown value is never worse than the worst class"
        );
        assert!(of(&[0.1, 0.1, 5.0], &[1.0], 20.0).is_none());
    }

    #[test]
    fn thresholds_hold_the_share_that_can_be_looked_at() {
        let scores: Vec<u32> = (0..1000).collect();
        let found = levels(&scores, 20.0, 999);
        assert_eq!(
            (found.moderate, found.high, found.critical),
            (800, 900, 950)
        );
        assert_eq!(found.exit_margin, 20);
        let flat = levels(&[0; 50], 20.0, 100);
        assert_eq!(
            (flat.moderate, flat.high, flat.critical, flat.exit_margin),
            (1, 2, 3, 0)
        );
        let full = levels(&[100; 50], 20.0, 100);
        assert_eq!((full.moderate, full.high, full.critical), (98, 99, 100));
    }
}
