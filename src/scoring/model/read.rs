//! From TOML to a model: types of fields only; what they say is checked afterwards.

use chrono::NaiveDate;
use toml::{Table, Value};

use super::section::{Section, list, number, string, whole};
use super::{
    Aggregates, BadDenominator, Calibration, Completeness, Direction, Effect, EventRule, Fault,
    Identity, Levels, Model, Trend, UNBOUNDED, Variable,
};
use crate::scoring::formula::AggregateSpec;
use crate::scoring::level::Level;
use crate::scoring::metrics::probability::Platt;

/// Reads a whole file; `None` when it is not TOML.
pub(super) fn model(text: &str, faults: &mut Vec<Fault>) -> Option<Model> {
    let file: Table = match text.parse() {
        Ok(file) => file,
        Err(error) => {
            // The words of the parser are English: the line is enough to find the fault.
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            faults.push(Fault {
                place: "fichier".to_owned(),
                problem: format!("TOML illisible, ligne {line}"),
            });
            return None;
        }
    };
    let table = |key: &str| file.get(key).and_then(Value::as_table);
    let model = Model {
        identity: identity(table("model"), faults),
        levels: levels(table("levels"), faults),
        completeness: completeness(table("completeness"), faults),
        trend: trend(table("trend"), faults),
        aggregates: aggregates(table("aggregates"), faults),
        variables: tables(&file, "variable")
            .map(|table| variable(table, faults))
            .collect(),
        events: tables(&file, "event")
            .map(|table| event(table, faults))
            .collect(),
        calibration: table("calibration").map(|table| calibration(table, faults)),
    };
    root(&file, faults);
    Some(model)
}

/// The tables themselves: each of its form, none unknown.
fn root(file: &Table, faults: &mut Vec<Fault>) {
    let mut section = Section::new(Some(file), "fichier", faults);
    let table = |value: &Value| value.as_table().map(|_| ());
    let several = |value: &Value| list(value, table).map(|_| ());
    for key in ["model", "levels", "completeness", "trend"] {
        section.required(key, "une table", table);
    }
    for key in ["aggregates", "calibration"] {
        section.optional(key, "une table", table);
    }
    section.required("variable", "une liste de tables", several);
    section.optional("event", "une liste de tables", several);
    section.end();
}

fn tables<'a>(file: &'a Table, key: &str) -> impl Iterator<Item = &'a Table> {
    let items = file.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_table)
}

fn identity(table: Option<&Table>, faults: &mut Vec<Fault>) -> Identity {
    let mut section = Section::new(table, "model", faults);
    let identity = Identity {
        id: section.text("id"),
        version: section.text("version"),
        valid_from: section.required("valid_from", "une date AAAA-MM-JJ", date),
        author: section.text("author"),
        reason: section.text("reason"),
        label_definition: section.text("label_definition"),
        horizon_months: section.whole("horizon_months"),
        trained: section.required("trained", "true ou false", Value::as_bool),
        sha256_training: section.optional("sha256_training", "un texte", string),
        metrics: section
            .optional("metrics", "une table de nombres", |value| {
                let pairs = value.as_table()?.iter();
                pairs
                    .map(|(name, value)| Some((name.clone(), number(value)?)))
                    .collect()
            })
            .unwrap_or_default(),
    };
    section.end();
    identity
}

/// A date, as TOML writes it or between quotes.
fn date(value: &Value) -> Option<NaiveDate> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(date) => date.to_string(),
        _ => return None,
    };
    NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()
}

fn levels(table: Option<&Table>, faults: &mut Vec<Fault>) -> Levels {
    let mut section = Section::new(table, "levels", faults);
    let levels = Levels {
        moderate: section.whole("moderate"),
        high: section.whole("high"),
        critical: section.whole("critical"),
        exit_margin: section.whole("exit_margin"),
    };
    section.end();
    levels
}

fn completeness(table: Option<&Table>, faults: &mut Vec<Fault>) -> Completeness {
    let mut section = Section::new(table, "completeness", faults);
    let completeness = Completeness {
        min_weight: section.number("min_weight"),
        stale_months: section.whole("stale_months"),
        frozen_months: section.whole("frozen_months"),
    };
    section.end();
    completeness
}

fn trend(table: Option<&Table>, faults: &mut Vec<Fault>) -> Trend {
    let mut section = Section::new(table, "trend", faults);
    let trend = Trend {
        from_points: section.whole("from_points"),
        delta: section.whole("delta"),
        sudden_drop: section.whole("sudden_drop"),
    };
    section.end();
    trend
}

fn aggregates(table: Option<&Table>, faults: &mut Vec<Fault>) -> Aggregates {
    let tables = table.into_iter().flatten();
    tables
        .map(|(name, value)| {
            let place = format!("aggregates.{name}");
            let mut section = Section::new(value.as_table(), &place, faults);
            let read = AggregateSpec {
                label: section.text("label"),
                complete: section.optional("C", "une formule", string),
                simplified: section.optional("S", "une formule", string),
                consolidated: section.optional("K", "une formule", string),
            };
            section.end();
            (name.clone(), read)
        })
        .collect()
}

fn variable(table: &Table, faults: &mut Vec<Fault>) -> Variable {
    let place = format!("variable {}", name_of(table));
    let mut section = Section::new(Some(table), &place, faults);
    let variable = Variable {
        id: section.text("id"),
        block: section.text("block"),
        label: section.text("label"),
        unit: section
            .optional("unit", "un texte", string)
            .unwrap_or_default(),
        formulas: ["C", "S", "K"]
            .into_iter()
            .filter_map(|regime| {
                let formula = section.optional(regime, "une formule", string)?;
                Some((regime.to_owned(), formula))
            })
            .collect(),
        direction: section
            .required(
                "direction",
                "lower_is_riskier ou higher_is_riskier",
                |value| direction(value).map(Some),
            )
            .unwrap_or(Direction::LowerIsRiskier),
        cuts: section.required("cuts", "une liste de nombres", |value| list(value, number)),
        points: section.required("points", "une liste d’entiers positifs", |value| {
            list(value, small)
        }),
        missing: section.required("missing", "un entier positif", small),
        on_bad_denominator: section
            .optional("on_bad_denominator", "missing, worst ou best", denominator)
            .unwrap_or_default(),
        clip: section
            .optional("clip", "un minimum et un maximum", pair)
            .unwrap_or(UNBOUNDED),
        rationale: section.text("rationale"),
        source: section.text("source"),
    };
    section.end();
    variable
}

fn pair(value: &Value) -> Option<[f64; 2]> {
    list(value, number)?.try_into().ok()
}

fn name_of(table: &Table) -> &str {
    table.get("id").and_then(Value::as_str).unwrap_or("sans id")
}

fn small(value: &Value) -> Option<u16> {
    u16::try_from(value.as_integer()?).ok()
}

fn direction(value: &Value) -> Option<Direction> {
    [Direction::LowerIsRiskier, Direction::HigherIsRiskier]
        .into_iter()
        .find(|direction| Some(direction.code()) == value.as_str())
}

fn denominator(value: &Value) -> Option<BadDenominator> {
    [
        BadDenominator::Missing,
        BadDenominator::Worst,
        BadDenominator::Best,
    ]
    .into_iter()
    .find(|rule| Some(rule.code()) == value.as_str())
}

fn event(table: &Table, faults: &mut Vec<Fault>) -> EventRule {
    let place = format!("event {}", name_of(table));
    let mut section = Section::new(Some(table), &place, faults);
    let event = EventRule {
        id: section.text("id"),
        label: section.text("label"),
        effect: effect(&mut section),
        ttl_days: section.optional("ttl_days", "un nombre de jours", whole),
        source: section.text("source"),
    };
    section.end();
    event
}

/// The effect and the fields that go with it, and only those.
fn effect(section: &mut Section<'_>) -> Effect {
    match section.text("effect").as_str() {
        "state" => Effect::State,
        "floor" => {
            let level = section.required("level", "moderate, high ou critical", |value| {
                value.as_str().and_then(Level::from_code).map(Some)
            });
            Effect::Floor(level.unwrap_or(Level::Low))
        }
        "shift" => Effect::Shift {
            levels: section.whole("max_levels"),
            both_ways: section
                .optional("both_ways", "true ou false", Value::as_bool)
                .unwrap_or(false),
        },
        other => {
            if !other.is_empty() {
                section.fault(format!(
                    "«\u{a0}effect\u{a0}» doit être state, floor ou shift, pas {other}"
                ));
            }
            Effect::State
        }
    }
}

fn calibration(table: &Table, faults: &mut Vec<Fault>) -> Calibration {
    let mut section = Section::new(Some(table), "calibration", faults);
    let calibration = Calibration {
        line: Platt {
            intercept: section.number("intercept"),
            slope: section.number("slope"),
        },
        years: section.text("years"),
    };
    section.end();
    calibration
}
