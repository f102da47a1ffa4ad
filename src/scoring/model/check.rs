//! The rules that a model must keep to be used.

use std::collections::BTreeSet;

use super::{Direction, Effect, Fault, GRID_TOTAL, Identity, Model, TRAINED_TOTAL, Variable};
use crate::scoring::codes::Kind;
use crate::scoring::formula::{Aggregates, Formula};
use crate::scoring::level::Level;

/// Notes every fault of a model.
pub(super) fn model(model: &Model, faults: &mut Vec<Fault>) {
    let mut note = |place: &str, problem: String| {
        faults.push(Fault {
            place: place.to_owned(),
            problem,
        });
    };
    identity(&model.identity, &mut note);
    thresholds(model, &mut note);
    let aggregates = aggregates(model, &mut note);
    for variable in &model.variables {
        let mut note = |problem| note(&format!("variable {}", variable.id), problem);
        classes(variable, &mut note);
        monotone(variable, &mut note);
        formulas(model, variable, aggregates.as_ref(), &mut note);
        bounds(variable, &mut note);
    }
    twice(
        model.variables.iter().map(|one| &one.id),
        "variable",
        &mut note,
    );
    twice(model.events.iter().map(|one| &one.id), "event", &mut note);
    events(model, &mut note);
    total(model, &mut note);
}

fn identity(identity: &Identity, note: &mut impl FnMut(&str, String)) {
    let is_number = |part: &str| {
        !part.is_empty() && part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = identity.version.split('.').collect();
    if parts.len() != 3 || !parts.into_iter().all(is_number) {
        note(
            "model",
            format!(
                "«\u{a0}version\u{a0}» doit s’écrire comme 1.2.3, pas «\u{a0}{}\u{a0}»",
                identity.version
            ),
        );
    }
    if identity.horizon_months == 0 {
        note(
            "model",
            "«\u{a0}horizon_months\u{a0}» doit être au moins 1".to_owned(),
        );
    }
    let hexadecimal =
        |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match &identity.sha256_training {
        None if identity.trained => note(
            "model",
            "un modèle appris doit nommer ses données («\u{a0}sha256_training\u{a0}»)".to_owned(),
        ),
        Some(text) if !hexadecimal(text) => note(
            "model",
            "«\u{a0}sha256_training\u{a0}» doit avoir 64 chiffres hexadécimaux".to_owned(),
        ),
        _ => {}
    }
}

fn thresholds(model: &Model, note: &mut impl FnMut(&str, String)) {
    let levels = model.levels;
    if !(0 < levels.moderate && levels.moderate < levels.high && levels.high < levels.critical) {
        note(
            "levels",
            format!(
                "les seuils doivent croître\u{a0}: moderate {}, high {}, critical {}",
                levels.moderate, levels.high, levels.critical
            ),
        );
    }
    if levels.exit_margin >= levels.moderate.max(1) {
        note(
            "levels",
            "«\u{a0}exit_margin\u{a0}» doit rester sous le premier seuil".to_owned(),
        );
    }
    if !(0.0..=1.0).contains(&model.completeness.min_weight) {
        note(
            "completeness",
            "«\u{a0}min_weight\u{a0}» doit être entre 0 et 1".to_owned(),
        );
    }
    if model.completeness.stale_months > model.completeness.frozen_months {
        note(
            "completeness",
            "«\u{a0}stale_months\u{a0}» dépasse «\u{a0}frozen_months\u{a0}»".to_owned(),
        );
    }
    if model.trend.delta == 0 || model.trend.sudden_drop == 0 {
        note(
            "trend",
            "«\u{a0}delta\u{a0}» et «\u{a0}sudden_drop\u{a0}» doivent être au moins 1".to_owned(),
        );
    }
}

fn classes(variable: &Variable, note: &mut impl FnMut(String)) {
    if !variable.cuts.is_sorted_by(|a, b| a < b) {
        note("les bornes («\u{a0}cuts\u{a0}») doivent croître strictement".to_owned());
    }
    let wanted = variable.cuts.len() + 1;
    if variable.points.len() != wanted {
        note(format!(
            "{} points pour {} bornes\u{a0}: il en faut {wanted}",
            variable.points.len(),
            variable.cuts.len()
        ));
    }
    if variable.weight() == 0 {
        note("aucune classe n’a de points".to_owned());
    }
    if variable.missing > variable.weight() {
        note(format!(
            "«\u{a0}missing\u{a0}» ({}) dépasse le maximum de la variable ({})",
            variable.missing,
            variable.weight()
        ));
    }
}

fn monotone(variable: &Variable, note: &mut impl FnMut(String)) {
    let kept = match variable.direction {
        Direction::LowerIsRiskier => variable.points.is_sorted_by(|a, b| a >= b),
        Direction::HigherIsRiskier => variable.points.is_sorted(),
    };
    if !kept {
        note(format!(
            "les points contredisent la direction {}",
            variable.direction.code()
        ));
    }
}

/// An expert grid must say how to compute each variable; a model trained on a public set of
/// ratios has no accounts to compute from.
fn formulas(
    model: &Model,
    variable: &Variable,
    aggregates: Option<&Aggregates>,
    note: &mut impl FnMut(String),
) {
    if !model.identity.trained {
        for regime in ["C", "S"] {
            if !variable.formulas.contains_key(regime) {
                note(format!("formule «\u{a0}{regime}\u{a0}» absente"));
            }
        }
    }
    // Without sound aggregates every formula would be at fault: theirs are told first.
    let Some(aggregates) = aggregates else { return };
    for (regime, formula) in &variable.formulas {
        let kind = match regime.as_str() {
            "C" => Kind::Complete,
            "S" => Kind::Simplified,
            _ => Kind::Consolidated,
        };
        if let Err(problem) = Formula::parse(kind, formula, aggregates) {
            note(format!("formule «\u{a0}{regime}\u{a0}»\u{a0}: {problem}"));
        }
    }
}

fn aggregates(model: &Model, note: &mut impl FnMut(&str, String)) -> Option<Aggregates> {
    match Aggregates::parse(&model.aggregates) {
        Ok(aggregates) => Some(aggregates),
        Err(errors) => {
            for error in errors {
                note("aggregates", error.to_string());
            }
            None
        }
    }
}

fn bounds(variable: &Variable, note: &mut impl FnMut(String)) {
    let [least, greatest] = variable.clip;
    if least >= greatest {
        note("«\u{a0}clip\u{a0}» doit donner un minimum puis un maximum".to_owned());
    }
}

fn twice<'a>(
    ids: impl Iterator<Item = &'a String>,
    kind: &str,
    note: &mut impl FnMut(&str, String),
) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            note(&format!("{kind} {id}"), "identifiant en double".to_owned());
        }
    }
}

fn events(model: &Model, note: &mut impl FnMut(&str, String)) {
    for event in &model.events {
        let place = format!("event {}", event.id);
        match event.effect {
            Effect::Floor(Level::Low) => note(
                &place,
                "le niveau plancher doit être moderate, high ou critical".to_owned(),
            ),
            Effect::Shift { levels: 0, .. } => {
                note(
                    &place,
                    "«\u{a0}max_levels\u{a0}» doit être au moins 1".to_owned(),
                );
            }
            _ => {}
        }
    }
}

fn total(model: &Model, note: &mut impl FnMut(&str, String)) {
    let bounds = if model.identity.trained {
        TRAINED_TOTAL
    } else {
        GRID_TOTAL
    };
    let total = model.total();
    if !bounds.contains(&total) {
        note(
            "fichier",
            format!(
                "total de {total} points, hors des bornes {} à {}",
                bounds.start(),
                bounds.end()
            ),
        );
    }
    if model.levels.critical > total {
        note(
            "levels",
            format!("le seuil critique dépasse le total de {total} points"),
        );
    }
}
