//! One way to make a PDF: a page of ours, with its own print style, printed by a headless Chromium.
//!
//! The program is found at start. It is given one file that holds everything, in a folder that only
//! it enters; the file forbids itself scripts, images, frames and addresses (content security policy),
//! the program is left without network, without our environment and, where the system allows it,
//! inside its own sandbox. Started as root, it runs as `nobody`.

mod find;
mod work;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

pub use find::is_program;

use self::work::{Folder, Run};
use super::limits;
use super::shutdown::Shutdown;

/// What the page may fetch or run: nothing but the styles that it holds.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
    style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">";

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No program on this machine.
    #[error("no program makes PDF here: install chromium-headless-shell, or set VIGIE_PDF_PROGRAM")]
    Missing,
    /// Too long to start or to print, or too many at a time.
    #[error("the PDF was not ready in time")]
    TooSlow,
    /// Vigie is on its way out.
    #[error("the program is stopping")]
    Stopping,
    /// The program said no, or wrote no PDF.
    #[error("{} made no PDF: {said}", program.display())]
    Failed {
        /// Which program.
        program: PathBuf,
        /// The end of what it said.
        said: String,
    },
    /// A file or a process could not be handled.
    #[error("{0}: {1}")]
    Io(&'static str, #[source] io::Error),
}

/// What prints pages as PDF, if this machine has it; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Printer(Option<Arc<Press>>);

#[derive(Debug)]
struct Press {
    program: PathBuf,
    patience: Duration,
    seats: Arc<Semaphore>,
    /// The system refuses the program's sandbox (most containers do).
    is_bare: AtomicBool,
}

impl Printer {
    /// The program of the settings, else the first one of `PATH`.
    pub fn find(given: Option<&Path>) -> Self {
        let program = given.map(Path::to_owned).or_else(find::on_path);
        program.map_or_else(Self::none, |program| Self::new(program, limits::PDF))
    }

    /// This program, with this patience.
    pub fn new(program: PathBuf, patience: Duration) -> Self {
        Self(Some(Arc::new(Press {
            program,
            patience,
            seats: Arc::new(Semaphore::new(limits::PDF_AT_ONCE)),
            is_bare: AtomicBool::new(false),
        })))
    }

    /// Nothing prints here: pages are printed by the visitor's browser.
    pub fn none() -> Self {
        Self(None)
    }

    /// The program, if there is one.
    pub fn program(&self) -> Option<&Path> {
        self.0.as_ref().map(|press| press.program.as_path())
    }

    /// Whether pages can be had as PDF.
    pub fn is_available(&self) -> bool {
        self.0.is_some()
    }

    /// Prints a page that holds its own style, within the time limit of this printer.
    pub async fn print(&self, page: &str, shutdown: &Shutdown) -> Result<Vec<u8>, Error> {
        let press = self.0.clone().ok_or(Error::Missing)?;
        let deadline = Instant::now() + press.patience;
        let seat = timeout_at(deadline, Arc::clone(&press.seats).acquire_owned())
            .await
            .map_err(|_| Error::TooSlow)?
            .map_err(|_| Error::Stopping)?;
        let page = guarded(page);
        let shutdown = shutdown.clone();
        // A task of its own: a visitor who hangs up leaves neither a process nor a file behind.
        let printed = tokio::spawn(async move {
            let pdf = press.print(&page, deadline, &shutdown).await;
            drop(seat);
            pdf
        });
        printed
            .await
            .map_err(|error| Error::Io("the printing", io::Error::other(error)))?
    }
}

impl Press {
    async fn print(
        &self,
        page: &str,
        deadline: Instant,
        shutdown: &Shutdown,
    ) -> Result<Vec<u8>, Error> {
        let folder = Folder::with(page)?;
        let run = |is_bare| Run {
            program: &self.program,
            folder: &folder,
            is_bare,
        };
        let is_bare = self.is_bare.load(Ordering::Relaxed);
        match run(is_bare).until(deadline, shutdown).await {
            Err(Error::Failed { said, .. }) if !is_bare && is_about_the_sandbox(&said) => {
                let pdf = run(true).until(deadline, shutdown).await?;
                // Only what works without it proves that the sandbox was the matter.
                self.is_bare.store(true, Ordering::Relaxed);
                tracing::warn!(said, "PDF are made without the sandbox of the browser");
                Ok(pdf)
            }
            done => done,
        }
    }
}

/// Whether a browser failed for want of its sandbox: any other failure leaves the sandbox on.
fn is_about_the_sandbox(said: &str) -> bool {
    let said = said.to_lowercase();
    ["sandbox", "namespace"]
        .iter()
        .any(|word| said.contains(word))
}

/// The page with what it may do, said before anything else.
fn guarded(page: &str) -> String {
    page.replacen("<head>", &format!("<head>{POLICY}"), 1)
}

#[cfg(test)]
mod tests {
    use super::is_about_the_sandbox;

    #[test]
    fn only_a_refused_sandbox_is_given_up() {
        for said in [
            "exit status: 133. [1:FATAL:zygote_host_impl_linux.cc(132)] No usable sandbox!",
            "Failed to move to new namespace: Operation not permitted",
            "Running as root without --no-sandbox is not supported",
        ] {
            assert!(is_about_the_sandbox(said), "{said}");
        }
        for said in [
            "signal: 9 (SIGKILL). ",
            "exit status: 1. No space left on device",
        ] {
            assert!(!is_about_the_sandbox(said), "{said}");
        }
    }
}
