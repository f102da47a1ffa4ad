use super::samples::{SMALL, small};
use super::*;

/// Problems found in the sample after a change, as « place : problem ».
fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(SMALL.contains(from), "{from} is in the sample");
    match Model::parse(&SMALL.replacen(from, to, 1)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .0
            .into_iter()
            .map(|fault| format!("{}\u{a0}: {}", fault.place, fault.problem))
            .collect(),
    }
}

#[test]
fn a_model_is_read_whole() {
    let model = small();
    assert_eq!(model.total(), 100);
    assert_eq!(model.levels.high, 45);
    assert_eq!(model.variables[1].on_bad_denominator, BadDenominator::Worst);
    assert_eq!(model.events[1].effect, Effect::Floor(Level::High));
    assert_eq!(
        model.events[2].effect,
        Effect::Shift {
            levels: 1,
            both_ways: true
        }
    );
    assert_eq!(model.aggregates["CA"].complete.as_deref(), Some("FL"));
}

#[test]
fn a_model_written_is_read_back_the_same() {
    let model = small();
    assert_eq!(Model::parse(&model.to_toml()).unwrap(), model);
    let shipped = Model::parse(include_str!("../../../models/grille-1.0.0.toml")).unwrap();
    assert_eq!(Model::parse(&shipped.to_toml()).unwrap(), shipped);
    assert_eq!(shipped.total(), 116);
}

/// What to change in the sample, into what, and where and how the fault is told.
#[rustfmt::skip] // a table is read by lines
const FAULTS: [(&str, &str, &str, &str); 31] = [
    ("cuts = [0.0, 0.1, 0.2]", "cuts = [0.1, 0.0, 0.2]", "variable eq_ta", "croître"),
    ("[60, 30, 10, 0]", "[60, 10, 30, 0]", "variable eq_ta", "contredisent"),
    ("[0, 15, 40]", "[40, 15, 0]", "variable cl_days", "contredisent"),
    ("[60, 30, 10, 0]", "[60, 30, 0]", "variable eq_ta", "il en faut 4"),
    ("rationale = \"retards\"", "", "variable cl_days", "«\u{a0}rationale\u{a0}» est absent"),
    ("rationale = \"retards\"", "rationale = \"  \"", "variable cl_days", "non vide"),
    ("id = \"cl_days\"", "id = \"eq_ta\"", "variable eq_ta", "double"),
    ("missing = 12", "missing = 61", "variable eq_ta", "dépasse"),
    ("missing = 12", "missing = -1", "variable eq_ta", "entier positif"),
    ("high = 45", "high = 25", "levels", "croître"),
    ("exit_margin = 10", "exit_margin = 30", "levels", "sous le premier seuil"),
    ("unit = \"jours\"", "unite = \"jours\"", "variable cl_days", "champ inconnu"),
    ("[trend]", "[autre]\nx = 1\n[trend]", "fichier", "champ inconnu «\u{a0}autre\u{a0}»"),
    ("2027-01-01", "\"2027-13-01\"", "model", "date"),
    ("2027-01-01", "2027-01-01T10:00:00", "model", "date"),
    ("S = \"142/180\"", "", "variable eq_ta", "formule «\u{a0}S\u{a0}» absente"),
    ("trained = false", "trained = true", "model", "sha256_training"),
    ("level = \"high\"", "level = \"orange\"", "event privilege", "moderate, high"),
    ("effect = \"shift\"", "effect = \"blend\"", "event avis", "state, floor ou shift"),
    ("min_weight = 0.5", "min_weight = 1.5", "completeness", "entre 0 et 1"),
    ("horizon_months = 12", "horizon_months = 0", "model", "au moins 1"),
    ("C = \"DL/EE\"", "C = \"DL/Q9\"", "variable eq_ta", "formule «\u{a0}C\u{a0}»"),
    ("C = \"DL/EE\"", "C = \"DL/(EE\"", "variable eq_ta", "formule «\u{a0}C\u{a0}»"),
    ("C = \"FL\"", "C = \"Q9\"", "aggregates", "Q9"),
    ("missing = 12", "missing = 12\nclip = [1.0, -1.0]", "variable eq_ta", "clip"),
    ("missing = 12", "missing = 12\nclip = [1.0]", "variable eq_ta", "clip"),
    ("[60, 30, 10, 0]", "[0, 0, 0, 0]", "variable eq_ta", "aucune classe"),
    ("max_levels = 1", "max_levels = 0", "event avis", "au moins 1"),
    ("version = \"1.2.0\"", "version = \"1.0\"", "model", "comme 1.2.3"),
    ("version = \"1.2.0\"", "version = \"1.0.0-essai\"", "model", "comme 1.2.3"),
    ("version = \"1.2.0\"", "version = \"1..0\"", "model", "comme 1.2.3"),
];

#[test]
fn each_fault_names_its_place() {
    for (from, to, place, words) in FAULTS {
        let found = faults(from, to);
        assert!(
            found
                .iter()
                .any(|one| one.starts_with(place) && one.contains(words)),
            "{to}: {found:?}"
        );
    }
}

#[test]
fn totals_out_of_bounds_are_refused() {
    assert!(faults("[60, 30, 10, 0]", "[160, 30, 10, 0]").is_empty());
    let found = faults("[60, 30, 10, 0]", "[161, 30, 10, 0]");
    assert!(
        found.iter().any(|one| one.contains("total de 201 points")),
        "{found:?}"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let text = SMALL
        .replacen("cuts = [0.0, 0.1, 0.2]", "cuts = [0.1, 0.0, 0.2]", 1)
        .replacen("source = \"pratique\"", "", 2)
        .replacen("high = 45", "high = 25", 1);
    let errors = Model::parse(&text).unwrap_err();
    assert_eq!(errors.0.len(), 4, "{errors}");
    assert!(errors.to_string().starts_with("modèle refusé\u{a0}:\n- "));
}

#[test]
fn a_file_that_is_not_toml_is_one_fault() {
    let errors = Model::parse("[model").unwrap_err();
    assert_eq!(errors.0.len(), 1);
    assert!(errors.0[0].problem.contains("illisible"));
    assert!(Model::parse("").is_err());
}
