use proptest::prelude::*;

use super::super::events::EventId;
use super::super::flags::RedFlag;
use super::super::testing::day;
use super::*;

fn today() -> NaiveDate {
    day("2025-06-15")
}

fn floor(level: Level, since: &str, until: Option<&str>) -> Floor {
    Floor {
        level,
        event: "privilege_urssaf".into(),
        since: day(since),
        until: until.map(day),
        words: format!("inscription au greffe le {since}"),
    }
}

fn view(shift: Shift, signed_on: &str) -> Override {
    let signed_on = day(signed_on);
    let end = signed_on + Months::new(OVERRIDE_MONTHS);
    Override::new(shift, "Claire Martin", "commande signée", signed_on, end).unwrap()
}

fn statistical(level: Level) -> Situation {
    Situation {
        statistical: Some((level, "score 35".into())),
        ..Situation::default()
    }
}

#[test]
fn a_reserved_fact_raises_by_one_level_and_says_nothing_of_itself() {
    let with = |situation: Situation, since: &str| Situation {
        reserved_since: Some(day(since)),
        ..situation
    };
    let level = |situation: &Situation| retained(situation, today()).level;
    for (before, after) in [
        (Level::Low, Level::Moderate),
        (Level::Moderate, Level::High),
        (Level::High, Level::Critical),
        (Level::Critical, Level::Critical),
    ] {
        let found = retained(&with(statistical(before), "2025-06-01"), today());
        assert_eq!(found.level, Some(after));
        assert_eq!(found.statistical, Some(before), "never blended");
        assert!(
            found
                .causes
                .iter()
                .any(|cause| cause.words == "Un fait réservé.")
        );
    }
    let alone = with(Situation::default(), "2025-06-01");
    assert_eq!(level(&alone), Some(Level::Moderate));
    let later = with(statistical(Level::Low), "2025-06-16");
    assert_eq!(level(&later), Some(Level::Low), "not yet known");
}

fn bank() -> RaisedFlag {
    RaisedFlag::new(RedFlag::Bank, "Claire Martin".into(), day("2025-06-01"))
}

#[test]
fn the_worst_of_the_three_is_retained_and_the_three_stay_visible() {
    let situation = Situation {
        floors: vec![floor(Level::High, "2025-01-01", None)],
        flags: vec![bank()],
        ..statistical(Level::Low)
    };
    let found = retained(&situation, today());
    assert_eq!(found.statistical, Some(Level::Low));
    assert_eq!(found.events, Some(Level::High));
    assert_eq!(found.human, Some(Level::Moderate));
    assert_eq!(found.level, Some(Level::High));
    let decisive: Vec<&str> = found.decisive().map(|cause| cause.words.as_str()).collect();
    assert_eq!(decisive, ["inscription au greffe le 2025-01-01"]);
    assert_eq!(found.causes.len(), 3);
}

#[test]
fn a_fact_counts_from_its_first_day_until_it_ends() {
    for (since, until, expected) in [
        ("2025-06-15", None, Some(Level::High)),
        ("2025-06-16", None, None),
        ("2025-01-01", Some("2025-06-16"), Some(Level::High)),
        ("2025-01-01", Some("2025-06-15"), None),
    ] {
        let situation = Situation {
            floors: vec![floor(Level::High, since, until)],
            ..Situation::default()
        };
        assert_eq!(
            retained(&situation, today()).level,
            expected,
            "{since} {until:?}"
        );
    }
}

#[test]
fn a_fact_of_the_accounts_becomes_a_floor_at_the_level_of_the_model() {
    let finding = EventFinding {
        id: EventId::CapitalHalfLost,
        since: day("2024-12-31"),
        words: "Capitaux propres sous la moitié du capital.".into(),
    };
    let situation = Situation {
        floors: vec![Floor::of(&finding, Level::Moderate)],
        ..statistical(Level::Low)
    };
    let found = retained(&situation, today());
    assert_eq!(found.level, Some(Level::Moderate));
    assert_eq!(found.causes[0].words, finding.words);
    assert_eq!(situation.floors[0].event, "capital_moitie");
}

#[test]
fn an_expert_moves_the_level_by_one_and_signs() {
    for (shift, expected) in [(Shift::Up, Level::Critical), (Shift::Down, Level::Moderate)] {
        let situation = Situation {
            overrides: vec![view(shift, "2025-06-01")],
            ..statistical(Level::High)
        };
        let found = retained(&situation, today());
        assert_eq!(found.level, Some(expected));
        assert_eq!(found.before_override, Some(Level::High));
        assert_eq!(found.applied.unwrap().author, "Claire Martin");
    }
}

#[test]
fn the_last_view_signed_counts_alone() {
    let situation = Situation {
        overrides: vec![
            view(Shift::Down, "2025-06-02"),
            view(Shift::Up, "2025-06-01"),
        ],
        ..statistical(Level::Moderate)
    };
    assert_eq!(retained(&situation, today()).level, Some(Level::Low));
}

#[test]
fn a_view_without_author_reason_or_end_is_refused() {
    let (signed, end) = (day("2025-01-01"), day("2025-07-01"));
    let made = |author, reason, end| Override::new(Shift::Up, author, reason, signed, end);
    assert_eq!(made(" ", "motif", end).unwrap_err(), OverrideError::Author);
    assert_eq!(made("Claire", "", end).unwrap_err(), OverrideError::Reason);
    assert_eq!(
        made("Claire", "motif", signed).unwrap_err(),
        OverrideError::Expiry
    );
    assert_eq!(
        made("Claire", "motif", day("2025-07-02")).unwrap_err(),
        OverrideError::Expiry
    );
    assert!(made("Claire", "motif", end).is_ok());
}

#[test]
fn an_open_procedure_is_a_state_and_leaves_the_lists() {
    let open = |since: &str| Situation {
        standing: Some(Standing {
            kind: StandingKind::Procedure(State::Receivership),
            since: day(since),
        }),
        ..statistical(Level::Low)
    };
    let found = retained(&open("2025-06-15"), today());
    assert!(!found.is_predictive());
    assert_eq!(
        found.level,
        Some(Level::Low),
        "the level is not changed by the state"
    );
    assert!(
        retained(&open("2025-06-16"), today()).is_predictive(),
        "not known yet"
    );
}

#[test]
fn nothing_known_is_no_level_even_for_an_expert() {
    let situation = Situation {
        overrides: vec![view(Shift::Up, "2025-06-01")],
        ..Situation::default()
    };
    let found = retained(&situation, today());
    assert_eq!(found.level, None);
    assert_eq!(found.applied, None);
}

fn levels() -> impl Strategy<Value = Level> {
    proptest::sample::select(&Level::ALL[..])
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0_u64..800).prop_map(|days| day("2024-06-01") + chrono::Days::new(days))
}

fn floors() -> impl Strategy<Value = Floor> {
    (levels(), days(), proptest::option::of(days())).prop_map(|(level, since, until)| Floor {
        level,
        event: "essai".into(),
        since,
        until,
        words: format!("fait {since}"),
    })
}

fn raised() -> impl Strategy<Value = RaisedFlag> {
    (proptest::sample::select(&RedFlag::ALL[..]), days())
        .prop_map(|(flag, on)| RaisedFlag::new(flag, "Claire Martin".into(), on))
}

fn views() -> impl Strategy<Value = Override> {
    (any::<bool>(), days(), 1_u64..180).prop_map(|(up, signed_on, lasting)| {
        let shift = if up { Shift::Up } else { Shift::Down };
        let end = signed_on + chrono::Days::new(lasting);
        Override::new(shift, "Claire Martin", "motif", signed_on, end).unwrap()
    })
}

fn situations() -> impl Strategy<Value = Situation> {
    let some = |level: Level| (level, format!("score de niveau {}", level.word()));
    (
        proptest::option::of(levels().prop_map(some)),
        proptest::collection::vec(floors(), 0..4),
        proptest::collection::vec(raised(), 0..5),
        proptest::collection::vec(views(), 0..3),
        proptest::option::of(days()),
    )
        .prop_map(
            |(statistical, floors, flags, overrides, reserved_since)| Situation {
                statistical,
                floors,
                flags,
                overrides,
                reserved_since,
                standing: None,
            },
        )
}

proptest! {
    #[test]
    fn a_worse_fact_never_lowers_the_level(
        situation in situations(),
        fact in floors(),
        flag in raised(),
        statistical in levels(),
    ) {
        let before = retained(&situation, today()).level;
        let mut with_fact = situation.clone();
        with_fact.floors.push(fact);
        prop_assert!(retained(&with_fact, today()).level >= before);
        let mut with_flag = situation.clone();
        with_flag.flags.push(flag);
        prop_assert!(retained(&with_flag, today()).level >= before);
        let mut with_score = situation.clone();
        if with_score.statistical.as_ref().is_none_or(|(level, _)| *level < statistical) {
            with_score.statistical = Some((statistical, "score".into()));
        }
        prop_assert!(retained(&with_score, today()).level >= before);
    }

    #[test]
    fn the_order_of_what_is_known_does_not_matter(situation in situations()) {
        let mut turned = situation.clone();
        turned.floors.reverse();
        turned.flags.reverse();
        turned.overrides.reverse();
        prop_assert_eq!(retained(&turned, today()), retained(&situation, today()));
    }

    #[test]
    fn what_has_expired_or_has_not_begun_has_no_effect(situation in situations()) {
        let mut live = situation.clone();
        live.floors.retain(|floor| floor.in_force(today()));
        live.flags.retain(|flag| flag.in_force(today()));
        live.overrides.retain(|view| view.in_force(today()));
        prop_assert_eq!(retained(&live, today()), retained(&situation, today()));
    }

    #[test]
    fn an_expert_never_moves_more_than_one_level(situation in situations()) {
        let found = retained(&situation, today());
        if let (Some(before), Some(level)) = (found.before_override, found.level) {
            prop_assert!(level >= before.better() && level <= before.worse());
        }
    }
}
