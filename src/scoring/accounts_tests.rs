use super::super::testing::{accounts, day};
use super::*;

fn worth(accounts: &Accounts, code: &str) -> Option<i64> {
    accounts.worth(code)
}

#[test]
fn an_empty_line_is_zero_when_the_others_give_the_total() {
    let filed = accounts(
        Kind::Simplified,
        "2024-12-31",
        &[("142", 300), ("176", 700), ("180", 1_000)],
    );
    assert_eq!(worth(&filed, "154"), Some(0));
    assert!(
        filed
            .amount(codes::find(Kind::Simplified, "154").unwrap())
            .unwrap()
            .assumed
    );
}

#[test]
fn an_empty_line_is_unknown_when_the_others_miss_the_total() {
    let filed = accounts(
        Kind::Simplified,
        "2024-12-31",
        &[("142", 300), ("176", 600), ("180", 1_000)],
    );
    assert_eq!(worth(&filed, "154"), None);
    let no_total = accounts(
        Kind::Simplified,
        "2024-12-31",
        &[("142", 300), ("176", 700)],
    );
    assert_eq!(worth(&no_total, "154"), None);
}

#[test]
fn a_total_left_empty_is_found_from_the_statement_above() {
    // Neither financial income nor its total: the current result is the operating result.
    let filed = accounts(
        Kind::Complete,
        "2024-12-31",
        &[("GG", 500), ("GW", 500), ("HN", 500)],
    );
    assert_eq!(worth(&filed, "GP"), Some(0));
    assert_eq!(worth(&filed, "GM"), Some(0));
    assert_eq!(worth(&filed, "HK"), Some(0));
    let charged = accounts(
        Kind::Complete,
        "2024-12-31",
        &[("GG", 500), ("GW", 300), ("HN", 300)],
    );
    assert_eq!(
        worth(&charged, "GU"),
        None,
        "200 of charges that nobody read"
    );
}

#[test]
fn the_sales_row_reads_in_both_layouts() {
    let registry = accounts(Kind::Complete, "2024-12-31", &[("FJ", 900)]);
    assert_eq!(registry.line("FL"), Some(900));
    let tax_return = accounts(Kind::Complete, "2024-12-31", &[("FJ", 700), ("FK", 200)]);
    assert_eq!(tax_return.line("FL"), None, "700 is France alone");
}

#[test]
fn long_debts_are_nothing_without_borrowings_or_beside_a_read_footnote() {
    let lines = [("156", 0), ("176", 50), ("180", 100)];
    assert_eq!(
        worth(&accounts(Kind::Simplified, "2024-12-31", &lines), "195"),
        Some(0)
    );
    let lines = [("156", 40), ("176", 50), ("180", 100)];
    assert_eq!(
        worth(&accounts(Kind::Simplified, "2024-12-31", &lines), "195"),
        None
    );
    let lines = [("156", 40), ("176", 50), ("180", 100), ("199", 3)];
    assert_eq!(
        worth(&accounts(Kind::Simplified, "2024-12-31", &lines), "195"),
        Some(0)
    );
}

#[test]
fn complete_accounts_come_before_simplified_ones_of_the_same_day() {
    let given = [
        accounts(Kind::Complete, "2024-12-31", &[("EE", 2)]),
        accounts(Kind::Simplified, "2024-12-31", &[("180", 1)]),
        accounts(Kind::Consolidated, "2024-12-31", &[("EE", 9)]),
    ];
    for order in [[0, 1, 2], [2, 1, 0]] {
        let given = order.map(|index| given[index].clone());
        let found = exercises(&given, View::Company);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].current.accounts.kind, Kind::Complete);
        assert_eq!(found[0].set_aside, [Kind::Simplified]);
        let group = exercises(&given, View::Group);
        assert_eq!(group[0].current.accounts.kind, Kind::Consolidated);
    }
}

#[test]
fn of_two_accounts_of_a_kind_and_day_the_last_wins() {
    let given = [
        accounts(Kind::Complete, "2024-12-31", &[("EE", 1)]),
        accounts(Kind::Complete, "2024-12-31", &[("EE", 2)]),
    ];
    let found = exercises(&given, View::Company);
    assert_eq!(found[0].current.accounts.line("EE"), Some(2));
}

#[test]
fn confidential_accounts_without_lines_give_way_to_those_that_can_be_read() {
    let hidden = Accounts {
        confidential: true,
        ..accounts(Kind::Complete, "2024-12-31", &[])
    };
    let given = [
        hidden.clone(),
        accounts(Kind::Simplified, "2024-12-31", &[("180", 1)]),
    ];
    let found = exercises(&given, View::Company);
    assert_eq!(found[0].current.accounts.kind, Kind::Simplified);
    let alone = exercises(&[hidden], View::Company);
    assert!(
        alone[0].current.accounts.confidential,
        "kept: its closing date is known"
    );
}

#[test]
fn an_exercise_of_nine_or_eighteen_months_is_annualised() {
    for (months, factor) in [(9, 12.0 / 9.0), (18, 12.0 / 18.0)] {
        let filed = Accounts {
            months: Some(months),
            ..accounts(Kind::Complete, "2024-09-30", &[("EE", 1)])
        };
        let found = exercises(&[filed], View::Company);
        assert_eq!(found[0].current.duration, Duration::Annualised(months));
        assert_eq!(found[0].current.duration.factor(), Some(factor));
    }
    let month = Accounts {
        months: Some(1),
        ..accounts(Kind::Complete, "2024-09-30", &[("EE", 1)])
    };
    let found = exercises(&[month], View::Company);
    assert_eq!(found[0].current.duration, Duration::Unknown);
}

fn unsaid(closing: &str) -> Accounts {
    Accounts {
        months: None,
        ..accounts(Kind::Complete, closing, &[("EE", 1)])
    }
}

#[test]
fn an_unsaid_duration_is_twelve_months_unless_the_dates_say_otherwise() {
    let durations = |given: &[Accounts]| -> Vec<Duration> {
        exercises(given, View::Company)
            .iter()
            .map(|e| e.current.duration)
            .collect()
    };
    assert_eq!(
        durations(&[
            unsaid("2022-12-31"),
            unsaid("2023-12-31"),
            unsaid("2024-09-30")
        ]),
        [
            Duration::TwelveAssumed,
            Duration::TwelveAssumed,
            Duration::Unknown
        ]
    );
}

#[test]
fn the_previous_year_ends_where_this_one_begins() {
    let before = accounts(Kind::Complete, "2023-12-31", &[("EE", 7)]);
    let nine = Accounts {
        months: Some(9),
        ..accounts(Kind::Complete, "2024-09-30", &[("EE", 1)])
    };
    let found = exercises(&[nine, before], View::Company);
    let previous = found[1].previous.as_ref().unwrap();
    assert_eq!(previous.accounts.line("EE"), Some(7));
    assert_eq!(previous.origin, Origin::Filed);
}

#[test]
fn the_column_of_the_previous_year_stands_for_a_missing_one() {
    let latest = Accounts {
        previous_lines: [("EE".to_owned(), 5)].into(),
        months: Some(9),
        ..accounts(Kind::Complete, "2024-09-30", &[("EE", 1)])
    };
    let older = accounts(Kind::Complete, "2021-12-31", &[("EE", 7)]);
    let found = exercises(&[older, latest.clone()], View::Company);
    let previous = found[1].previous.as_ref().unwrap();
    assert_eq!(previous.origin, Origin::PreviousColumn);
    assert_eq!(previous.accounts.line("EE"), Some(5));
    assert_eq!(previous.accounts.closing, day("2023-12-31"));
    // Accounts that were filed but hidden do not hide the column.
    let hidden = accounts(Kind::Complete, "2023-12-31", &[]);
    let found = exercises(&[hidden, latest], View::Company);
    assert_eq!(
        found[1].previous.as_ref().unwrap().accounts.line("EE"),
        Some(5)
    );
}

#[test]
fn a_year_without_accounts_before_it_has_no_previous_year() {
    let found = exercises(
        &[accounts(Kind::Complete, "2024-12-31", &[("EE", 1)])],
        View::Company,
    );
    assert_eq!(found[0].previous, None);
}
