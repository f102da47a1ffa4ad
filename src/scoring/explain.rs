//! From scored exercises to what is shown: sentence, factors, themes, landmarks, cautions.

use chrono::NaiveDate;

use super::accounts::{Exercise, Kind};
use super::assessment::{Scorer, Year};
use super::events::{self, EventId};
use super::explanation::{Factor, Theme};
use super::features::{AgeLimits, Direction, Feature, Missing};
use super::level;
use super::model::Variable;
use super::numbers::{decimal, long_date};
use super::retained::Retained;
use super::score::Contribution;
use super::words::{self, Change, Course, Tone};

/// « Score 62, +14 depuis juillet : … » from the last exercise.
pub(super) fn score(scorer: &Scorer, years: &[Year], on: NaiveDate) -> String {
    let Some((last, before)) = years.split_last() else {
        return words::not_assessed("aucun compte connu");
    };
    let change = last
        .statistical
        .change
        .zip(before.last())
        .map(|(points, before)| Change {
            points,
            since: before.closing,
        });
    let terms = last.score.contributions.iter();
    let mut terms: Vec<Term> = scorer
        .model
        .variables
        .iter()
        .zip(&last.features)
        .zip(terms)
        .filter(|(_, term)| term.points > 0 && term.value.is_some())
        .collect();
    // The heaviest first; equal ones in the order of the model.
    terms.sort_by_key(|(_, term)| std::cmp::Reverse(term.points));
    let causes: Vec<String> = terms.into_iter().filter_map(short_cause).collect();
    words::score_sentence(last.score.points, change, &causes, on)
}

/// A variable, what is known of it and its points.
type Term<'a> = ((&'a Variable, &'a Feature), &'a Contribution);

fn short_cause(((variable, feature), term): Term) -> Option<String> {
    let value = term.value?;
    let words = match feature.undivided() {
        Some(special) => words::undivided(&variable.id, special.worth),
        None => words::short_cause(&variable.id, value, &variable.cuts),
    };
    Some(words.unwrap_or_else(|| variable.label.clone()))
}

/// What is read first under the level: where it comes from unless it is the score alone, then the
/// score, or why there is none.
pub(super) fn sentence(
    scorer: &Scorer,
    years: &[Year],
    retained: &Retained,
    on: NaiveDate,
) -> String {
    let course = years
        .last()
        .map_or(Course::Plain, |year| course(scorer, year));
    let why = words::why(retained, course);
    if retained.standing.is_some() {
        return why.unwrap_or_default();
    }
    let scored = match unassessed(scorer, years, retained) {
        None => score(scorer, years, on),
        Some(reason) if retained.level.is_none() => words::not_assessed(&reason),
        Some(reason) => words::not_scored(&reason),
    };
    why.into_iter()
        .chain([scored])
        .collect::<Vec<_>>()
        .join(" ")
}

/// What the statistics did beyond the points.
pub(super) fn course(scorer: &Scorer, year: &Year) -> Course {
    let found = year.statistical;
    if found.raised {
        Course::Raised
    } else if found.sudden {
        Course::Sudden
    } else if found.held > found.entered {
        let entry = level::threshold(found.held, &scorer.model);
        Course::Kept(entry.saturating_sub(scorer.model.levels.exit_margin))
    } else {
        Course::Plain
    }
}

/// Why the accounts give no level.
pub(super) fn unassessed(scorer: &Scorer, years: &[Year], retained: &Retained) -> Option<String> {
    if retained.statistical.is_some() {
        return None;
    }
    let Some(last) = years.last() else {
        return Some("aucun compte connu".to_owned());
    };
    let closing = long_date(last.closing);
    let rules = &scorer.model.completeness;
    let known = decimal(last.score.completeness * 100.0, 0);
    let is_thin = last.score.completeness < rules.min_weight;
    if let Some(confidential) = confidential(last).filter(|_| is_thin) {
        return Some(format!("{confidential} (exercice clos le {closing})"));
    }
    Some(if is_thin {
        format!(
            "données insuffisantes, {known}\u{a0}% du poids du modèle est connu (comptes au {closing})"
        )
    } else {
        format!(
            "comptes trop anciens, les derniers sont arrêtés au {closing}, il y a plus de {} mois",
            rules.frozen_months
        )
    })
}

/// What the company asked to keep confidential of these accounts.
fn confidential(year: &Year) -> Option<&'static str> {
    let (all, income) = if let Some(exercise) = &year.exercise {
        let accounts = &exercise.current.accounts;
        (accounts.confidential, accounts.confidential_income)
    } else {
        let mut missing = year.features.iter().filter_map(|one| one.missing.as_ref());
        (missing.any(Missing::is_confidential), false)
    };
    if all {
        Some("comptes confidentiels")
    } else if income {
        Some("compte de résultat confidentiel")
    } else {
        None
    }
}

/// The terms of the score, the heaviest first.
pub(super) fn factors(scorer: &Scorer, year: &Year) -> Vec<Factor> {
    let mut factors: Vec<Factor> = scorer
        .model
        .variables
        .iter()
        .zip(&year.features)
        .zip(&year.score.contributions)
        .map(|((variable, feature), term)| factor(variable, feature, term, &year.source))
        .collect();
    factors.sort_by_key(|factor| std::cmp::Reverse(factor.points));
    factors
}

fn factor(variable: &Variable, feature: &Feature, term: &Contribution, source: &str) -> Factor {
    let undivided = feature
        .undivided()
        .and_then(|special| words::undivided(&variable.id, special.worth));
    let finding = match (undivided, term.value, &feature.missing) {
        (Some(words), ..) => words,
        (None, Some(value), _) => {
            let tone = Tone::of(term.points.into(), term.max_points.into());
            words::finding(&variable.id, value, tone, &variable.cuts)
                .unwrap_or_else(|| format!("valeur {}", decimal(value, 2)))
        }
        (None, None, Some(missing)) => format!("non communiqué\u{a0}: {}", missing.words()),
        (None, None, None) => "non communiqué".to_owned(),
    };
    let next = term.next.filter(|_| feature.undivided().is_none());
    let next = next.map(|next| {
        let value = next.threshold - next.gap;
        let words = words::improvement(&variable.id, next.threshold)
            .unwrap_or_else(|| other_side(variable, next.threshold));
        format!(
            "{words} ({})\u{a0}: {}",
            words::distance(&variable.id, value, next.threshold),
            points_off(term.points.saturating_sub(next.points))
        )
    });
    Factor {
        id: variable.id.clone(),
        label: capital(words::name(&variable.id).unwrap_or(&variable.label)),
        finding,
        is_known: term.value.is_some(),
        points: term.points,
        max_points: term.max_points,
        change: term.change,
        next,
        notes: feature
            .notes
            .iter()
            .map(super::features::Note::words)
            .collect(),
        source: source.to_owned(),
        closing: feature.closing,
    }
}

/// The other side of a cut, for a variable that has no words of its own.
fn other_side(variable: &Variable, cut: f64) -> String {
    let way = match variable.direction {
        Direction::LowerIsRiskier => "au moins",
        Direction::HigherIsRiskier => "moins de",
    };
    format!("{}, {way} {}", variable.label, decimal(cut, 2))
}

/// The words with a capital.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

fn points_off(points: u16) -> String {
    let noun = if points > 1 { "points" } else { "point" };
    format!("{points}\u{a0}{noun} de moins")
}

/// Sums by theme, in the order of the model.
pub(super) fn themes(scorer: &Scorer, year: &Year) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for variable in &scorer.model.variables {
        if themes.iter().any(|theme| theme.name == variable.block) {
            continue;
        }
        let sum = year.score.blocks.get(&variable.block);
        themes.push(Theme {
            name: variable.block.clone(),
            points: sum.map_or(0, |sum| sum.points),
            max_points: sum.map_or(0, |sum| sum.max_points),
        });
    }
    themes
}

/// Conan-Holder and Altman, beside the score and never in it: a letter and a zone, no percentage.
pub(super) fn landmarks(scorer: &Scorer, year: &Year) -> Vec<String> {
    let Some(exercise) = &year.exercise else {
        return Vec::new();
    };
    let conan = scorer.landmarks.conan_holder(exercise).result;
    let conan = conan.map(|(z, class)| {
        let z = decimal(z, 1);
        format!("Conan-Holder\u{a0}: classe {} ({z})", class.letter())
    });
    let altman = scorer.landmarks.altman(exercise).result;
    let altman = altman.map(|(z, zone)| {
        let z = decimal(z, 1);
        format!("Altman Z’’\u{a0}: {} ({z})", zone.label())
    });
    conan.into_iter().chain(altman).collect()
}

/// What to know before reading the score.
pub(super) fn cautions(
    scorer: &Scorer,
    years: &[Year],
    exercises: &[Exercise],
    on: NaiveDate,
    limits: AgeLimits,
) -> Vec<String> {
    let Some(last) = years.last() else {
        return Vec::new();
    };
    let old = events::findings(exercises, on, limits)
        .into_iter()
        .filter(|finding| matches!(finding.id, EventId::StaleAccounts | EventId::FrozenAccounts))
        .map(|finding| finding.words);
    let kind = last.exercise.as_ref().and_then(|exercise| {
        let others = &exercise.set_aside;
        (!others.is_empty()).then(|| {
            let kinds: Vec<&str> = others.iter().map(|kind| Kind::label(*kind)).collect();
            format!(
                "D’autres comptes de la même date n’ont pas été lus\u{a0}: comptes {}.",
                kinds.join(", ")
            )
        })
    });
    let derived = last.exercise.is_none().then(|| {
        "Les comptes ne sont pas connus\u{a0}: le score vient de ratios publics, moins complets."
            .to_owned()
    });
    let share = last.score.completeness;
    let partial = (share < 0.999 && share >= scorer.model.completeness.min_weight).then(|| {
        format!(
            "{}\u{a0}% du poids du modèle est connu\u{202f}; le reste compte pour des points neutres.",
            decimal(share * 100.0, 0)
        )
    });
    old.chain(kind).chain(derived).chain(partial).collect()
}
