//! A training measured on firms that it did not see.

use std::collections::BTreeMap;

use super::{FitError, Options, train};
use crate::scoring::backtest::{Panel, scoring, splits};
use crate::scoring::counting::mean;
use crate::scoring::metrics::ranking;
use crate::scoring::metrics::top::top_share;

/// Scores of rows by models that did not see their firms.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfFold {
    /// Log-odds of each row by the calibration of its fold's model: a growing line of the whole
    /// points, which makes the folds comparable.
    pub log_odds: Vec<f64>,
    /// Whole points of each row, each by its fold's model.
    pub points: Vec<f64>,
    /// Fold of each row.
    pub folds: Vec<usize>,
    /// `auc`, `average_precision` over all rows, and their means by fold.
    pub metrics: BTreeMap<String, f64>,
}

/// Trains on all folds but one and scores that one, for each. Firms are never split.
pub fn out_of_fold(panel: &Panel, options: &Options) -> Result<OutOfFold, FitError> {
    out_of_fold_masked(panel, options, 0.0)
}

/// As [`out_of_fold`], with this share of the values hidden from the rows that are scored.
pub fn out_of_fold_masked(
    panel: &Panel,
    options: &Options,
    hidden: f64,
) -> Result<OutOfFold, FitError> {
    let folds = splits::by_firm(panel, options.folds, options.seed);
    let mut log_odds = vec![0.0; panel.len()];
    let mut points = vec![0.0; panel.len()];
    let (mut aucs, mut precisions) = (Vec::new(), Vec::new());
    for fold in 0..options.folds {
        let (held, rest): (Vec<usize>, Vec<usize>) =
            (0..panel.len()).partition(|&row| folds[row] == fold);
        let model = train(&panel.select(&rest), options)?;
        let seed = options
            .seed
            .wrapping_add(1 + u64::try_from(fold).unwrap_or(0));
        let test = panel.select(&held).masked(hidden, seed);
        let line = model
            .calibration
            .as_ref()
            .map(|calibration| calibration.line);
        let scores: Vec<f64> = scoring::points(&model, &test)
            .into_iter()
            .map(f64::from)
            .collect();
        aucs.extend(ranking::auc(&scores, &test.labels));
        precisions.extend(ranking::average_precision(&scores, &test.labels));
        for (&row, score) in held.iter().zip(scores) {
            points[row] = score;
            log_odds[row] = line.map_or(score, |line| line.log_odds(score));
        }
    }
    let mut metrics = BTreeMap::new();
    let mut note = |name: &str, value: Option<f64>| {
        if let Some(value) = value {
            metrics.insert(name.to_owned(), (value * 1e4).round() / 1e4);
        }
    };
    note("auc", ranking::auc(&log_odds, &panel.labels));
    note(
        "average_precision",
        ranking::average_precision(&log_odds, &panel.labels),
    );
    note("auc_mean_of_folds", Some(mean(aucs)));
    note("average_precision_mean_of_folds", Some(mean(precisions)));
    let riskiest = top_share(&log_odds, &panel.labels, 0.05);
    note("precision_top_5", Some(riskiest.precision));
    note("recall_top_5", Some(riskiest.recall));
    Ok(OutOfFold {
        log_odds,
        points,
        folds,
        metrics,
    })
}
