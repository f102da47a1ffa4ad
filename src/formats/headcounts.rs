//! Headcounts per establishment and month or year: ours, DSN extracts, and Urssaf's wide files; the last also
//! by company.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::file_error::FileError;
use super::header::Header;
use super::periods::{Period, period, urssaf_period};
use super::rejection::{Cause, Rejection};
use super::rows::HeadcountRow;
use super::sirene::number;
use super::table::{Row, Step, Table};
use super::{Outcome, companies, values};
use crate::domain::{Siren, Siret};

/// Names of the column of the establishment.
pub const SIRET: &[&str] = &["siret", "etab_siret", "siret_etablissement", "numero siret"];
/// Names of the column of the period.
pub const PERIOD: &[&str] = &[
    "mois",
    "periode",
    "date",
    "annee",
    "annee_mois",
    "date_effectif",
];
/// Names of the column of the count.
pub const COUNT: &[&str] = &[
    "eff_total",
    "effectif",
    "effectifs",
    "nb_salaries",
    "effectif_total",
    "salaries",
];

enum Layout {
    /// One line per period.
    Long {
        period: Option<usize>,
        count: Option<usize>,
    },
    /// One column per period.
    Wide(Vec<(usize, Period)>),
}

/// The only open establishment of each company known; none when it has several.
pub type Sites = HashMap<Siren, Option<Siret>>;

/// Who is counted.
enum Owner {
    /// An establishment.
    Siret(Option<usize>),
    /// A company; the count goes to its only establishment.
    Siren(Option<usize>, Sites),
}

impl Owner {
    fn siret(&self, row: &Row<'_>) -> Result<Siret, Rejection> {
        let (column, sites) = match self {
            Self::Siret(column) => return number(row, *column, values::siret),
            Self::Siren(column, sites) => (*column, sites),
        };
        let siren = number(row, column, values::siren)?;
        let why = match sites.get(&siren) {
            Some(Some(siret)) => return Ok(*siret),
            Some(None) => "celle-ci en a plusieurs\u{a0}: déposez ses effectifs par SIRET",
            None => "celle-ci n’en a aucun de connu ici\u{a0}: importez-la d’abord",
        };
        let expected = format!("une entreprise qui a un seul établissement ouvert\u{202f}; {why}");
        Err(row.reject(column, siren.as_str(), Cause::NotOneSite, &expected))
    }
}

/// Iterates over headcounts. A line of a wide file yields one outcome for each period it fills.
pub struct HeadcountReader {
    table: Table,
    owner: Owner,
    layout: Layout,
    as_of: NaiveDate,
    waiting: std::vec::IntoIter<Outcome<HeadcountRow>>,
}

/// Columns of the form `eff202411` (Urssaf: year, quarter, month of the quarter).
pub fn wide_columns(header: &Header) -> usize {
    header
        .names()
        .iter()
        .filter(|name| urssaf_period(name).is_some())
        .count()
}

impl HeadcountReader {
    /// Periods after `as_of` are implausible.
    pub fn new(mut table: Table, as_of: NaiveDate) -> Result<Self, FileError> {
        let owner = Owner::Siret(table.header_mut().find(SIRET)?);
        Self::of(table, owner, as_of)
    }

    /// For a file that counts whole companies: those of `sites` with one establishment are read.
    pub fn by_company(mut table: Table, as_of: NaiveDate, sites: Sites) -> Result<Self, FileError> {
        let owner = Owner::Siren(table.header_mut().find(companies::SIREN)?, sites);
        Self::of(table, owner, as_of)
    }

    fn of(mut table: Table, owner: Owner, as_of: NaiveDate) -> Result<Self, FileError> {
        let header = table.header_mut();
        let wide: Vec<(usize, Period)> = header
            .names()
            .iter()
            .enumerate()
            .filter_map(|(i, name)| Some((i, urssaf_period(name)?)))
            .collect();
        let layout = if wide.is_empty() {
            Layout::Long {
                period: header.find(PERIOD)?,
                count: header.find(COUNT)?,
            }
        } else {
            for (column, _) in &wide {
                header.mark_used(*column);
            }
            Layout::Wide(wide)
        };
        table.limit_texts();
        Ok(Self {
            table,
            owner,
            layout,
            as_of,
            waiting: Vec::new().into_iter(),
        })
    }

    /// Columns and description of the file.
    pub fn table(&self) -> &Table {
        &self.table
    }

    fn next_outcome(&mut self) -> Result<Option<Outcome<HeadcountRow>>, FileError> {
        loop {
            if let Some(outcome) = self.waiting.next() {
                return Ok(Some(outcome));
            }
            let is_workbook = self.table.is_workbook();
            let row = match self.table.next_row()? {
                None => return Ok(None),
                Some(Step::Rejected(rejection)) => return Ok(Some(Outcome::Rejected(rejection))),
                Some(Step::Row(row)) => row,
            };
            let siret = match self.owner.siret(&row) {
                Ok(siret) => siret,
                Err(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
            };
            let outcomes = match &self.layout {
                Layout::Long { period, count } => {
                    let found = period_of(&row, *period, self.as_of, is_workbook);
                    let found = found.and_then(|period| build(&row, siret, period, *count));
                    vec![outcome(row.line, found)]
                }
                Layout::Wide(columns) => wide(&row, siret, columns, self.as_of),
            };
            self.waiting = outcomes.into_iter();
        }
    }
}

impl Iterator for HeadcountReader {
    type Item = Result<Outcome<HeadcountRow>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_outcome().transpose()
    }
}

fn outcome(line: u64, found: Result<HeadcountRow, Rejection>) -> Outcome<HeadcountRow> {
    match found {
        Ok(value) => Outcome::Row {
            line,
            value,
            warnings: Vec::new(),
        },
        Err(rejection) => Outcome::Rejected(rejection),
    }
}

/// Empty cells are unknown, not zero: they yield nothing.
fn wide(
    row: &Row<'_>,
    siret: Siret,
    columns: &[(usize, Period)],
    as_of: NaiveDate,
) -> Vec<Outcome<HeadcountRow>> {
    let filled = columns
        .iter()
        .filter(|(c, (day, _))| row.text(Some(*c)).is_some() && *day <= as_of);
    filled
        .map(|(c, period)| outcome(row.line, build(row, siret, *period, Some(*c))))
        .collect()
}

fn build(
    row: &Row<'_>,
    siret: Siret,
    (period, granularity): Period,
    column: Option<usize>,
) -> Result<HeadcountRow, Rejection> {
    let expected = "un nombre entier, par exemple 54";
    let Some(text) = row.text(column) else {
        return Err(row.reject(column, "", Cause::Missing, expected));
    };
    let headcount = values::count(text).map_err(|c| row.reject(column, text, c, expected))?;
    Ok(HeadcountRow {
        siret,
        period,
        granularity,
        headcount,
    })
}

fn period_of(
    row: &Row<'_>,
    column: Option<usize>,
    as_of: NaiveDate,
    is_workbook: bool,
) -> Result<Period, Rejection> {
    let text = row.text(column).unwrap_or_default();
    let expected = "un mois ou une année, par exemple 2024-10, 10/2024 ou 2024";
    let cause = if text.is_empty() {
        Cause::Missing
    } else {
        Cause::DateFormat
    };
    let period =
        period(text, is_workbook).ok_or_else(|| row.reject(column, text, cause, expected))?;
    if period.0.year() < 1950 || period.0 > as_of {
        return Err(row.reject(column, text, Cause::DateImplausible, expected));
    }
    Ok(period)
}

#[cfg(test)]
#[path = "headcounts_tests.rs"]
mod tests;
