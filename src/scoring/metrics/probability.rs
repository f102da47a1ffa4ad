//! Probabilities: Brier score, Platt's scaling, observed against predicted.

use serde::{Deserialize, Serialize};

use super::ranking::Interval;
use super::top::wilson;
use crate::scoring::counting::{logistic, mean, real, share};

/// Newton steps at most: the likelihood is concave, a dozen are enough.
const STEPS: usize = 50;

/// Log-odds as a straight line of the score: `intercept + slope x score`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Log-odds of a score of zero.
    pub intercept: f64,
    /// Log-odds for one more point.
    pub slope: f64,
}

impl Platt {
    /// Probability of failure within the horizon for this score.
    pub fn probability(self, score: f64) -> f64 {
        logistic(self.log_odds(score))
    }

    /// Log-odds of this score.
    pub fn log_odds(self, score: f64) -> f64 {
        self.intercept + self.slope * score
    }

    /// Fits the line by maximum likelihood on Platt's smoothed targets (1999), which keep the
    /// line finite when the classes are separate. `None` without both classes.
    pub fn fit(scores: &[f64], labels: &[bool]) -> Option<Self> {
        let positives = real(labels.iter().filter(|label| **label).count());
        let negatives = real(labels.len()) - positives;
        if positives < 1.0 || negatives < 1.0 {
            return None;
        }
        let targets = [
            1.0 / (negatives + 2.0),
            (positives + 1.0) / (positives + 2.0),
        ];
        // Centred and scaled, so that Newton's matrix is well conditioned whatever the unit.
        let centre = mean(scores.iter().copied());
        let unit = mean(scores.iter().map(|score| (score - centre).powi(2)))
            .sqrt()
            .max(1e-12);
        let mut line = Self {
            intercept: (positives / negatives).ln(),
            slope: 0.0,
        };
        for _ in 0..STEPS {
            let step = newton(line, scores, labels, targets, (centre, unit));
            line.intercept += step.0;
            line.slope += step.1;
            if step.0.abs() + step.1.abs() < 1e-10 {
                break;
            }
        }
        let slope = line.slope / unit;
        Some(Self {
            intercept: line.intercept - slope * centre,
            slope,
        })
    }
}

/// One Newton step, cut to two log-odds so that the first ones cannot overshoot.
fn newton(
    line: Platt,
    scores: &[f64],
    labels: &[bool],
    targets: [f64; 2],
    (centre, unit): (f64, f64),
) -> (f64, f64) {
    // A little weight on the diagonal: a score that never varies then keeps a null slope.
    let mut matrix = [1e-9, 0.0, 1e-9];
    let mut slope = [0.0, 0.0];
    for (score, &label) in scores.iter().zip(labels) {
        let x = (score - centre) / unit;
        let p = line.probability(x);
        let (weight, gap) = (p * (1.0 - p), targets[usize::from(label)] - p);
        for (sum, power) in matrix.iter_mut().zip([1.0, x, x * x]) {
            *sum += weight * power;
        }
        slope[0] += gap;
        slope[1] += gap * x;
    }
    let determinant = matrix[0] * matrix[2] - matrix[1] * matrix[1];
    if determinant <= 0.0 {
        return (0.0, 0.0);
    }
    let first = (matrix[2] * slope[0] - matrix[1] * slope[1]) / determinant;
    let second = (matrix[0] * slope[1] - matrix[1] * slope[0]) / determinant;
    (first.clamp(-2.0, 2.0), second.clamp(-2.0, 2.0))
}

/// Mean squared gap between probability and outcome.
pub fn brier(probabilities: &[f64], labels: &[bool]) -> f64 {
    mean(
        probabilities
            .iter()
            .zip(labels)
            .map(|(p, &label)| (p - f64::from(u8::from(label))).powi(2)),
    )
}

/// One minus the ratio of the Brier score to the one of the base rate told to everybody: 0 is
/// useless, 1 perfect. Zero when all or none failed.
pub fn brier_skill(probabilities: &[f64], labels: &[bool]) -> f64 {
    let base = mean(labels.iter().map(|&label| f64::from(u8::from(label))));
    let reference = base * (1.0 - base);
    if reference > 0.0 {
        1.0 - brier(probabilities, labels) / reference
    } else {
        0.0
    }
}

/// A group of rows: what was predicted, what was seen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    /// Name of the group: a class of points, a year, a sector.
    pub group: String,
    /// Rows.
    pub rows: usize,
    /// Failures seen.
    pub failures: usize,
    /// Frequency seen with Wilson's 95 % interval.
    pub observed: Option<Interval>,
    /// Mean probability told.
    pub predicted: f64,
    /// Failures seen for one predicted; zero when none was predicted.
    pub ratio: f64,
}

/// Observed and predicted of a group.
pub fn calibration(group: &str, probabilities: &[f64], labels: &[bool]) -> Calibration {
    let rows = labels.len();
    let failures = labels.iter().filter(|label| **label).count();
    Calibration {
        group: group.to_owned(),
        rows,
        failures,
        observed: wilson(failures, rows),
        predicted: mean(probabilities.iter().copied()),
        ratio: share(real(failures), probabilities.iter().sum()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64, within: f64) {
        assert!((found - wanted).abs() < within, "{found} is not {wanted}");
    }

    /// (.2^2 + .4^2) / 2 = .10; the base rate of one half has .25; skill .60.
    #[test]
    fn the_brier_score_and_its_skill_are_the_hand_computed_ones() {
        near(brier(&[0.8, 0.4], &[true, false]), 0.10, 1e-12);
        near(brier_skill(&[0.8, 0.4], &[true, false]), 0.60, 1e-12);
        near(brier_skill(&[0.5, 0.5], &[true, true]), 0.0, 1e-12);
    }

    /// Two scores only: the line goes through the two frequencies (smoothing apart). With 1 of 10
    /// and 5 of 10 a hundred times over: logits -2.197 and 0.
    #[test]
    fn the_line_goes_through_the_frequencies() {
        let mut scores = Vec::new();
        let mut labels = Vec::new();
        for row in 0..1000 {
            scores.extend([20.0, 60.0]);
            labels.extend([row % 10 == 0, row % 10 < 5]);
        }
        let line = Platt::fit(&scores, &labels).unwrap();
        near(line.probability(20.0), 0.1, 2e-3);
        near(line.probability(60.0), 0.5, 2e-3);
        near(line.slope, 2.197 / 40.0, 1e-3);
    }

    #[test]
    fn separate_classes_and_constant_scores_stay_finite() {
        let line = Platt::fit(&[1.0, 2.0, 3.0, 4.0], &[false, false, true, true]).unwrap();
        assert!(line.slope.is_finite() && line.slope > 0.0);
        let flat = Platt::fit(&[5.0; 10], &[true; 10].map(|_| false)).is_none();
        assert!(flat, "one class only");
        let labels = [true, false, false, false];
        let line = Platt::fit(&[7.0; 4], &labels).unwrap();
        near(line.probability(7.0), 0.3, 0.1);
    }

    #[test]
    fn a_group_says_how_many_failures_for_one_predicted() {
        let group = calibration("30-44", &[0.1, 0.1, 0.2, 0.1], &[true, false, false, false]);
        assert_eq!((group.rows, group.failures), (4, 1));
        near(group.predicted, 0.125, 1e-12);
        near(group.ratio, 2.0, 1e-12);
    }
}
