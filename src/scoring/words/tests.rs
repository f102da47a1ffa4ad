use proptest::prelude::*;

use super::super::flags::{RaisedFlag, RedFlag};
use super::super::level::Level;
use super::super::retained::{Floor, Override, Procedure, Situation, retained};
use super::super::testing::{day, shipped_variables};
use super::*;

#[test]
fn a_score_is_told_with_its_change_and_causes() {
    let causes: Vec<String> = [("eq_ta", -0.2), ("g_sales", 0.88_f64.ln())]
        .into_iter()
        .filter_map(|(id, value)| short_cause(id, value))
        .collect();
    let change = |points| {
        Some(Change {
            points,
            since: day("2025-07-10"),
        })
    };
    assert_eq!(
        score_sentence(62, change(14), &causes, day("2025-11-24")),
        "Score 62, +14 depuis juillet\u{a0}: capitaux propres négatifs, chiffre d’affaires en baisse \
         de 12\u{a0}%."
    );
    assert_eq!(
        score_sentence(8, change(-6), &[], day("2026-02-01")),
        "Score 8, −6 depuis juillet 2025."
    );
    assert_eq!(
        score_sentence(8, change(0), &[], day("2025-11-24")),
        "Score 8, stable depuis juillet."
    );
    assert_eq!(score_sentence(8, None, &[], day("2025-11-24")), "Score 8.");
    let many = ["un", "deux", "trois", "quatre"].map(str::to_owned);
    assert_eq!(
        score_sentence(70, None, &many, day("2025-11-24")),
        "Score 70\u{a0}: un, deux, trois."
    );
}

#[test]
fn a_variable_is_told_by_its_value() {
    for (id, value, tone, expected) in [
        (
            "eq_ta",
            -0.05,
            Tone::Weak,
            "les capitaux propres sont négatifs\u{a0}: les dettes dépassent ce que possède \
             l’entreprise",
        ),
        (
            "eq_ta",
            0.07,
            Tone::Watch,
            "les capitaux propres ne représentent que 7\u{a0}% du bilan",
        ),
        (
            "eq_ta",
            0.35,
            Tone::Good,
            "les capitaux propres représentent 35\u{a0}% du bilan",
        ),
        (
            "ebit_ta",
            0.02,
            Tone::Watch,
            "l’activité courante ne dégage que 2\u{a0}% du bilan",
        ),
        (
            "ca_cl",
            0.676,
            Tone::Weak,
            "stocks, créances et argent disponible ne couvrent que 68\u{a0}% de ce qui est à payer \
             dans l’année",
        ),
        (
            "ca_cl",
            1.52,
            Tone::Good,
            "stocks, créances et argent disponible couvrent 1,5 fois ce qui est à payer dans l’année",
        ),
        (
            "g_sales",
            0.001,
            Tone::Watch,
            "le chiffre d’affaires est stable",
        ),
        (
            "g_sales",
            1.25_f64.ln(),
            Tone::Good,
            "le chiffre d’affaires progresse de 25\u{a0}%",
        ),
        (
            "cl_days",
            1_200.0,
            Tone::Weak,
            "les dettes à payer dans l’année représentent 1\u{202f}200\u{a0}jours de ventes",
        ),
    ] {
        assert_eq!(finding(id, value, tone).unwrap(), expected, "{id}");
    }
}

#[test]
fn what_would_help_is_the_other_side_of_the_next_cut() {
    let cuts = [0.0, 0.10, 0.20];
    let lower = |value| next_better_cut(&cuts, Direction::LowerIsRiskier, value);
    assert_eq!(lower(-0.3), Some(0.0));
    assert_eq!(lower(0.0), Some(0.10));
    assert_eq!(lower(0.20), None);
    let higher = |value| next_better_cut(&[90.0, 180.0], Direction::HigherIsRiskier, value);
    assert_eq!(higher(300.0), Some(180.0));
    assert_eq!(higher(90.0), Some(90.0));
    assert_eq!(higher(89.0), None);
    for (id, cut, expected) in [
        ("eq_ta", 0.0, "des capitaux propres positifs"),
        (
            "eq_ta",
            0.10,
            "des capitaux propres au-dessus de 10\u{a0}% du bilan",
        ),
        (
            "g_sales",
            -0.10,
            "un chiffre d’affaires en baisse de moins de 9,5\u{a0}%",
        ),
        ("g_sales", 0.0, "un chiffre d’affaires qui ne baisse plus"),
        (
            "cl_days",
            180.0,
            "des dettes à payer dans l’année sous 180\u{a0}jours de ventes",
        ),
    ] {
        assert_eq!(improvement(id, cut).unwrap(), expected);
    }
}

#[test]
fn every_variable_of_the_grid_has_its_words_and_no_other() {
    for spec in shipped_variables() {
        assert!(name(&spec.id).is_some(), "{}", spec.id);
        assert!(short_cause(&spec.id, 0.5).is_some(), "{}", spec.id);
        assert!(finding(&spec.id, 0.5, Tone::Watch).is_some(), "{}", spec.id);
        assert!(improvement(&spec.id, 0.5).is_some(), "{}", spec.id);
    }
    assert_eq!(finding("inconnue", 0.5, Tone::Watch), None);
}

#[test]
fn the_tone_follows_the_points() {
    assert_eq!(Tone::of(0, 20), Tone::Good);
    assert_eq!(Tone::of(12, 20), Tone::Watch);
    assert_eq!(Tone::of(20, 20), Tone::Weak);
    assert_eq!(
        Tone::of(0, 0),
        Tone::Good,
        "a variable without points alarms nobody"
    );
}

fn situation() -> Situation {
    Situation {
        statistical: Some((Level::Moderate, "score 35".into())),
        floors: vec![Floor {
            level: Level::High,
            event: "privilege_urssaf".into(),
            since: day("2025-01-01"),
            until: None,
            words: "Inscription de l’Urssaf au greffe.".into(),
        }],
        ..Situation::default()
    }
}

#[test]
fn a_level_tells_what_decided_it_and_what_statistics_said() {
    let on = day("2025-06-15");
    assert_eq!(
        level_sentence(&retained(&situation(), on)),
        "Niveau élevé\u{a0}: inscription de l’Urssaf au greffe. Statistique modéré, retenu élevé."
    );
    let lowered = Situation {
        overrides: vec![
            Override::new(
                super::super::retained::Shift::Down,
                "Claire Martin",
                "dette soldée en mai.",
                day("2025-06-01"),
                day("2025-09-01"),
            )
            .unwrap(),
        ],
        ..situation()
    };
    assert_eq!(
        level_sentence(&retained(&lowered, on)),
        "Niveau modéré\u{a0}: inscription de l’Urssaf au greffe. Niveau abaissé d’un cran par Claire \
         Martin jusqu’au 1er septembre 2025\u{a0}: dette soldée en mai."
    );
}

#[test]
fn a_procedure_is_told_as_a_state_and_the_unknown_as_unknown() {
    let on = day("2025-06-15");
    let open = Situation {
        procedure: Some(Procedure {
            label: "redressement judiciaire".into(),
            since: day("2025-03-04"),
        }),
        ..situation()
    };
    assert_eq!(
        level_sentence(&retained(&open, on)),
        "Procédure ouverte\u{a0}: redressement judiciaire depuis le 4 mars 2025."
    );
    assert_eq!(
        level_sentence(&retained(&Situation::default(), on)),
        "Non évalué\u{a0}: rien de connu sur cette entreprise."
    );
}

#[test]
fn a_level_of_people_names_their_flags() {
    let raised = |flag| RaisedFlag::new(flag, "Claire Martin".into(), day("2025-06-01"));
    let found = retained(
        &Situation {
            flags: vec![raised(RedFlag::Bank), raised(RedFlag::ClientLoss)],
            ..Situation::default()
        },
        day("2025-06-15"),
    );
    assert_eq!(
        level_sentence(&found),
        "Niveau élevé\u{a0}: difficulté avec la banque, perte d’un client majeur."
    );
}

#[test]
fn only_the_capital_of_a_sentence_is_lost() {
    assert_eq!(clause("Élan perdu."), "élan perdu");
    assert_eq!(clause("URSSAF inscrite."), "URSSAF inscrite");
    assert_eq!(clause(""), "");
}

proptest! {
    #[test]
    fn words_stay_neutral_and_well_spaced(value in -10.0..10.0_f64, index in 0_usize..10) {
        let id = &shipped_variables()[index].id;
        let tones = [Tone::Weak, Tone::Watch, Tone::Good];
        let told: Vec<String> = tones
            .iter()
            .filter_map(|tone| finding(id, value, *tone))
            .chain(short_cause(id, value))
            .chain(improvement(id, value))
            .collect();
        for words in told {
            for banned in ["faillite", "défaillance", "risque de", " %", " :", "NaN", "inf "] {
                prop_assert!(!words.contains(banned), "{words}");
            }
        }
    }
}
