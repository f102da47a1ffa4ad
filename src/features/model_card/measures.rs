//! The figures that `cargo bench --bench detection` wrote: the grid on public sets, without training.

use serde::Deserialize;

/// The file of the bench.
const FILE: &str = include_str!("../../../docs/detection.json");

/// What the bench measured.
#[derive(Debug, Deserialize)]
pub struct Measured {
    /// Model, `id version`.
    pub model: String,
    /// The grid on each set.
    pub grid: Vec<OnSet>,
}

/// The grid on a set.
#[derive(Debug, Deserialize)]
pub struct OnSet {
    /// Name of the set.
    pub set: String,
    /// Rows measured.
    pub rows: i64,
    /// Failures among them.
    pub failures: i64,
    /// Points of the model whose variable the set has.
    pub points_known: u32,
    /// Area under the ROC curve.
    pub auc: Range,
    /// The riskiest 5 %.
    pub top_5: Top,
    /// What was seen at each level.
    pub levels: Vec<AtLevel>,
}

/// An estimate and its bounds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Range {
    /// Estimate.
    pub value: f64,
    /// Lower bound, 95 %.
    pub low: f64,
    /// Upper bound, 95 %.
    pub high: f64,
}

/// The riskiest rows.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Top {
    /// Share of them that failed.
    pub precision: f64,
    /// Share of the failures that are among them.
    pub recall: f64,
}

/// What was seen at a level.
#[derive(Debug, Deserialize)]
pub struct AtLevel {
    /// The level in French.
    pub level: String,
    /// Rows.
    pub rows: i64,
    /// Failures among them.
    pub failures: i64,
    /// Frequency with Wilson's interval.
    pub observed: Option<Range>,
}

impl OnSet {
    /// Share of the rows that failed.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn rate(&self) -> f64 {
        self.failures as f64 / self.rows.max(1) as f64
    }

    /// Of twenty firms among the riskiest 5 %, those that did not fail.
    pub fn sound_of_twenty(&self) -> f64 {
        20.0 * (1.0 - self.top_5.precision)
    }

    /// Of twenty firms at « Élevé » or « Critique », those that did not fail.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn sound_of_twenty_alerts(&self) -> f64 {
        let (rows, failures) = self
            .levels
            .iter()
            .filter(|level| ["Élevé", "Critique"].contains(&level.level.as_str()))
            .fold((0, 0), |(rows, failures), level| {
                (rows + level.rows, failures + level.failures)
            });
        20.0 * (1.0 - failures as f64 / rows.max(1) as f64)
    }

    /// Whether failures are about as rare as they are among companies.
    pub fn is_as_rare_as_life(&self) -> bool {
        self.rate() < 0.02
    }
}

/// Reads the figures.
pub fn read() -> serde_json::Result<Measured> {
    serde_json::from_str(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::risk::models;

    /// The figures shown are those of the grid that is shipped.
    #[test]
    fn the_figures_are_those_of_the_shipped_model() {
        let measured = read().expect("the file of the bench");
        let last = models::all().last().expect("a model").model();
        let identity = &last.identity;
        assert_eq!(
            measured.model,
            format!("{} {}", identity.id, identity.version)
        );
        assert_eq!(measured.grid.len(), 3);
        assert!(measured.grid.iter().any(OnSet::is_as_rare_as_life));
    }
}
