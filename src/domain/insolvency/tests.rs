use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn judgment(id: &str, on: &str, category: Category, procedure: Procedure) -> Notice {
    Notice {
        id: id.to_owned(),
        published_on: day(on) + chrono::Days::new(7),
        kind: NoticeKind::Original,
        targets: None,
        decided_on: Some(day(on)),
        announced: Announced::Judgment(Judgment {
            category,
            procedure,
        }),
    }
}

fn opening(id: &str, on: &str, procedure: Procedure) -> Notice {
    judgment(id, on, Category::Opening, procedure)
}

fn closure(id: &str, on: &str) -> Notice {
    judgment(id, on, Category::Closure, Procedure::None)
}

fn changes(kind: NoticeKind, target: &str, mut notice: Notice) -> Notice {
    notice.kind = kind;
    notice.targets = Some(target.to_owned());
    notice
}

/// State, since and by, on a line.
fn told(notices: &[Notice], on: &str) -> String {
    let found = state_at(notices, day(on));
    match (found.since, found.by) {
        (Some(since), Some(by)) => format!("{:?} {since} {by}", found.state),
        _ => format!("{:?}", found.state),
    }
}

const LATER: &str = "2026-01-01";

#[test]
fn an_open_procedure_is_dated_by_its_judgment_and_known_from_its_publication() {
    let notices = [opening("A1", "2025-02-04", Procedure::Receivership)];
    assert_eq!(told(&notices, "2025-02-10"), "None");
    assert_eq!(told(&notices, "2025-02-11"), "Receivership 2025-02-04 A1");
    let undated = Notice {
        decided_on: None,
        ..notices[0].clone()
    };
    assert_eq!(told(&[undated], LATER), "Receivership 2025-02-11 A1");
}

#[test]
fn a_conversion_takes_the_place_of_what_it_converts_and_the_chain_tells_it() {
    let notices = [
        opening("A1", "2024-01-10", Procedure::Safeguard),
        judgment(
            "A2",
            "2024-06-10",
            Category::Conversion,
            Procedure::Receivership,
        ),
        judgment(
            "A3",
            "2025-01-10",
            Category::Conversion,
            Procedure::Liquidation,
        ),
    ];
    assert_eq!(told(&notices, "2024-12-31"), "Receivership 2024-06-10 A2");
    assert_eq!(told(&notices, LATER), "Liquidation 2025-01-10 A3");
    let chain = state_at(&notices, day(LATER)).chain;
    let ids: Vec<_> = chain.iter().map(|step| step.notice.as_str()).collect();
    assert_eq!(ids, ["A1", "A2", "A3"]);
}

#[test]
fn the_worst_open_procedure_wins_and_closed_ones_drop() {
    let mut notices = vec![
        opening("A1", "2023-01-10", Procedure::Liquidation),
        opening("A2", "2024-01-10", Procedure::Safeguard),
    ];
    assert_eq!(told(&notices, LATER), "Liquidation 2023-01-10 A1");
    notices.push(closure("A3", "2025-01-10"));
    assert_eq!(told(&notices, LATER), "Closed 2025-01-10 A3");
    notices.push(opening("A4", "2025-06-01", Procedure::Safeguard));
    assert_eq!(told(&notices, LATER), "Safeguard 2025-06-01 A4");
    let chain = state_at(&notices, day(LATER)).chain;
    assert_eq!(
        chain.len(),
        1,
        "what was closed before explains nothing: {chain:?}"
    );
}

#[test]
fn a_closure_that_names_its_procedure_leaves_the_graver_one() {
    let notices = [
        opening("A1", "2024-01-10", Procedure::Safeguard),
        opening("A2", "2024-06-10", Procedure::Receivership),
        judgment("A3", "2024-06-10", Category::Closure, Procedure::Safeguard),
    ];
    assert_eq!(told(&notices, LATER), "Receivership 2024-06-10 A2");
}

#[test]
fn a_cancellation_removes_its_target_and_itself_wherever_it_stands() {
    let opened = opening("A1", "2025-02-04", Procedure::Liquidation);
    let cancelled = changes(
        NoticeKind::Cancellation,
        "A1",
        opening("A2", "2025-02-20", Procedure::Liquidation),
    );
    for notices in [
        [opened.clone(), cancelled.clone()],
        [cancelled.clone(), opened.clone()],
    ] {
        assert_eq!(told(&notices, LATER), "None");
        assert_eq!(told(&notices, "2025-02-20"), "Liquidation 2025-02-04 A1");
    }
    let found = state_at(&[cancelled], day(LATER));
    assert_eq!(
        (found.state, found.unresolved),
        (State::None, vec!["A2".to_owned()])
    );
}

#[test]
fn cancelling_a_correction_brings_the_first_notice_back_and_the_reverse_does_not() {
    let opened = opening("A1", "2025-02-04", Procedure::Liquidation);
    let corrected = changes(
        NoticeKind::Correction,
        "A1",
        opening("A2", "2025-02-04", Procedure::Receivership),
    );
    let mut both = vec![
        opened,
        Notice {
            published_on: day("2025-03-01"),
            ..corrected
        },
    ];
    assert_eq!(told(&both, LATER), "Receivership 2025-02-04 A2");
    let cancel = |target| {
        changes(
            NoticeKind::Cancellation,
            target,
            closure("A3", "2025-04-01"),
        )
    };
    both.push(cancel("A2"));
    assert_eq!(told(&both, LATER), "Liquidation 2025-02-04 A1");
    both[2] = cancel("A1");
    assert_eq!(told(&both, LATER), "None");
}

#[test]
fn a_correction_that_says_nothing_does_not_erase_a_judgment() {
    let mut address = opening("A2", "2025-02-20", Procedure::None);
    address.announced = Announced::Other;
    let notices = [
        opening("A1", "2025-02-04", Procedure::Safeguard),
        changes(NoticeKind::Correction, "A1", address),
    ];
    assert_eq!(told(&notices, LATER), "Safeguard 2025-02-04 A1");
}

#[test]
fn a_retraction_cancels_both_judgments_with_or_without_a_reference() {
    let retraction = judgment("A2", "2025-03-01", Category::Retraction, Procedure::None);
    let opened = opening("A1", "2025-02-04", Procedure::Liquidation);
    let by_reference = Notice {
        targets: Some("A1".into()),
        ..retraction.clone()
    };
    assert_eq!(told(&[opened.clone(), by_reference], LATER), "None");
    let mut notices = vec![
        opening("A0", "2025-01-04", Procedure::Receivership),
        opened,
        retraction,
    ];
    assert_eq!(told(&notices, LATER), "Receivership 2025-01-04 A0");
    let cancelled = closure("A3", "2025-04-01");
    notices.push(changes(NoticeKind::Cancellation, "A1", cancelled));
    assert_eq!(
        told(&notices, LATER),
        "None",
        "the one before is withdrawn when the last is cancelled"
    );
}

#[test]
fn an_appeal_removes_the_judgment_that_it_names_and_is_reported_when_it_names_none() {
    let appeal = judgment("A2", "2025-03-01", Category::Appeal, Procedure::None);
    let opened = opening("A1", "2025-02-04", Procedure::Liquidation);
    let named = Notice {
        targets: Some("A1".into()),
        ..appeal.clone()
    };
    assert_eq!(told(&[named, opened.clone()], LATER), "None");
    let found = state_at(&[opened, appeal], day(LATER));
    assert_eq!(
        (found.state, found.unresolved),
        (State::Liquidation, vec!["A2".to_owned()])
    );
}

#[test]
fn a_plan_lasts_ten_years_even_when_it_is_changed() {
    let notices = [
        opening("A1", "2010-01-10", Procedure::Receivership),
        judgment("A2", "2011-01-10", Category::Plan, Procedure::Receivership),
        judgment("A3", "2018-01-10", Category::Plan, Procedure::Receivership),
    ];
    assert_eq!(
        told(&notices, "2021-01-09"),
        "ReceivershipPlan 2011-01-10 A2"
    );
    assert_eq!(told(&notices, "2021-01-10"), "Closed 2021-01-10 A2");
    assert_eq!(told(&notices, "2031-01-10"), "None");
}

#[test]
fn a_plan_that_fails_gives_way_to_the_procedure_that_the_judgment_names() {
    let plan = [
        opening("A1", "2023-01-10", Procedure::Safeguard),
        judgment("A2", "2023-09-10", Category::Plan, Procedure::Safeguard),
    ];
    let after = |procedure| {
        let failed = judgment("A3", "2025-01-10", Category::PlanResolution, procedure);
        told(&[plan[0].clone(), plan[1].clone(), failed], LATER)
    };
    assert_eq!(told(&plan, LATER), "SafeguardPlan 2023-09-10 A2");
    assert_eq!(after(Procedure::Liquidation), "Liquidation 2025-01-10 A3");
    assert_eq!(after(Procedure::Receivership), "Receivership 2025-01-10 A3");
    assert_eq!(after(Procedure::None), "Closed 2025-01-10 A3");
}

#[test]
fn a_plan_to_sell_the_business_leaves_the_procedure_open() {
    let notices = [
        opening("A1", "2025-02-04", Procedure::Receivership),
        judgment("A2", "2025-06-03", Category::Plan, Procedure::None),
    ];
    assert_eq!(told(&notices, LATER), "Receivership 2025-02-04 A1");
    assert_eq!(state_at(&notices, day(LATER)).chain.len(), 2);
}

#[test]
fn what_is_older_than_ten_years_is_stale_unless_something_followed() {
    let old = opening("A1", "2010-01-10", Procedure::Liquidation);
    assert_eq!(
        told(std::slice::from_ref(&old), "2020-01-09"),
        "Liquidation 2010-01-10 A1"
    );
    assert_eq!(told(std::slice::from_ref(&old), "2020-01-10"), "None");
    let again = judgment(
        "A2",
        "2015-01-10",
        Category::Extension,
        Procedure::Liquidation,
    );
    assert_eq!(
        told(&[old, again], "2020-01-10"),
        "Liquidation 2010-01-10 A1"
    );
}

#[test]
fn what_ends_on_a_day_comes_before_what_begins_on_it() {
    let notices = [
        opening("A1", "2024-01-10", Procedure::Safeguard),
        opening("A2", "2024-06-10", Procedure::Safeguard),
        judgment("A3", "2024-06-10", Category::Closure, Procedure::Safeguard),
    ];
    assert_eq!(told(&notices, LATER), "Safeguard 2024-06-10 A2");
}

#[test]
fn acts_and_unknown_natures_have_no_effect() {
    let notices = [
        judgment(
            "A1",
            "2024-01-10",
            Category::ProcedureAct,
            Procedure::Liquidation,
        ),
        judgment(
            "A2",
            "2024-01-11",
            Category::Unknown,
            Procedure::Liquidation,
        ),
        judgment("A3", "2024-01-12", Category::Opening, Procedure::None),
    ];
    assert_eq!(told(&notices, LATER), "None");
}

#[test]
fn a_liquidation_closed_for_lack_of_assets_ends_the_company_for_good() {
    let dissolved = judgment(
        "A2",
        "2010-06-01",
        Category::Dissolution,
        Procedure::Liquidation,
    );
    let notices = [
        opening("A1", "2009-02-04", Procedure::Liquidation),
        dissolved,
    ];
    assert_eq!(told(&notices, "2010-01-01"), "Liquidation 2009-02-04 A1");
    assert_eq!(told(&notices, LATER), "Dissolved 2010-06-01 A2");
    // Known by its end alone, as in a file of recent notices.
    assert_eq!(told(&notices[1..], LATER), "Dissolved 2010-06-01 A2");
    // The court may open it again when assets are found (article L. 643-13 of the Code de commerce).
    let again = opening("A3", "2012-03-05", Procedure::Liquidation);
    let [first, second] = notices;
    assert_eq!(
        told(&[first, second, again], "2013-01-01"),
        "Liquidation 2012-03-05 A3"
    );
}

#[test]
fn a_second_end_does_not_bring_a_dissolved_company_back() {
    let dissolved = judgment(
        "A1",
        "2024-06-01",
        Category::Dissolution,
        Procedure::Liquidation,
    );
    for category in [Category::Closure, Category::PlanResolution] {
        let late = judgment("A2", "2024-07-01", category, Procedure::None);
        assert_eq!(
            told(&[dissolved.clone(), late], LATER),
            "Dissolved 2024-06-01 A1"
        );
    }
}

#[test]
fn the_end_of_a_plan_that_was_not_known_is_an_end() {
    let over = judgment(
        "A1",
        "2024-06-01",
        Category::PlanResolution,
        Procedure::None,
    );
    assert_eq!(told(&[over], LATER), "Closed 2024-06-01 A1");
}

#[test]
fn a_radiation_is_another_matter() {
    let mut radiation = opening("B1", "2025-05-12", Procedure::None);
    radiation.announced = Announced::Radiation;
    let found = state_at(&[radiation.clone()], day(LATER));
    assert_eq!(found.state, State::None);
    assert_eq!(found.radiation.expect("radiated").on, day("2025-05-12"));
    let cancelled = changes(NoticeKind::Cancellation, "B1", closure("B2", "2025-06-01"));
    assert_eq!(
        state_at(&[cancelled, radiation], day(LATER)).radiation,
        None
    );
}

fn any_notice() -> impl Strategy<Value = Notice> {
    let categories = prop::sample::select(vec![
        Category::Opening,
        Category::Conversion,
        Category::Extension,
        Category::Plan,
        Category::PlanResolution,
        Category::Closure,
        Category::Dissolution,
        Category::ProcedureAct,
        Category::Appeal,
        Category::Retraction,
        Category::Unknown,
    ]);
    let procedures = prop::sample::select(vec![
        Procedure::None,
        Procedure::Safeguard,
        Procedure::Receivership,
        Procedure::Liquidation,
    ]);
    let kinds = prop::sample::select(vec![
        NoticeKind::Original,
        NoticeKind::Original,
        NoticeKind::Correction,
        NoticeKind::Cancellation,
    ]);
    let announced = (categories, procedures, 0..8).prop_map(|(category, procedure, radiated)| {
        if radiated == 0 {
            Announced::Radiation
        } else {
            Announced::Judgment(Judgment {
                category,
                procedure,
            })
        }
    });
    // Few identifiers and few days, so that notices meet, and the same one may come twice.
    let id = |n: u8| format!("A{n}");
    let months = (0_u32..160, prop::option::of(0_u32..160));
    (0_u8..9, prop::option::of(0_u8..9), kinds, announced, months).prop_map(
        move |(own, target, kind, announced, (published, decided))| {
            let at = |months| day("2012-03-01") + Months::new(months);
            Notice {
                id: id(own),
                published_on: at(published),
                kind,
                targets: target.map(id),
                decided_on: decided.map(at),
                announced,
            }
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_the_notices_never_matters(
        (notices, shuffled) in prop::collection::vec(any_notice(), 0..9)
            .prop_flat_map(|notices| (Just(notices.clone()), Just(notices).prop_shuffle())),
        months in 0_u32..240,
    ) {
        let on = day("2012-03-01") + Months::new(months);
        prop_assert_eq!(state_at(&notices, on), state_at(&shuffled, on));
    }

    #[test]
    fn what_is_published_later_changes_nothing_before(
        notices in prop::collection::vec(any_notice(), 0..9),
        months in 0_u32..160,
    ) {
        let on = day("2012-03-01") + Months::new(months);
        let known: Vec<Notice> = notices.iter().filter(|n| n.published_on <= on).cloned().collect();
        prop_assert_eq!(state_at(&notices, on), state_at(&known, on));
    }

    #[test]
    fn a_state_always_names_its_day_and_its_notice(
        notices in prop::collection::vec(any_notice(), 0..9),
        months in 0_u32..240,
    ) {
        let on = day("2012-03-01") + Months::new(months);
        let found = state_at(&notices, on);
        let is_named = found.since.is_some() && found.by.is_some();
        prop_assert_eq!(is_named, found.state != State::None);
        prop_assert_eq!(found.chain.is_empty(), found.state == State::None);
        if let Some(by) = &found.by {
            prop_assert!(found.chain.iter().any(|step| step.notice == *by));
        }
    }
}
