//! A workbook of several small sheets, each saying above its table what it tells.

use std::io::{self, Write};

use rust_xlsxwriter::{Workbook, XlsxError};

use super::xlsx_writer::{Formats, short, write};
use super::{Cell, Column};

/// A sheet, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet<'a> {
    /// Name of its tab, 31 letters at most.
    pub name: &'a str,
    /// What is said above the table, one cell a line, the first in bold.
    pub lines: Vec<String>,
    /// Titles and widths.
    pub columns: Vec<Column>,
    /// Rows, as many cells as there are columns.
    pub rows: Vec<Vec<Cell<'a>>>,
}

/// Writes the sheets as a workbook.
pub fn workbook(mut out: impl Write + Send, sheets: &[Sheet<'_>]) -> io::Result<()> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    for sheet in sheets {
        add(&mut book, sheet, &formats).map_err(io::Error::other)?;
    }
    book.save_to_writer(&mut out).map_err(io::Error::other)?;
    out.flush()
}

fn add(book: &mut Workbook, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let page = book.add_worksheet();
    page.set_name(sheet.name)?;
    for (column, Column { width, .. }) in (0_u16..).zip(&sheet.columns) {
        page.set_column_width(column, *width)?;
    }
    let mut row = 0;
    for line in &sheet.lines {
        if row == 0 {
            page.write_string_with_format(row, 0, short(line), &formats.bold)?;
        } else {
            page.write_string(row, 0, short(line))?;
        }
        row += 1;
    }
    row += 1;
    for (column, Column { title, .. }) in (0_u16..).zip(&sheet.columns) {
        page.write_string_with_format(row, column, short(title), &formats.bold)?;
    }
    page.set_freeze_panes(row + 1, 0)?;
    for cells in &sheet.rows {
        row += 1;
        for (column, cell) in (0_u16..).zip(cells) {
            write(page, row, column, cell, formats)?;
        }
    }
    Ok(())
}
