//! The program that looks for viruses in a document, when the settings name one. It reads the document on its
//! standard input and answers by its exit status: 0 is clean, 1 is infected, anything else is a failure.

use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::limits;

/// Why nothing can be said of a document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program could not be run.
    #[error("the scan command could not be run: {0}")]
    Io(#[from] std::io::Error),
    /// It took too long, and was killed.
    #[error("the scan command took too long")]
    TooSlow,
    /// It answered by another status.
    #[error("the scan command failed: {0}")]
    Failed(std::process::ExitStatus),
}

/// Whether the document is clean, as the program says; without a program nothing is looked for.
pub async fn is_clean(program: Option<&Path>, content: &[u8]) -> Result<bool, Error> {
    let Some(program) = program else {
        return Ok(true);
    };
    timeout(limits::SCAN, ask(program, content))
        .await
        .map_err(|_| Error::TooSlow)?
}

async fn ask(program: &Path, content: &[u8]) -> Result<bool, Error> {
    let mut child = Command::new(program)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        // A program that knows enough may stop reading: its status tells.
        let _ = input.write_all(content).await;
    }
    let status = child.wait().await?;
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => Err(Error::Failed(status)),
    }
}
