//! What a back-test found, as data: written to JSON as it is, to a table or a page by others.

use serde::Serialize;

use crate::scoring::metrics::alerts::{Churn, Lead};
use crate::scoring::metrics::probability::Calibration;
use crate::scoring::metrics::ranking::Interval;
use crate::scoring::metrics::top::Top;

/// A back-test. Same model, same data, same settings: same report, to the byte.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Model, `id version`.
    pub model: String,
    /// Were its points learnt?
    pub trained: bool,
    /// The model was trained on this very file: the figures then flatter it.
    pub same_as_training: bool,
    /// What has to be read before the figures, in French.
    pub warnings: Vec<String>,
    /// Name of the set.
    pub data: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// How rows were kept apart, in French.
    pub split: String,
    /// Share of the values hidden on purpose.
    pub mask: f64,
    /// Variables of the model that the file does not have.
    pub absent: Vec<String>,
    /// Rows measured.
    pub rows: usize,
    /// Failures among them.
    pub failures: usize,
    /// Firms among them.
    pub firms: usize,
    /// First and last period measured.
    pub periods: (i32, i32),
    /// Rows with too few known values for a level.
    pub not_assessed: usize,
    /// Area under the ROC curve, `DeLong`'s interval. `None` without both classes.
    pub auc: Option<Interval>,
    /// The same with an interval by resampling firms.
    pub auc_by_firm: Option<Interval>,
    /// Average precision.
    pub average_precision: Option<f64>,
    /// Riskiest 1, 5 and 10 %, then the capacity asked for.
    pub top: Vec<Top>,
    /// Brier score of the calibrated points.
    pub brier: f64,
    /// Its skill against the base rate.
    pub brier_skill: f64,
    /// Observed and predicted by level of the points.
    pub by_level: Vec<Calibration>,
    /// By period.
    pub by_period: Vec<Calibration>,
    /// By sector.
    pub by_sector: Vec<Group>,
    /// By size.
    pub by_size: Vec<Group>,
    /// By tenth of the predicted probability: the calibration curve.
    pub by_tenth: Vec<Calibration>,
    /// Failing firms at « Élevé » or worse, by distance to the failure.
    pub lead: Vec<Lead>,
    /// Population stability, earlier rows against measured rows.
    pub psi: Vec<Shift>,
    /// Alert at « Élevé » or worse, without exit margin then with it.
    pub alerts: [AlertPolicy; 2],
    /// ROC curve, at most two hundred points.
    pub roc: Vec<(f64, f64)>,
}

/// A sector or a size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Rows.
    pub rows: usize,
    /// Failures.
    pub failures: usize,
    /// Area under the ROC curve inside the group, `DeLong`'s interval.
    pub auc: Option<Interval>,
    /// Share of its failures at « Élevé » or worse.
    pub recall: f64,
}

/// How much a distribution has moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    /// `score` or a variable.
    pub of: String,
    /// Population stability index: watch from .10, alarm from .25.
    pub psi: f64,
}

/// A policy of alert on the measured rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlertPolicy {
    /// Points below its entry at which a level is left.
    pub exit_margin: u32,
    /// Share of the rows in alert.
    pub alerted: f64,
    /// Share of the failures in alert.
    pub recall: f64,
    /// Share of the alerts that failed.
    pub precision: f64,
    /// Changes of the alert.
    pub churn: Churn,
}
