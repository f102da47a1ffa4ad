//! A points model as a versioned data file (TOML): variables, cuts, integer points, levels.
//!
//! The points of a company are a sum, one term a variable: every alert is explained exactly by
//! its terms. The file is the whole model; a stored score names the version that made it.

mod check;
mod faults;
mod read;
mod section;
mod write;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::formula::AggregateSpec;
use super::level::Level;
use super::metrics::probability::Platt;
pub use faults::{Fault, ModelErrors};

/// Total points that an expert grid may have: fewer says little, more is false precision.
pub const GRID_TOTAL: std::ops::RangeInclusive<u32> = 60..=200;

/// Total points that a trained model may have.
pub const TRAINED_TOTAL: std::ops::RangeInclusive<u32> = 60..=3000;

/// Bounds of a variable that has none.
pub const UNBOUNDED: [f64; 2] = [f64::MIN, f64::MAX];

/// Named intermediate formulas.
pub type Aggregates = BTreeMap<String, AggregateSpec>;

/// A points model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Who, when, why.
    pub identity: Identity,
    /// Thresholds.
    pub levels: Levels,
    /// What to do with unknown and old values.
    pub completeness: Completeness,
    /// What a trend adds.
    pub trend: Trend,
    /// Intermediate formulas.
    pub aggregates: Aggregates,
    /// The terms of the sum.
    pub variables: Vec<Variable>,
    /// Rules that are facts, not statistics; applied after the level.
    pub events: Vec<EventRule>,
    /// Points to probability, when measured.
    pub calibration: Option<Calibration>,
}

/// The `[model]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Identifier, the same over versions.
    pub id: String,
    /// Version.
    pub version: String,
    /// First day of use.
    pub valid_from: NaiveDate,
    /// Who answers for it.
    pub author: String,
    /// Why this version exists.
    pub reason: String,
    /// What is predicted.
    pub label_definition: String,
    /// Within how many months.
    pub horizon_months: u32,
    /// Were the points learnt from data?
    pub trained: bool,
    /// SHA-256 of the training data, in hexadecimal; only for a trained model.
    pub sha256_training: Option<String>,
    /// Figures measured, by name.
    pub metrics: BTreeMap<String, f64>,
}

/// The `[levels]` table, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// Entry of « Modéré ».
    pub moderate: u32,
    /// Entry of « Élevé ».
    pub high: u32,
    /// Entry of « Critique ».
    pub critical: u32,
    /// A level is left only this far below its entry.
    pub exit_margin: u32,
}

/// The `[completeness]` table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Completeness {
    /// Share of the weight that must be known for a level to be given.
    pub min_weight: f64,
    /// Accounts older than this are said to be old, in months.
    pub stale_months: u32,
    /// Accounts older than this freeze the score, in months.
    pub frozen_months: u32,
}

/// The `[trend]` table, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trend {
    /// From this many points...
    pub from_points: u32,
    /// ...a rise of this many raises the level by one.
    pub delta: u32,
    /// A rise of this many takes a low level to « Modéré », « en baisse brutale ».
    pub sudden_drop: u32,
}

/// On which side of a variable the risk lies: its economic sign where it has one; otherwise the side
/// that a training found, which the rationale of the variable then says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The lower the value, the higher the risk (profitability, equity).
    LowerIsRiskier,
    /// The higher the value, the higher the risk (debt, delays).
    HigherIsRiskier,
}

impl Direction {
    /// Name in model files.
    pub fn code(self) -> &'static str {
        match self {
            Self::LowerIsRiskier => "lower_is_riskier",
            Self::HigherIsRiskier => "higher_is_riskier",
        }
    }
}

/// What a null or negative denominator means for a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadDenominator {
    /// The value is unknown.
    #[default]
    Missing,
    /// The riskiest value (charges to pay and nothing to pay them with), unless there is nothing to
    /// divide.
    Worst,
    /// The safest value (no debt at all).
    Best,
}

impl BadDenominator {
    /// Name in model files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Worst => "worst",
            Self::Best => "best",
        }
    }
}

/// A term of the sum: the `[[variable]]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Identifier.
    pub id: String,
    /// Theme.
    pub block: String,
    /// Name in French.
    pub label: String,
    /// Unit in French; empty for a plain ratio.
    pub unit: String,
    /// Formulas by regime: `C` complete, `S` simplified, `K` consolidated.
    pub formulas: BTreeMap<String, String>,
    /// Economic sign.
    pub direction: Direction,
    /// Rising bounds: class `k` holds the values from `cuts[k - 1]` (included) to `cuts[k]`.
    pub cuts: Vec<f64>,
    /// Points of each class, one more than there are cuts.
    pub points: Vec<u16>,
    /// Points when the value is unknown.
    pub missing: u16,
    /// Rule for a null or negative denominator.
    pub on_bad_denominator: BadDenominator,
    /// Least and greatest values, in the unit of the variable: beyond them a ratio teaches nothing
    /// more, and says most often a mistake of entry.
    pub clip: [f64; 2],
    /// Why these cuts and points, in French.
    pub rationale: String,
    /// Where they come from.
    pub source: String,
}

impl Variable {
    /// Largest points: the weight of the variable.
    pub fn weight(&self) -> u16 {
        self.points.iter().copied().max().unwrap_or(0)
    }

    /// Class of a value; `None` when it is unknown.
    pub fn bin(&self, value: f64) -> Option<usize> {
        (!value.is_nan()).then(|| self.cuts.partition_point(|cut| *cut <= value))
    }
}

/// What an event does to the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A state: the company leaves the predictive lists.
    State,
    /// The level is at least this one.
    Floor(Level),
    /// The level moves by as much as this many levels: up only, or both ways.
    Shift {
        /// Levels at most.
        levels: u32,
        /// May the level go down too?
        both_ways: bool,
    },
}

/// The `[[event]]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRule {
    /// Identifier.
    pub id: String,
    /// Name in French.
    pub label: String,
    /// What it does.
    pub effect: Effect,
    /// Days for which it holds; `None`: as long as the fact.
    pub ttl_days: Option<u32>,
    /// Legal basis or source.
    pub source: String,
}

/// The `[calibration]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// Log-odds by points.
    pub line: Platt,
    /// Years measured, said beside every frequency: they move with the business cycle.
    pub years: String,
}

impl Model {
    /// Reads and checks a model, its formulas too. Every fault is in the error, not the first one
    /// only.
    pub fn parse(text: &str) -> Result<Self, ModelErrors> {
        let mut faults = Vec::new();
        let model = read::model(text, &mut faults);
        if let Some(model) = &model {
            check::model(model, &mut faults);
        }
        match model {
            Some(model) if faults.is_empty() => Ok(model),
            _ => Err(ModelErrors(faults)),
        }
    }

    /// The same model as a file; [`Model::parse`] gives it back.
    pub fn to_toml(&self) -> String {
        write::model(self)
    }

    /// Takes from another model how the variables that both have are computed, and what is done with
    /// events: a model trained on the values of a grid is then applied as they were made.
    pub fn compute_as(&mut self, other: &Self) {
        self.aggregates.clone_from(&other.aggregates);
        self.events.clone_from(&other.events);
        for variable in &mut self.variables {
            let same = other.variables.iter().find(|one| one.id == variable.id);
            if let Some(same) = same {
                variable.formulas.clone_from(&same.formulas);
                variable.on_bad_denominator = same.on_bad_denominator;
                variable.clip = same.clip;
            }
        }
    }

    /// Largest total of points.
    pub fn total(&self) -> u32 {
        self.variables
            .iter()
            .map(|variable| u32::from(variable.weight()))
            .sum()
    }
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
