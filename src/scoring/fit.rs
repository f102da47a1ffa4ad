//! Training of an additive, monotone points model.
//!
//! Classes of each variable, boosted monotone stumps on them, log-odds turned into whole points:
//! the result is a model file like any other. Values are hidden at random while learning, so that
//! an unknown value gets points of its own and no variable carries the score alone.

mod bins;
mod boost;
mod card;
mod folds;
mod points;
mod words;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use super::backtest::{Panel, scoring};
use super::counting::mean;
use super::metrics::probability::Platt;
use super::model::{Calibration, Completeness, Identity, Model, Variable};
use super::random::Generator;
use boost::{Rows, Shapes};
pub use card::card;
pub use folds::{OutOfFold, out_of_fold, out_of_fold_masked};

/// Failures below which nothing worth using is learnt (measured on the Polish set: from thirty on
/// a trained model beats the expert grid).
pub const LEAST_FAILURES: usize = 30;

/// Settings of the training.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Classes of a variable at most, unknown values apart.
    pub classes: usize,
    /// Stumps of a training.
    pub rounds: usize,
    /// Share of the variables that compete at each round.
    pub variable_share: f64,
    /// Trainings averaged.
    pub bags: u64,
    /// Share of each Newton step that is taken.
    pub learning_rate: f64,
    /// L2 penalty of a step.
    pub penalty: f64,
    /// Least curvature on each side of a split: keeps a class from standing on a failure or two.
    pub least_curvature: f64,
    /// Share of the values hidden while learning.
    pub mask: f64,
    /// Copies of the rows with hidden values, beside the rows as they are.
    pub masked_copies: usize,
    /// Variables at most in the model.
    pub variables: usize,
    /// Points that double the odds.
    pub points_to_double: f64,
    /// Folds by firm that measure the model and calibrate it.
    pub folds: usize,
    /// Seed of masks and folds.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            classes: 60,
            rounds: 200,
            variable_share: 0.5,
            bags: 5,
            learning_rate: 0.1,
            penalty: 1.0,
            least_curvature: 0.1,
            mask: 0.25,
            masked_copies: 1,
            variables: 40,
            points_to_double: 20.0,
            folds: 5,
            seed: 20_261_124,
        }
    }
}

/// What the file says of the model, that no data can tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: String,
    /// First day of use.
    pub valid_from: NaiveDate,
    /// Who answers for it.
    pub author: String,
    /// Why it was trained.
    pub reason: String,
    /// What is predicted.
    pub label_definition: String,
    /// Within how many months.
    pub horizon_months: u32,
    /// Where the data come from.
    pub source: String,
    /// SHA-256 of the training file, in hexadecimal.
    pub sha256_training: String,
}

/// A trained model and how it did on firms it had not seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The model.
    pub model: Model,
    /// Rows learnt from.
    pub rows: usize,
    /// Failures among them.
    pub failures: usize,
    /// Firms.
    pub firms: usize,
    /// First and last period.
    pub periods: (i32, i32),
    /// Out-of-fold measures of the points, by name as in the model file.
    pub metrics: BTreeMap<String, f64>,
    /// The settings.
    pub options: Options,
    /// Where the data come from.
    pub source: String,
}

/// Why nothing was learnt.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FitError {
    /// Too few failures.
    #[error(
        "{0} défaillances seulement\u{a0}: il en faut au moins {LEAST_FAILURES} pour apprendre un modèle"
    )]
    FewFailures(usize),
    /// No sound firm.
    #[error("toutes les lignes sont des défaillances\u{a0}: rien à comparer")]
    NoSoundFirm,
    /// No variable tells failing firms from sound ones.
    #[error("aucune variable ne distingue les entreprises défaillantes")]
    NothingLearnt,
}

/// Trains a model on a panel and measures it out of fold. Same panel, same options, same model.
pub fn fit(panel: &Panel, naming: &Naming, options: &Options) -> Result<Fitted, FitError> {
    let mut model = train(panel, options)?;
    let found = out_of_fold(panel, options)?;
    model.calibration = Platt::fit(&found.points, &panel.labels).map(|line| Calibration {
        line,
        years: years(panel),
    });
    model.identity = Identity {
        metrics: found.metrics.clone(),
        ..identity(naming)
    };
    for variable in &mut model.variables {
        variable.source.clone_from(&naming.source);
    }
    let mut firms = panel.firms.clone();
    firms.sort_unstable();
    firms.dedup();
    Ok(Fitted {
        rows: panel.len(),
        failures: panel.failures(),
        firms: firms.len(),
        periods: bounds(panel),
        metrics: found.metrics,
        options: options.clone(),
        source: naming.source.clone(),
        model,
    })
}

/// Trains a model, unnamed, without measuring it: the points, the thresholds, and a calibration on
/// the training rows.
pub fn train(panel: &Panel, options: &Options) -> Result<Model, FitError> {
    let failures = panel.failures();
    if failures < LEAST_FAILURES {
        return Err(FitError::FewFailures(failures));
    }
    if failures == panel.len() {
        return Err(FitError::NoSoundFirm);
    }
    let places: Vec<usize> = (0..panel.candidates.len()).collect();
    let mut variables = learn(panel, &places, options);
    if variables.len() > options.variables {
        let kept = most_useful(panel, &variables, options.variables);
        variables = learn(panel, &kept, options);
    }
    if variables.is_empty() {
        return Err(FitError::NothingLearnt);
    }
    let variables = variables
        .into_iter()
        .map(|(_, variable)| variable)
        .collect();
    Ok(assemble(panel, variables, options))
}

/// Learns the variables at these places of the panel; those that end without points are left out.
fn learn(panel: &Panel, places: &[usize], options: &Options) -> Vec<(usize, Variable)> {
    let cuts: Vec<Vec<f64>> = places
        .iter()
        .map(|&place| bins::cuts(&panel.columns[place], &panel.labels, options.classes))
        .collect();
    let shapes = averaged(panel, places, &cuts, options);
    let mut learnt = Vec::new();
    let shapes = shapes.tables.iter().zip(&shapes.directions);
    for ((&place, cuts), (table, direction)) in places.iter().zip(&cuts).zip(shapes) {
        let (Some(scale), Some(direction)) = (
            points::of(table, cuts, options.points_to_double),
            *direction,
        ) else {
            continue;
        };
        let candidate = &panel.candidates[place];
        let mut rationale = words::rationale(panel, place, &scale.cuts);
        if candidate.direction.is_none() {
            rationale.push_str(words::OPEN_SIGN);
        }
        learnt.push((
            place,
            Variable {
                id: candidate.id.clone(),
                block: candidate.block.clone(),
                label: candidate.label.clone(),
                unit: candidate.unit.clone(),
                formulas: candidate.formulas.clone(),
                direction,
                cuts: scale.cuts,
                points: scale.points,
                missing: scale.missing,
                on_bad_denominator: crate::scoring::model::BadDenominator::Missing,
                clip: crate::scoring::model::UNBOUNDED,
                rationale,
                source: panel.name.clone(),
            },
        ));
    }
    learnt
}

/// Shapes averaged over several trainings, each with masks and draws of its own. A mean of
/// monotone shapes of the same sign is monotone; where the sign was to be found, the first
/// training finds it for the others.
fn averaged(panel: &Panel, places: &[usize], cuts: &[Vec<f64>], options: &Options) -> Shapes {
    let mut mean: Option<Shapes> = None;
    for bag in 0..options.bags.max(1) {
        let own = Options {
            seed: options.seed.wrapping_add(1000 * bag),
            ..options.clone()
        };
        let mut rows = training_rows(panel, places, cuts, &own);
        let Some(sum) = &mut mean else {
            mean = Some(boost::learn(&rows, &own));
            continue;
        };
        rows.directions.clone_from(&sum.directions);
        sum.add(boost::learn(&rows, &own));
    }
    let mut shapes = mean.unwrap_or_default();
    shapes.divide(options.bags.max(1));
    shapes
}

/// The rows as they are, then copies with values hidden at random.
fn training_rows(panel: &Panel, places: &[usize], cuts: &[Vec<f64>], options: &Options) -> Rows {
    let mut generator = Generator::new(options.seed);
    let copies = if options.mask > 0.0 {
        options.masked_copies
    } else {
        0
    };
    let mut classes = Vec::with_capacity(places.len());
    for (&place, cuts) in places.iter().zip(cuts) {
        let known = bins::classes(&panel.columns[place], cuts);
        let missing = bins::byte(cuts.len() + 1);
        let mut column = known.clone();
        for _ in 0..copies {
            column.extend(known.iter().map(|&class| {
                if generator.unit() < options.mask {
                    missing
                } else {
                    class
                }
            }));
        }
        classes.push(column);
    }
    Rows {
        classes,
        counts: cuts.iter().map(|cuts| cuts.len() + 1).collect(),
        directions: places
            .iter()
            .map(|&place| panel.candidates[place].direction)
            .collect(),
        labels: panel.labels.repeat(copies + 1),
    }
}

/// Places of the variables whose points vary most over the rows, in the order of the panel.
fn most_useful(panel: &Panel, variables: &[(usize, Variable)], wanted: usize) -> Vec<usize> {
    let mut spread: Vec<(f64, usize)> = variables
        .iter()
        .map(|(place, variable)| {
            let points = || {
                panel.columns[*place].iter().map(|value| {
                    let bin = variable.bin(*value);
                    f64::from(bin.map_or(variable.missing, |bin| variable.points[bin]))
                })
            };
            let centre = mean(points());
            (
                mean(points().map(|points| (points - centre).powi(2))),
                *place,
            )
        })
        .collect();
    spread.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut places: Vec<usize> = spread
        .into_iter()
        .take(wanted)
        .map(|(_, place)| place)
        .collect();
    places.sort_unstable();
    places
}

/// The model around its variables: thresholds by capacity, margin and trend from the data.
fn assemble(panel: &Panel, variables: Vec<Variable>, options: &Options) -> Model {
    let mut model = points::model(variables, options.points_to_double);
    model.completeness = Completeness {
        min_weight: 0.5,
        stale_months: 18,
        frozen_months: 30,
    };
    let scores = scoring::points(&model, panel);
    model.levels = points::levels(&scores, options.points_to_double, model.total());
    model.trend = points::trend(&scores, &panel.previous_rows(), model.levels, options);
    let values: Vec<f64> = scores.iter().map(|points| f64::from(*points)).collect();
    model.calibration = Platt::fit(&values, &panel.labels).map(|line| Calibration {
        line,
        years: years(panel),
    });
    model
}

fn identity(naming: &Naming) -> Identity {
    Identity {
        id: naming.id.clone(),
        version: naming.version.clone(),
        valid_from: naming.valid_from,
        author: naming.author.clone(),
        reason: naming.reason.clone(),
        label_definition: naming.label_definition.clone(),
        horizon_months: naming.horizon_months,
        trained: true,
        sha256_training: Some(naming.sha256_training.clone()),
        metrics: BTreeMap::new(),
    }
}

fn bounds(panel: &Panel) -> (i32, i32) {
    let first = panel.periods.iter().min().copied().unwrap_or(0);
    let last = panel.periods.iter().max().copied().unwrap_or(0);
    (first, last)
}

fn years(panel: &Panel) -> String {
    match bounds(panel) {
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}-{last}"),
    }
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
