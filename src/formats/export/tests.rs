use std::io::Cursor;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::csv_writer::neutral;
use super::*;
use crate::formats::input::{Limits, open};
use crate::formats::table::{Step, Table};

/// Bytes that outlive the writer that owns them.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl io::Write for Shared {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Nom", 30),
        Column::new("Effectif", 10),
        Column::new("Création", 12),
    ]
}

fn preamble() -> Preamble {
    Preamble {
        title: "Entreprises".into(),
        filters: vec!["actives".into(), "Albi".into()],
        source: "Insee-Sirene, 01/01/2026".into(),
        exported_on: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap(),
        exported_by: "=cmd()".into(),
    }
}

fn rows() -> [Vec<Cell<'static>>; 2] {
    let created = NaiveDate::from_ymd_opt(1994, 3, 1);
    [
        vec![
            Cell::text(Some("=1+1;\"x\"")),
            Cell::Integer(-5),
            Cell::date(created),
        ],
        vec![
            Cell::text(Some("000081018")),
            Cell::Decimal(1.5),
            Cell::date(None),
        ],
    ]
}

fn bytes(write: impl FnOnce(Shared) -> Box<dyn TableWriter>) -> Vec<u8> {
    let out = Shared::default();
    let mut writer = write(out.clone());
    for row in rows() {
        writer.row(&row).unwrap();
    }
    writer.finish().unwrap();
    out.bytes()
}

#[test]
fn csv_is_what_a_french_spreadsheet_expects() {
    let bytes = bytes(|out| Box::new(CsvExport::new(out, Some(&preamble()), &columns()).unwrap()));
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        text,
        "\u{feff}Entreprises\r\n\"Filtres\u{a0}: actives\u{202f}; Albi\"\r\n\
         Source\u{a0}: Insee-Sirene, 01/01/2026\r\nExporté le 15/01/2026 par =cmd()\r\n\"\"\r\n\
         Nom;Effectif;Création\r\n\"'=1+1;\"\"x\"\"\";-5;01/03/1994\r\n\
         000081018;1,5;Non communiqué\r\n"
    );
}

#[test]
fn xlsx_comes_back_with_its_types() {
    let bytes = bytes(|out| Box::new(XlsxExport::new(out, None, &columns()).unwrap()));
    let mut table = Table::open(open(Cursor::new(bytes), Limits::default()).unwrap()).unwrap();
    assert_eq!(table.header().names(), ["Nom", "Effectif", "Création"]);
    let mut found = Vec::new();
    while let Some(Step::Row(row)) = table.next_row().unwrap() {
        found.push([0, 1, 2].map(|c| row.text(Some(c)).unwrap().to_owned()));
    }
    assert_eq!(found[0], ["=1+1;\"x\"", "-5", "1994-03-01"]);
    assert_eq!(found[1], ["000081018", "1.5", "Non communiqué"]);
}

#[test]
fn long_texts_and_old_dates_do_not_break_a_workbook() {
    let out = Shared::default();
    let mut writer = Box::new(XlsxExport::new(out, None, &columns()).unwrap());
    let long = "é".repeat(40_000);
    let old = NaiveDate::from_ymd_opt(1665, 10, 1);
    writer
        .row(&[Cell::text(Some(&long)), Cell::Unknown, Cell::date(old)])
        .unwrap();
    writer.finish().unwrap();
}

proptest! {
    #[test]
    fn any_text_survives_csv_and_none_is_a_formula(texts in prop::collection::vec("(?s).{0,20}", 3)) {
        let out = Shared::default();
        let mut writer = Box::new(CsvExport::new(out.clone(), None, &columns()).unwrap());
        let cells: Vec<Cell<'_>> = texts.iter().map(|t| Cell::text(Some(t))).collect();
        writer.row(&cells).unwrap();
        writer.finish().unwrap();
        let bytes = out.bytes();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&bytes[..]);
        let record = reader.records().next().unwrap().unwrap();
        for (written, read) in texts.iter().zip(&record) {
            prop_assert_eq!(neutral(written), read);
            prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
