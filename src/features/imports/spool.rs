//! Deposited files on this machine's disk, for the time of their analysis.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use super::intake::SourceFile;
use crate::domain::text::{self, hex};

/// Files being received, then read. They go away with this value.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    /// Bytes that may still come.
    room: u64,
    files: Vec<SourceFile>,
}

/// Why a file could not be received.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Larger than what is admitted.
    #[error("larger than the limit")]
    TooLarge,
    /// The disk.
    #[error("the disk refused: {0}")]
    Disk(#[from] std::io::Error),
}

/// One file being received.
pub struct Incoming<'a> {
    spool: &'a mut Spool,
    out: File,
    digest: Sha256,
}

impl Spool {
    /// An empty spool under the data folder, for at most `limit` bytes in all.
    pub async fn open(data_dir: &Path, limit: u64) -> std::io::Result<Self> {
        let folder = data_dir.join("spool");
        fs::create_dir_all(&folder).await?;
        Ok(Self {
            folder,
            room: limit,
            files: Vec::new(),
        })
    }

    /// Begins a file. Its own name is never used on the disk: only its last part is kept, to show.
    pub async fn begin(&mut self, name: &str) -> Result<Incoming<'_>, SpoolError> {
        let path = self.folder.join(Uuid::new_v4().to_string());
        let out = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .await?;
        self.files.push(SourceFile {
            name: shown(name),
            path,
            digest: String::new(),
            size: 0,
        });
        Ok(Incoming {
            spool: self,
            out,
            digest: Sha256::new(),
        })
    }

    /// What was received.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// Forgets the files without any content: an empty field of the form.
    pub fn drop_nameless(&mut self) {
        self.files.retain(|file| {
            let keep = !file.name.is_empty();
            if !keep {
                let _ = std::fs::remove_file(&file.path);
            }
            keep
        });
    }
}

impl Incoming<'_> {
    /// Takes a piece.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        let size = bytes.len() as u64;
        self.spool.room = self
            .spool
            .room
            .checked_sub(size)
            .ok_or(SpoolError::TooLarge)?;
        self.digest.update(bytes);
        self.out.write_all(bytes).await?;
        if let Some(file) = self.spool.files.last_mut() {
            file.size += size;
        }
        Ok(())
    }

    /// Ends the file.
    pub async fn finish(mut self) -> Result<(), SpoolError> {
        self.out.flush().await?;
        if let Some(file) = self.spool.files.last_mut() {
            file.digest = hex(&self.digest.finalize());
        }
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        for file in &self.files {
            if let Err(error) = std::fs::remove_file(&file.path) {
                tracing::warn!(%error, "a deposited file was not removed from the spool");
            }
        }
    }
}

/// Removes what an earlier process left: its analyses died with it.
pub async fn sweep(data_dir: &Path) {
    let Ok(mut entries) = fs::read_dir(data_dir.join("spool")).await else {
        return;
    };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let _ = fs::remove_file(entry.path()).await;
    }
}

/// The last part of a name, without control or direction characters, at most 120 characters.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    text::one_line(last).chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_without_its_tricks() {
        assert_eq!(shown("../../etc/passwd"), "passwd");
        assert_eq!(
            shown("C:\\Users\\x\\liste\u{202e}vsc.csv\r\n"),
            "listevsc.csv"
        );
        assert_eq!(shown(&"a".repeat(300)).len(), 120);
    }
}
