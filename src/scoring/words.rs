//! What a mayor reads: the sentence of a score, of a retained level, of each variable, and what would
//! bring the score down. Neutral: a score says what to look at, never what will happen.

use chrono::{Datelike, NaiveDate};

use super::features::Direction;
use super::numbers::{month, signed};

mod level;
mod variables;

pub use level::{Course, beside, of, passed, rise, why};
pub use variables::{Tone, distance, finding, improvement, name, short_cause, undivided};

/// At most this many causes in the sentence of a score: the rest is in the table below it.
const CAUSES: usize = 3;

/// How a score changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Points gained since; positive is worse.
    pub points: i32,
    /// The day of the score that it is compared with.
    pub since: NaiveDate,
}

/// « Score 62, +14 depuis juillet : capitaux propres négatifs, chiffre d’affaires en baisse de 12 %. »
/// The first three causes are told; the month bears its year when it is not the year of `as_of`.
pub fn score_sentence(
    points: u32,
    change: Option<Change>,
    causes: &[String],
    as_of: NaiveDate,
) -> String {
    let change = change.map_or_else(String::new, |change| change_words(change, as_of));
    let causes = causes[..causes.len().min(CAUSES)].join(", ");
    let colon = if causes.is_empty() { "" } else { "\u{a0}: " };
    format!("Score {points}{change}{colon}{causes}.")
}

fn change_words(change: Change, as_of: NaiveDate) -> String {
    let points = if change.points == 0 {
        "stable".to_owned()
    } else {
        signed(change.points)
    };
    let year = if change.since.year() == as_of.year() {
        String::new()
    } else {
        format!(" {}", change.since.year())
    };
    format!(", {points} depuis {}{year}", month(change.since))
}

/// « Non évalué : comptes confidentiels. »
pub fn not_assessed(reason: &str) -> String {
    format!("Non évalué\u{a0}: {reason}.")
}

/// The same for the score of a company whose level comes from elsewhere.
pub fn not_scored(reason: &str) -> String {
    format!("Score non calculé\u{a0}: {reason}.")
}

/// The cut that a variable has to pass to lose points, from its value and the cuts of the model: a
/// value on a cut belongs to the bin above it.
pub fn next_better_cut(cuts: &[f64], direction: Direction, value: f64) -> Option<f64> {
    match direction {
        Direction::LowerIsRiskier => cuts.iter().copied().find(|cut| value < *cut),
        Direction::HigherIsRiskier => cuts.iter().copied().rfind(|cut| value >= *cut),
    }
}

#[cfg(test)]
#[path = "words/tests.rs"]
mod tests;
