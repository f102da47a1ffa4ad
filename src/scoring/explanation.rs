//! What is shown of an assessment: kept with it, so that a past alert reads as it did.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::level::Level;
use super::numbers;
use super::retained::{Override, Source};

/// The explanation of a level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// In plain words: what the level comes from where it is not the score alone, then the score, its
    /// change and its first causes, or why there is none.
    pub sentence: String,
    /// What the sentence does not say of the level: what accounts alone give, the expert's view.
    pub retained: Option<String>,
    /// Why the accounts give no level; none when they give one.
    #[serde(default)]
    pub unassessed: Option<String>,
    /// Largest total of the model.
    pub max_points: u32,
    /// Entry of each level, in points: Modéré, Élevé, Critique.
    pub thresholds: [u32; 3],
    /// The terms of the score, the heaviest first.
    pub factors: Vec<Factor>,
    /// Sums by theme, in the order of the model; none where the accounts give no level.
    pub themes: Vec<Theme>,
    /// Every reason in force, the worst first, each from its own source.
    pub causes: Vec<Reason>,
    /// The score of each exercise that gave a level, oldest first.
    pub past: Vec<Past>,
    /// Known landmarks, beside the score and never in it.
    pub landmarks: Vec<String>,
    /// What to know before reading: old accounts, assumed durations, another kind of accounts.
    pub cautions: Vec<String>,
    /// The expert's view that moves the level.
    pub view: Option<Override>,
    /// Closing date of the accounts that were read.
    pub closing: Option<NaiveDate>,
    /// The group that the company heads, from its consolidated accounts; absent from what was kept
    /// before it was read.
    #[serde(default)]
    pub group: Option<GroupReading>,
}

/// What consolidated accounts say, with the grid of the companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupReading {
    /// Closing date.
    pub closing: NaiveDate,
    /// Where they come from.
    pub source: String,
    /// Points, out of [`Self::max_points`].
    pub points: u32,
    /// Largest total of the model.
    pub max_points: u32,
    /// Level of the statistics; none when too little is known or the accounts are too old.
    pub level: Option<Level>,
    /// Points more (worse) than the exercise before.
    pub change: Option<i32>,
}

impl GroupReading {
    /// « Comptes consolidés au 31 décembre 2025 : score 52 sur 116, +4 en un an. Source : INPI. »
    pub fn sentence(&self) -> String {
        let change = self.change.filter(|change| *change != 0);
        let change = change.map_or_else(String::new, |change| {
            format!(", {} en un an", numbers::signed(change))
        });
        let (closing, source) = (numbers::long_date(self.closing), &self.source);
        let (points, max) = (self.points, self.max_points);
        format!(
            "Comptes consolidés au {closing}\u{a0}: score {points} sur {max}{change}. Source\u{a0}: {source}."
        )
    }
}

/// One term of the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// Variable of the model.
    pub id: String,
    /// What it measures.
    pub label: String,
    /// What is found, or why it is not known.
    pub finding: String,
    /// Whether the value is known.
    pub is_known: bool,
    /// Points.
    pub points: u16,
    /// Points at the worst.
    pub max_points: u16,
    /// Points more (worse) than the exercise before.
    pub change: Option<i32>,
    /// What would take points off.
    pub next: Option<String>,
    /// How the value was obtained, when it needs saying.
    pub notes: Vec<String>,
    /// Where it comes from.
    pub source: String,
    /// Closing date of the accounts.
    pub closing: NaiveDate,
}

/// Points of a theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Name.
    pub name: String,
    /// Points.
    pub points: u32,
    /// Points at the worst.
    pub max_points: u32,
}

/// One reason for a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Statistics, events or people.
    pub source: Source,
    /// The level that it asks for.
    pub level: Level,
    /// In French.
    pub words: String,
}

/// The score of a past exercise, with the same version of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Closing date.
    pub closing: NaiveDate,
    /// Points.
    pub points: u32,
}
