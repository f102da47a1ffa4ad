//! A table, from a CSV or from a workbook: the same rows with the same interface.

use std::borrow::Cow;

use csv::ByteRecord;

use super::csv_rows::CsvRows;
use super::export::csv_writer::neutral;
use super::file_error::FileError;
use super::header::{Header, fold};
use super::input::{Content, Opened};
use super::originals::TO_MEND;
use super::rejection::{Cause, Rejection, is_too_long};
use super::workbook::Sheet;

/// Rows of a file with their line number.
pub struct Table {
    header: Header,
    rows: Rows,
    record: ByteRecord,
    line: u64,
    description: String,
    limits_texts: bool,
    to_mend: Option<usize>,
}

enum Rows {
    Csv(Box<CsvRows>),
    Sheet(Sheet),
}

/// One step in a table.
#[derive(Debug)]
pub enum Step<'a> {
    /// A row with as many values as there are columns.
    Row(Row<'a>),
    /// A row of another width, or with a text too long, set aside.
    Rejected(Rejection),
}

/// One row. Values are bytes until someone wants them as text: most rows are filtered out.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Line in the file, the header being line 1.
    pub line: u64,
    record: &'a ByteRecord,
    header: &'a Header,
}

impl<'a> Row<'a> {
    /// Bytes of a column, trimmed; empty when the file has no such column.
    pub fn bytes(&self, column: Option<usize>) -> &'a [u8] {
        column
            .and_then(|c| self.record.get(c))
            .unwrap_or_default()
            .trim_ascii()
    }

    /// Text of a column, trimmed; `None` when blank. Invalid UTF-8 reads as blank:
    /// [`Self::unreadable`] rejects such rows before.
    pub fn text(&self, column: Option<usize>) -> Option<&'a str> {
        let text = std::str::from_utf8(self.bytes(column))
            .unwrap_or_default()
            .trim();
        (!text.is_empty()).then_some(text)
    }

    /// A rejection when some value holds a byte that the encoding does not know.
    pub fn unreadable(&self) -> Option<Rejection> {
        let bad = self
            .record
            .iter()
            .position(|v| std::str::from_utf8(v).is_err())?;
        let value = String::from_utf8_lossy(&self.record[bad]);
        let expected = "un texte dans un seul encodage, par exemple UTF-8";
        Some(self.reject(Some(bad), &value, Cause::Unreadable, expected))
    }

    /// A rejection of this row, because of a value of this column.
    pub fn reject(
        &self,
        column: Option<usize>,
        value: &str,
        cause: Cause,
        expected: &str,
    ) -> Rejection {
        Rejection::new(self.line, self.header.name(column), value, cause, expected)
    }

    /// Name of a column as written.
    pub fn name(&self, column: Option<usize>) -> &'a str {
        self.header.name(column)
    }
}

/// The cell without the apostrophe that our exports put before a formula; none when it has none.
fn disarmed(cell: &[u8]) -> Option<&[u8]> {
    let bare = cell.strip_prefix(b"'")?;
    let text = std::str::from_utf8(bare).ok()?;
    matches!(neutral(text), Cow::Owned(_)).then_some(bare)
}

impl Table {
    /// Reads the header. Refuses JSON: it has no table.
    pub fn open(opened: Opened) -> Result<Self, FileError> {
        let description = opened.describe();
        let (header, rows, line) = match opened.content {
            Content::Text(text) => {
                let (header, rows) = CsvRows::open(text, opened.limits)?;
                (header, Rows::Csv(Box::new(rows)), 1)
            }
            Content::Workbook(source) => {
                let (header, sheet) = Sheet::open(source, opened.limits)?;
                (header, Rows::Sheet(sheet), 0)
            }
            Content::Json(_) => {
                let advice = "Déposez un tableau au format CSV ou Excel (.xlsx).";
                return Err(FileError::Unsupported {
                    nature: "un fichier JSON",
                    advice,
                });
            }
        };
        let header = Header::new(&header);
        if header.len() > opened.limits.max_columns {
            let limit = opened.limits.max_columns;
            return Err(FileError::TooManyColumns {
                found: header.len(),
                limit,
            });
        }
        let mend = fold(TO_MEND);
        let to_mend = header.names().iter().position(|name| fold(name) == mend);
        Ok(Self {
            to_mend,
            header,
            rows,
            record: ByteRecord::new(),
            line,
            description,
            limits_texts: false,
        })
    }

    /// The columns.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The columns, to look them up.
    pub fn header_mut(&mut self) -> &mut Header {
        &mut self.header
    }

    /// From now on a row with a text too long in a recognised column is set aside.
    pub fn limit_texts(&mut self) {
        self.limits_texts = true;
    }

    /// The column that says what to mend, in lines that we gave back; nothing is read from it.
    pub fn to_mend(&self) -> Option<usize> {
        self.to_mend
    }

    /// Titles of the columns as written, without the one that we added.
    pub fn own_titles(&self) -> Vec<String> {
        let titles = self.header.names().iter().enumerate();
        titles
            .filter(|(place, _)| Some(*place) != self.to_mend)
            .map(|(_, title)| title.clone())
            .collect()
    }

    /// What was found about the file, in French.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// True when numbers in date columns are days since 1900, as spreadsheets count.
    pub fn is_workbook(&self) -> bool {
        matches!(self.rows, Rows::Sheet(_))
    }

    /// Line of the row last given, the header being line 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Cells of the row last given, as they stand, even when there are too many of them.
    pub fn cells(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.record.iter().map(String::from_utf8_lossy)
    }

    /// The next row; blank rows are passed over.
    pub fn next_row(&mut self) -> Result<Option<Step<'_>>, FileError> {
        loop {
            if !self.advance()? {
                return Ok(None);
            }
            if let Rows::Csv(rows) = &self.rows {
                rows.refuse_cut(&self.record, self.header.len(), self.line)?;
            }
            let blank = |v: &[u8]| v.trim_ascii().is_empty();
            if self.record.len() == self.header.len() {
                if self.record.len() == 1 && blank(&self.record[0]) {
                    continue;
                }
                break;
            }
            if self.record.iter().all(blank) {
                continue;
            }
            // A separator too many at the end of a line loses nothing.
            if self.record.iter().skip(self.header.len()).all(blank)
                && self.record.len() > self.header.len()
            {
                self.record.truncate(self.header.len());
                break;
            }
            return Ok(Some(Step::Rejected(self.wrong_width())));
        }
        if self.limits_texts
            && let Some(column) = self.too_long()
        {
            let value = String::from_utf8_lossy(&self.record[column]);
            let name = self.header.name(Some(column));
            let rejection = Rejection::too_long(self.line, name, &value);
            return Ok(Some(Step::Rejected(rejection)));
        }
        let Self {
            header,
            record,
            line,
            ..
        } = self;
        Ok(Some(Step::Row(Row {
            line: *line,
            record,
            header,
        })))
    }

    fn advance(&mut self) -> Result<bool, FileError> {
        let line = match &mut self.rows {
            Rows::Csv(rows) => rows.next_row(&mut self.record)?,
            Rows::Sheet(sheet) => sheet.next_row(&mut self.record, self.header.len()),
        };
        self.line = line.unwrap_or(self.line);
        if self.to_mend.is_some() && self.record.iter().any(|cell| disarmed(cell).is_some()) {
            let cells = self.record.iter();
            self.record = cells.map(|cell| disarmed(cell).unwrap_or(cell)).collect();
        }
        Ok(line.is_some())
    }

    fn too_long(&self) -> Option<usize> {
        let mut cells = self.record.iter().enumerate();
        cells
            .find(|(column, cell)| is_too_long(cell) && self.header.is_used(*column))
            .map(|(column, _)| column)
    }

    /// A row of the wrong width: the fault of the row, unless the file was cut there.
    fn wrong_width(&self) -> Rejection {
        let (found, wanted) = (self.record.len(), self.header.len());
        let value = format!("{found} valeurs");
        let expected = format!(
            "{wanted}\u{a0}valeurs, comme la ligne de titres\u{202f}; \
             un texte qui contient le séparateur s’écrit entre guillemets"
        );
        Rejection::new(self.line, "", &value, Cause::Width, &expected)
    }
}
