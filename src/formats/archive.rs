//! ZIP archives: the one entry that holds data, or the parts of a workbook.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::announced::{self, Announced};
use super::file_error::FileError;
use super::guard::{Counted, Inflated, Verified};
use super::input::{Bytes, Limits, Source};

/// What a ZIP turned out to be.
pub enum Zip {
    /// An archive with one data file.
    Entry {
        /// Its name.
        name: String,
        /// Its content, decompressed while it is read.
        bytes: Bytes,
    },
    /// An Excel workbook, measured, and back at its beginning.
    Workbook(Box<dyn Source>),
}

struct Entry {
    name: String,
    method: CompressionMethod,
    start: u64,
    compressed: u64,
    size: u64,
    crc: u32,
    encrypted: bool,
    /// Neither a folder nor what macOS adds on its own.
    is_data: bool,
}

/// Bytes that a text shared by the cells of a workbook, or a cell that uses it, takes at least.
const SHARED_TEXT: u64 = 4;

/// Reads the directory of the archive and picks what can be read.
pub fn open_zip(source: Box<dyn Source>, limits: Limits) -> Result<Zip, FileError> {
    let mut archive = ZipArchive::new(source).map_err(fault)?;
    if archive.len() > limits.max_entries {
        let names = archive
            .file_names()
            .take(20)
            .flatten()
            .map(Cow::into_owned)
            .collect();
        return Err(FileError::SeveralEntries(names));
    }
    let entries = (0..archive.len())
        .map(|i| entry(&mut archive, i))
        .collect::<Result<Vec<_>, _>>()?;
    refuse_office(&entries)?;
    let is_workbook = entries.iter().any(|e| e.name == "xl/workbook.xml");
    let mut source = archive.into_inner();
    if is_workbook {
        measure(&mut source, &entries, limits)?;
        source
            .seek(SeekFrom::Start(0))
            .map_err(FileError::from_io)?;
        return Ok(Zip::Workbook(source));
    }
    let entry = single(entries)?;
    let bytes = Box::new(inflate(source, &entry, limits)?);
    Ok(Zip::Entry {
        name: entry.name,
        bytes,
    })
}

/// One entry of the directory.
fn entry<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize) -> Result<Entry, FileError> {
    let file = archive.by_index_raw(index).map_err(fault)?;
    // The raw name: the library's own reading of it may already have tidied a trick away.
    let name = String::from_utf8_lossy(file.name_raw()).into_owned();
    let escapes = name.starts_with('/')
        || name.contains(['\\', '\0', ':'])
        || name.split('/').any(|part| part == "..");
    if escapes {
        return Err(FileError::UnsafeEntry(
            name.chars().filter(|c| !c.is_control()).collect(),
        ));
    }
    let base = name.rsplit('/').next().unwrap_or_default();
    let is_noise =
        file.is_dir() || name.starts_with("__MACOSX/") || matches!(base, ".DS_Store" | "Thumbs.db");
    Ok(Entry {
        is_data: !is_noise,
        method: file.compression(),
        start: file.data_start().ok_or(FileError::Corrupt)?,
        compressed: file.compressed_size(),
        size: file.size(),
        crc: file.crc32(),
        encrypted: file.encrypted(),
        name,
    })
}

fn refuse_office(entries: &[Entry]) -> Result<(), FileError> {
    let has = |name: &str| entries.iter().any(|e| e.name == name);
    let advice = "Enregistrez le tableau au format Excel (.xlsx) ou CSV, puis déposez-le.";
    let nature = if has("content.xml") && has("mimetype") {
        "un document LibreOffice"
    } else if has("word/document.xml") {
        "un document Word"
    } else if has("ppt/presentation.xml") {
        "une présentation PowerPoint"
    } else if has("xl/workbook.bin") {
        "un classeur Excel binaire (.xlsb)"
    } else {
        return Ok(());
    };
    Err(FileError::Unsupported { nature, advice })
}

/// The only entry, or the list of those that it could be.
fn single(mut entries: Vec<Entry>) -> Result<Entry, FileError> {
    entries.retain(|entry| entry.is_data);
    let names = || entries.iter().map(|e| e.name.clone()).collect();
    match entries.len() {
        0 => Err(FileError::EmptyArchive),
        1 => entries.into_iter().next().ok_or(FileError::EmptyArchive),
        _ => Err(FileError::SeveralEntries(names())),
    }
}

/// A stream over one entry. It owns its source, which the `zip` crate's own reader cannot.
fn inflate<S: Read + Seek + Send>(
    mut source: S,
    entry: &Entry,
    limits: Limits,
) -> Result<impl Read + Send + use<S>, FileError> {
    if entry.encrypted {
        return Err(FileError::Encrypted);
    }
    source
        .seek(SeekFrom::Start(entry.start))
        .map_err(FileError::from_io)?;
    let (counted, count) = Counted::new(source.take(entry.compressed));
    let decoder = match entry.method {
        CompressionMethod::Stored => Either::Stored(counted),
        CompressionMethod::Deflated => Either::Deflated(DeflateDecoder::new(counted)),
        _ => {
            return Err(FileError::Unsupported {
                nature: "une archive ZIP à la compression inhabituelle",
                advice: "Décompressez-la, puis déposez le fichier.",
            });
        }
    };
    Ok(Verified::new(
        Inflated::new(decoder, count, limits),
        entry.crc,
        entry.size,
    ))
}

enum Either<R> {
    Stored(R),
    Deflated(DeflateDecoder<R>),
}

impl<R: Read> Read for Either<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Stored(inner) => inner.read(buf),
            Self::Deflated(inner) => inner.read(buf),
        }
    }
}

/// Decompresses every part into nothing: the sizes that the directory announces may lie, and so may
/// the number of texts from which the reader of workbooks reserves memory. A workbook names its own
/// folders: no part is left out.
fn measure(
    source: &mut Box<dyn Source>,
    entries: &[Entry],
    limits: Limits,
) -> Result<(), FileError> {
    let mut left = limits.max_workbook;
    let mut texts = 0;
    for entry in entries {
        let limits = Limits {
            max_uncompressed: left,
            ..limits
        };
        let part = inflate(&mut *source, entry, limits)?;
        let size = if announced::is_shared_texts(&entry.name) {
            let mut part = Announced::new(part);
            let size = io::copy(&mut part, &mut io::sink());
            texts = texts.max(part.largest());
            size
        } else {
            io::copy(&mut { part }, &mut io::sink())
        };
        left -= match size.map_err(FileError::from_io) {
            Err(FileError::TooLarge { .. }) => {
                return Err(FileError::TooLarge {
                    limit: limits.max_workbook,
                });
            }
            size => size?,
        };
    }
    if texts > (limits.max_workbook - left) / SHARED_TEXT {
        return Err(FileError::Corrupt);
    }
    if texts > limits.max_cells {
        return Err(FileError::TooManyCells {
            limit: limits.max_cells,
        });
    }
    Ok(())
}

/// An archive without its directory, at the end of the file, was cut while it was transferred.
fn fault(error: ZipError) -> FileError {
    match error {
        ZipError::Io(error) => FileError::from_io(error),
        ZipError::UnsupportedArchive(_) => FileError::Corrupt,
        _ => FileError::Truncated,
    }
}
