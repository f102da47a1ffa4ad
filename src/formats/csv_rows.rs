//! Records of a CSV with the line where each begins, and the signs that the file was cut.

use std::sync::Arc;

use csv::{ByteRecord, Position, Terminator};

use super::file_error::FileError;
use super::guard::{Progress, count};
use super::input::{Bytes, Limits, TextFile};

/// Size of the buffer of the CSV parser, in bytes.
const BUFFER: usize = 256 << 10;

/// A CSV past its header.
pub struct CsvRows {
    reader: csv::Reader<Bytes>,
    progress: Arc<Progress>,
    bare_returns: bool,
}

impl CsvRows {
    /// Reads the names of the columns; blank lines and the `sep=;` of Excel may precede them.
    pub fn open(text: TextFile, limits: Limits) -> Result<(Vec<String>, Self), FileError> {
        let TextFile {
            reader,
            progress,
            separator,
            bare_returns,
            ..
        } = text;
        // A carriage return before the end of a line is trimmed with the last value: left to the
        // parser, it would make it lose count of the lines.
        let terminator = if bare_returns {
            Terminator::CRLF
        } else {
            Terminator::Any(b'\n')
        };
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .terminator(terminator)
            .buffer_capacity(BUFFER)
            .from_reader(reader);
        let mut rows = Self {
            reader,
            progress,
            bare_returns,
        };
        let mut record = ByteRecord::new();
        loop {
            rows.next_row(&mut record)?.ok_or(FileError::Empty)?;
            if record.len() > limits.max_columns {
                let (found, limit) = (record.len(), limits.max_columns);
                return Err(FileError::TooManyColumns { found, limit });
            }
            let blank = record.iter().all(|v| v.trim_ascii().is_empty());
            if !blank && !record[0].to_ascii_lowercase().starts_with(b"sep=") {
                break;
            }
        }
        let name = |n: &[u8]| String::from_utf8_lossy(n).trim().to_owned();
        let mut names: Vec<String> = record.iter().map(name).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        Ok((names, rows))
    }

    /// The next record and its line.
    pub fn next_row(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, FileError> {
        self.progress
            .set_record_start(self.reader.position().byte());
        let more = self
            .reader
            .read_byte_record(record)
            .map_err(FileError::from_csv)?;
        Ok(more.then(|| self.line(record)))
    }

    /// Line where a record begins. The parser counts from where it stopped, so that the blank
    /// lines before the record come first.
    fn line(&self, record: &ByteRecord) -> u64 {
        let start = record.position().map_or(1, Position::line);
        let after = self.reader.position();
        if self.bare_returns {
            return after.record();
        }
        if after.line() == start + 1 {
            return start;
        }
        let inside = count(record.as_slice(), b'\n');
        let unfinished = self.is_over() && !self.progress.ends_with_newline();
        (after.line() - inside - u64::from(!unfinished)).max(start)
    }

    fn is_over(&self) -> bool {
        self.progress.is_over(self.reader.position().byte())
    }

    /// The fault of the file when this record is its last, and is cut or swallowed by a
    /// quotation mark that is never closed.
    pub fn refuse_cut(
        &self,
        record: &ByteRecord,
        width: usize,
        line: u64,
    ) -> Result<(), FileError> {
        if !self.is_over() {
            return Ok(());
        }
        let last = record.iter().next_back().unwrap_or_default();
        let spans_lines = last.trim_ascii_end().contains(&b'\n');
        if spans_lines && (self.progress.has_odd_quotes() || record.len() != width) {
            return Err(FileError::UnclosedQuote { line });
        }
        if record.len() < width && !self.progress.ends_with_newline() {
            return Err(FileError::TruncatedLine { line });
        }
        Ok(())
    }
}
