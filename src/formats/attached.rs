//! Documents that people attach: what a file is by its bytes, whatever its name says.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

/// Ends of the names that are admitted, in words.
pub const ADMITTED: &str = "PDF, JPEG, PNG, ODT, ODS, DOCX ou XLSX";
/// The same for the field of a form.
pub const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.odt,.ods,.docx,.xlsx";

const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media type of a file, when it is admitted and its bytes are what its name says.
pub fn media_type(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('.')?;
    let begins = |with: &[u8]| bytes.starts_with(with);
    let (found, media_type) = match end.to_lowercase().as_str() {
        "pdf" => (begins(b"%PDF-"), "application/pdf"),
        "jpg" | "jpeg" => (begins(b"\xff\xd8\xff"), "image/jpeg"),
        "png" => (begins(b"\x89PNG\r\n\x1a\n"), "image/png"),
        "odt" => (is_open_document(bytes, ODT), ODT),
        "ods" => (is_open_document(bytes, ODS), ODS),
        "docx" => (is_office(bytes, "word/document.xml"), DOCX),
        "xlsx" => (is_office(bytes, "xl/workbook.xml"), XLSX),
        _ => return None,
    };
    found.then_some(media_type)
}

fn archive(bytes: &[u8]) -> Option<ZipArchive<Cursor<&[u8]>>> {
    ZipArchive::new(Cursor::new(bytes)).ok()
}

/// An archive whose entry `mimetype` says so.
fn is_open_document(bytes: &[u8], media_type: &str) -> bool {
    let says = || {
        let mut archive = archive(bytes)?;
        let entry = archive.by_name("mimetype").ok()?;
        let mut said = String::new();
        entry.take(100).read_to_string(&mut said).ok()?;
        Some(said.trim() == media_type)
    };
    says().unwrap_or(false)
}

/// An archive with this part, and without macros.
fn is_office(bytes: &[u8], part: &str) -> bool {
    archive(bytes).is_some_and(|archive| {
        let has = |name: &str| archive.index_for_name(name).is_some();
        let macros = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        has("[Content_Types].xml") && has(part) && !has(&format!("{macros}/vbaProject.bin"))
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            out.start_file(*name, SimpleFileOptions::default())
                .expect("an entry");
            out.write_all(text.as_bytes()).expect("its text");
        }
        out.finish().expect("an archive").into_inner()
    }

    #[test]
    fn a_file_is_what_its_bytes_are() {
        let docx = zipped(&[("[Content_Types].xml", ""), ("word/document.xml", "")]);
        let odt = zipped(&[("mimetype", ODT)]);
        assert_eq!(
            media_type("Devis.PDF", b"%PDF-1.7"),
            Some("application/pdf")
        );
        assert_eq!(
            media_type("plan.png", b"\x89PNG\r\n\x1a\n"),
            Some("image/png")
        );
        assert_eq!(media_type("bail.docx", &docx), Some(DOCX));
        assert_eq!(media_type("bail.odt", &odt), Some(ODT));
        for (lying, bytes) in [
            ("devis.pdf", b"MZ\x90" as &[u8]),
            ("devis.png", b"%PDF-1.7"),
            ("bail.xlsx", &docx),
            ("bail.ods", &odt),
            ("bail.docx", b"PK\x03\x04"),
            ("bail.zip", &docx),
            ("bail", b"%PDF-1.7"),
        ] {
            assert_eq!(media_type(lying, bytes), None, "{lying}");
        }
    }

    #[test]
    fn macros_are_refused() {
        let entries = [
            ("[Content_Types].xml", ""),
            ("xl/workbook.xml", ""),
            ("xl/vbaProject.bin", ""),
        ];
        assert_eq!(media_type("calcul.xlsx", &zipped(&entries)), None);
        assert_eq!(
            media_type("calcul.xlsx", &zipped(&entries[..2])),
            Some(XLSX)
        );
    }
}
