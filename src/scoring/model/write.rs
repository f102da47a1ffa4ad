//! From a model to its file.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use super::{BadDenominator, Effect, Model, UNBOUNDED, Variable};

/// The file, fields in the order in which people read them.
pub(super) fn model(model: &Model) -> String {
    let mut file = String::new();
    identity(model, &mut file);
    thresholds(model, &mut file);
    for (name, aggregate) in &model.aggregates {
        open(&mut file, &format!("[aggregates.{}]", key(name)));
        text(&mut file, "label", &aggregate.label);
        let formulas = [
            ("C", &aggregate.complete),
            ("S", &aggregate.simplified),
            ("K", &aggregate.consolidated),
        ];
        for (regime, formula) in formulas {
            if let Some(formula) = formula {
                text(&mut file, regime, formula);
            }
        }
    }
    for one in &model.variables {
        variable(one, &mut file);
    }
    events(model, &mut file);
    if let Some(calibration) = &model.calibration {
        open(&mut file, "[calibration]");
        value(&mut file, "intercept", real(calibration.line.intercept));
        value(&mut file, "slope", real(calibration.line.slope));
        text(&mut file, "years", &calibration.years);
    }
    file
}

fn identity(model: &Model, file: &mut String) {
    let identity = &model.identity;
    file.push_str("[model]\n");
    text(file, "id", &identity.id);
    text(file, "version", &identity.version);
    value(file, "valid_from", identity.valid_from);
    text(file, "author", &identity.author);
    text(file, "reason", &identity.reason);
    text(file, "label_definition", &identity.label_definition);
    value(file, "horizon_months", identity.horizon_months);
    value(file, "trained", identity.trained);
    if let Some(digest) = &identity.sha256_training {
        text(file, "sha256_training", digest);
    }
    if !identity.metrics.is_empty() {
        value(file, "metrics", inline(&identity.metrics));
    }
}

fn inline(numbers: &BTreeMap<String, f64>) -> String {
    let pairs: Vec<String> = numbers
        .iter()
        .map(|(name, number)| format!("{} = {}", key(name), real(*number)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

fn thresholds(model: &Model, file: &mut String) {
    open(file, "[levels]");
    value(file, "moderate", model.levels.moderate);
    value(file, "high", model.levels.high);
    value(file, "critical", model.levels.critical);
    value(file, "exit_margin", model.levels.exit_margin);
    open(file, "[completeness]");
    value(file, "min_weight", real(model.completeness.min_weight));
    value(file, "stale_months", model.completeness.stale_months);
    value(file, "frozen_months", model.completeness.frozen_months);
    open(file, "[trend]");
    value(file, "from_points", model.trend.from_points);
    value(file, "delta", model.trend.delta);
    value(file, "sudden_drop", model.trend.sudden_drop);
}

fn variable(variable: &Variable, file: &mut String) {
    open(file, "[[variable]]");
    text(file, "id", &variable.id);
    text(file, "block", &variable.block);
    text(file, "label", &variable.label);
    if !variable.unit.is_empty() {
        text(file, "unit", &variable.unit);
    }
    for (regime, formula) in &variable.formulas {
        text(file, regime, formula);
    }
    text(file, "direction", variable.direction.code());
    value(
        file,
        "cuts",
        array(variable.cuts.iter().map(|cut| real(*cut))),
    );
    value(file, "points", array(variable.points.iter()));
    value(file, "missing", variable.missing);
    if variable.on_bad_denominator != BadDenominator::Missing {
        text(
            file,
            "on_bad_denominator",
            variable.on_bad_denominator.code(),
        );
    }
    if variable.clip != UNBOUNDED {
        value(file, "clip", array(variable.clip.map(real).iter()));
    }
    text(file, "rationale", &variable.rationale);
    text(file, "source", &variable.source);
}

fn events(model: &Model, file: &mut String) {
    for event in &model.events {
        open(file, "[[event]]");
        text(file, "id", &event.id);
        text(file, "label", &event.label);
        match event.effect {
            Effect::State => text(file, "effect", "state"),
            Effect::Floor(level) => {
                text(file, "effect", "floor");
                text(file, "level", level.code());
            }
            Effect::Shift { levels, both_ways } => {
                text(file, "effect", "shift");
                value(file, "max_levels", levels);
                value(file, "both_ways", both_ways);
            }
        }
        if let Some(days) = event.ttl_days {
            value(file, "ttl_days", days);
        }
        text(file, "source", &event.source);
    }
}

fn open(file: &mut String, header: &str) {
    let _ = writeln!(file, "\n{header}");
}

fn value(file: &mut String, key: &str, value: impl Display) {
    let _ = writeln!(file, "{key} = {value}");
}

fn text(file: &mut String, key: &str, text: &str) {
    value(file, key, quoted(text));
}

fn array(items: impl Iterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    format!("[{}]", items.join(", "))
}

/// Rust's shortest form that reads back the same, which TOML reads too (`1e-7`, `0.1`, `90.0`).
fn real(number: f64) -> String {
    format!("{number:?}")
}

/// A basic string of TOML: quotes, backslashes and control characters escaped.
fn quoted(text: &str) -> String {
    let mut written = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(written, "\\u{:04X}", u32::from(control));
            }
            plain => written.push(plain),
        }
    }
    written.push('"');
    written
}

/// A key, quoted unless it is a bare one.
fn key(name: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        quoted(name)
    }
}
