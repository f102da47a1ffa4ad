//! What the card shows.

use askama::Template;
use askama_web::WebTemplate;
use chrono::NaiveDate;

use super::measures::{AtLevel, Measured, OnSet, Range};
use crate::features::risk::models;
use crate::scoring::flags::{RedFlag, Severity};
use crate::scoring::model::{Effect, EventRule, Model, Variable};
use crate::scoring::numbers::{days, decimal, percent};
use crate::scoring::words;
use crate::web::filters;
use crate::web::levels;
use crate::web::shell::Shell;

/// `/modele`.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "model_card/card.html")]
pub struct CardPage {
    shell: Shell,
    /// Whether it can be had as a PDF.
    pub has_pdf: bool,
    /// Version of the model.
    pub version: String,
    valid_from: NaiveDate,
    author: String,
    label: String,
    min_weight: f64,
    stale_months: u32,
    frozen_months: u32,
    exit_margin: u32,
    delta: u32,
    from_points: u32,
    sudden_drop: u32,
    total: u32,
    levels: Vec<LevelRow>,
    variables: Vec<VariableRow>,
    events: Vec<EventRow>,
    grave: String,
    notable: String,
    sets: Vec<SetRow>,
    false_alerts: String,
    false_alerts_by_level: String,
    measured_with: String,
    versions: Vec<VersionRow>,
    contact: Option<String>,
    /// Whether the person may compare versions.
    pub may_compare: bool,
}

/// A level and its points.
#[derive(Debug)]
struct LevelRow {
    level: levels::Level,
    points: String,
}

/// A variable of the sum.
#[derive(Debug)]
struct VariableRow {
    name: String,
    formula: String,
    theme: String,
    classes: Vec<ClassRow>,
    weight: u16,
    missing: u16,
    why: String,
    source: String,
}

/// A class of values.
#[derive(Debug)]
struct ClassRow {
    range: String,
    points: u16,
}

/// A fact that bears on the level.
#[derive(Debug)]
struct EventRow {
    label: String,
    effect: String,
    source: String,
}

/// A public set.
#[derive(Debug)]
struct SetRow {
    name: &'static str,
    what: &'static str,
    rows: i64,
    failures: i64,
    rate: f64,
    points_known: u32,
    auc: String,
    precision: f64,
    recall: f64,
    sound: f64,
    anchor: String,
    levels: Vec<FrequencyRow>,
}

/// What was seen at a level.
#[derive(Debug)]
struct FrequencyRow {
    level: String,
    rows: i64,
    failures: i64,
    observed: Option<String>,
}

/// A version of the model.
#[derive(Debug)]
struct VersionRow {
    version: String,
    valid_from: NaiveDate,
    reason: String,
}

impl CardPage {
    /// The card of a model.
    pub fn new(shell: Shell, model: &Model, measured: &Measured, contact: Option<String>) -> Self {
        let identity = &model.identity;
        Self {
            shell,
            has_pdf: false,
            version: identity.version.clone(),
            valid_from: identity.valid_from,
            author: spaced(&identity.author),
            label: spaced(&identity.label_definition),
            min_weight: model.completeness.min_weight,
            stale_months: model.completeness.stale_months,
            frozen_months: model.completeness.frozen_months,
            exit_margin: model.levels.exit_margin,
            delta: model.trend.delta,
            from_points: model.trend.from_points,
            sudden_drop: model.trend.sudden_drop,
            total: model.total(),
            levels: level_rows(model),
            variables: model.variables.iter().map(VariableRow::new).collect(),
            events: model.events.iter().map(EventRow::new).collect(),
            grave: flags(Severity::Grave),
            notable: flags(Severity::Notable),
            sets: measured
                .grid
                .iter()
                .enumerate()
                .map(|(place, set)| SetRow::new(place, set))
                .collect(),
            false_alerts: false_alerts(&measured.grid, OnSet::sound_of_twenty),
            false_alerts_by_level: false_alerts(&measured.grid, OnSet::sound_of_twenty_alerts),
            measured_with: measured.model.clone(),
            versions: models::all()
                .iter()
                .rev()
                .map(|scorer| VersionRow {
                    version: scorer.model().identity.version.clone(),
                    valid_from: scorer.model().identity.valid_from,
                    reason: spaced(&scorer.model().identity.reason),
                })
                .collect(),
            contact,
            may_compare: false,
        }
    }
}

fn level_rows(model: &Model) -> Vec<LevelRow> {
    let bounds = model.levels;
    let span = |from: u32, to: u32| format!("de {from} à {} points", to - 1);
    vec![
        LevelRow {
            level: levels::Level::Critical,
            points: format!("{} points ou plus", bounds.critical),
        },
        LevelRow {
            level: levels::Level::High,
            points: span(bounds.high, bounds.critical),
        },
        LevelRow {
            level: levels::Level::Moderate,
            points: span(bounds.moderate, bounds.high),
        },
        LevelRow {
            level: levels::Level::Low,
            points: format!("moins de {} points", bounds.moderate),
        },
    ]
}

impl VariableRow {
    fn new(variable: &Variable) -> Self {
        let name = words::name(&variable.id).unwrap_or(&variable.label);
        Self {
            name: filters::sentence_case(name),
            formula: spaced(&variable.label),
            theme: variable.block.clone(),
            classes: classes(variable),
            weight: variable.weight(),
            missing: variable.missing,
            why: spaced(&variable.rationale),
            source: spaced(&variable.source),
        }
    }
}

/// The classes of a variable in words, the riskiest first.
fn classes(variable: &Variable) -> Vec<ClassRow> {
    let cuts: Vec<String> = variable
        .cuts
        .iter()
        .map(|cut| bound(&variable.unit, *cut))
        .collect();
    let mut rows: Vec<ClassRow> = variable
        .points
        .iter()
        .enumerate()
        .map(|(place, points)| {
            let from = place.checked_sub(1).and_then(|before| cuts.get(before));
            let range = match (from, cuts.get(place)) {
                (None, Some(to)) => format!("moins de {to}"),
                (Some(from), Some(to)) => format!("de {from} à {to}"),
                (Some(from), None) => format!("{from} ou plus"),
                (None, None) => "toute valeur".to_owned(),
            };
            ClassRow {
                range,
                points: *points,
            }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.points));
    rows
}

/// A cut in the unit that people read: a logarithm is told as the change that it stands for.
fn bound(unit: &str, cut: f64) -> String {
    match unit {
        "jours" => days(cut),
        "log" => signed_percent(cut.exp() - 1.0),
        _ => percent(cut),
    }
}

fn signed_percent(change: f64) -> String {
    let sign = if change > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(change))
}

impl EventRow {
    fn new(rule: &EventRule) -> Self {
        let lasting = rule
            .ttl_days
            .map(|days| format!(", pendant {days}\u{a0}jours"))
            .unwrap_or_default();
        let effect = match rule.effect {
            Effect::State => {
                "un état, montré à la place du niveau\u{a0}: rien n’est plus à prédire".to_owned()
            }
            Effect::Floor(level) => format!("niveau au moins {}", level.word()),
            Effect::Shift { levels, both_ways } => format!(
                "{levels}\u{a0}niveau de plus{}",
                if both_ways { " ou de moins" } else { "" }
            ),
        };
        Self {
            label: filters::sentence_case(&rule.label),
            effect: format!("{effect}{lasting}"),
            source: spaced(&rule.source),
        }
    }
}

/// The text of a model file, with the no-break spaces of French punctuation.
fn spaced(text: &str) -> String {
    text.replace(" :", "\u{a0}:")
        .replace(" ;", "\u{202f};")
        .replace(" ?", "\u{202f}?")
        .replace(" %", "\u{a0}%")
}

fn flags(severity: Severity) -> String {
    let labels: Vec<&str> = RedFlag::ALL
        .into_iter()
        .filter(|flag| flag.severity() == severity)
        .map(RedFlag::label)
        .collect();
    labels.join(", ")
}

impl SetRow {
    fn new(place: usize, set: &OnSet) -> Self {
        let (name, what) = french(&set.set);
        Self {
            name,
            what,
            rows: set.rows,
            failures: set.failures,
            rate: set.rate(),
            points_known: set.points_known,
            auc: interval(set.auc, |value| decimal(value, 3)),
            precision: set.top_5.precision,
            recall: set.top_5.recall,
            sound: set.sound_of_twenty(),
            anchor: format!("frequences-{place}"),
            levels: set
                .levels
                .iter()
                .filter(|level| level.rows > 0)
                .map(frequency)
                .collect(),
        }
    }
}

fn frequency(level: &AtLevel) -> FrequencyRow {
    FrequencyRow {
        level: level.level.clone(),
        rows: level.rows,
        failures: level.failures,
        observed: level
            .observed
            .map(|range| interval(range, filters::show_percent)),
    }
}

fn interval(range: Range, show: impl Fn(f64) -> String) -> String {
    format!(
        "{} ({} à {})",
        show(range.value),
        show(range.low),
        show(range.high)
    )
}

/// A set of the bench in French: where it comes from, what it is.
fn french(set: &str) -> (&'static str, &'static str) {
    match set.split_once([' ', ',']).map_or(set, |(first, _)| first) {
        "Slovak" => (
            "PME slovaques, 2013 à 2015",
            "Drotár et al., Data in Brief 25, 2019. Six des dix variables.",
        ),
        "US" => (
            "Sociétés cotées américaines, 2015 à 2018",
            "Lombardo et al., Future Internet 14, 2022 (CC\u{a0}BY\u{a0}4.0).",
        ),
        _ => (
            "Entreprises polonaises, un an avant",
            "Tomczak, UCI 365, 2016. Les défaillances y sont tirées plus souvent que dans la réalité.",
        ),
    }
}

/// Of twenty firms that are flagged, how many did not fail, on the sets where failures are as rare as
/// they are among companies.
fn false_alerts(sets: &[OnSet], of_twenty: fn(&OnSet) -> f64) -> String {
    let sound = sets
        .iter()
        .filter(|set| set.is_as_rare_as_life())
        .map(of_twenty);
    let least = sound.clone().fold(20.0, f64::min).floor();
    let most = sound.fold(0.0, f64::max).round();
    if least < most {
        format!("{least} à {most}")
    } else {
        least.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(id: &str) -> Variable {
        let model = models::all().last().expect("a model").model();
        let found = model.variables.iter().find(|one| one.id == id);
        found.expect("a variable").clone()
    }

    fn told(id: &str) -> Vec<String> {
        classes(&variable(id))
            .into_iter()
            .map(|row| format!("{}: {}", row.range, row.points))
            .collect()
    }

    #[test]
    fn classes_are_told_in_the_unit_of_the_variable_the_riskiest_first() {
        assert_eq!(
            told("eq_ta"),
            [
                "moins de 0\u{a0}%: 20",
                "de 0\u{a0}% à 10\u{a0}%: 12",
                "de 10\u{a0}% à 20\u{a0}%: 5",
                "20\u{a0}% ou plus: 0"
            ]
        );
        assert_eq!(told("cl_days")[0], "365\u{a0}jours ou plus: 8");
        assert_eq!(told("g_sales")[0], "moins de −26\u{a0}%: 10");
    }

    #[test]
    fn false_alerts_are_counted_where_failures_are_rare() {
        let measured = super::super::measures::read().expect("the file of the bench");
        let told = |of_twenty| false_alerts(&measured.grid, of_twenty);
        assert_eq!(told(OnSet::sound_of_twenty), "18 à 19");
        assert_eq!(told(OnSet::sound_of_twenty_alerts), "19");
    }
}
