//! Population stability index: has the population moved since the model was made?

use crate::scoring::counting::{quantile, real};

/// Share given to an empty class, so that the logarithm exists.
const FLOOR: f64 = 1e-4;

/// PSI between two samples over the deciles of the first: `sum (q - p) ln(q / p)`. Unknown values
/// (`NaN`) are a class of their own. Rule of use: watch from .10, alarm from .25.
/// `None` when a sample is empty.
pub fn psi(reference: &[f64], present: &[f64]) -> Option<f64> {
    if reference.is_empty() || present.is_empty() {
        return None;
    }
    let mut sorted: Vec<f64> = reference.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let mut edges: Vec<f64> = (1..10_u8)
        .filter_map(|decile| quantile(&sorted, f64::from(decile) / 10.0))
        .collect();
    edges.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let before = shares(reference, &edges);
    let after = shares(present, &edges);
    let sum = before
        .iter()
        .zip(&after)
        .map(|(&p, &q)| (p.max(FLOOR), q.max(FLOOR)))
        .map(|(p, q)| (q - p) * (q / p).ln())
        .sum();
    Some(sum)
}

/// Share of the values in each class; the last one is for unknown values.
fn shares(values: &[f64], edges: &[f64]) -> Vec<f64> {
    let mut counts = vec![0_usize; edges.len() + 2];
    for value in values {
        let class = if value.is_nan() {
            edges.len() + 1
        } else {
            edges.partition_point(|edge| edge <= value)
        };
        counts[class] += 1;
    }
    counts
        .iter()
        .map(|&count| real(count) / real(values.len()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_population_has_a_null_index() {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        assert!(psi(&values, &values).unwrap().abs() < 1e-12);
        assert_eq!(psi(&values, &[]), None);
    }

    /// One edge (1): shares .5/.5 then .8/.2, so .3 ln 1.6 + (-.3) ln .4 = .4159.
    #[test]
    fn the_index_is_the_hand_computed_one() {
        let reference = [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let present = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0];
        // Deciles of the reference: 0 and 1 with one value between them at the median (0.5).
        let found = psi(&reference, &present).unwrap();
        assert!((found - 0.415_888).abs() < 1e-5, "{found}");
    }

    #[test]
    fn unknown_values_are_a_class() {
        let known = [1.0, 2.0, 3.0, 4.0];
        let half = [1.0, f64::NAN, 3.0, f64::NAN];
        assert!(psi(&known, &half).unwrap() > 0.25);
    }
}
