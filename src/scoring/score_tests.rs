use proptest::prelude::*;

use super::*;
use crate::scoring::model::samples::small;

#[test]
fn every_term_is_explained() {
    let score = small().score(&[0.05, 200.0]);
    assert_eq!(score.points, 70);
    assert!((score.completeness - 1.0).abs() < 1e-12);
    let equity = &score.contributions[0];
    assert_eq!(
        (equity.bin, equity.points, equity.max_points),
        (Some(1), 30, 60)
    );
    let next = equity.next.unwrap();
    assert!((next.threshold - 0.1).abs() < 1e-12 && (next.gap - 0.05).abs() < 1e-12);
    assert_eq!(next.points, 10);
    let days = score.contributions[1].next.unwrap();
    assert!((days.threshold - 180.0).abs() < 1e-12 && (days.gap + 20.0).abs() < 1e-12);
    assert_eq!(
        score.blocks["structure"],
        BlockSum {
            points: 30,
            max_points: 60
        }
    );
}

#[test]
fn a_bound_belongs_to_the_class_above_it() {
    assert_eq!(small().score(&[0.1, 90.0]).points, 10 + 15);
}

#[test]
fn an_unknown_value_has_its_own_points_and_lowers_completeness() {
    let score = small().score(&[f64::NAN, 0.0]);
    assert_eq!(score.points, 12);
    assert!((score.completeness - 0.4).abs() < 1e-12);
    assert_eq!(score.contributions[0].next, None);
    assert_eq!(
        small().score(&[]).points,
        17,
        "values not given are unknown"
    );
}

#[test]
fn infinite_values_are_the_largest() {
    let score = small().score(&[f64::NEG_INFINITY, f64::INFINITY]);
    assert_eq!(score.points, 100);
    assert_eq!(score.contributions[1].value, Some(f64::MAX));
    assert!(score.contributions[0].next.unwrap().gap.is_finite());
}

#[test]
fn a_term_says_what_it_lost_since_before() {
    let model = small();
    let score = model
        .score(&[0.05, 0.0])
        .against(&model.score(&[0.3, 200.0]));
    let changes: Vec<_> = score.contributions.iter().map(|term| term.change).collect();
    assert_eq!(changes, [Some(30), Some(-40)]);
}

/// Any real, known or not, with the bounds of the sample often among them.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![0.0, 0.1, 0.2, 90.0, 180.0, f64::NAN, f64::INFINITY]),
        -1.0..1.0,
        0.0..400.0
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The table look-up of many rows says what the explained score of each row says.
    #[test]
    fn many_rows_score_as_each_of_them(rows in prop::collection::vec((value(), value()), 0..5000)) {
        let model = small();
        let (first, second): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let mut totals = vec![0; rows.len()];
        let mut only = vec![0; rows.len()];
        let mut terms = vec![0; rows.len() * 2];
        let grid = Grid::new(&model);
        grid.explain(&[&first, &second], &mut totals, &mut terms);
        grid.totals(&[&first, &second], &mut only);
        prop_assert_eq!(&totals, &only);
        for (row, (first, second)) in rows.iter().enumerate().take(200) {
            let score = model.score(&[*first, *second]);
            prop_assert_eq!(score.points, totals[row]);
            prop_assert_eq!(score.contributions[1].points, terms[rows.len() + row]);
        }
    }
}
