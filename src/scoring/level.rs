//! From points to a level: entry thresholds, exit margin, and what a trend adds.
//!
//! A level is entered at its threshold and left only well below it: measured on the American
//! panel, an exit margin of ten grid points cuts the one-year flaps by more than a half.

use serde::{Deserialize, Serialize};

use super::model::Model;

/// How much a company is to be examined, from the statistics alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// « Faible ».
    Low,
    /// « Modéré ».
    Moderate,
    /// « Élevé ».
    High,
    /// « Critique ».
    Critical,
}

impl Level {
    /// From the best to the worst.
    pub const ALL: [Self; 4] = [Self::Low, Self::Moderate, Self::High, Self::Critical];

    /// Name in model files and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Faible",
            Self::Moderate => "Modéré",
            Self::High => "Élevé",
            Self::Critical => "Critique",
        }
    }

    /// In French, within a sentence: « niveau élevé ».
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "faible",
            Self::Moderate => "modéré",
            Self::High => "élevé",
            Self::Critical => "critique",
        }
    }

    /// The level of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// One level worse; `Critical` stays.
    #[must_use]
    pub fn worse(self) -> Self {
        match self {
            Self::Low => Self::Moderate,
            Self::Moderate => Self::High,
            Self::High | Self::Critical => Self::Critical,
        }
    }

    /// One level better; `Low` stays.
    #[must_use]
    pub fn better(self) -> Self {
        match self {
            Self::Low | Self::Moderate => Self::Low,
            Self::High => Self::Moderate,
            Self::Critical => Self::High,
        }
    }
}

/// What was known the time before, with the **same** version of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Previous {
    /// Points.
    pub points: u32,
    /// [`Statistical::held`] of that time: the level before the trend raised it, so that a raise
    /// lasts as long as its trend and no longer.
    pub held: Level,
}

/// The level and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistical {
    /// The level to show; `None` when too few values are known (« non évalué »).
    pub level: Option<Level>,
    /// The level from points and exit margin, before the trend.
    pub held: Level,
    /// The level that the points alone enter.
    pub entered: Level,
    /// Change of the points since the time before.
    pub change: Option<i32>,
    /// The trend raised the level by one.
    pub raised: bool,
    /// « En baisse brutale »: many points at once from a low level.
    pub sudden: bool,
}

/// The highest level whose threshold these points reach.
pub fn entered(points: u32, model: &Model) -> Level {
    Level::ALL
        .into_iter()
        .rev()
        .find(|level| points >= threshold(*level, model))
        .unwrap_or(Level::Low)
}

/// Points from which a level is entered.
pub fn threshold(level: Level, model: &Model) -> u32 {
    match level {
        Level::Low => 0,
        Level::Moderate => model.levels.moderate,
        Level::High => model.levels.high,
        Level::Critical => model.levels.critical,
    }
}

/// The level kept: going down from the level held before, each level is left only below its
/// threshold less the exit margin.
pub fn held(points: u32, before: Option<Level>, model: &Model) -> Level {
    let floor = entered(points, model);
    let mut level = before.unwrap_or(Level::Low).max(floor);
    while level > floor && points + model.levels.exit_margin < threshold(level, model) {
        level = level.better();
    }
    level
}

/// The statistical level of these points. `completeness` is the known share of the weight, 0 to 1.
pub fn statistical_level(
    points: u32,
    completeness: f64,
    previous: Option<Previous>,
    model: &Model,
) -> Statistical {
    let held = held(points, previous.map(|before| before.held), model);
    let change = previous.map(|before| signed(points) - signed(before.points));
    let grew_by = |least: u32| change.is_some_and(|change| change >= signed(least));
    let raised = points >= model.trend.from_points && grew_by(model.trend.delta);
    let level = if raised { held.worse() } else { held };
    let sudden = level == Level::Low && grew_by(model.trend.sudden_drop);
    let level = if sudden { Level::Moderate } else { level };
    Statistical {
        level: (completeness >= model.completeness.min_weight).then_some(level),
        held,
        entered: entered(points, model),
        change,
        raised: raised && level > held,
        sudden,
    }
}

fn signed(points: u32) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

#[cfg(test)]
#[path = "level_tests.rs"]
mod tests;
