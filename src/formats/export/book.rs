//! A workbook of several small sheets, each saying above its table what it tells.

use std::io::{self, Write};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

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

/// A4, as spreadsheets number papers.
const A4: u8 = 9;
/// Height of a line of text, in points.
const LINE: u32 = 15;

/// Writes a line above the table, over all its columns and as many lines as it takes.
fn say(
    page: &mut Worksheet,
    row: u32,
    sheet: &Sheet<'_>,
    (line, formats): (&str, &Formats),
) -> Result<(), XlsxError> {
    let face = if row == 0 {
        &formats.bold
    } else {
        &formats.wrapped
    };
    let last = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(0);
    if last == 0 {
        page.write_string_with_format(row, 0, short(line), face)?;
        return Ok(());
    }
    let width: usize = sheet
        .columns
        .iter()
        .map(|column| usize::from(column.width))
        .sum();
    let lines = line.chars().count().div_ceil(width.max(1)).max(1);
    page.set_row_height(row, u32::try_from(lines).unwrap_or(1) * LINE)?;
    page.merge_range(row, 0, row, last, &short(line), face)?;
    Ok(())
}

fn add(book: &mut Workbook, sheet: &Sheet<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let page = book.add_worksheet();
    page.set_name(sheet.name)?;
    for (column, Column { width, .. }) in (0_u16..).zip(&sheet.columns) {
        page.set_column_width(column, *width)?;
    }
    let mut row = 0;
    for line in &sheet.lines {
        say(page, row, sheet, (line, formats))?;
        row += 1;
    }
    row += 1;
    for (column, Column { title, .. }) in (0_u16..).zip(&sheet.columns) {
        let face = if column == 0 {
            &formats.title
        } else {
            &formats.number_title
        };
        page.write_string_with_format(row, column, short(title), face)?;
    }
    page.set_landscape();
    page.set_paper_size(A4);
    page.set_print_fit_to_pages(1, 0);
    page.set_freeze_panes(row + 1, 0)?;
    for cells in &sheet.rows {
        row += 1;
        for (column, cell) in (0_u16..).zip(cells) {
            write(page, row, column, cell, formats)?;
        }
    }
    Ok(())
}
