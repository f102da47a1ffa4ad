//! Values that both stock files write in the same way.

use chrono::NaiveDate;

use crate::formats::rejection::{Cause, Rejection};
use crate::formats::rows::{Activity, Diffusion, HeadcountBand, is_band};
use crate::formats::table::Row;
use crate::formats::values::{self, NOT_DISCLOSED, NumberFault};

/// Reads the values of one row and gathers the warnings.
pub(super) struct Fields<'a> {
    pub row: Row<'a>,
    pub as_of: NaiveDate,
    pub is_workbook: bool,
    pub warnings: Vec<Rejection>,
}

impl<'a> Fields<'a> {
    /// Text of a column; `[ND]` is no text.
    pub fn text(&self, column: Option<usize>) -> Option<&'a str> {
        self.row
            .text(column)
            .filter(|t| t.as_bytes() != NOT_DISCLOSED)
    }

    pub fn owned(&self, column: Option<usize>) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    /// The values that are there, joined.
    pub fn joined(&self, columns: &[Option<usize>], separator: &str) -> Option<String> {
        let mut joined = String::new();
        for text in columns.iter().filter_map(|c| self.text(*c)) {
            if !joined.is_empty() {
                joined.push_str(separator);
            }
            joined.push_str(text);
        }
        (!joined.is_empty()).then_some(joined)
    }

    pub fn warn(&mut self, column: Option<usize>, value: &str, cause: Cause, expected: &str) {
        self.warnings
            .push(self.row.reject(column, value, cause, expected));
    }

    /// A date that cannot be is unknown, with a warning: the row is worth more than its date.
    pub fn date(&mut self, column: Option<usize>) -> Option<NaiveDate> {
        let text = self.text(column)?;
        match values::past_date(text, self.as_of, self.is_workbook) {
            Ok(date) => Some(date),
            Err(cause) => {
                let expected = "une date passée, par exemple 2024-03-31";
                self.warn(column, text, cause, expected);
                None
            }
        }
    }

    /// `O`/`N` or `true`/`false`.
    pub fn flag(&self, column: Option<usize>) -> Option<bool> {
        match self.row.bytes(column) {
            b"O" | b"true" | b"1" => Some(true),
            b"N" | b"false" | b"0" => Some(false),
            _ => None,
        }
    }

    pub fn diffusion(&mut self, column: Option<usize>) -> Option<Diffusion> {
        match self.row.bytes(column) {
            b"O" => Some(Diffusion::Open),
            // `N` is what files before March 2023 wrote.
            b"P" | b"N" => Some(Diffusion::Partial),
            b"" => None,
            _ => {
                let value = self.row.text(column).unwrap_or_default();
                self.warn(column, value, Cause::UnknownCode, "O ou P");
                // What is not known to be public is not shown.
                Some(Diffusion::Partial)
            }
        }
    }

    /// Activity with its nomenclature: old codes are kept as they are.
    pub fn activity(&self, code: Option<usize>, nomenclature: Option<usize>) -> Option<Activity> {
        let code = values::naf(self.text(code)?);
        Some(Activity {
            code,
            nomenclature: self.owned(nomenclature),
        })
    }

    pub fn band(&mut self, code: Option<usize>, year: Option<usize>) -> Option<HeadcountBand> {
        let text = self.text(code)?;
        if !is_band(text) {
            self.warn(
                code,
                text,
                Cause::UnknownCode,
                "un code de tranche, par exemple 12 ou NN",
            );
            return None;
        }
        let year = self.text(year).and_then(|y| y.parse().ok());
        Some(HeadcountBand {
            code: text.to_owned(),
            year,
        })
    }
}

/// A SIREN or SIRET that cannot be read rejects its row.
pub(in crate::formats) fn number<T>(
    row: &Row<'_>,
    column: Option<usize>,
    parse: impl Fn(&str) -> Result<T, NumberFault>,
) -> Result<T, Rejection> {
    let text = row.text(column).unwrap_or_default();
    parse(text).map_err(|fault| match fault {
        NumberFault::Invalid(error) => {
            Rejection::identifier(row.line, row.name(column), text, error)
        }
        NumberFault::Rounded => {
            let expected = "tous les chiffres du numéro\u{a0}: mettez la colonne au format \
                            Texte avant d’enregistrer";
            row.reject(column, text, Cause::RoundedNumber, expected)
        }
    })
}
