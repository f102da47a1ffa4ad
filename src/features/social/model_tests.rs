use super::*;
use crate::formats::urssaf::Period;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn debt(processed_on: &str, gap: u32, event: u32, euros: i64) -> DebtRow {
    DebtRow {
        siret: "00008101800012".parse().expect("a SIRET"),
        account: "1".to_owned(),
        gap,
        event,
        period: Period {
            start: day("2026-07-01"),
            span: Span::Month,
        },
        processed_on: day(processed_on),
        employees: 0,
        employer: euros * 100,
    }
}

fn due(month: &str, euros: i64, span: Span) -> ContributionRow {
    ContributionRow {
        siret: "00008101800012".parse().expect("a SIRET"),
        account: "1".to_owned(),
        period: Period {
            start: day(month),
            span,
        },
        due: euros * 100,
        paid: None,
        claimed: None,
    }
}

#[test]
fn a_rise_passes_a_fifth_of_a_usual_month() {
    let month = [due("2026-06-01", 10_000, Span::Month)];
    let on = day("2026-11-24");
    let over = |euros| rise(&[debt("2026-10-05", 1, 1, euros)], &month, on);
    assert_eq!(over(2_000), None, "a fifth exactly is not more");
    let found = over(2_001).expect("a rise");
    assert_eq!(found.since, day("2026-10-01"));
    assert_eq!((found.amount, found.usual_month), (200_100, 1_000_000));
    assert_eq!(found.share(), 20);
}

#[test]
fn an_old_debt_or_one_that_was_paid_is_no_rise() {
    let month = [due("2026-06-01", 10_000, Span::Month)];
    let on = day("2026-11-24");
    assert_eq!(rise(&[debt("2026-08-05", 1, 1, 9_000)], &month, on), None);
    let paid = [debt("2026-09-05", 1, 1, 9_000), debt("2026-10-05", 1, 2, 0)];
    assert_eq!(rise(&paid, &month, on), None);
    let other = [
        debt("2026-08-05", 1, 1, 9_000),
        debt("2026-10-05", 2, 1, 3_000),
    ];
    assert_eq!(
        rise(&other, &month, on).map(|rise| rise.amount),
        Some(300_000)
    );
}

#[test]
fn the_end_of_a_month_counts_in_the_next_and_the_future_is_not_known() {
    let month = [due("2026-06-01", 10_000, Span::Month)];
    let late = [debt("2026-11-21", 1, 1, 9_000)];
    assert_eq!(rise(&late, &month, day("2026-11-30")), None);
    let found = rise(&late, &month, day("2026-12-01")).expect("a rise");
    assert_eq!(found.since, day("2026-12-01"));
    assert_eq!(rise(&late, &month, day("2026-11-20")), None);
}

#[test]
fn a_usual_month_is_the_mean_of_those_known_whatever_their_length() {
    let on = day("2026-11-24");
    let owed = [debt("2026-10-05", 1, 1, 2_500)];
    let usual = |rows: &[ContributionRow]| rise(&owed, rows, on).map(|rise| rise.usual_month);
    assert_eq!(usual(&[]), None, "nothing to compare with");
    assert_eq!(
        usual(&[due("2026-01-01", 30_000, Span::Quarter)]),
        Some(1_000_000)
    );
    assert_eq!(
        usual(&[due("2026-01-01", 120_000, Span::Year)]),
        Some(1_000_000)
    );
    let two = [
        due("2026-06-01", 8_000, Span::Month),
        due("2026-07-01", 12_000, Span::Month),
    ];
    assert_eq!(usual(&two), Some(1_000_000));
    assert_eq!(
        usual(&[due("2024-06-01", 10_000, Span::Month)]),
        None,
        "too old"
    );
}
