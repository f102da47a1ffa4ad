//! Tables written for other people's spreadsheets, row by row, to any `Write`.
//!
//! Text that came from users never becomes a formula (OWASP « CSV injection »): in CSV it gets an
//! apostrophe, in XLSX it is written as text. Numbers and dates keep their type.

pub mod book;
pub mod csv_writer;
pub mod slides;
pub mod xlsx_writer;

use std::borrow::Cow;
use std::io;

use chrono::NaiveDate;

pub use csv_writer::CsvExport;
pub use xlsx_writer::XlsxExport;

/// What is written where a value is missing.
pub const UNKNOWN: &str = "Non communiqué";

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Missing.
    Unknown,
    /// Text, identifiers included: their leading zeros stay.
    Text(Cow<'a, str>),
    /// Whole number.
    Integer(i64),
    /// Decimal number.
    Decimal(f64),
    /// Date.
    Date(NaiveDate),
}

impl<'a> Cell<'a> {
    /// Text, or missing when there is none.
    pub fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Unknown, |t| Self::Text(Cow::Borrowed(t)))
    }

    /// Date, or missing.
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Unknown, Self::Date)
    }

    /// Whole number, or missing.
    pub fn integer(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Unknown, |n| Self::Integer(n.into()))
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Title.
    pub title: String,
    /// Width in a spreadsheet, in characters.
    pub width: u16,
}

impl Column {
    /// A title and a width in characters.
    pub fn new(title: &str, width: u16) -> Self {
        Self {
            title: title.to_owned(),
            width,
        }
    }
}

/// What is said above the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preamble {
    /// What the table is.
    pub title: String,
    /// The filters in force, one sentence each; empty when there are none.
    pub filters: Vec<String>,
    /// Producers and dates of the data, as their licence demands.
    pub source: String,
    /// Day of the export.
    pub exported_on: NaiveDate,
    /// Name of the person who exports.
    pub exported_by: String,
}

impl Preamble {
    /// Lines, each a single cell.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.title.clone()];
        if self.filters.is_empty() {
            lines.push("Filtres\u{a0}: aucun".to_owned());
        } else {
            lines.push(format!(
                "Filtres\u{a0}: {}",
                self.filters.join("\u{202f}; ")
            ));
        }
        lines.push(format!("Source\u{a0}: {}", self.source));
        let date = french_date(self.exported_on);
        lines.push(format!("Exporté le {date} par {}", self.exported_by));
        lines
    }
}

/// A table being written. Dropped without [`TableWriter::finish`], the file is incomplete.
pub trait TableWriter {
    /// Writes one row, as many cells as there are columns.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;

    /// Writes what remains.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The files that a list is exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For any program.
    Csv,
    /// For spreadsheets.
    Xlsx,
}

impl Kind {
    /// The end of the file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// What the browser is told.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// What writes the table.
    pub fn writer<'w, W: io::Write + Send + 'w>(
        self,
        out: W,
        head: &Preamble,
        columns: &[Column],
    ) -> io::Result<Box<dyn TableWriter + 'w>> {
        Ok(match self {
            Self::Csv => Box::new(CsvExport::new(out, Some(head), columns)?),
            Self::Xlsx => Box::new(XlsxExport::new(out, Some(head), columns)?),
        })
    }
}

/// `31/03/2024`: the form that French spreadsheets take for a date.
fn french_date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

#[cfg(test)]
mod tests;
