use proptest::prelude::*;

use super::*;

fn near(found: f64, wanted: f64) {
    assert!((found - wanted).abs() < 1e-12, "{found} is not {wanted}");
}

const SCORES: [f64; 5] = [0.9, 0.8, 0.8, 0.3, 0.1];
const LABELS: [bool; 5] = [true, true, false, false, true];

/// Pairs (failing, sound): .9 beats both, .8 ties one and beats one, .1 loses both: 3.5 of 6.
#[test]
fn the_auc_counts_pairs_and_half_the_ties() {
    near(auc(&SCORES, &LABELS).unwrap(), 3.5 / 6.0);
    assert_eq!(auc(&[1.0, 2.0], &[true, true]), None);
    assert_eq!(auc(&[], &[]), None);
}

/// After .9: 1/1; the two .8 enter together: 2/3; .1 last: 3/5. Mean over three failures.
#[test]
fn the_average_precision_takes_ties_at_once() {
    near(
        average_precision(&SCORES, &LABELS).unwrap(),
        (1.0 + 2.0 / 3.0 + 3.0 / 5.0) / 3.0,
    );
    assert_eq!(average_precision(&[1.0], &[false]), None);
}

/// Placements of the failing: 1, .75, 0 (mean 7/12, variance 13/48); of the sound: .5 and 2/3
/// (variance 1/72). Spread = 13/144 + 1/144 = 14/144.
#[test]
fn the_delong_interval_is_the_hand_computed_one() {
    let found = auc_delong(&SCORES, &LABELS).unwrap();
    near(found.value, 7.0 / 12.0);
    let half = Z95 * (14.0_f64 / 144.0).sqrt();
    near(found.low, (7.0 / 12.0 - half).max(0.0));
    near(found.high, 1.0);
}

#[test]
fn the_bootstrap_resamples_whole_firms_and_repeats_itself() {
    let scores: Vec<f64> = (0..200).map(|row| f64::from(row % 20)).collect();
    let labels: Vec<bool> = (0..200).map(|row| row % 20 > 14 || row % 7 == 0).collect();
    let alone: Vec<u32> = (0..200).collect();
    let by_ten: Vec<u32> = (0..200).map(|row| row / 10).collect();
    let first = auc_bootstrap(&scores, &labels, &alone, 200, 1).unwrap();
    assert_eq!(auc_bootstrap(&scores, &labels, &alone, 200, 1), Some(first));
    assert!(first.low < first.value && first.value < first.high);
    assert_ne!(
        auc_bootstrap(&scores, &labels, &by_ten, 200, 1),
        Some(first)
    );
}

#[test]
fn the_curve_goes_from_corner_to_corner_and_its_area_is_the_auc() {
    let curve = roc(&SCORES, &LABELS);
    assert_eq!(curve.first(), Some(&(0.0, 0.0)));
    assert_eq!(curve.last(), Some(&(1.0, 1.0)));
    let area: f64 = curve
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0) * f64::midpoint(pair[1].1, pair[0].1))
        .sum();
    near(area, auc(&SCORES, &LABELS).unwrap());
}

proptest! {
    /// Ranking measures see the order only: any growing change of scale leaves them as they are.
    #[test]
    fn a_growing_change_of_scale_changes_nothing(
        rows in proptest::collection::vec((0_i32..30, any::<bool>()), 2..60)
    ) {
        let (scores, labels): (Vec<f64>, Vec<bool>) =
            rows.iter().map(|(score, label)| (f64::from(*score), *label)).unzip();
        let stretched: Vec<f64> = scores.iter().map(|score| score.exp() - 3.0).collect();
        prop_assert_eq!(auc(&scores, &labels), auc(&stretched, &labels));
        prop_assert_eq!(average_precision(&scores, &labels), average_precision(&stretched, &labels));
    }

    /// Turning the scores round gives one minus the AUC.
    #[test]
    fn the_opposite_score_has_the_complementary_auc(
        rows in proptest::collection::vec((0_i32..30, any::<bool>()), 2..60)
    ) {
        let (scores, labels): (Vec<f64>, Vec<bool>) =
            rows.iter().map(|(score, label)| (f64::from(*score), *label)).unzip();
        let turned: Vec<f64> = scores.iter().map(|score| -score).collect();
        if let (Some(one), Some(other)) = (auc(&scores, &labels), auc(&turned, &labels)) {
            prop_assert!((one + other - 1.0).abs() < 1e-9);
        }
    }
}
