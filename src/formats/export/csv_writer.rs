//! CSV as French spreadsheets open it: UTF-8 with its mark, `;`, decimal comma, RFC 4180 quotes.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Cell, Column, Preamble, TableWriter, UNKNOWN, french_date};

/// A CSV being written.
pub struct CsvExport<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvExport<W> {
    /// Writes the mark, the preamble if any followed by a blank line, and the titles.
    pub fn new(mut out: W, preamble: Option<&Preamble>, columns: &[Column]) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        if let Some(preamble) = preamble {
            for line in preamble.lines() {
                writer.write_record([neutral(&line).as_bytes()])?;
            }
            writer.write_record([""])?;
        }
        writer.write_record(columns.iter().map(|c| neutral(&c.title).into_owned()))?;
        Ok(Self { writer })
    }
}

impl<W: Write> TableWriter for CsvExport<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            match cell {
                Cell::Unknown => self.writer.write_field(UNKNOWN)?,
                Cell::Text(text) => self.writer.write_field(neutral(text).as_bytes())?,
                Cell::Integer(n) => self.writer.write_field(n.to_string())?,
                Cell::Decimal(x) => self.writer.write_field(x.to_string().replace('.', ","))?,
                Cell::Date(date) => self.writer.write_field(french_date(*date))?,
            }
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The text with an apostrophe before anything that a spreadsheet would run.
pub fn neutral(text: &str) -> Cow<'_, str> {
    let runs = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    if text.starts_with(runs) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
