//! Opening a deposited file of unknown nature, as a stream.

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::archive;
use super::file_error::FileError;
use super::guard::{Counted, Inflated, Lines, Progress};
use super::text::{Decoding, FoundEncoding, fill};

/// What is looked at to find the separator and to tell JSON from a table, in bytes.
const HEAD: usize = 64 << 10;

/// Anything that can be read from any place: a file on disk, bytes in memory.
pub trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A stream of bytes that can go to another thread.
pub type Bytes = Box<dyn Read + Send>;

/// What a file may demand at most. The defaults let the national SIRENE files through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of content, once decompressed.
    pub max_uncompressed: u64,
    /// Bytes out for one byte in, past the first 16 MiB.
    pub max_ratio: u64,
    /// Bytes of one line or record; at least the 64 KiB of a read buffer.
    pub max_line: u64,
    /// Columns of a table.
    pub max_columns: usize,
    /// Bytes of all the parts of a workbook, once decompressed: it is held in memory.
    pub max_workbook: u64,
    /// Cells of a sheet.
    pub max_cells: u64,
    /// Entries of a ZIP archive.
    pub max_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_uncompressed: 40_000_000_000,
            max_ratio: 200,
            max_line: 1 << 20,
            max_columns: 1_000,
            max_workbook: 100_000_000,
            max_cells: 2_000_000,
            max_entries: 1_000,
        }
    }
}

/// What the file was wrapped in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Container {
    /// Nothing: the file itself.
    Plain,
    /// GZIP.
    Gzip,
    /// ZIP, with the name of the entry that is read.
    Zip(String),
}

/// A text with what was found about it.
pub struct TextFile {
    /// UTF-8, mark removed, limits enforced.
    pub reader: Bytes,
    /// Where the stream stands.
    pub progress: Arc<Progress>,
    /// Its encoding, refined while reading.
    pub encoding: FoundEncoding,
    /// `,` `;` or a tab; only meaningful for a table.
    pub separator: u8,
    /// Ends of lines written by a bare carriage return, as old Macs did.
    pub bare_returns: bool,
}

/// The three natures that can be read.
pub enum Content {
    /// A table in text form.
    Text(TextFile),
    /// JSON, or one JSON object per line.
    Json(TextFile),
    /// An `.xlsx` workbook, already measured.
    Workbook(Box<dyn Source>),
}

/// A file that was opened: its wrapping and its content.
pub struct Opened {
    /// What it was wrapped in.
    pub container: Container,
    /// What is inside.
    pub content: Content,
    /// The limits it is read under.
    pub limits: Limits,
}

impl Opened {
    /// What was found, in French: « archive ZIP (etablissements.csv), UTF-8, virgule ».
    pub fn describe(&self) -> String {
        let container = match &self.container {
            Container::Plain => String::new(),
            Container::Gzip => "archive GZIP, ".to_owned(),
            Container::Zip(name) => format!("archive ZIP ({name}), "),
        };
        let content = match &self.content {
            Content::Text(text) => text.describe(),
            Content::Json(text) => format!("JSON, {}", text.encoding.get().label()),
            Content::Workbook(_) => "classeur Excel".to_owned(),
        };
        container + content.as_str()
    }
}

impl TextFile {
    /// « Windows-1252, point-virgule ».
    pub fn describe(&self) -> String {
        format!(
            "{}, {}",
            self.encoding.get().label(),
            separator_label(self.separator)
        )
    }
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}

/// French name of a separator.
pub fn separator_label(separator: u8) -> &'static str {
    match separator {
        b';' => "point-virgule",
        b'\t' => "tabulation",
        _ => "virgule",
    }
}

/// Opens a file: finds by its first bytes what it is, never by its name.
pub fn open(source: impl Source + 'static, limits: Limits) -> Result<Opened, FileError> {
    let mut source: Box<dyn Source> = Box::new(source);
    let mut magic = [0; 8];
    let n = fill(&mut source, &mut magic).map_err(FileError::from_io)?;
    source
        .seek(SeekFrom::Start(0))
        .map_err(FileError::from_io)?;
    let (container, bytes): (_, Bytes) = match &magic[..n] {
        [] => return Err(FileError::Empty),
        [0x1F, 0x8B, ..] => (Container::Gzip, gunzip(source, limits)),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => match archive::open_zip(source, limits)? {
            archive::Zip::Entry { name, bytes } => (Container::Zip(name), bytes),
            archive::Zip::Workbook(source) => {
                let content = Content::Workbook(source);
                return Ok(Opened {
                    container: Container::Plain,
                    content,
                    limits,
                });
            }
        },
        _ => (Container::Plain, Box::new(source)),
    };
    let nested = container != Container::Plain;
    let content = open_text(bytes, limits, nested)?;
    Ok(Opened {
        container,
        content,
        limits,
    })
}

fn gunzip(source: Box<dyn Source>, limits: Limits) -> Bytes {
    let (counted, compressed) = Counted::new(source);
    Box::new(Inflated::new(
        MultiGzDecoder::new(counted),
        compressed,
        limits,
    ))
}

fn open_text(mut bytes: Bytes, limits: Limits, nested: bool) -> Result<Content, FileError> {
    let mut magic = vec![0; 8];
    let n = fill(&mut bytes, &mut magic).map_err(FileError::from_io)?;
    magic.truncate(n);
    refuse_foreign(&magic, nested)?;
    let decoding = Decoding::new(Cursor::new(magic).chain(bytes)).map_err(FileError::from_io)?;
    let encoding = decoding.found();
    let (mut lines, progress) = Lines::new(decoding, limits);
    let mut head = vec![0; HEAD];
    let n = fill(&mut lines, &mut head).map_err(FileError::from_io)?;
    head.truncate(n);
    let start = head
        .iter()
        .position(|b| !b.is_ascii_whitespace())
        .ok_or(FileError::Empty)?;
    let separator = find_separator(&head);
    let bare_returns = head.contains(&b'\r') && !head.contains(&b'\n');
    let text = |lines: Lines<_>, head: Vec<u8>| TextFile {
        reader: Box::new(Cursor::new(head).chain(lines)),
        progress,
        encoding,
        separator,
        bare_returns,
    };
    match head[start] {
        b'{' | b'[' => Ok(Content::Json(text(lines.without_line_limit(), head))),
        b'<' => Err(FileError::Unsupported {
            nature: "une page web ou un fichier XML",
            advice: "Téléchargez le fichier de données lui-même (CSV, JSON ou .xlsx).",
        }),
        _ => Ok(Content::Text(text(lines, head))),
    }
}

/// Names the natures that people deposit by mistake.
fn refuse_foreign(magic: &[u8], nested: bool) -> Result<(), FileError> {
    const CSV: &str = "Enregistrez-le au format CSV ou Excel (.xlsx), puis déposez-le.";
    let unsupported = |nature, advice| Err(FileError::Unsupported { nature, advice });
    match magic {
        [] => Err(FileError::Empty),
        [0x1F, 0x8B, ..] | [b'P', b'K', 3, 4, ..] if nested => Err(FileError::NestedArchive),
        [b'%', b'P', b'D', b'F', ..] => unsupported("un PDF", CSV),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => unsupported(
            "un ancien fichier Excel (.xls) ou un classeur protégé par un mot de passe",
            CSV,
        ),
        [b'P', b'A', b'R', b'1', ..] => unsupported(
            "un fichier Parquet",
            "Prenez la version CSV du même jeu de données.",
        ),
        [b'7', b'z', 0xBC, 0xAF, ..] | [b'R', b'a', b'r', b'!', ..] | [0xFD, b'7', b'z', ..] => {
            unsupported(
                "une archive 7z, RAR ou XZ",
                "Décompressez-la, puis déposez le fichier.",
            )
        }
        _ => Ok(()),
    }
}

/// The separator that the first line holds most often, outside quotation marks.
fn find_separator(head: &[u8]) -> u8 {
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    let mut quoted = false;
    let line = head.iter().skip_while(|b| matches!(b, b'\n' | b'\r'));
    for &byte in line {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(s, _)| *s == byte)
                .for_each(|(_, n)| *n += 1),
        }
    }
    let best = counts.iter().max_by_key(|(_, n)| *n);
    best.map_or(b',', |(separator, _)| *separator)
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
