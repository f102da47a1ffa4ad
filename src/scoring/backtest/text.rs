//! A report as a table for the terminal, in French.

use std::fmt::Write as _;

use super::report::{Group, Report};
use crate::scoring::metrics::probability::Calibration;
use crate::scoring::metrics::ranking::Interval;

/// A number with a decimal comma.
pub(super) fn decimal(value: f64, digits: usize) -> String {
    format!("{value:.digits$}").replace('.', ",")
}

/// A share as a percentage, with a no-break space.
pub(super) fn percent(value: f64) -> String {
    format!("{}\u{a0}%", decimal(100.0 * value, 2))
}

/// An estimate and its bounds; a dash when there is none.
pub(super) fn interval(found: Option<Interval>) -> String {
    found.map_or_else(
        || "–".to_owned(),
        |found| {
            format!(
                "{} [{} ; {}]",
                decimal(found.value, 3),
                decimal(found.low, 3),
                decimal(found.high, 3)
            )
        },
    )
}

/// Lines of label and figure: what the report says first.
pub(super) fn summary(report: &Report) -> Vec<(String, String)> {
    let line = |label: &str, value: String| (label.to_owned(), value);
    let mut lines = vec![
        line("Modèle", report.model.clone()),
        line("Données", report.data.clone()),
        line("Partage", report.split.clone()),
        line("Valeurs cachées", percent(report.mask)),
        line("Lignes", report.rows.to_string()),
        line("Entreprises", report.firms.to_string()),
        line("Défaillances", report.failures.to_string()),
        line("Non évaluées", report.not_assessed.to_string()),
        line("AUC (DeLong)", interval(report.auc)),
        line("AUC (par entreprise)", interval(report.auc_by_firm)),
        line(
            "Précision moyenne",
            report
                .average_precision
                .map_or_else(|| "–".to_owned(), |value| decimal(value, 3)),
        ),
        line("Brier", decimal(report.brier, 5)),
        line("Gain de Brier", decimal(report.brier_skill, 3)),
    ];
    for top in &report.top {
        lines.push((
            format!("{} plus fragiles", top.flagged),
            format!(
                "précision {}, rappel {}",
                percent(top.precision),
                percent(top.recall)
            ),
        ));
    }
    for lead in &report.lead {
        lines.push((
            format!(
                "Alerte {}-{} mois avant",
                lead.from_months,
                lead.to_months - 1
            ),
            format!("{} de {} entreprises", percent(lead.share), lead.firms),
        ));
    }
    for policy in &report.alerts {
        lines.push((
            format!("Marge de sortie {}", policy.exit_margin),
            format!(
                "alerte {}, rappel {}, précision {}, {} changements pour 1000, {} allers-retours",
                percent(policy.alerted),
                percent(policy.recall),
                percent(policy.precision),
                decimal(policy.churn.per_thousand, 1),
                policy.churn.flaps
            ),
        ));
    }
    lines
}

/// Rows of a calibration: group, rows, failures, observed, predicted, ratio.
pub(super) fn calibration_cells(group: &Calibration) -> [String; 6] {
    [
        group.group.clone(),
        group.rows.to_string(),
        group.failures.to_string(),
        group
            .observed
            .map_or_else(|| "–".to_owned(), |found| percent(found.value)),
        percent(group.predicted),
        decimal(group.ratio, 2),
    ]
}

/// Rows of a group: name, rows, failures, AUC, recall.
pub(super) fn group_cells(group: &Group) -> [String; 5] {
    [
        group.name.clone(),
        group.rows.to_string(),
        group.failures.to_string(),
        interval(group.auc),
        percent(group.recall),
    ]
}

/// What no figure of such a report can be read without.
pub(super) const ON_ITS_TRAINING: &str = "ATTENTION\u{a0}: le modèle a été appris sur ce fichier même. Ces mesures le flattent et ne \
     disent rien de ce qu’il vaut\u{a0}: mesurez-le sur d’autres données.";

/// Warnings that go before the figures.
pub(super) fn warnings(report: &Report) -> Vec<String> {
    let mut warnings = Vec::new();
    if report.same_as_training {
        warnings.push(ON_ITS_TRAINING.to_owned());
    }
    if !report.absent.is_empty() {
        warnings.push(format!(
            "Variables absentes du fichier, comptées comme inconnues\u{a0}: {}.",
            report.absent.join(", ")
        ));
    }
    warnings
}

/// The report for the terminal.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    for warning in warnings(report) {
        let _ = writeln!(text, "! {warning}");
    }
    if report.same_as_training {
        let _ = writeln!(text, "{}\n", "!".repeat(78));
    }
    for (label, value) in summary(report) {
        let _ = writeln!(text, "{label:<24} {value}");
    }
    for (title, groups) in [
        ("Niveau", &report.by_level),
        ("Période", &report.by_period),
        ("Dixième", &report.by_tenth),
    ] {
        let header = [title, "lignes", "défaill.", "observé", "prévu", "obs/prév"];
        lines(&mut text, header, groups.iter().map(calibration_cells));
    }
    for (title, groups) in [("Secteur", &report.by_sector), ("Taille", &report.by_size)] {
        if !groups.is_empty() {
            let header = [title, "lignes", "défaill.", "AUC", "rappel"];
            lines(&mut text, header, groups.iter().map(group_cells));
        }
    }
    let header = ["Stabilité", "PSI"];
    let shifts = report
        .psi
        .iter()
        .map(|shift| [shift.of.clone(), decimal(shift.psi, 3)]);
    lines(&mut text, header, shifts);
    if report.same_as_training {
        let _ = writeln!(text, "\n! {ON_ITS_TRAINING}");
    }
    text
}

fn lines<const N: usize>(
    text: &mut String,
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    text.push('\n');
    for cells in std::iter::once(header.map(str::to_owned)).chain(rows) {
        for (place, cell) in cells.iter().enumerate() {
            let _ = if place == 0 {
                write!(text, "{cell:<24}")
            } else {
                write!(text, " {cell:>12}")
            };
        }
        text.push('\n');
    }
}
