//! A panel: rows (a firm at a time) by columns (candidate variables), with what happened after.

use std::collections::{BTreeMap, HashMap};

use crate::scoring::counting::{real, share};
use crate::scoring::model::Direction;
use crate::scoring::random::Generator;

/// A column that a model may use.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Identifier, the column's name in our own files and the variable's `id` in a model.
    pub id: String,
    /// Name in French.
    pub label: String,
    /// Theme, to group contributions.
    pub block: String,
    /// Unit of the value, in French; empty for a plain ratio.
    pub unit: String,
    /// Economic sign; `None` where theory has none (a stock turning fast or slowly, size): the
    /// training then finds the side from what the other variables leave unexplained.
    pub direction: Option<Direction>,
    /// Formulas by regime (`C`, `S`, `K`) when the variable can be computed from accounts.
    pub formulas: BTreeMap<String, String>,
}

impl Candidate {
    /// The change of this variable over one period, as a variable of its own. Its formulas
    /// subtract the same formula of the year before; where that needs a third year, there is none.
    #[must_use]
    pub fn change(&self) -> Self {
        let formulas = self
            .formulas
            .iter()
            .filter_map(|(regime, text)| {
                let before = year_before(text)?;
                Some((regime.clone(), format!("({text})-({before})")))
            })
            .collect();
        Self {
            id: format!("d_{}", self.id),
            label: format!("variation sur un an\u{a0}: {}", self.label),
            formulas,
            ..self.clone()
        }
    }
}

impl Candidate {
    /// This variable a year before, as a variable of its own with the same sign: a weakness that
    /// lasts weighs more than one of this year.
    #[must_use]
    pub fn before(&self) -> Self {
        let formulas = self
            .formulas
            .iter()
            .filter_map(|(regime, text)| Some((regime.clone(), year_before(text)?)))
            .collect();
        Self {
            id: format!("p_{}", self.id),
            label: format!("année précédente\u{a0}: {}", self.label),
            formulas,
            ..self.clone()
        }
    }
}

/// The same formula a year before: `_1` after each code or aggregate. A number with a decimal
/// point is a constant, a word before a parenthesis a function. `None` when a term is already of
/// the year before: accounts hold two years only.
fn year_before(formula: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if word(first) {
            let end = rest.find(|c| !word(c)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            if token.ends_with("_1") {
                return None;
            }
            text.push_str(token);
            if !token.contains('.') && !after.trim_start().starts_with('(') {
                text.push_str("_1");
            }
            rest = after;
        } else {
            text.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Some(text)
}

/// A way to group rows: sector, size.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groups {
    names: Vec<String>,
    of: Vec<u16>,
    places: HashMap<String, u16>,
}

impl Groups {
    /// Adds the next row's group.
    pub fn push(&mut self, name: &str) {
        let place = if let Some(place) = self.places.get(name) {
            *place
        } else {
            let place = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
            self.names.push(name.to_owned());
            self.places.insert(name.to_owned(), place);
            place
        };
        self.of.push(place);
    }

    /// Names of the groups that exist, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Group of a row; empty when the panel has no such grouping.
    pub fn of(&self, row: usize) -> &str {
        self.of
            .get(row)
            .and_then(|place| self.names.get(usize::from(*place)))
            .map_or("", String::as_str)
    }

    fn select(&self, rows: &[usize]) -> Self {
        let mut kept = Self::default();
        if !self.of.is_empty() {
            for &row in rows {
                kept.push(self.of(row));
            }
        }
        kept
    }
}

/// Rows by columns. Every vector has one item a row; `columns` has one vector a candidate, `NaN`
/// where the value is unknown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Name of the set, for reports.
    pub name: String,
    /// The columns, described.
    pub candidates: Vec<Candidate>,
    /// The columns' values.
    pub columns: Vec<Vec<f64>>,
    /// Columns computed from other columns of the same row: place, places of the sources.
    pub derived: Vec<(usize, Vec<usize>)>,
    /// Dense number of the firm.
    pub firms: Vec<u32>,
    /// Period: a year, or a horizon for sets that are not panels.
    pub periods: Vec<i32>,
    /// Did the firm fail within the horizon?
    pub labels: Vec<bool>,
    /// Months from the row to the failure; `None` when the firm did not fail in the set.
    pub months_to_event: Vec<Option<u16>>,
    /// Sectors, when known.
    pub sectors: Groups,
    /// Sizes, when known.
    pub sizes: Groups,
}

impl Panel {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// No row at all.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of failures.
    pub fn failures(&self) -> usize {
        self.labels.iter().filter(|label| **label).count()
    }

    /// A column by its identifier.
    pub fn column(&self, id: &str) -> Option<&[f64]> {
        let place = self.candidates.iter().position(|one| one.id == id)?;
        self.columns.get(place).map(Vec::as_slice)
    }

    /// The panel of these rows, in this order. Firms keep their numbers.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect();
        Self {
            name: self.name.clone(),
            candidates: self.candidates.clone(),
            columns: self.columns.iter().map(|column| pick(column)).collect(),
            derived: self.derived.clone(),
            firms: rows.iter().map(|&row| self.firms[row]).collect(),
            periods: rows.iter().map(|&row| self.periods[row]).collect(),
            labels: rows.iter().map(|&row| self.labels[row]).collect(),
            months_to_event: rows.iter().map(|&row| self.months_to_event[row]).collect(),
            sectors: self.sectors.select(rows),
            sizes: self.sizes.select(rows),
        }
    }

    /// The rows whose period passes the test.
    pub fn rows_where(&self, keep: impl Fn(i32) -> bool) -> Vec<usize> {
        (0..self.len())
            .filter(|&row| keep(self.periods[row]))
            .collect()
    }

    /// Hides each value with this probability: what remains of a model when accounts are partial.
    /// A derived value is hidden where one of its sources is, and never by itself: nothing hidden
    /// comes back through a difference.
    #[must_use]
    pub fn masked(mut self, probability: f64, seed: u64) -> Self {
        let mut generator = Generator::new(seed);
        let mut hidden = vec![vec![false; self.len()]; self.columns.len()];
        for (place, column) in hidden.iter_mut().enumerate() {
            if !self.derived.iter().any(|(derived, _)| *derived == place) {
                column.fill_with(|| generator.unit() < probability);
            }
        }
        for (place, sources) in &self.derived {
            let from_sources = (0..self.labels.len())
                .map(|row| sources.iter().any(|source| hidden[*source][row]))
                .collect();
            hidden[*place] = from_sources;
        }
        for (column, hidden) in self.columns.iter_mut().zip(&hidden) {
            for (value, hidden) in column.iter_mut().zip(hidden) {
                if *hidden {
                    *value = f64::NAN;
                }
            }
        }
        self
    }

    /// Share of the values that are known.
    pub fn known_share(&self) -> f64 {
        let known: usize = self
            .columns
            .iter()
            .map(|column| column.iter().filter(|value| !value.is_nan()).count())
            .sum();
        share(real(known), real(self.len() * self.columns.len()))
    }

    /// For each row, the row of the same firm one period before.
    pub fn previous_rows(&self) -> Vec<Option<usize>> {
        let at: HashMap<(u32, i32), usize> = (0..self.len())
            .map(|row| ((self.firms[row], self.periods[row]), row))
            .collect();
        (0..self.len())
            .map(|row| at.get(&(self.firms[row], self.periods[row] - 1)).copied())
            .collect()
    }

    /// Adds a column for the change of each of these variables over one period, unknown where the
    /// firm was not there the period before: an ordinary variable with the same economic sign.
    #[must_use]
    pub fn with_changes(mut self, ids: &[String]) -> Self {
        let previous = self.previous_rows();
        for id in ids {
            let Some(place) = self.candidates.iter().position(|one| one.id == *id) else {
                continue;
            };
            let column = &self.columns[place];
            let change = column
                .iter()
                .zip(&previous)
                .map(|(value, before)| before.map_or(f64::NAN, |row| value - column[row]))
                .collect();
            self.derived.push((self.columns.len(), vec![place]));
            self.candidates.push(self.candidates[place].change());
            self.columns.push(change);
        }
        self
    }

    /// For each firm, its rows in the order of the periods.
    pub fn histories(&self) -> Vec<Vec<usize>> {
        let mut by_firm: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (row, firm) in self.firms.iter().enumerate() {
            by_firm.entry(*firm).or_default().push(row);
        }
        let mut histories: Vec<Vec<usize>> = by_firm.into_values().collect();
        for rows in &mut histories {
            rows.sort_by_key(|&row| self.periods[row]);
        }
        histories
    }
}

#[cfg(test)]
#[path = "panel_tests.rs"]
mod tests;
