//! Area under the ROC curve and average precision, ties treated as ties.

use serde::Serialize;

use crate::scoring::counting::{mean, quantile, real, share};
use crate::scoring::random::Generator;

/// Two-sided 95 % quantile of the normal law.
const Z95: f64 = 1.959_963_984_540_054;

/// An estimate with the bounds of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower bound, 95 %.
    pub low: f64,
    /// Upper bound, 95 %.
    pub high: f64,
}

/// A group of rows with the same score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tie {
    /// First place of the group in the order.
    pub start: usize,
    /// One past its last place.
    pub end: usize,
}

/// Row numbers by falling score: the riskiest first, equal scores in the order of the rows.
pub fn riskiest_first(scores: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    order
}

/// The groups of equal scores along an order of [`riskiest_first`].
pub(super) fn ties(scores: &[f64], order: &[usize]) -> Vec<Tie> {
    let mut groups = Vec::new();
    let mut start = 0;
    for chunk in order.chunk_by(|&a, &b| scores[a].total_cmp(&scores[b]).is_eq()) {
        groups.push(Tie {
            start,
            end: start + chunk.len(),
        });
        start += chunk.len();
    }
    groups
}

/// Probability that a failing firm scores above a sound one, ties counting one half
/// (Mann and Whitney). `None` without both classes.
pub fn auc(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let order = riskiest_first(scores);
    let weights = vec![1.0; scores.len()];
    weighted_auc(&order, &ties(scores, &order), labels, &weights)
}

fn weighted_auc(order: &[usize], groups: &[Tie], labels: &[bool], weights: &[f64]) -> Option<f64> {
    let (mut failed, mut sound, mut wins) = (0.0, 0.0, 0.0);
    for group in groups {
        let (mut here_failed, mut here_sound) = (0.0, 0.0);
        for &row in &order[group.start..group.end] {
            if labels[row] {
                here_failed += weights[row];
            } else {
                here_sound += weights[row];
            }
        }
        wins += here_sound * (failed + here_failed / 2.0);
        failed += here_failed;
        sound += here_sound;
    }
    (failed > 0.0 && sound > 0.0).then(|| wins / (failed * sound))
}

/// AUC with the interval of DeLong, DeLong & Clarke-Pearson (1988), by mid-ranks. It takes the
/// rows as independent: with several rows a firm prefer [`auc_bootstrap`].
pub fn auc_delong(scores: &[f64], labels: &[bool]) -> Option<Interval> {
    let value = auc(scores, labels)?;
    let (failed, sound) = placements(scores, labels);
    let spread = variance(&failed) / real(failed.len()) + variance(&sound) / real(sound.len());
    let half = Z95 * spread.sqrt();
    Some(Interval {
        value,
        low: (value - half).max(0.0),
        high: (value + half).min(1.0),
    })
}

/// For each failing firm, the share of sound ones below it; for each sound one, the share of the
/// failing ones above it.
fn placements(scores: &[f64], labels: &[bool]) -> (Vec<f64>, Vec<f64>) {
    let order = riskiest_first(scores);
    let positives = labels.iter().filter(|label| **label).count();
    let negatives = labels.len() - positives;
    let (mut failed, mut sound) = (Vec::new(), Vec::new());
    let (mut seen_failed, mut seen_sound) = (0, 0);
    for group in ties(scores, &order) {
        let rows = &order[group.start..group.end];
        let here_failed = rows.iter().filter(|&&row| labels[row]).count();
        let here_sound = rows.len() - here_failed;
        let below = real(negatives - seen_sound - here_sound) + real(here_sound) / 2.0;
        let above = real(seen_failed) + real(here_failed) / 2.0;
        failed.extend(std::iter::repeat_n(
            share(below, real(negatives)),
            here_failed,
        ));
        sound.extend(std::iter::repeat_n(
            share(above, real(positives)),
            here_sound,
        ));
        seen_failed += here_failed;
        seen_sound += here_sound;
    }
    (failed, sound)
}

fn variance(values: &[f64]) -> f64 {
    let centre = mean(values.iter().copied());
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    share(squares, real(values.len().saturating_sub(1)))
}

/// AUC with a percentile interval from `draws` resamplings of whole firms, so that the rows of a
/// firm stay together. `firms` gives a dense number to each row.
pub fn auc_bootstrap(
    scores: &[f64],
    labels: &[bool],
    firms: &[u32],
    draws: usize,
    seed: u64,
) -> Option<Interval> {
    let value = auc(scores, labels)?;
    let order = riskiest_first(scores);
    let groups = ties(scores, &order);
    let count = firms.iter().max().map_or(0, |last| *last as usize + 1);
    let mut generator = Generator::new(seed);
    let mut values = Vec::with_capacity(draws);
    for _ in 0..draws {
        let mut drawn = vec![0.0; count];
        for _ in 0..count {
            drawn[generator.below(count)] += 1.0;
        }
        let weights: Vec<f64> = firms.iter().map(|&firm| drawn[firm as usize]).collect();
        values.extend(weighted_auc(&order, &groups, labels, &weights));
    }
    values.sort_by(f64::total_cmp);
    Some(Interval {
        value,
        low: quantile(&values, 0.025).unwrap_or(value),
        high: quantile(&values, 0.975).unwrap_or(value),
    })
}

/// Average precision: the sum of precision x gain of recall over the distinct scores (no
/// interpolation; a group of equal scores enters at once). `None` without a failure.
pub fn average_precision(scores: &[f64], labels: &[bool]) -> Option<f64> {
    let positives = labels.iter().filter(|label| **label).count();
    if positives == 0 {
        return None;
    }
    let order = riskiest_first(scores);
    let (mut caught, mut sum) = (0, 0.0);
    for group in ties(scores, &order) {
        let rows = &order[group.start..group.end];
        let here = rows.iter().filter(|&&row| labels[row]).count();
        caught += here;
        sum += real(here) * real(caught) / real(group.end);
    }
    Some(sum / real(positives))
}

/// The ROC curve as points (share of the sound ones flagged, share of the failing ones flagged),
/// from (0, 0) to (1, 1), one for each distinct score.
pub fn roc(scores: &[f64], labels: &[bool]) -> Vec<(f64, f64)> {
    let positives = real(labels.iter().filter(|label| **label).count());
    let negatives = real(labels.len()) - positives;
    let order = riskiest_first(scores);
    let (mut failed, mut sound) = (0, 0);
    let mut curve = vec![(0.0, 0.0)];
    for group in ties(scores, &order) {
        let rows = &order[group.start..group.end];
        let here = rows.iter().filter(|&&row| labels[row]).count();
        failed += here;
        sound += rows.len() - here;
        curve.push((
            share(real(sound), negatives),
            share(real(failed), positives),
        ));
    }
    curve
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;
