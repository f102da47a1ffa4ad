//! What a mayor reads: the sentence of a score, of a retained level, of each variable, and what would
//! bring the score down. Neutral: a score says what to look at, never what will happen.

use chrono::{Datelike, NaiveDate};

use super::features::Direction;
use super::numbers::{long_date, month, signed};
use super::retained::{Override, Retained, Shift};

mod variables;

pub use variables::{Tone, finding, improvement, name, short_cause};

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

/// « Non évalué : les comptes sont confidentiels. »
pub fn not_assessed(reason: &str) -> String {
    format!("Non évalué\u{a0}: {reason}.")
}

/// How the retained level came about: « Niveau élevé : capitaux propres inférieurs… », with the level
/// of the statistics where it differs and the expert's view where one was applied.
pub fn level_sentence(retained: &Retained) -> String {
    if let Some(procedure) = &retained.procedure {
        let since = long_date(procedure.since);
        return format!(
            "Procédure ouverte\u{a0}: {} depuis le {since}.",
            procedure.label
        );
    }
    let Some(level) = retained.level else {
        return not_assessed("rien de connu sur cette entreprise");
    };
    let decisive: Vec<String> = retained
        .decisive()
        .map(|cause| clause(&cause.words))
        .collect();
    let decided = format!(
        "Niveau {}\u{a0}: {}.",
        level.word(),
        decisive.join("\u{202f}; ")
    );
    let differs = retained.statistical.filter(|found| *found != level);
    let compared = differs.map(|statistical| {
        format!(
            "Statistique {}, retenu {}.",
            statistical.word(),
            level.word()
        )
    });
    let view = retained.applied.as_ref().map(view_words);
    let sentences: Vec<String> = [Some(decided), compared, view]
        .into_iter()
        .flatten()
        .collect();
    sentences.join(" ")
}

fn view_words(view: &Override) -> String {
    let way = match view.shift {
        Shift::Up => "relevé",
        Shift::Down => "abaissé",
    };
    format!(
        "Niveau {way} d’un cran par {} jusqu’au {}\u{a0}: {}.",
        view.author,
        long_date(view.expires_on),
        clause(&view.reason)
    )
}

/// A sentence that goes on after a colon: neither capital nor final stop. An acronym keeps its own.
fn clause(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    let first = letters.next();
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return sentence.to_owned();
    }
    first
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect()
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
