//! Precision and recall among the riskiest rows, and Wilson's interval of a share.

use serde::Serialize;

use super::ranking::{Interval, riskiest_first, ties};
use crate::scoring::counting::{count, real, share};

/// What the `flagged` riskiest rows hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Top {
    /// Rows flagged.
    pub flagged: usize,
    /// Failures among them; not whole when the last score kept is shared by rows left out.
    pub caught: f64,
    /// Share of the flagged rows that failed.
    pub precision: f64,
    /// Share of the failures that are flagged.
    pub recall: f64,
}

/// The `flagged` riskiest rows. Rows with the same score as the last one kept are taken in
/// proportion, as if drawn at random: the order of the file must not change the figure.
pub fn top(scores: &[f64], labels: &[bool], flagged: usize) -> Top {
    let flagged = flagged.min(scores.len());
    let order = riskiest_first(scores);
    let mut caught = 0.0;
    for group in ties(scores, &order) {
        if group.start >= flagged {
            break;
        }
        let rows = &order[group.start..group.end];
        let failed = real(rows.iter().filter(|&&row| labels[row]).count());
        let kept = real(group.end.min(flagged) - group.start);
        caught += failed * kept / real(rows.len());
    }
    let positives = labels.iter().filter(|label| **label).count();
    Top {
        flagged,
        caught,
        precision: share(caught, real(flagged)),
        recall: share(caught, real(positives)),
    }
}

/// The riskiest `part` (0 to 1) of the rows, at least one.
pub fn top_share(scores: &[f64], labels: &[bool], part: f64) -> Top {
    top(scores, labels, count(part * real(scores.len())).max(1))
}

/// Share `events / n` with Wilson's 95 % interval (1927): honest for rare events, never outside
/// 0 to 1. `None` without a row.
pub fn wilson(events: usize, n: usize) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let (n, p) = (real(n), real(events) / real(n));
    let z2 = 1.959_963_984_540_054_f64.powi(2);
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = (z2 * (p * (1.0 - p) / n + z2 / (4.0 * n * n))).sqrt() / (1.0 + z2 / n);
    Some(Interval {
        value: p,
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 5e-4, "{found} is not {wanted}");
    }

    #[test]
    fn a_shared_last_score_is_taken_in_proportion() {
        let scores = [9.0, 5.0, 5.0, 1.0];
        let labels = [true, true, false, true];
        let found = top(&scores, &labels, 2);
        near(found.caught, 1.5);
        near(found.precision, 0.75);
        near(found.recall, 0.5);
        let turned = top(&scores, &[true, false, true, true], 2);
        assert_eq!(found, turned, "the order inside a tie does not count");
    }

    #[test]
    fn a_share_of_the_rows_is_at_least_one_row_and_at_most_all() {
        assert_eq!(top_share(&[1.0, 2.0], &[true, false], 0.01).flagged, 1);
        assert_eq!(top(&[1.0, 2.0], &[true, false], 9).flagged, 2);
    }

    /// Newcombe (1998), table of worked examples: 81 of 263 gives .2553 to .3662; 0 of 20 gives
    /// 0 to .1611.
    #[test]
    fn the_interval_is_the_published_one() {
        let found = wilson(81, 263).unwrap();
        near(found.low, 0.2553);
        near(found.high, 0.3662);
        let none = wilson(0, 20).unwrap();
        near(none.low, 0.0);
        near(none.high, 0.1611);
        assert_eq!(wilson(0, 0), None);
    }
}
