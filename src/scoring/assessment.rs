//! One assessment: all that is known of a company on an evening, through one version of a model.
//!
//! The score of each exercise is computed again with the same version, oldest first, so that the
//! trend and the exit margin owe nothing to when the assessments were made: the same facts give the
//! same points, whatever the order in which they arrived.

use chrono::{Months, NaiveDate};

use super::accounts::{Accounts, Exercise, View, exercises, fullest_exercises};
use super::dossier::Dossier;
use super::events;
use super::explain;
use super::explanation::{Explanation, GroupReading, Past, Reason};
use super::features::{Age, AgeLimits, Feature, FeatureSet, VariableSpec};
use super::formula::Aggregates;
use super::landmarks::Landmarks;
use super::level::{Level, Previous, Statistical, statistical_level};
use super::model::{Effect, Model, ModelErrors};
use super::ratios::{self, PublicRatios};
use super::retained::{Floor, Retained, Situation, Standing, StandingKind, retained};
use super::score::Score;
use super::words::{self, Course};
use crate::domain::insolvency::{Insolvency, State, state_at};

/// Exercises further apart than this are not compared.
const YEAR_AND_A_HALF: Months = Months::new(18);

/// A model made ready: its formulas are parsed once.
#[derive(Debug, Clone)]
pub struct Scorer {
    pub(super) model: Model,
    pub(super) landmarks: Landmarks,
    specs: Vec<VariableSpec>,
    features: FeatureSet,
}

/// One exercise and its score.
#[derive(Debug, Clone)]
pub(super) struct Year {
    pub closing: NaiveDate,
    pub features: Vec<Feature>,
    pub score: Score,
    pub statistical: Statistical,
    /// Where the values come from.
    pub source: String,
    /// The accounts, unless only public ratios are known.
    pub exercise: Option<Exercise>,
}

/// The risk of a company on an evening.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// Points of the last exercise; none without accounts.
    pub points: Option<u32>,
    /// Known share of the model's weight, 0 to 1.
    pub completeness: f64,
    /// The level that the exit margin remembers.
    pub held: Option<Level>,
    /// Points more (worse) than the exercise before.
    pub change: Option<i32>,
    /// A fall of many points at once.
    pub is_sudden: bool,
    /// The three sources and the level retained.
    pub retained: Retained,
    /// Where the company stands in insolvency law.
    pub insolvency: Insolvency,
    /// What is shown.
    pub explanation: Explanation,
}

impl Scorer {
    /// Reads a model file and makes it ready.
    pub fn parse(text: &str) -> Result<Self, ModelErrors> {
        let model = Model::parse(text)?;
        // The model was refused above if any of these could fail.
        let fault = |problem: String| ModelErrors::of("aggregates", problem);
        let aggregates = Aggregates::parse(&model.aggregates)
            .map_err(|errors| fault(errors.iter().map(ToString::to_string).collect()))?;
        let specs: Vec<VariableSpec> = model.variables.iter().map(VariableSpec::from).collect();
        let features = FeatureSet::prepare(&specs, &aggregates)
            .map_err(|errors| fault(errors.iter().map(ToString::to_string).collect()))?;
        let landmarks =
            Landmarks::prepare(&aggregates).map_err(|error| fault(error.to_string()))?;
        Ok(Self {
            model,
            landmarks,
            specs,
            features,
        })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Assesses a company from what was known on the evening of a day.
    pub fn assess(&self, dossier: &Dossier, on: NaiveDate) -> Assessment {
        let dossier = dossier.clone().at(on);
        let exercises = self.exercises(&dossier);
        let years = self.years(&exercises, &ratios::choose(&dossier.ratios, View::Company));
        let limits = self.age_limits();
        let insolvency = state_at(&dossier.notices, on);
        let last = years.last();
        let is_frozen = last.is_some_and(|year| limits.age(year.closing, on) == Age::Frozen);
        let statistical = last
            .filter(|_| !is_frozen)
            .and_then(|year| Some((year.statistical.level?, self.score_words(year))));
        let situation = Situation {
            statistical,
            floors: self.floors(&exercises, on),
            flags: dossier.flags.clone(),
            overrides: dossier.overrides.clone(),
            reserved_since: dossier.reserved_since,
            standing: standing(&insolvency),
        };
        let retained = retained(&situation, on);
        Assessment {
            points: last.map(|year| year.score.points),
            completeness: last.map_or(0.0, |year| year.score.completeness),
            held: last.map(|year| year.statistical.held),
            change: last.and_then(|year| year.statistical.change),
            is_sudden: last.is_some_and(|year| year.statistical.sudden) && !is_frozen,
            explanation: Explanation {
                group: self.group(&dossier, on),
                ..self.explanation(&years, &retained, (&exercises, on))
            },
            retained,
            insolvency,
        }
    }

    /// « score 62 sur 116, relevé d’un niveau par la tendance ».
    fn score_words(&self, year: &Year) -> String {
        let trend = match explain::course(self, year) {
            Course::Plain => String::new(),
            Course::Raised => ", relevé d’un niveau par la tendance".to_owned(),
            Course::Sudden => ", en baisse brutale".to_owned(),
            Course::Kept(points) => {
                format!(", niveau maintenu tant que le score ne descend pas sous {points}")
            }
        };
        format!(
            "score {} sur {}{trend}",
            year.score.points,
            self.model.total()
        )
    }

    /// The variables of each exercise, oldest first, as [`Scorer::assess`] reads them.
    pub fn features(&self, dossier: &Dossier) -> Vec<(NaiveDate, Vec<Option<f64>>)> {
        let exercises = self.exercises(dossier);
        self.years(&exercises, &ratios::choose(&dossier.ratios, View::Company))
            .into_iter()
            .map(|year| {
                let values = year.features.iter().map(|feature| feature.value);
                (year.closing, values.collect())
            })
            .collect()
    }

    /// What the consolidated accounts that the company files say of the group that it heads: read with
    /// the same grid, beside the company's own score and never in it.
    fn group(&self, dossier: &Dossier, on: NaiveDate) -> Option<GroupReading> {
        let exercises = exercises(&accounts_of(dossier), View::Group);
        let years = self.years(&exercises, &ratios::choose(&dossier.ratios, View::Group));
        let last = years.last()?;
        let is_read = self.age_limits().age(last.closing, on) != Age::Frozen;
        Some(GroupReading {
            closing: last.closing,
            source: last.source.clone(),
            points: last.score.points,
            max_points: self.model.total(),
            level: last.statistical.level.filter(|_| is_read),
            change: last.statistical.change,
        })
    }

    /// The exercises of the company itself. Of two readings of one closing, that which carries too little
    /// of the weight to give a level never takes the place of the other.
    fn exercises(&self, dossier: &Dossier) -> Vec<Exercise> {
        fullest_exercises(&accounts_of(dossier), View::Company, |accounts| {
            self.lack(accounts)
        })
    }

    /// What these accounts, alone, lack of the weight of the model, in thousandths; 0 where they carry
    /// enough of it for a level.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share between 0 and 1 gives 0 to 1000"
    )]
    fn lack(&self, accounts: &Accounts) -> u32 {
        let alone = exercises(std::slice::from_ref(accounts), View::Company);
        let share = alone.first().map_or(0.0, |exercise| {
            let features = self.features.of(exercise);
            let values: Vec<f64> = features
                .iter()
                .map(|feature| feature.value.unwrap_or(f64::NAN))
                .collect();
            self.model.score(&values).completeness
        });
        if share >= self.model.completeness.min_weight {
            0
        } else {
            ((1.0 - share) * 1000.0).round() as u32
        }
    }

    fn age_limits(&self) -> AgeLimits {
        AgeLimits {
            stale: self.model.completeness.stale_months,
            frozen: self.model.completeness.frozen_months,
        }
    }

    /// Each exercise with its score, oldest first; public ratios fill what the accounts do not say.
    fn years(&self, exercises: &[Exercise], published: &[&PublicRatios]) -> Vec<Year> {
        let mut closings: Vec<NaiveDate> = exercises
            .iter()
            .map(|exercise| exercise.current.accounts.closing)
            .chain(published.iter().map(|ratios| ratios.closing))
            .collect();
        closings.sort_unstable();
        closings.dedup();
        let mut years: Vec<Year> = Vec::new();
        for closing in closings {
            let exercise = exercises
                .iter()
                .find(|exercise| exercise.current.accounts.closing == closing);
            let features = self.year_features(closing, exercise, published);
            let year = self.year(closing, features, exercise, years.last());
            years.push(year);
        }
        years
    }

    fn year_features(
        &self,
        closing: NaiveDate,
        exercise: Option<&Exercise>,
        published: &[&PublicRatios],
    ) -> Vec<Feature> {
        let filed = exercise.map(|exercise| self.features.of(exercise));
        let place = published.iter().position(|one| one.closing == closing);
        let derived = place.map(|place| {
            let before = place.checked_sub(1).map(|before| published[before]);
            ratios::features(&self.specs, published[place], before)
        });
        match (filed, derived) {
            (Some(filed), Some(derived)) => filed
                .into_iter()
                .zip(derived)
                .map(|(filed, derived)| match (filed.value, derived.value) {
                    (None, Some(_)) => derived,
                    _ => filed,
                })
                .collect(),
            (Some(features), None) | (None, Some(features)) => features,
            (None, None) => Vec::new(),
        }
    }

    fn year(
        &self,
        closing: NaiveDate,
        features: Vec<Feature>,
        exercise: Option<&Exercise>,
        before: Option<&Year>,
    ) -> Year {
        let values: Vec<f64> = features
            .iter()
            .map(|feature| feature.value.unwrap_or(f64::NAN))
            .collect();
        let mut score = self.model.score(&values);
        // What was too incomplete to give a level is no base for a trend.
        let before = before.filter(|before| {
            before.statistical.level.is_some()
                && before
                    .closing
                    .checked_add_months(YEAR_AND_A_HALF)
                    .is_some_and(|limit| closing <= limit)
        });
        if let Some(before) = before {
            score = score.against(&before.score);
        }
        let previous = before.map(|before| Previous {
            points: before.score.points,
            held: before.statistical.held,
        });
        let statistical =
            statistical_level(score.points, score.completeness, previous, &self.model);
        Year {
            closing,
            features,
            score,
            statistical,
            source: exercise.map_or_else(
                || "Bercy-INPI, ratios publics".to_owned(),
                |exercise| exercise.current.accounts.source.clone(),
            ),
            exercise: exercise.cloned(),
        }
    }

    /// What the facts of the accounts set, at the level that the model gives them.
    fn floors(&self, exercises: &[Exercise], on: NaiveDate) -> Vec<Floor> {
        events::findings(exercises, on, self.age_limits())
            .iter()
            .filter_map(|finding| {
                let rule = self.model.events.iter().find(|e| e.id == finding.id.code());
                let level = match rule.map(|rule| rule.effect) {
                    Some(Effect::Floor(level)) => Some(level),
                    _ => finding.id.default_floor(),
                };
                Some(Floor::of(finding, level?))
            })
            .collect()
    }

    fn explanation(
        &self,
        years: &[Year],
        retained: &Retained,
        (exercises, on): (&[Exercise], NaiveDate),
    ) -> Explanation {
        let levels = self.model.levels;
        let cautions = explain::cautions(self, years, exercises, on, self.age_limits());
        Explanation {
            sentence: explain::sentence(self, years, retained, on),
            retained: words::beside(retained),
            unassessed: explain::unassessed(self, years, retained),
            max_points: self.model.total(),
            thresholds: [levels.moderate, levels.high, levels.critical],
            factors: years
                .last()
                .map_or_else(Vec::new, |year| explain::factors(self, year)),
            themes: years
                .last()
                .filter(|_| retained.statistical.is_some())
                .map_or_else(Vec::new, |year| explain::themes(self, year)),
            causes: retained
                .causes
                .iter()
                .map(|cause| Reason {
                    source: cause.source,
                    level: cause.level,
                    words: cause.words.clone(),
                })
                .collect(),
            past: years
                .iter()
                .filter(|year| year.statistical.level.is_some())
                .map(|year| Past {
                    closing: year.closing,
                    points: year.score.points,
                })
                .collect(),
            landmarks: years
                .last()
                .map_or_else(Vec::new, |year| explain::landmarks(self, year)),
            cautions,
            view: retained.applied.clone(),
            closing: years.last().map(|year| year.closing),
            group: None,
        }
    }
}

fn accounts_of(dossier: &Dossier) -> Vec<Accounts> {
    let filed = dossier.accounts.iter();
    filed.map(|filed| filed.accounts.clone()).collect()
}

/// What the law says in place of a prediction.
fn standing(insolvency: &Insolvency) -> Option<Standing> {
    let (kind, since) = match insolvency.state {
        State::None | State::Closed => {
            let radiation = insolvency.radiation.as_ref()?;
            (StandingKind::StruckOff, radiation.on)
        }
        State::Dissolved => (StandingKind::Dissolved, insolvency.since?),
        open => (StandingKind::Procedure(open), insolvency.since?),
    };
    Some(Standing { kind, since })
}

#[cfg(test)]
#[path = "assessment_tests.rs"]
mod tests;
