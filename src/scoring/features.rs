//! The features of a model read from an exercise: a value or the reason why there is none, and
//! everything that the reader has to know of how it was obtained.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::accounts::{Duration, Exercise, Kind, Origin, Year};
use super::formula::{
    Aggregates, BadDenominator, Evaluation, Formula, FormulaError, Gap, Input, Value,
};

mod notes;

use super::model::Variable;
pub use super::model::{BadDenominator as OnBadDenominator, Direction};
pub(super) use notes::CONFIDENTIAL;
pub use notes::{Missing, Note};

/// A variable as the model file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct VariableSpec {
    /// Identifier in the model.
    pub id: String,
    /// Formula for complete accounts, and for consolidated ones that have none of their own.
    pub complete: Option<String>,
    /// Formula for simplified accounts.
    pub simplified: Option<String>,
    /// Formula for consolidated accounts.
    pub consolidated: Option<String>,
    /// Riskier end.
    pub direction: Direction,
    /// What a division by zero or less means.
    pub on_bad_denominator: OnBadDenominator,
    /// Least and greatest values, in the unit of the variable: beyond them a ratio teaches nothing
    /// more, and says most often a mistake of entry.
    pub clip: [f64; 2],
}

impl From<&Variable> for VariableSpec {
    fn from(variable: &Variable) -> Self {
        let formula = |regime: &str| variable.formulas.get(regime).cloned();
        Self {
            id: variable.id.clone(),
            complete: formula("C"),
            simplified: formula("S"),
            consolidated: formula("K"),
            direction: variable.direction,
            on_bad_denominator: variable.on_bad_denominator,
            clip: variable.clip,
        }
    }
}

impl VariableSpec {
    fn formula(&self, kind: Kind) -> Option<&str> {
        match kind {
            Kind::Complete => self.complete.as_deref(),
            Kind::Simplified => self.simplified.as_deref(),
            Kind::Consolidated => self.consolidated.as_deref().or(self.complete.as_deref()),
        }
    }

    fn riskiest(&self) -> f64 {
        let [least, greatest] = self.clip;
        match self.direction {
            Direction::LowerIsRiskier => least,
            Direction::HigherIsRiskier => greatest,
        }
    }

    fn safest(&self) -> f64 {
        let [least, greatest] = self.clip;
        match self.direction {
            Direction::LowerIsRiskier => greatest,
            Direction::HigherIsRiskier => least,
        }
    }
}

/// Why a variable was refused.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SpecError {
    /// One of its formulas does not read.
    #[error("variable «\u{a0}{id}\u{a0}», comptes {kind}\u{a0}: {error}")]
    Formula {
        /// Variable.
        id: String,
        /// Kind of accounts of the formula.
        kind: Kind,
        /// What is wrong.
        error: FormulaError,
    },
    /// Its bounds are not two finite numbers in order.
    #[error(
        "variable «\u{a0}{0}\u{a0}»\u{a0}: «\u{a0}clip\u{a0}» doit donner un minimum puis un maximum"
    )]
    Clip(String),
    /// It has no formula at all.
    #[error("variable «\u{a0}{0}\u{a0}»\u{a0}: aucune formule")]
    NoFormula(String),
}

/// What is known of a variable for a company.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    /// Variable.
    pub id: String,
    /// Value, finite and within the bounds of the variable.
    pub value: Option<f64>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Amounts that were read.
    pub inputs: Vec<Input>,
    /// Closing date of the year.
    pub closing: NaiveDate,
    /// What to say beside the value.
    pub notes: Vec<Note>,
}

impl Feature {
    /// The division by zero or less that it is, whatever the rule of its variable makes of it.
    pub fn undivided(&self) -> Option<&BadDenominator> {
        let kept = self.notes.iter().find_map(|note| match note {
            Note::BadDenominator { special, .. } => Some(special),
            _ => None,
        });
        kept.or(match &self.missing {
            Some(Missing::BadDenominator(special)) => Some(special),
            _ => None,
        })
    }
}

/// The variables of a model, ready to be read from accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureSet(Vec<Prepared>);

#[derive(Debug, Clone, PartialEq)]
struct Prepared {
    spec: VariableSpec,
    formulas: Vec<Formula>,
}

impl FeatureSet {
    /// Reads every formula and lists every fault.
    pub fn prepare(
        specs: &[VariableSpec],
        aggregates: &Aggregates,
    ) -> Result<Self, Vec<SpecError>> {
        let mut errors = Vec::new();
        let prepared = specs
            .iter()
            .map(|spec| Prepared {
                spec: spec.clone(),
                formulas: formulas(spec, aggregates, &mut errors),
            })
            .collect();
        if errors.is_empty() {
            Ok(Self(prepared))
        } else {
            Err(errors)
        }
    }

    /// The features of an exercise, in the order of the variables.
    pub fn of(&self, exercise: &Exercise) -> Vec<Feature> {
        self.0
            .iter()
            .map(|variable| variable.feature(exercise))
            .collect()
    }
}

fn formulas(
    spec: &VariableSpec,
    aggregates: &Aggregates,
    errors: &mut Vec<SpecError>,
) -> Vec<Formula> {
    let [least, greatest] = spec.clip;
    if !(least.is_finite() && greatest.is_finite() && least < greatest) {
        errors.push(SpecError::Clip(spec.id.clone()));
    }
    let kinds = [Kind::Complete, Kind::Simplified, Kind::Consolidated];
    let written: Vec<_> = kinds
        .into_iter()
        .filter_map(|kind| Some((kind, spec.formula(kind)?)))
        .collect();
    if written.is_empty() {
        errors.push(SpecError::NoFormula(spec.id.clone()));
    }
    let mut good = Vec::new();
    for (kind, text) in written {
        match Formula::parse(kind, text, aggregates) {
            Ok(formula) => good.push(formula),
            // The fault of a complete formula is not told again for consolidated accounts.
            Err(_) if kind == Kind::Consolidated && spec.consolidated.is_none() => {}
            Err(error) => errors.push(SpecError::Formula {
                id: spec.id.clone(),
                kind,
                error,
            }),
        }
    }
    good
}

impl Prepared {
    fn feature(&self, exercise: &Exercise) -> Feature {
        let kind = exercise.current.accounts.kind;
        let Some(formula) = self.formulas.iter().find(|formula| formula.kind() == kind) else {
            return self.found(
                exercise,
                Vec::new(),
                Err(Missing::NoFormula(kind)),
                Vec::new(),
            );
        };
        let Evaluation { value, inputs } = formula.evaluate(exercise);
        let mut notes = durations(exercise, &inputs);
        let settled = match value {
            Value::Known(value) => Ok(value),
            Value::Missing(gaps) => Err(Missing::Gaps(kind, gaps)),
            Value::Special(special) => settle(&self.spec, special, &mut notes),
        };
        self.found(exercise, inputs, settled, notes)
    }

    fn found(
        &self,
        exercise: &Exercise,
        inputs: Vec<Input>,
        value: Result<f64, Missing>,
        notes: Vec<Note>,
    ) -> Feature {
        let closing = exercise.current.accounts.closing;
        feature(&self.spec, closing, inputs, value, notes)
    }
}

/// A feature within the bounds of its variable.
pub(super) fn feature(
    spec: &VariableSpec,
    closing: NaiveDate,
    inputs: Vec<Input>,
    value: Result<f64, Missing>,
    mut notes: Vec<Note>,
) -> Feature {
    let [least, greatest] = spec.clip;
    let kept = value
        .as_ref()
        .ok()
        .map(|value| value.clamp(least, greatest));
    if let (Ok(found), Some(kept)) = (&value, kept)
        && (found - kept).abs() > 0.0
    {
        notes.push(Note::Clipped { from: *found });
    }
    Feature {
        id: spec.id.clone(),
        value: kept,
        missing: value.err(),
        inputs,
        closing,
        notes,
    }
}

fn settle(
    spec: &VariableSpec,
    special: BadDenominator,
    notes: &mut Vec<Note>,
) -> Result<f64, Missing> {
    let nothing = special.numerator == 0.0;
    let value = match spec.on_bad_denominator {
        OnBadDenominator::Missing => return Err(Missing::BadDenominator(special)),
        OnBadDenominator::Worst if nothing => 0.0,
        OnBadDenominator::Worst => spec.riskiest(),
        OnBadDenominator::Best => spec.safest(),
    };
    let rule = spec.on_bad_denominator;
    notes.push(Note::BadDenominator { special, rule });
    Ok(value)
}

/// What to say of the months of the years whose flows were read.
fn durations(exercise: &Exercise, inputs: &[Input]) -> Vec<Note> {
    let read = |previous: bool, flow: bool| {
        inputs
            .iter()
            .any(|input| input.previous == previous && (input.flow || !flow))
    };
    let of = |year: &Year, previous: bool| match year.duration {
        Duration::Annualised(months) => Some(Note::Annualised { months, previous }),
        Duration::TwelveAssumed => Some(Note::TwelveMonthsAssumed { previous }),
        Duration::Twelve | Duration::Unknown => None,
    };
    let current = Some(&exercise.current).filter(|_| read(false, true));
    let previous = exercise.previous.as_ref();
    let column = previous.filter(|year| year.origin == Origin::PreviousColumn && read(true, false));
    current
        .and_then(|year| of(year, false))
        .into_iter()
        .chain(
            previous
                .filter(|_| read(true, true))
                .and_then(|year| of(year, true)),
        )
        .chain(column.map(|_| Note::PreviousColumn))
        .collect()
}

/// How old accounts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Age {
    /// Usable.
    Fresh,
    /// Usable with a warning.
    Stale,
    /// Too old: the score is frozen.
    Frozen,
}

/// From how many months after the closing date accounts are stale, then frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeLimits {
    /// Months before they are stale.
    pub stale: u32,
    /// Months before they are frozen.
    pub frozen: u32,
}

impl Default for AgeLimits {
    /// Accounts are filed six to seven months after the closing date, once a year: at 18 months a year
    /// is missing, at 30 months two are.
    fn default() -> Self {
        Self {
            stale: 18,
            frozen: 30,
        }
    }
}

impl AgeLimits {
    /// The age of accounts on a day.
    pub fn age(self, closing: NaiveDate, as_of: NaiveDate) -> Age {
        if older(closing, self.frozen, as_of) {
            Age::Frozen
        } else if older(closing, self.stale, as_of) {
            Age::Stale
        } else {
            Age::Fresh
        }
    }
}

/// Whether more than that many months have passed since the closing date.
fn older(closing: NaiveDate, months: u32, as_of: NaiveDate) -> bool {
    closing
        .checked_add_months(Months::new(months))
        .is_some_and(|limit| as_of > limit)
}

#[cfg(test)]
#[path = "features/tests.rs"]
mod tests;
