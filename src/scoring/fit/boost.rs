//! Boosted monotone stumps.
//!
//! Logistic loss, Newton's steps with an L2 penalty and a small learning rate (Friedman 2001), a
//! random share of the variables at each round so that correlated ratios share the weight: that is
//! what keeps a score standing when some of them are unknown. A stump that contradicts the
//! economic sign of its variable is never taken.

use super::Options;
use crate::scoring::counting::{logistic, logit, mean, real};
use crate::scoring::model::Direction;
use crate::scoring::random::Generator;

/// Training rows, a class a value.
pub(super) struct Rows {
    /// Class of each row, a vector a variable; the last class is for unknown values.
    pub classes: Vec<Vec<u8>>,
    /// Number of classes of each variable, the unknown one apart.
    pub counts: Vec<usize>,
    /// Economic signs; `None` is to be found.
    pub directions: Vec<Option<Direction>>,
    /// Failures.
    pub labels: Vec<bool>,
}

/// Log-odds learnt.
#[derive(Default)]
pub(super) struct Shapes {
    /// Log-odds of each class, a vector a variable; the last one is for unknown values.
    pub tables: Vec<Vec<f64>>,
    /// Signs kept, found ones included; `None` where nothing was learnt.
    pub directions: Vec<Option<Direction>>,
}

impl Shapes {
    /// Adds the shapes of another training; a sign found there only is kept.
    pub fn add(&mut self, other: Self) {
        for (sum, table) in self.tables.iter_mut().zip(other.tables) {
            for (sum, value) in sum.iter_mut().zip(table) {
                *sum += value;
            }
        }
        for (kept, found) in self.directions.iter_mut().zip(other.directions) {
            *kept = kept.or(found);
        }
    }

    /// Turns a sum over so many trainings into their mean.
    pub fn divide(&mut self, by: u64) {
        let by = real(usize::try_from(by).unwrap_or(usize::MAX));
        for value in self.tables.iter_mut().flatten() {
            *value /= by;
        }
    }
}

/// Gradient and curvature of the loss, summed over rows.
#[derive(Clone, Copy, Default)]
struct Sums {
    gradient: f64,
    curvature: f64,
}

impl Sums {
    fn plus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient + other.gradient,
            curvature: self.curvature + other.curvature,
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            curvature: self.curvature - other.curvature,
        }
    }

    /// Newton's step under the penalty.
    fn step(self, penalty: f64) -> f64 {
        -self.gradient / (self.curvature + penalty)
    }

    /// Twice the loss that the step takes off.
    fn gain(self, penalty: f64) -> f64 {
        self.gradient * self.gradient / (self.curvature + penalty)
    }
}

/// A stump: a step below the split, another from it on, and one for unknown values.
struct Stump {
    gain: f64,
    split: usize,
    below: f64,
    above: f64,
    missing: f64,
}

impl Stump {
    fn direction(&self) -> Direction {
        if self.below >= self.above {
            Direction::LowerIsRiskier
        } else {
            Direction::HigherIsRiskier
        }
    }
}

/// Learns the shapes.
///
/// At each round the variables of a random share compete, and the one whose stump takes most off
/// the loss moves by a part of it. A sign to be found is that of the first stump taken: by then
/// the variables before it have said what they had to.
pub(super) fn learn(rows: &Rows, options: &Options) -> Shapes {
    let base = logit(mean(
        rows.labels.iter().map(|&label| real(usize::from(label))),
    ));
    let mut generator = Generator::new(options.seed);
    let mut odds = vec![base; rows.labels.len()];
    let mut slopes = vec![Sums::default(); odds.len()];
    let mut directions = rows.directions.clone();
    let mut tables: Vec<Vec<f64>> = rows
        .counts
        .iter()
        .map(|count| vec![0.0; count + 1])
        .collect();
    for _ in 0..options.rounds {
        differentiate(&odds, &rows.labels, &mut slopes);
        let drawn = (0..tables.len()).filter(|_| generator.unit() < options.variable_share);
        let best = drawn
            .filter_map(|variable| {
                let classes = &rows.classes[variable];
                let sums = histogram(classes, rows.counts[variable] + 1, &slopes);
                Some((best_stump(&sums, directions[variable], options)?, variable))
            })
            .max_by(|a, b| a.0.gain.total_cmp(&b.0.gain).then(b.1.cmp(&a.1)));
        let Some((stump, variable)) = best else {
            continue;
        };
        directions[variable] = Some(stump.direction());
        let update = steps(&stump, tables[variable].len(), options.learning_rate);
        for (value, step) in tables[variable].iter_mut().zip(&update) {
            *value += step;
        }
        for (odds, class) in odds.iter_mut().zip(&rows.classes[variable]) {
            *odds += update[usize::from(*class)];
        }
    }
    Shapes { tables, directions }
}

fn differentiate(odds: &[f64], labels: &[bool], slopes: &mut [Sums]) {
    for ((slope, odds), label) in slopes.iter_mut().zip(odds).zip(labels) {
        let p = logistic(*odds);
        slope.gradient = p - real(usize::from(*label));
        slope.curvature = p * (1.0 - p);
    }
}

fn histogram(classes: &[u8], count: usize, slopes: &[Sums]) -> Vec<Sums> {
    let mut sums = vec![Sums::default(); count];
    for (class, slope) in classes.iter().zip(slopes) {
        let sum = &mut sums[usize::from(*class)];
        *sum = sum.plus(*slope);
    }
    sums
}

fn best_stump(sums: &[Sums], direction: Option<Direction>, options: &Options) -> Option<Stump> {
    let (missing, known) = sums.split_last()?;
    let all = known
        .iter()
        .fold(Sums::default(), |sum, one| sum.plus(*one));
    let mut below = Sums::default();
    let mut best: Option<Stump> = None;
    let unsplit = all.gain(options.penalty) - missing.gain(options.penalty);
    for (class, sum) in known.iter().enumerate().take(known.len().saturating_sub(1)) {
        below = below.plus(*sum);
        let above = all.minus(below);
        if below.curvature.min(above.curvature) < options.least_curvature {
            continue;
        }
        let (low, high) = (below.step(options.penalty), above.step(options.penalty));
        let allowed = match direction {
            Some(Direction::LowerIsRiskier) => low >= high,
            Some(Direction::HigherIsRiskier) => low <= high,
            None => true,
        };
        let gain = below.gain(options.penalty) + above.gain(options.penalty) - unsplit;
        if allowed && best.as_ref().is_none_or(|best| gain > best.gain) {
            best = Some(Stump {
                gain,
                split: class + 1,
                below: low,
                above: high,
                missing: missing.step(options.penalty),
            });
        }
    }
    best
}

fn steps(stump: &Stump, length: usize, rate: f64) -> Vec<f64> {
    (0..length)
        .map(|class| {
            let step = if class + 1 == length {
                stump.missing
            } else if class < stump.split {
                stump.below
            } else {
                stump.above
            };
            rate * step
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(direction: Direction) -> Rows {
        // Class 0 fails half of the time, class 1 a tenth, unknown (2) a quarter.
        let mut classes = Vec::new();
        let mut labels = Vec::new();
        for row in 0..2000_usize {
            let class = row % 3;
            classes.push(u8::try_from(class).unwrap());
            let every = [2, 10, 4][class];
            labels.push((row / 3).is_multiple_of(every));
        }
        Rows {
            classes: vec![classes],
            counts: vec![2],
            directions: vec![Some(direction)],
            labels,
        }
    }

    fn options() -> Options {
        Options {
            rounds: 300,
            variable_share: 1.0,
            ..Options::default()
        }
    }

    #[test]
    fn the_log_odds_of_the_classes_are_found() {
        let table = &learn(&rows(Direction::LowerIsRiskier), &options()).tables[0];
        // Half against a tenth: ln 9 = 2.197; a quarter against a tenth: ln 3 = 1.099.
        assert!((table[0] - table[1] - 2.197).abs() < 0.15, "{table:?}");
        assert!((table[2] - table[1] - 1.099).abs() < 0.15, "{table:?}");
    }

    #[test]
    fn nothing_is_learnt_against_the_economic_sign() {
        let table = &learn(&rows(Direction::HigherIsRiskier), &options()).tables[0];
        assert!(table[0] <= table[1], "{table:?}");
    }
}
