//! The score of a company, and of a million of them.
//!
//! One company: every term explained. Many: totals and contributions by table look-up, column by
//! column, without a branch on the value and without an allocation.

use std::collections::BTreeMap;

use super::counting::share;
use super::model::{Direction, Model, Variable};

/// A term of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Variable.
    pub id: String,
    /// Its theme.
    pub block: String,
    /// Its value; `None` when unknown.
    pub value: Option<f64>,
    /// Class of the value among the variable's points; `None` when unknown.
    pub bin: Option<usize>,
    /// Points.
    pub points: u16,
    /// Largest points of the variable.
    pub max_points: u16,
    /// Points more (worse) or fewer (better) than the score before.
    pub change: Option<i32>,
    /// What would take points off.
    pub next: Option<Next>,
}

/// The nearest class with fewer points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Next {
    /// Bound to pass, in the variable's unit.
    pub threshold: f64,
    /// Threshold less value: positive when the value must rise, negative or null when it must fall
    /// (below the bound: a bound belongs to the class above it).
    pub gap: f64,
    /// Points of that class.
    pub points: u16,
}

/// Points of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlockSum {
    /// Points.
    pub points: u32,
    /// Largest points.
    pub max_points: u32,
}

/// The score of a company: a sum and its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Total points; the higher, the more fragile.
    pub points: u32,
    /// Known weight over total weight, 0 to 1.
    pub completeness: f64,
    /// Terms, in the order of the model.
    pub contributions: Vec<Contribution>,
    /// Sums by theme.
    pub blocks: BTreeMap<String, BlockSum>,
}

impl Model {
    /// Scores one company: `values` in the order of [`Model::variables`], `NaN` when unknown; values
    /// that are not given are unknown, infinite ones are the largest of their sign.
    pub fn score(&self, values: &[f64]) -> Score {
        let given = values.iter().copied().chain(std::iter::repeat(f64::NAN));
        let contributions: Vec<Contribution> = self
            .variables
            .iter()
            .zip(given)
            .map(|(variable, value)| contribution(variable, value))
            .collect();
        let mut blocks: BTreeMap<String, BlockSum> = BTreeMap::new();
        for term in &contributions {
            let block = blocks.entry(term.block.clone()).or_default();
            block.points += u32::from(term.points);
            block.max_points += u32::from(term.max_points);
        }
        let known: u32 = contributions
            .iter()
            .filter(|term| term.bin.is_some())
            .map(|term| u32::from(term.max_points))
            .sum();
        Score {
            points: blocks.values().map(|block| block.points).sum(),
            completeness: share(f64::from(known), f64::from(self.total())),
            contributions,
            blocks,
        }
    }
}

fn contribution(variable: &Variable, value: f64) -> Contribution {
    let bin = variable.bin(value);
    let value = bin.map(|_| value.clamp(f64::MIN, f64::MAX));
    let points = bin.map_or(variable.missing, |bin| variable.points[bin]);
    Contribution {
        id: variable.id.clone(),
        block: variable.block.clone(),
        value,
        bin,
        points,
        max_points: variable.weight(),
        change: None,
        next: value
            .zip(bin)
            .and_then(|(value, bin)| next(variable, value, bin)),
    }
}

/// The nearest class with fewer points, on the side where the risk falls.
fn next(variable: &Variable, value: f64, bin: usize) -> Option<Next> {
    let points = &variable.points;
    let (threshold, class) = match variable.direction {
        Direction::LowerIsRiskier => {
            let class = (bin + 1..points.len()).find(|&class| points[class] < points[bin])?;
            (variable.cuts[class - 1], class)
        }
        Direction::HigherIsRiskier => {
            let class = (0..bin).rev().find(|&class| points[class] < points[bin])?;
            (variable.cuts[class], class)
        }
    };
    Some(Next {
        threshold,
        gap: threshold - value,
        points: points[class],
    })
}

impl Score {
    /// Says of each term by how many points it moved since `before`, of the same model version.
    #[must_use]
    pub fn against(mut self, before: &Self) -> Self {
        let points: BTreeMap<&str, u16> = before
            .contributions
            .iter()
            .map(|term| (term.id.as_str(), term.points))
            .collect();
        for term in &mut self.contributions {
            term.change = points
                .get(term.id.as_str())
                .map(|was| i32::from(term.points) - i32::from(*was));
        }
        self
    }
}

/// Rows scored at a time: totals of a block stay in the nearest cache.
const BLOCK: usize = 2048;

/// A model made ready to score columns.
#[derive(Debug, Clone)]
pub struct Grid {
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
struct Term {
    /// Cuts, filled up to a multiple of four with `NaN`, that no value reaches.
    cuts: Vec<[f64; 4]>,
    /// Points by class, then those of an unknown value.
    points: Vec<u16>,
    /// Place of the latter.
    missing: usize,
}

impl Grid {
    /// Makes a model ready.
    pub fn new(model: &Model) -> Self {
        Self {
            terms: model.variables.iter().map(Term::new).collect(),
        }
    }

    /// Total points of each row, added up from `columns`, one a variable of the model in its order,
    /// all of the length of `totals`.
    pub fn totals(&self, columns: &[&[f64]], totals: &mut [u32]) {
        totals.fill(0);
        let mut scratch = [0_u16; BLOCK];
        for start in (0..totals.len()).step_by(BLOCK) {
            let end = (start + BLOCK).min(totals.len());
            for (term, column) in self.terms.iter().zip(columns) {
                let points = &mut scratch[..end - start];
                term.fill(&column[start..end], points);
                add(&mut totals[start..end], points);
            }
        }
    }

    /// As [`Grid::totals`], and the points of each term too: `contributions` holds one column of
    /// `totals.len()` a variable, one after the other.
    pub fn explain(&self, columns: &[&[f64]], totals: &mut [u32], contributions: &mut [u16]) {
        totals.fill(0);
        let rows = totals.len();
        for start in (0..rows).step_by(BLOCK) {
            let end = (start + BLOCK).min(rows);
            for (place, (term, column)) in self.terms.iter().zip(columns).enumerate() {
                let points = &mut contributions[place * rows + start..place * rows + end];
                term.fill(&column[start..end], points);
                add(&mut totals[start..end], points);
            }
        }
    }
}

impl Term {
    fn new(variable: &Variable) -> Self {
        let cuts = variable
            .cuts
            .chunks(4)
            .map(|some| {
                let mut four = [f64::NAN; 4];
                four[..some.len()].copy_from_slice(some);
                four
            })
            .collect();
        let mut points = variable.points.clone();
        points.push(variable.missing);
        Self {
            cuts,
            missing: points.len() - 1,
            points,
        }
    }

    /// Points of each value. The class is the number of cuts reached: comparisons are added up, so
    /// that nothing has to be predicted. An infinite value reaches all of the cuts or none.
    fn fill(&self, values: &[f64], points: &mut [u16]) {
        for (value, points) in values.iter().zip(points) {
            let reached: usize = self
                .cuts
                .iter()
                .map(|four| {
                    four.iter()
                        .map(|cut| usize::from(value >= cut))
                        .sum::<usize>()
                })
                .sum();
            let class = if value.is_nan() {
                self.missing
            } else {
                reached
            };
            *points = self.points[class];
        }
    }
}

fn add(totals: &mut [u32], points: &[u16]) {
    for (total, points) in totals.iter_mut().zip(points) {
        *total += u32::from(*points);
    }
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
