use proptest::prelude::*;

use super::*;
use crate::scoring::model::samples::small;

fn before(points: u32, held: Level) -> Previous {
    Previous { points, held }
}

#[test]
fn a_level_is_entered_at_its_threshold() {
    let model = small();
    let level = |points| entered(points, &model);
    assert_eq!(level(29), Level::Low);
    assert_eq!(level(30), Level::Moderate);
    assert_eq!(level(59), Level::High);
    assert_eq!(level(60), Level::Critical);
}

#[test]
fn a_level_is_left_only_below_its_margin_one_level_after_the_other() {
    let model = small();
    assert_eq!(held(50, Some(Level::Critical), &model), Level::Critical);
    assert_eq!(held(49, Some(Level::Critical), &model), Level::High);
    assert_eq!(held(34, Some(Level::Critical), &model), Level::Moderate);
    assert_eq!(held(20, Some(Level::Critical), &model), Level::Moderate);
    assert_eq!(held(19, Some(Level::Critical), &model), Level::Low);
    assert_eq!(held(50, Some(Level::Low), &model), Level::High);
}

#[test]
fn a_rise_raises_a_high_level_and_only_warns_of_a_low_one() {
    let model = small();
    let high = statistical_level(50, 1.0, Some(before(35, Level::Moderate)), &model);
    assert_eq!(
        (high.level, high.held, high.raised),
        (Some(Level::Critical), Level::High, true)
    );
    let moderate = statistical_level(44, 1.0, Some(before(20, Level::Low)), &model);
    assert_eq!(
        (moderate.level, moderate.raised),
        (Some(Level::Moderate), false)
    );
    let low = statistical_level(28, 1.0, Some(before(2, Level::Low)), &model);
    assert_eq!((low.level, low.sudden), (Some(Level::Moderate), true));
    assert_eq!(
        low.held,
        Level::Low,
        "a warning is not kept by the exit margin"
    );
}

#[test]
fn too_few_known_values_give_no_level() {
    let model = small();
    assert_eq!(statistical_level(80, 0.49, None, &model).level, None);
    assert_eq!(
        statistical_level(80, 0.5, None, &model).level,
        Some(Level::Critical)
    );
}

#[test]
fn names_go_both_ways() {
    for level in Level::ALL {
        assert_eq!(Level::from_code(level.code()), Some(level));
    }
    assert_eq!(Level::from_code("orange"), None);
}

proptest! {
    /// More points never give a better level, whatever was before.
    #[test]
    fn more_points_never_give_a_better_level(
        points in 0_u32..100, more in 0_u32..100, was in 0_u32..100, level in 0_usize..4,
    ) {
        let model = small();
        let previous = Some(before(was, Level::ALL[level]));
        let one = statistical_level(points, 1.0, previous, &model);
        let other = statistical_level(points + more, 1.0, previous, &model);
        prop_assert!(other.level >= one.level);
    }

    /// A worse level before never gives a better level now.
    #[test]
    fn a_worse_past_never_gives_a_better_level(
        points in 0_u32..100, was in 0_u32..100, level in 0_usize..3,
    ) {
        let model = small();
        let one = statistical_level(points, 1.0, Some(before(was, Level::ALL[level])), &model);
        let other = statistical_level(points, 1.0, Some(before(was, Level::ALL[level + 1])), &model);
        prop_assert!(other.level >= one.level);
        prop_assert!(one.level >= Some(one.entered), "never under what the points alone enter");
    }
}
