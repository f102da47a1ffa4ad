//! Files of the past and model files, for `backtest`, `fit` and `history`.

use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::path::Path;

use clap::ValueEnum;
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::{Failure, in_french};
use crate::features::risk::models;
use crate::scoring::backtest::{self, Candidate, Panel, american, history, polish, slovak};
use crate::scoring::model::Model;

/// Layout of a file of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Slovak small and medium firms (Data in Brief 25, 2019)
    Slovak,
    /// American listed firms (Future Internet 14, 2022)
    American,
    /// Polish sets (UCI 365): five horizons, no firm is followed
    Polish,
    /// What `vigie history` writes
    Vigie,
}

/// A file of the past, read.
pub struct Dataset {
    /// Its rows.
    pub panel: Panel,
    /// SHA-256 of the file as it is on the disk, in hexadecimal.
    pub sha256: String,
}

/// Reads a file, plain or gzipped (told from its first bytes). `model` says which columns the
/// `vigie` format must have.
pub fn read(path: &Path, format: Format, model: &Model) -> Result<Dataset, Failure> {
    let named = |error: &dyn std::fmt::Display| format!("{}\u{a0}: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| named(&in_french(&error)))?;
    let hash = Sha256::digest(&bytes);
    let sha256 = hash.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let is_gzipped = bytes.starts_with(&[0x1f, 0x8b]);
    let plain = Cursor::new(bytes);
    let rows: Box<dyn Read> = if is_gzipped {
        Box::new(MultiGzDecoder::new(plain))
    } else {
        Box::new(plain)
    };
    let panel = match format {
        Format::Slovak => slovak::read(rows, true),
        Format::American => american::read(rows, true),
        Format::Polish => polish::read(rows),
        Format::Vigie => {
            let (wanted, changes) = columns(model);
            history::read(rows, &wanted, changes)
        }
    };
    Ok(Dataset {
        panel: panel.map_err(|error| named(&error))?,
        sha256,
    })
}

/// The columns that a model needs; the change of a variable (`d_`) is computed from its column.
fn columns(model: &Model) -> (Vec<Candidate>, bool) {
    let (changes, mut wanted): (Vec<Candidate>, Vec<Candidate>) = backtest::candidates(model)
        .into_iter()
        .partition(|candidate| candidate.id.starts_with("d_"));
    for change in &changes {
        let id = change.id.trim_start_matches("d_");
        if !wanted.iter().any(|candidate| candidate.id == id) {
            wanted.push(Candidate {
                id: id.to_owned(),
                ..change.clone()
            });
        }
    }
    (wanted, !changes.is_empty())
}

/// The last shipped grid for `grille`, else the model of a file.
pub fn model(name: &str) -> Result<Model, Failure> {
    if name == "grille" {
        return shipped();
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| format!("{name}\u{a0}: {}", in_french(&error)))?;
    Model::parse(&text).map_err(|faults| format!("{name}\u{a0}: {faults}").into())
}

/// The last shipped grid.
pub fn shipped() -> Result<Model, Failure> {
    let last = models::all().last().ok_or("aucun modèle n’est livré")?;
    Ok(last.model().clone())
}

/// Writes a file, naming it when that fails.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| format!("{}\u{a0}: {}", path.display(), in_french(&error)).into())
}
