use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::formats::table::{Step, Table};

const CSV: &str = "siren;nom\n000081018;EXEMPLE MÉCANIQUE\n000081026;EXEMPLE TEXTILE\n";

fn open_bytes(bytes: impl Into<Vec<u8>>) -> Result<Opened, FileError> {
    open(Cursor::new(bytes.into()), Limits::default())
}

/// Every row of a file as text, or the fault of the file.
fn rows(bytes: impl Into<Vec<u8>>) -> Result<Vec<String>, FileError> {
    let mut table = Table::open(open_bytes(bytes)?)?;
    let mut rows = Vec::new();
    while let Some(step) = table.next_row()? {
        rows.push(match step {
            Step::Row(row) => {
                format!(
                    "{} {:?}/{:?}",
                    row.line,
                    row.text(Some(0)),
                    row.text(Some(1))
                )
            }
            Step::Rejected(rejection) => format!("{} {:?}", rejection.line, rejection.cause),
        });
    }
    Ok(rows)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A source that repeats one byte after a header: a file of any size that takes no room.
struct Endless {
    head: Vec<u8>,
    byte: u8,
    at: u64,
    length: u64,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let left = usize::try_from(self.length - self.at)
            .unwrap()
            .min(buf.len());
        for slot in &mut buf[..left] {
            let at = usize::try_from(self.at).unwrap();
            *slot = self.head.get(at).copied().unwrap_or(self.byte);
            self.at += 1;
        }
        Ok(left)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        if let SeekFrom::Start(at) = to {
            self.at = at;
        }
        Ok(self.at)
    }
}

#[test]
fn the_same_rows_come_out_of_every_wrapping() {
    let expected = rows(CSV).unwrap();
    assert_eq!(expected.len(), 2);
    assert!(expected[0].contains("2 Some(\"000081018\")/Some(\"EXEMPLE MÉCANIQUE\")"));
    assert_eq!(rows(gzip(CSV.as_bytes())).unwrap(), expected);
    assert_eq!(
        rows(zip(&[("a/etab.csv", CSV.as_bytes())])).unwrap(),
        expected
    );
    let mac = zip(&[
        ("e.csv", CSV.as_bytes()),
        ("__MACOSX/._e.csv", b"x"),
        (".DS_Store", b"x"),
    ]);
    assert_eq!(rows(mac).unwrap(), expected);
    for separator in [",", "\t"] {
        assert_eq!(rows(CSV.replace(';', separator)).unwrap(), expected);
    }
    for ending in ["\r\n", "\r"] {
        assert_eq!(rows(CSV.replace('\n', ending)).unwrap(), expected);
    }
}

#[test]
fn what_was_found_is_said_in_french() {
    let ansi = encoding_rs::WINDOWS_1252.encode(CSV).0.into_owned();
    assert_eq!(
        open_bytes(ansi).unwrap().describe(),
        "Windows-1252, point-virgule"
    );
    let archive = zip(&[("etab.csv", CSV.replace(';', ",").as_bytes())]);
    let found = open_bytes(archive).unwrap().describe();
    assert_eq!(found, "archive ZIP (etab.csv), UTF-8, virgule");
    assert_eq!(
        open_bytes("{}").unwrap().describe(),
        "JSON, texte sans accents"
    );
}

#[test]
fn separators_inside_quotes_do_not_count() {
    assert_eq!(find_separator(b"\"a,b,c,d\";e\n1;2"), b';');
    assert_eq!(find_separator(b"alone\n1,2"), b',');
}

#[test]
fn emptiness_is_named() {
    assert_eq!(open_bytes("").unwrap_err(), FileError::Empty);
    assert_eq!(open_bytes(" \n\n").unwrap_err(), FileError::Empty);
    assert_eq!(open_bytes(gzip(b"")).unwrap_err(), FileError::Empty);
    assert_eq!(open_bytes(zip(&[])).unwrap_err(), FileError::EmptyArchive);
    assert_eq!(rows(" ; \n;\n").unwrap_err(), FileError::Empty);
}

#[test]
fn several_entries_and_tricks_are_refused() {
    let two = zip(&[("a.csv", b"x"), ("b.csv", b"y")]);
    let names = vec!["a.csv".to_owned(), "b.csv".to_owned()];
    assert_eq!(
        open_bytes(two).unwrap_err(),
        FileError::SeveralEntries(names)
    );
    for name in ["../a.csv", "/etc/a.csv", "a\\b.csv", "C:a.csv"] {
        // The library refuses some of these names itself when writing: patch the bytes instead.
        let plain = "x".repeat(name.len());
        let mut bytes = zip(&[(&plain, CSV.as_bytes())]);
        while let Some(at) = bytes
            .windows(name.len())
            .position(|w| w == plain.as_bytes())
        {
            bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        assert_eq!(
            open_bytes(bytes).unwrap_err(),
            FileError::UnsafeEntry(name.to_owned())
        );
    }
}

#[test]
fn nested_archives_are_refused() {
    let inner = gzip(CSV.as_bytes());
    assert_eq!(
        open_bytes(gzip(&inner)).unwrap_err(),
        FileError::NestedArchive
    );
    assert_eq!(
        open_bytes(zip(&[("a.gz", &inner)])).unwrap_err(),
        FileError::NestedArchive
    );
}

#[test]
fn truncated_files_are_told_from_short_ones() {
    let long = format!(
        "siren;nom\n{}",
        "000081018;EXEMPLE MÉCANIQUE\n".repeat(9_000)
    );
    let whole = gzip(long.as_bytes());
    let cut = whole[..whole.len() - 9].to_vec();
    assert_eq!(rows(cut).unwrap_err(), FileError::Truncated);
    let whole = zip(&[("a.csv", long.as_bytes())]);
    assert_eq!(
        rows(whole[..whole.len() / 2].to_vec()).unwrap_err(),
        FileError::Truncated
    );
    assert_eq!(
        rows("siren;nom\n000081018;A\n00008").unwrap_err(),
        FileError::TruncatedLine { line: 3 }
    );
    assert_eq!(
        rows("siren;nom\n000081018;A").unwrap().len(),
        1,
        "no final line break is fine"
    );
}

#[test]
fn a_damaged_archive_is_seen_by_its_control_sum() {
    let mut bytes = gzip(&CSV.repeat(3).into_bytes());
    let at = bytes.len() - 8;
    bytes[at] ^= 1;
    assert_eq!(rows(bytes).unwrap_err(), FileError::Corrupt);
    let mut stored = ZipWriter::new(Cursor::new(Vec::new()));
    let method = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    stored.start_file("a.csv", method).unwrap();
    stored.write_all(CSV.as_bytes()).unwrap();
    let mut bytes = stored.finish().unwrap().into_inner();
    let at = bytes.windows(7).position(|w| w == b"EXEMPLE").unwrap();
    bytes[at] = b'F';
    assert_eq!(rows(bytes).unwrap_err(), FileError::Corrupt);
}

#[test]
fn an_unclosed_quote_does_not_swallow_the_file() {
    let text = format!(
        "siren;nom\n000081018;\"EXEMPLE\n{}",
        "000081026;B\n".repeat(3)
    );
    assert_eq!(
        rows(text.clone() + ";").unwrap_err(),
        FileError::UnclosedQuote { line: 2 }
    );
    let large = text + "000081026;B\n".repeat(400_000).as_str();
    let limit = Limits::default().max_line;
    assert_eq!(rows(large).unwrap_err(), FileError::LineTooLong { limit });
}

#[test]
fn a_line_of_one_gigabyte_stops_at_the_limit() {
    let source = Endless {
        head: b"siren;nom\n".to_vec(),
        byte: b'x',
        at: 0,
        length: 1 << 30,
    };
    let mut table = Table::open(open(source, Limits::default()).unwrap()).unwrap();
    let limit = Limits::default().max_line;
    assert_eq!(
        table.next_row().unwrap_err(),
        FileError::LineTooLong { limit }
    );
}

#[test]
fn a_bomb_stops_early() {
    // Blank lines, so that the ratio speaks and neither zero bytes nor long lines do.
    let limits = Limits {
        max_line: u64::MAX,
        ..Limits::default()
    };
    let bytes = gzip(&[&b"a;b\n"[..], &vec![b'\n'; 18 << 20]].concat());
    let mut table = Table::open(open(Cursor::new(bytes.clone()), limits).unwrap()).unwrap();
    assert_eq!(
        table.next_row().unwrap_err(),
        FileError::SuspectRatio { limit: 200 }
    );
    let limits = Limits {
        max_uncompressed: 5_000_000,
        ..limits
    };
    let mut table = Table::open(open(Cursor::new(bytes), limits).unwrap()).unwrap();
    assert_eq!(
        table.next_row().unwrap_err(),
        FileError::TooLarge { limit: 5_000_000 }
    );
}

#[test]
fn binary_and_foreign_files_are_named() {
    assert_eq!(
        open_bytes(*b"siren;nom\n12\x0034").unwrap_err(),
        FileError::Binary
    );
    for magic in [
        &b"%PDF-1.7 x"[..],
        b"\xD0\xCF\x11\xE0....",
        b"PAR1....",
        b"<!doctype html>",
    ] {
        let error = open_bytes(magic).unwrap_err();
        assert!(matches!(error, FileError::Unsupported { .. }), "{error}");
    }
    let ods = zip(&[
        ("mimetype", b"application/vnd.oasis"),
        ("content.xml", b"<a/>"),
    ]);
    assert!(
        open_bytes(ods)
            .unwrap_err()
            .to_string()
            .contains("LibreOffice")
    );
}

#[test]
fn a_row_of_another_width_loses_only_itself() {
    let text = "siren;nom\n1;2;3\n4;5;\n\n;;\n6\n7;8\n";
    let found = rows(text).unwrap();
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!((&found[0][..], &found[2][..]), ("2 Width", "6 Width"));
    assert!(found[1].starts_with("3 ") && found[3].starts_with("7 "));
}

#[test]
fn too_many_columns_are_refused() {
    let error = rows(";a".repeat(1_500) + "\n1;2\n").unwrap_err();
    assert_eq!(
        error,
        FileError::TooManyColumns {
            found: 1_501,
            limit: 1_000
        }
    );
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    let text = "a;b\n\n1;2\n\n\n\"x\ny\";3\n4;5\n6;7";
    let lines = |text: String| {
        let rows = rows(text).unwrap();
        rows.iter()
            .map(|r| r[..1].parse::<u64>().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(text.to_owned()), [3, 6, 8, 9]);
    assert_eq!(lines(text.replace('\n', "\r\n")), [3, 6, 8, 9]);
}
