use proptest::prelude::*;

use super::super::flags::{RaisedFlag, RedFlag};
use super::super::level::Level;
use super::super::retained::{Floor, Override, Shift, Situation, Standing, StandingKind, retained};
use super::super::testing::{day, shipped, shipped_variables};
use super::*;
use crate::domain::insolvency::State;

#[test]
fn a_score_is_told_with_its_change_and_causes() {
    let causes: Vec<String> = [("eq_ta", -0.2), ("g_sales", 0.88_f64.ln())]
        .into_iter()
        .filter_map(|(id, value)| short_cause(id, value, &[]))
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
            "le bénéfice de l’activité courante ne représente que 2\u{a0}% du bilan",
        ),
        (
            "cf_tl",
            0.13,
            Tone::Watch,
            "l’activité ne dégage de quoi rembourser que 13\u{a0}% des dettes chaque année",
        ),
        (
            "cf_tl",
            1.5,
            Tone::Good,
            "l’activité dégage de quoi rembourser 1,5 fois les dettes chaque année",
        ),
        (
            "cash_cl",
            -0.12,
            Tone::Weak,
            "une fois l’argent disponible déduit, les découverts représentent 12\u{a0}% de ce qui est à \
             payer dans l’année",
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
        assert_eq!(finding(id, value, tone, &[]).unwrap(), expected, "{id}");
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
        (
            "eq_ta",
            0.0,
            "des capitaux propres qui ne soient plus négatifs",
        ),
        (
            "eq_ta",
            0.10,
            "des capitaux propres d’au moins 10\u{a0}% du bilan",
        ),
        (
            "g_sales",
            -0.10,
            "un chiffre d’affaires qui baisse d’au plus 9,5\u{a0}%",
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
        assert!(short_cause(&spec.id, 0.5, &[]).is_some(), "{}", spec.id);
        assert!(
            finding(&spec.id, 0.5, Tone::Watch, &[]).is_some(),
            "{}",
            spec.id
        );
        assert!(improvement(&spec.id, 0.5).is_some(), "{}", spec.id);
        assert!(undivided(&spec.id, 0.0).is_some(), "{}", spec.id);
    }
    assert_eq!(finding("inconnue", 0.5, Tone::Watch, &[]), None);
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

#[test]
fn a_value_never_reads_as_a_cut_that_it_is_not() {
    let cuts = |id: &str| {
        shipped()
            .variables
            .into_iter()
            .find(|one| one.id == id)
            .unwrap()
            .cuts
    };
    for (id, value, expected) in [
        (
            "cf_tl",
            0.0498,
            "capacité de remboursement à 4,98\u{a0}% des dettes",
        ),
        (
            "cf_tl",
            0.05,
            "capacité de remboursement à 5\u{a0}% des dettes",
        ),
        ("eq_ta", 0.0996, "capitaux propres à 9,96\u{a0}% du bilan"),
        (
            "ca_cl",
            0.9996,
            "de quoi payer 99,96\u{a0}% des dettes de l’année",
        ),
        (
            "ca_cl",
            1.28,
            "de quoi payer 1,28 fois les dettes de l’année",
        ),
        (
            "cl_days",
            364.7,
            "dettes de l’année à 364,7\u{a0}jours de ventes",
        ),
        (
            "g_sales",
            -0.003,
            "chiffre d’affaires en baisse de 0,3\u{a0}%",
        ),
        ("g_sales", 0.003, "chiffre d’affaires stable"),
    ] {
        assert_eq!(short_cause(id, value, &cuts(id)).unwrap(), expected);
    }
    // Nor does a gap read as nothing.
    assert_eq!(
        distance("eq_ta", 0.0996, 0.10),
        "écart de 0,04\u{a0}% du bilan"
    );
    assert_eq!(distance("cl_days", 90.0, 90.0), "à la limite");
    assert_eq!(distance("cl_days", 274.0, 180.0), "écart de 94\u{a0}jours");
}

#[test]
fn a_division_by_zero_is_told_in_the_words_of_its_variable() {
    for (id, divisor, expected) in [
        (
            "ca_cl",
            0.0,
            "aucune dette à payer dans l’année\u{a0}: rien à couvrir",
        ),
        (
            "g_sales",
            0.0,
            "aucune vente l’année précédente\u{a0}: rien à comparer",
        ),
        (
            "eq_ta",
            -1_200.0,
            "le total du bilan est négatif (−1\u{202f}200\u{a0}€)\u{a0}: ce rapport ne se calcule pas",
        ),
    ] {
        assert_eq!(undivided(id, divisor).unwrap(), expected);
    }
}

#[test]
fn de_is_elided_and_contracted() {
    for (words, expected) in [
        ("élevé", "d’élevé"),
        ("Urssaf", "d’Urssaf"),
        ("faible", "de faible"),
        ("les dettes", "des dettes"),
        ("le bilan", "du bilan"),
    ] {
        assert_eq!(of(words), expected);
    }
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

fn signed(shift: Shift) -> Override {
    let (on, until) = (day("2025-06-01"), day("2025-09-01"));
    Override::new(shift, "Claire Martin", "Dette soldée en mai.", on, until).unwrap()
}

fn raised(flag: RedFlag) -> RaisedFlag {
    RaisedFlag::new(flag, "Claire Martin".into(), day("2025-06-01"))
}

/// What is read of a situation: first, then below.
fn told(situation: &Situation, course: Course) -> (Option<String>, Option<String>) {
    let found = retained(situation, day("2025-06-15"));
    (why(&found, course), beside(&found))
}

#[test]
fn a_level_of_the_points_alone_is_told_by_the_score() {
    let alone = Situation {
        floors: Vec::new(),
        ..situation()
    };
    assert_eq!(told(&alone, Course::Plain), (None, None));
    for (course, expected) in [
        (
            Course::Raised,
            "Modéré, relevé d’un niveau par la tendance.",
        ),
        (
            Course::Sudden,
            "Modéré, à cause d’une baisse brutale en un an.",
        ),
        (
            Course::Kept(20),
            "Modéré, maintenu tant que le score ne descend pas sous 20.",
        ),
    ] {
        assert_eq!(told(&alone, course).0.unwrap(), expected);
    }
}

#[test]
fn a_level_tells_what_decided_it_and_what_accounts_alone_give() {
    let (why, beside) = told(&situation(), Course::Plain);
    assert_eq!(
        why.unwrap(),
        "Élevé, à cause d’inscription de l’Urssaf au greffe."
    );
    assert_eq!(beside.unwrap(), "D’après les comptes seuls\u{a0}: modéré.");
    let people = Situation {
        statistical: Some((Level::High, "score 50".into())),
        flags: vec![raised(RedFlag::Bank), raised(RedFlag::ClientLoss)],
        ..Situation::default()
    };
    let (why, beside) = told(&people, Course::Plain);
    assert_eq!(
        why.unwrap(),
        "Élevé, d’après les comptes et à cause de deux signaux de terrain (difficulté avec la banque, \
         perte d’un client majeur)."
    );
    assert_eq!(beside, None);
    let one = Situation {
        flags: vec![raised(RedFlag::Bank)],
        ..Situation::default()
    };
    assert_eq!(
        told(&one, Course::Plain).0.unwrap(),
        "Modéré, à cause d’un signal de terrain (difficulté avec la banque)."
    );
}

#[test]
fn an_expert_s_view_is_told_with_its_name_and_what_it_moved() {
    let moved = |shift| Situation {
        floors: Vec::new(),
        overrides: vec![signed(shift)],
        ..situation()
    };
    let (why, beside) = told(&moved(Shift::Up), Course::Plain);
    assert_eq!(
        why.unwrap(),
        "Élevé\u{a0}: modéré, d’après les comptes, puis relevé d’un niveau par Claire Martin."
    );
    assert_eq!(
        beside.unwrap(),
        "D’après les comptes seuls\u{a0}: modéré. Avis de Claire Martin, jusqu’au 1er septembre 2025\u{a0}: \
         dette soldée en mai."
    );
    let lowest = Situation {
        statistical: Some((Level::Low, "score 3".into())),
        ..moved(Shift::Down)
    };
    let (why, beside) = told(&lowest, Course::Plain);
    assert_eq!(why, None);
    assert_eq!(
        beside.unwrap(),
        "L’avis de Claire Martin jusqu’au 1er septembre 2025 (dette soldée en mai) est sans effet\u{a0}: \
         le niveau est déjà le plus bas."
    );
}

#[test]
fn a_procedure_is_told_as_a_state_and_the_unknown_says_nothing() {
    let open = Situation {
        standing: Some(Standing {
            kind: StandingKind::Procedure(State::Receivership),
            since: day("2025-03-04"),
        }),
        ..situation()
    };
    let (why, beside) = told(&open, Course::Plain);
    assert_eq!(
        why.unwrap(),
        "Procédure ouverte\u{a0}: redressement judiciaire depuis le 4 mars 2025."
    );
    assert_eq!(beside, None);
    let viewed = Situation {
        overrides: vec![signed(Shift::Up)],
        ..open
    };
    let beside = told(&viewed, Course::Plain).1.unwrap();
    assert!(
        beside.ends_with("est sans effet tant que la procédure est ouverte."),
        "{beside}"
    );
    let gone = |kind| Situation {
        standing: Some(Standing {
            kind,
            since: day("2025-03-04"),
        }),
        ..situation()
    };
    assert_eq!(
        told(&gone(StandingKind::StruckOff), Course::Plain)
            .0
            .unwrap(),
        "Cette entreprise est radiée du registre du commerce depuis le 4 mars 2025."
    );
    assert_eq!(
        told(&gone(StandingKind::Dissolved), Course::Plain)
            .0
            .unwrap(),
        "Cette entreprise a cessé d’exister\u{a0}: sa liquidation judiciaire est close pour \
         insuffisance d’actif depuis le 4 mars 2025."
    );
    assert_eq!(told(&Situation::default(), Course::Plain), (None, None));
}

#[test]
fn a_rise_says_the_words_of_what_raised_the_level() {
    use Level::{Critical, High, Low};
    for (from, to, sentence, expected) in [
        (
            Some(Low),
            High,
            "Élevé, à cause d’un signal de terrain (litige). Score 0.",
            "Niveau passé de faible à élevé, à cause d’un signal de terrain (litige). Score 0.",
        ),
        (
            Some(High),
            Critical,
            "Critique\u{a0}: élevé, d’après les comptes, puis relevé d’un niveau par Claire Martin. Score 50.",
            "Niveau passé d’élevé à critique\u{a0}: élevé, d’après les comptes, puis relevé d’un niveau \
             par Claire Martin. Score 50.",
        ),
        (
            None,
            High,
            "Score 50\u{a0}: perte de l’année.",
            "Niveau passé de «\u{a0}non évalué\u{a0}» à élevé\u{a0}: score 50\u{a0}: perte de l’année.",
        ),
    ] {
        assert_eq!(rise(from, to, sentence), expected);
    }
}

#[test]
fn only_the_capital_of_a_sentence_is_lost() {
    use super::level::clause;
    assert_eq!(clause("Élan perdu."), "élan perdu");
    assert_eq!(clause("URSSAF inscrite."), "URSSAF inscrite");
    assert_eq!(clause(""), "");
}

proptest! {
    #[test]
    fn words_stay_neutral_and_well_spaced(value in -10.0..10.0_f64, index in 0_usize..10) {
        let id = &shipped_variables()[index].id;
        let tones = [Tone::Weak, Tone::Watch, Tone::Good];
        let cuts = shipped().variables[index].cuts.clone();
        let told: Vec<String> = tones
            .iter()
            .filter_map(|tone| finding(id, value, *tone, &cuts))
            .chain(short_cause(id, value, &cuts))
            .chain(improvement(id, value))
            .collect();
        for words in told {
            for banned in ["faillite", "défaillance", "risque de", " %", " :", "NaN", "inf "] {
                prop_assert!(!words.contains(banned), "{words}");
            }
        }
    }
}
