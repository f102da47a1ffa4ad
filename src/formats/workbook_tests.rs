use std::fmt::Write as _;
use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::formats::file_error::FileError;
use crate::formats::input::{Limits, open};
use crate::formats::table::{Step, Table};

fn table(bytes: Vec<u8>, limits: Limits) -> Result<Table, FileError> {
    Table::open(open(Cursor::new(bytes), limits)?)
}

/// The same workbook with one part replaced: what a hostile program would write.
fn with_part(workbook: &mut Workbook, part: &str, content: &[u8]) -> Vec<u8> {
    let bytes = workbook.save_to_buffer().unwrap();
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut file = from.by_index(i).unwrap();
        let name = String::from_utf8(file.name_raw().to_vec()).unwrap();
        to.start_file(&name, SimpleFileOptions::default()).unwrap();
        if name == part {
            to.write_all(content).unwrap();
        } else {
            std::io::copy(&mut file, &mut to).unwrap();
        }
    }
    to.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/\
         spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>"
    )
    .into_bytes()
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn the_first_sheet_that_holds_something_is_read_with_its_types() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let data = book.add_worksheet();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (column, title) in (0_u16..).zip(["SIRET", "Date", "Effectif"]) {
        data.write_string(2, column, title).unwrap();
    }
    data.write_number(3, 0, 8_101_800_012_f64).unwrap();
    let day = ExcelDateTime::from_ymd(2024, 3, 31).unwrap();
    data.write_datetime_with_format(3, 1, &day, &date).unwrap();
    data.write_number(5, 0, 81_018_000_000_012_f64).unwrap();
    data.write_number(5, 2, 12).unwrap();
    let mut table = table(book.save_to_buffer().unwrap(), Limits::default()).unwrap();
    assert!(table.is_workbook());
    assert_eq!(table.header().names(), ["SIRET", "Date", "Effectif"]);
    let mut rows = Vec::new();
    while let Some(Step::Row(row)) = table.next_row().unwrap() {
        rows.push((
            row.line,
            [0, 1, 2].map(|c| row.text(Some(c)).map(str::to_owned)),
        ));
    }
    let text = |t: &str| Some(t.to_owned());
    assert_eq!(
        rows,
        [
            (4, [text("8101800012"), text("2024-03-31"), None]),
            (6, [text("81018000000012"), None, text("12")]),
        ]
    );
}

#[test]
fn an_empty_workbook_says_so() {
    let mut book = Workbook::new();
    book.add_worksheet();
    let error = table(book.save_to_buffer().unwrap(), Limits::default())
        .err()
        .unwrap();
    assert_eq!(error, FileError::Empty);
}

#[test]
fn two_far_apart_cells_reserve_no_rectangle() {
    let mut book = Workbook::new();
    let data = book.add_worksheet();
    data.write_string(0, 0, "siren").unwrap();
    data.write_string(1_048_575, 0, "000081018").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let mut near = table(bytes, Limits::default()).unwrap();
    let Some(Step::Row(row)) = near.next_row().unwrap() else {
        panic!("no row")
    };
    assert_eq!(row.line, 1_048_576);
    book.worksheet_from_index(0)
        .unwrap()
        .write_string(5, 16_383, "x")
        .unwrap();
    let error = table(book.save_to_buffer().unwrap(), Limits::default())
        .err()
        .unwrap();
    assert_eq!(
        error,
        FileError::TooManyColumns {
            found: 16_384,
            limit: 1_000
        }
    );
}

#[test]
fn a_part_that_swells_is_refused_before_it_is_parsed() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "siren").unwrap();
    let bytes = with_part(&mut book, "xl/styles.xml", &vec![b' '; 2_000_000]);
    let limits = Limits {
        max_workbook: 1_000_000,
        ..Limits::default()
    };
    let error = table(bytes, limits).err().unwrap();
    assert_eq!(error, FileError::TooLarge { limit: 1_000_000 });
}

#[test]
fn one_long_text_shared_by_many_cells_is_refused() {
    let mut book = Workbook::new();
    book.add_worksheet()
        .write_string(0, 0, "y".repeat(30_000))
        .unwrap();
    let mut rows = String::new();
    for r in 1..=200 {
        write!(
            rows,
            "<row r=\"{r}\"><c r=\"A{r}\" t=\"s\"><v>0</v></c></row>"
        )
        .unwrap();
    }
    let bytes = with_part(&mut book, SHEET, &sheet(&rows));
    let limits = Limits {
        max_workbook: 1_000_000,
        ..Limits::default()
    };
    assert!(matches!(
        table(bytes, limits),
        Err(FileError::TooManyCells { .. })
    ));
}

#[test]
fn a_number_of_texts_that_the_file_cannot_hold_reserves_nothing() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "siren").unwrap();
    for number in ["4294967295", "18446744073709551615"] {
        let texts = format!(
            "<?xml version=\"1.0\"?><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
             count=\"1\" uniqueCount=\"{number}\"><si><t>siren</t></si></sst>"
        );
        let bytes = with_part(&mut book, "xl/sharedStrings.xml", texts.as_bytes());
        let error = table(bytes, Limits::default()).err().unwrap();
        assert_eq!(error, FileError::Corrupt, "{number}");
    }
    let limits = Limits {
        max_cells: 1,
        ..Limits::default()
    };
    let texts = b"<sst uniqueCount=\"2\"><si><t>siren</t></si><si><t>x</t></si></sst>";
    let bytes = with_part(&mut book, "xl/sharedStrings.xml", texts);
    let error = table(bytes, limits).err().unwrap();
    assert_eq!(error, FileError::TooManyCells { limit: 1 });
}

#[test]
fn entities_are_not_expanded() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "siren").unwrap();
    let hostile = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">\
                   <!ENTITY b \"&a;&a;&a;\">]><worksheet><sheetData><row r=\"1\">\
                   <c r=\"A1\" t=\"inlineStr\"><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    let bytes = with_part(&mut book, SHEET, hostile.as_bytes());
    let names = table(bytes, Limits::default()).map(|t| t.header().names().concat());
    assert!(
        names.as_ref().is_ok_and(|n| !n.contains("root")) || names.is_err(),
        "{names:?}"
    );
}

#[test]
fn a_damaged_workbook_is_refused_with_words() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "siren").unwrap();
    let bytes = with_part(&mut book, "xl/workbook.xml", b"<workbook><sheets><sheet");
    assert!(table(bytes, Limits::default()).is_err());
    let mut whole = book.save_to_buffer().unwrap();
    whole.truncate(whole.len() - 30);
    assert_eq!(
        table(whole, Limits::default()).err().unwrap(),
        FileError::Truncated
    );
}
