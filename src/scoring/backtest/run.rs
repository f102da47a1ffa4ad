//! A back-test, from a model and a panel to a report.

use super::panel::{Groups, Panel};
use super::report::{AlertPolicy, Group, Report, Shift};
use super::rows::{calibrated, levels};
use super::scoring;
use crate::scoring::counting::{real, share};
use crate::scoring::level::Level;
use crate::scoring::metrics::alerts::{churn, lead_times};
use crate::scoring::metrics::probability::{Calibration, brier, brier_skill, calibration};
use crate::scoring::metrics::ranking::{
    auc_bootstrap, auc_delong, average_precision, riskiest_first, roc,
};
use crate::scoring::metrics::stability::psi;
use crate::scoring::metrics::top::{top, top_share};
use crate::scoring::model::Model;

/// How the rows that calibrate are kept apart from the rows that are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Folds of whole firms: each row is calibrated by the other folds, all rows are measured.
    Firm {
        /// Number of folds.
        folds: usize,
    },
    /// By time: rows up to the first period are the past, up to the second they calibrate, those
    /// after it are measured.
    Time {
        /// Last period of the past.
        train_until: i32,
        /// Last period that calibrates.
        validate_until: i32,
    },
}

/// Settings of a back-test.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Split.
    pub split: Split,
    /// Share of the values to hide, 0 to 1.
    pub mask: f64,
    /// Number of firms that the teams can look at in a period.
    pub capacity: usize,
    /// Resamplings of the interval by firm.
    pub draws: usize,
    /// Seed of folds, masks and resamplings.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            split: Split::Firm { folds: 5 },
            mask: 0.0,
            capacity: 100,
            draws: 500,
            seed: 20_261_124,
        }
    }
}

/// The measured rows and what the model says of them.
struct Measured {
    panel: Panel,
    scores: Vec<f64>,
    probabilities: Vec<f64>,
    /// Levels without exit margin, then with it.
    levels: [Vec<Level>; 2],
    assessed: Vec<bool>,
}

/// Measures a model on a panel. `sha256` is the digest of the file that the panel was read from.
pub fn run(model: &Model, panel: &Panel, sha256: &str, settings: &Settings) -> Report {
    let panel = panel.clone().masked(settings.mask, settings.seed);
    let points = scoring::points(model, &panel);
    let rows = measured_rows(&panel, settings);
    let measured = measure(model, &panel, &points, &rows, settings);
    let earlier = earlier_rows(&panel, settings);
    let mut report = ranking(&measured, settings);
    report.model = format!("{} {}", model.identity.id, model.identity.version);
    report.trained = model.identity.trained;
    report.same_as_training = model.identity.sha256_training.as_deref() == Some(sha256);
    report.data.clone_from(&panel.name);
    sha256.clone_into(&mut report.sha256);
    report.split = words(settings.split);
    report.mask = settings.mask;
    report.absent = scoring::absent(model, &panel);
    report.warnings = super::text::warnings(&report);
    report.by_level = by_level(&measured);
    report.by_period = by_period(&measured);
    report.by_sector = groups(&measured, &measured.panel.sectors);
    report.by_size = groups(&measured, &measured.panel.sizes);
    report.by_tenth = by_tenth(&measured);
    let alert: Vec<bool> = (0..rows.len()).map(|row| measured.alert(1, row)).collect();
    report.lead = lead_times(
        &measured.panel.firms,
        &measured.panel.months_to_event,
        &alert,
    );
    report.psi = shifts(model, &panel, &points, &earlier, &rows);
    report.alerts = [0, 1].map(|policy| alerts(model, &measured, policy));
    report
}

impl Measured {
    /// Is a row in alert under a policy? Rows without a level are not.
    fn alert(&self, policy: usize, row: usize) -> bool {
        self.assessed[row] && self.levels[policy][row] >= Level::High
    }

    fn calibration(&self, name: &str, rows: &[usize]) -> Calibration {
        let probabilities: Vec<f64> = rows.iter().map(|&row| self.probabilities[row]).collect();
        calibration(name, &probabilities, &self.labels(rows))
    }

    fn labels(&self, rows: &[usize]) -> Vec<bool> {
        rows.iter().map(|&row| self.panel.labels[row]).collect()
    }

    fn rows(&self, keep: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.panel.len()).filter(|&row| keep(row)).collect()
    }
}

fn measured_rows(panel: &Panel, settings: &Settings) -> Vec<usize> {
    match settings.split {
        Split::Firm { .. } => (0..panel.len()).collect(),
        Split::Time { validate_until, .. } => panel.rows_where(|period| period > validate_until),
    }
}

/// The rows that stability is measured against: the past, or the first period.
fn earlier_rows(panel: &Panel, settings: &Settings) -> Vec<usize> {
    let first = panel.periods.iter().min().copied().unwrap_or(0);
    match settings.split {
        Split::Firm { .. } => panel.rows_where(|period| period == first),
        Split::Time { train_until, .. } => panel.rows_where(|period| period <= train_until),
    }
}

fn measure(
    model: &Model,
    panel: &Panel,
    points: &[u32],
    rows: &[usize],
    settings: &Settings,
) -> Measured {
    let scores: Vec<f64> = points.iter().map(|points| f64::from(*points)).collect();
    let probabilities = calibrated(panel, &scores, settings);
    let complete = scoring::completeness(model, panel);
    let levels = levels(model, panel, points);
    let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect();
    Measured {
        scores: pick(&scores),
        probabilities: pick(&probabilities),
        levels: levels.map(|levels| rows.iter().map(|&row| levels[row]).collect()),
        assessed: rows
            .iter()
            .map(|&row| complete[row] >= model.completeness.min_weight)
            .collect(),
        panel: panel.select(rows),
    }
}

/// The report with what ranking and probabilities say; the rest is to be filled in.
fn ranking(measured: &Measured, settings: &Settings) -> Report {
    let (panel, scores) = (&measured.panel, &measured.scores);
    let labels = &panel.labels;
    let mut firms = panel.firms.clone();
    firms.sort_unstable();
    firms.dedup();
    let mut top_rows: Vec<_> = [0.01, 0.05, 0.10]
        .into_iter()
        .map(|part| top_share(scores, labels, part))
        .collect();
    top_rows.push(top(scores, labels, settings.capacity));
    Report {
        model: String::new(),
        trained: false,
        same_as_training: false,
        warnings: Vec::new(),
        data: String::new(),
        sha256: String::new(),
        split: String::new(),
        mask: 0.0,
        absent: Vec::new(),
        rows: panel.len(),
        failures: panel.failures(),
        firms: firms.len(),
        periods: (
            panel.periods.iter().min().copied().unwrap_or(0),
            panel.periods.iter().max().copied().unwrap_or(0),
        ),
        not_assessed: measured
            .assessed
            .iter()
            .filter(|assessed| !**assessed)
            .count(),
        auc: auc_delong(scores, labels),
        auc_by_firm: auc_bootstrap(scores, labels, &panel.firms, settings.draws, settings.seed),
        average_precision: average_precision(scores, labels),
        top: top_rows,
        brier: brier(&measured.probabilities, labels),
        brier_skill: brier_skill(&measured.probabilities, labels),
        by_level: Vec::new(),
        by_period: Vec::new(),
        by_sector: Vec::new(),
        by_size: Vec::new(),
        by_tenth: Vec::new(),
        lead: Vec::new(),
        psi: Vec::new(),
        alerts: [0, 1].map(|policy| alert_counts(measured, policy, 0)),
        roc: thinned(&roc(scores, labels)),
    }
}

/// At most two hundred points of a curve, its ends among them.
fn thinned(curve: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let step = curve.len().div_ceil(200).max(1);
    let mut kept: Vec<(f64, f64)> = curve.iter().copied().step_by(step).collect();
    if let Some(last) = curve.last()
        && kept.last() != Some(last)
    {
        kept.push(*last);
    }
    kept
}

fn by_level(measured: &Measured) -> Vec<Calibration> {
    let mut found: Vec<Calibration> = Level::ALL
        .into_iter()
        .map(|level| {
            let rows =
                measured.rows(|row| measured.assessed[row] && measured.levels[0][row] == level);
            measured.calibration(level.label(), &rows)
        })
        .collect();
    let rows = measured.rows(|row| !measured.assessed[row]);
    found.push(measured.calibration("Non évalué", &rows));
    found
}

fn by_period(measured: &Measured) -> Vec<Calibration> {
    let mut periods = measured.panel.periods.clone();
    periods.sort_unstable();
    periods.dedup();
    periods
        .into_iter()
        .map(|period| {
            let rows = measured.rows(|row| measured.panel.periods[row] == period);
            measured.calibration(&period.to_string(), &rows)
        })
        .collect()
}

fn by_tenth(measured: &Measured) -> Vec<Calibration> {
    let mut order = riskiest_first(&measured.probabilities);
    order.reverse();
    let size = order.len().div_ceil(10).max(1);
    order
        .chunks(size)
        .enumerate()
        .map(|(tenth, rows)| measured.calibration(&(tenth + 1).to_string(), rows))
        .collect()
}

fn groups(measured: &Measured, groups: &Groups) -> Vec<Group> {
    groups
        .names()
        .into_iter()
        .map(|name| {
            let rows = measured.rows(|row| groups.of(row) == name);
            let scores: Vec<f64> = rows.iter().map(|&row| measured.scores[row]).collect();
            let labels = measured.labels(&rows);
            let failed: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|&row| measured.panel.labels[row])
                .collect();
            let caught = failed.iter().filter(|&&row| measured.alert(1, row)).count();
            Group {
                name: name.to_owned(),
                rows: rows.len(),
                failures: failed.len(),
                auc: auc_delong(&scores, &labels),
                recall: share(real(caught), real(failed.len())),
            }
        })
        .collect()
}

fn shifts(
    model: &Model,
    panel: &Panel,
    points: &[u32],
    earlier: &[usize],
    rows: &[usize],
) -> Vec<Shift> {
    let scores: Vec<f64> = points.iter().map(|points| f64::from(*points)).collect();
    // A set of one period has no earlier rows: it is compared with itself.
    let later: Vec<usize> = if earlier.len() == panel.len() {
        rows.to_vec()
    } else {
        rows.iter()
            .copied()
            .filter(|row| earlier.binary_search(row).is_err())
            .collect()
    };
    let shift = |of: &str, column: &[f64]| {
        let pick = |rows: &[usize]| rows.iter().map(|&row| column[row]).collect::<Vec<_>>();
        psi(&pick(earlier), &pick(&later)).map(|psi| Shift {
            of: of.to_owned(),
            psi,
        })
    };
    let variables = model
        .variables
        .iter()
        .filter_map(|variable| shift(&variable.id, panel.column(&variable.id)?));
    shift("score", &scores)
        .into_iter()
        .chain(variables)
        .collect()
}

fn alerts(model: &Model, measured: &Measured, policy: usize) -> AlertPolicy {
    alert_counts(measured, policy, [0, model.levels.exit_margin][policy])
}

fn alert_counts(measured: &Measured, policy: usize, exit_margin: u32) -> AlertPolicy {
    let alerted = measured.rows(|row| measured.alert(policy, row));
    let caught = alerted
        .iter()
        .filter(|&&row| measured.panel.labels[row])
        .count();
    let histories: Vec<Vec<bool>> = measured
        .panel
        .histories()
        .into_iter()
        .map(|rows| {
            rows.into_iter()
                .map(|row| measured.alert(policy, row))
                .collect()
        })
        .collect();
    AlertPolicy {
        exit_margin,
        alerted: share(real(alerted.len()), real(measured.panel.len())),
        recall: share(real(caught), real(measured.panel.failures())),
        precision: share(real(caught), real(alerted.len())),
        churn: churn(&histories),
    }
}

fn words(split: Split) -> String {
    match split {
        Split::Firm { folds } => format!("par entreprise, {folds} plis"),
        Split::Time {
            train_until,
            validate_until,
        } => format!(
            "par période\u{a0}: passé jusqu’à {train_until}, calage jusqu’à {validate_until}, mesure ensuite"
        ),
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
