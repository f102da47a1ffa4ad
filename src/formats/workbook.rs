//! The first sheet of an Excel workbook that holds something, as rows of text.
//!
//! Cells are read one by one into rows: the reader of the library that returns a whole sheet
//! reserves a full rectangle, which two far apart cells make larger than any memory.

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use chrono::Timelike;
use csv::ByteRecord;

use super::file_error::FileError;
use super::input::{Limits, Source};

/// Rows of a sheet in memory; the workbook was measured before.
pub struct Sheet {
    rows: std::vec::IntoIter<(u64, Vec<(usize, String)>)>,
}

impl Sheet {
    /// The header and the rows of the first sheet that is not empty.
    pub fn open(source: Box<dyn Source>, limits: Limits) -> Result<(Vec<String>, Self), FileError> {
        let mut book = Xlsx::new(source).map_err(fault)?;
        for name in book.sheet_names() {
            let mut rows = read(&mut book, &name, limits)?.into_iter();
            if let Some((_, first)) = rows.next() {
                let width = first.last().map_or(0, |(column, _)| column + 1);
                let mut header = vec![String::new(); width];
                for (column, text) in first {
                    header[column] = text;
                }
                return Ok((header, Self { rows }));
            }
        }
        Err(FileError::Empty)
    }

    /// Puts the next row in `record`, at least `width` values, and gives its line.
    pub fn next_row(&mut self, record: &mut ByteRecord, width: usize) -> Option<u64> {
        let (line, cells) = self.rows.next()?;
        record.clear();
        for (column, text) in cells {
            while record.len() < column {
                record.push_field(b"");
            }
            record.push_field(text.as_bytes());
        }
        while record.len() < width {
            record.push_field(b"");
        }
        Some(line)
    }
}

type Rows = Vec<(u64, Vec<(usize, String)>)>;

fn read(book: &mut Xlsx<Box<dyn Source>>, name: &str, limits: Limits) -> Result<Rows, FileError> {
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet of charts has no cells.
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(vec![]),
        Err(error) => return Err(fault(error)),
    };
    let mut rows: Rows = Vec::new();
    let (mut count, mut bytes) = (0, 0);
    while let Some(cell) = cells.next_cell().map_err(fault)? {
        let (row, column) = cell.get_position();
        let text = text(cell.get_value());
        if text.trim().is_empty() {
            continue;
        }
        count += 1;
        bytes += text.len() as u64;
        // Many cells may share one long text: the file is small, the rows are not.
        if count > limits.max_cells || bytes > limits.max_workbook {
            return Err(FileError::TooManyCells {
                limit: limits.max_cells,
            });
        }
        let (line, column) = (u64::from(row) + 1, column as usize);
        if column >= limits.max_columns {
            let (found, limit) = (column + 1, limits.max_columns);
            return Err(FileError::TooManyColumns { found, limit });
        }
        match rows.last_mut() {
            Some((last, cells)) if *last == line => cells.push((column, text)),
            _ => rows.push((line, vec![(column, text)])),
        }
    }
    for (_, cells) in &mut rows {
        cells.sort_by_key(|(column, _)| *column);
        cells.dedup_by_key(|(column, _)| *column);
    }
    Ok(rows)
}

/// A cell as a CSV would write it: whole numbers without point, dates as in ISO 8601.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(x) => number(*x),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.clone(),
        DataRef::SharedString(s) => (*s).to_owned(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(date) => match date.as_datetime() {
            Some(at) if at.num_seconds_from_midnight() == 0 => at.date().to_string(),
            Some(at) => at.format("%Y-%m-%dT%H:%M:%S").to_string(),
            None => number(date.as_f64()),
        },
    }
}

/// `{}` writes neither exponent nor rounding: `812345678` stays nine digits.
fn number(x: f64) -> String {
    format!("{x}")
}

fn fault(error: XlsxError) -> FileError {
    match error {
        XlsxError::Io(error) => FileError::from_io(error),
        XlsxError::Password => FileError::Encrypted,
        _ => FileError::Corrupt,
    }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
