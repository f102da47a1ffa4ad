//! Excel workbook with real numbers and dates, in constant memory.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::{Cell, Column, Preamble, TableWriter, UNKNOWN};

/// What Excel allows in one cell, in UTF-16 units; more would make the file unreadable.
const MAX_TEXT: usize = 32_767;

/// A workbook being written. Rows go to a temporary file until [`TableWriter::finish`].
pub struct XlsxExport<W: Write + Send> {
    workbook: Workbook,
    out: W,
    next: u32,
    formats: Formats,
}

/// Faces of the cells of every workbook.
pub(super) struct Formats {
    pub(super) bold: Format,
    pub(super) wrapped: Format,
    pub(super) title: Format,
    pub(super) number_title: Format,
    date: Format,
    missing: Format,
}

impl Formats {
    /// The faces.
    pub(super) fn new() -> Self {
        // The blues of the screens.
        let title = Format::new()
            .set_bold()
            .set_font_color("#0f4c75")
            .set_background_color("#dce9f1");
        Self {
            bold: Format::new().set_bold(),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            number_title: title.clone().set_align(FormatAlign::Right),
            title,
            date: Format::new().set_num_format("dd/mm/yyyy"),
            missing: Format::new().set_italic(),
        }
    }
}

impl<W: Write + Send> XlsxExport<W> {
    /// Writes the preamble if any and the titles, which stay in sight.
    pub fn new(out: W, preamble: Option<&Preamble>, columns: &[Column]) -> io::Result<Self> {
        let formats = Formats::new();
        let mut workbook = Workbook::new();
        if let Some(date) = preamble.and_then(|p| excel_date(p.exported_on)) {
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
        }
        let next = start(&mut workbook, preamble, columns, &formats).map_err(io::Error::other)?;
        Ok(Self {
            workbook,
            out,
            next,
            formats,
        })
    }

    /// Adds a second sheet of plain text, the first row being its titles.
    pub fn add_sheet(
        &mut self,
        name: &str,
        widths: &[u16],
        rows: &[Vec<String>],
    ) -> io::Result<()> {
        let sheet = self.workbook.add_worksheet();
        let mut write = || -> Result<(), XlsxError> {
            sheet.set_name(name)?.set_freeze_panes(1, 0)?;
            for (column, width) in (0_u16..).zip(widths) {
                sheet.set_column_width(column, *width)?;
            }
            for (r, row) in (0_u32..).zip(rows) {
                for (c, text) in (0_u16..).zip(row) {
                    if r == 0 {
                        sheet.write_string_with_format(r, c, text, &self.formats.bold)?;
                    } else {
                        sheet.write_string(r, c, text)?;
                    }
                }
            }
            Ok(())
        };
        write().map_err(io::Error::other)
    }
}

impl<W: Write + Send> TableWriter for XlsxExport<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let (row, formats) = (self.next, &self.formats);
        self.next += 1;
        let sheet = self
            .workbook
            .worksheet_from_index(0)
            .map_err(io::Error::other)?;
        for (column, cell) in (0_u16..).zip(cells) {
            write(sheet, row, column, cell, formats).map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        let mut out = self.out;
        self.workbook
            .save_to_writer(&mut out)
            .map_err(io::Error::other)?;
        out.flush()
    }
}

/// Writes what precedes the rows and gives the number of the first row.
fn start(
    workbook: &mut Workbook,
    preamble: Option<&Preamble>,
    columns: &[Column],
    formats: &Formats,
) -> Result<u32, XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("Données")?;
    for (column, Column { width, .. }) in (0_u16..).zip(columns) {
        sheet.set_column_width(column, *width)?;
    }
    let mut row = 0;
    for line in preamble.map(Preamble::lines).unwrap_or_default() {
        sheet.write_string(row, 0, short(&line))?;
        row += 1;
    }
    if preamble.is_some() {
        row += 1;
    }
    sheet.set_freeze_panes(row + 1, 0)?;
    for (column, Column { title, .. }) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(row, column, short(title), &formats.bold)?;
    }
    Ok(row + 1)
}

pub(super) fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Unknown => sheet.write_string_with_format(row, column, UNKNOWN, &formats.missing)?,
        Cell::Text(text) => sheet.write_string(row, column, short(text))?,
        #[expect(clippy::cast_precision_loss, reason = "Excel has no other number")]
        Cell::Integer(n) => sheet.write_number(row, column, *n as f64)?,
        Cell::Decimal(x) => sheet.write_number(row, column, *x)?,
        Cell::Date(date) => match excel_date(*date) {
            Some(at) => sheet.write_datetime_with_format(row, column, &at, &formats.date)?,
            // Excel knows no day before 1900.
            None => sheet.write_string(row, column, super::french_date(*date))?,
        },
    };
    Ok(())
}

fn excel_date(date: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(date.year()).ok().filter(|y| *y >= 1900)?;
    let (month, day) = (
        u8::try_from(date.month()).ok()?,
        u8::try_from(date.day()).ok()?,
    );
    ExcelDateTime::from_ymd(year, month, day).ok()
}

/// The text, cut where Excel would refuse it.
pub(super) fn short(text: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MAX_TEXT
    };
    text.chars().take_while(fits).collect()
}
