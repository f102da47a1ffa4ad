use super::*;
use crate::domain::insolvency::{Announced, Judgment, NoticeKind, Procedure};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn judged(on: &str, category: Category) -> Vec<Notice> {
    vec![Notice {
        published_on: day(on) + chrono::Days::new(7),
        id: "A1".to_owned(),
        kind: NoticeKind::Original,
        targets: None,
        decided_on: Some(day(on)),
        announced: Announced::Judgment(Judgment {
            category,
            procedure: Procedure::Receivership,
        }),
    }]
}

fn after(notices: &[Notice]) -> Option<(bool, Option<u16>)> {
    let found = outcome(notices, day("2022-12-31"), day("2025-06-30"))?;
    Some((found.label, found.months_to_event))
}

/// Accounts of 31 December 2022 are public from 30 June 2023; what is predicted ends a year later.
#[test]
fn a_failure_counts_in_the_year_that_follows_publication() {
    assert_eq!(
        after(&judged("2023-07-01", Category::Opening)),
        Some((true, Some(6)))
    );
    assert_eq!(
        after(&judged("2024-06-30", Category::Opening)),
        Some((true, Some(17)))
    );
    assert_eq!(
        after(&judged("2024-07-01", Category::Opening)),
        Some((false, Some(18)))
    );
    assert_eq!(after(&[]), Some((false, None)));
}

#[test]
fn what_was_judged_before_publication_leaves_nothing_to_predict() {
    assert_eq!(after(&judged("2023-06-30", Category::Opening)), None);
    assert_eq!(after(&judged("2015-03-01", Category::Closure)), None);
}

#[test]
fn an_horizon_that_is_not_over_has_no_outcome() {
    let notices = judged("2023-09-01", Category::Opening);
    assert_eq!(
        outcome(&notices, day("2022-12-31"), day("2024-06-29")),
        None
    );
    assert!(outcome(&notices, day("2022-12-31"), day("2024-06-30")).is_some());
}

/// A judgment that was withdrawn never happened.
#[test]
fn a_cancelled_notice_is_no_failure() {
    let mut notices = judged("2023-09-01", Category::Opening);
    notices.push(Notice {
        id: "A2".to_owned(),
        published_on: day("2023-10-01"),
        kind: NoticeKind::Cancellation,
        targets: Some("A1".to_owned()),
        decided_on: None,
        announced: Announced::Other,
    });
    assert_eq!(after(&notices), Some((false, None)));
}

#[test]
fn a_year_has_one_line() {
    let line = |closing: &str, value: f64| Line {
        siren: "900000001".to_owned(),
        closing: day(closing),
        label: false,
        months_to_event: None,
        sector: String::new(),
        size: String::new(),
        values: vec![Some(value)],
    };
    let kept = one_a_year(vec![
        line("2021-03-31", 1.0),
        line("2021-12-31", 2.0),
        line("2022-12-31", 3.0),
    ]);
    let closings: Vec<NaiveDate> = kept.iter().map(|line| line.closing).collect();
    assert_eq!(closings, [day("2021-12-31"), day("2022-12-31")]);
}
