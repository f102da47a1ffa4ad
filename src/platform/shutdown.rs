//! Two-step stop: the first signal lets open requests finish, the second one, or a time limit,
//! ends them.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::limits;

/// The stop as every part sees it; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    soft: CancellationToken,
    hard: CancellationToken,
}

impl Shutdown {
    /// Nothing asks for a stop yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Listens to Ctrl-C, SIGTERM and the closing of the terminal from now on.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            for _ in 0..2 {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                    _ = hangup.recv() => {}
                }
                shutdown.ask(limits::DRAIN);
            }
        });
        Ok(())
    }

    /// The first call starts the drain, of at most `patience`; the second one ends it.
    pub fn ask(&self, patience: Duration) {
        if self.soft.is_cancelled() {
            self.hard.cancel();
            return;
        }
        self.soft.cancel();
        let hard = self.hard.clone();
        tokio::spawn(async move {
            tokio::time::sleep(patience).await;
            hard.cancel();
        });
    }

    /// Whether the program is on its way out.
    pub fn is_draining(&self) -> bool {
        self.soft.is_cancelled()
    }

    /// Resolves when the drain starts.
    pub async fn draining(&self) {
        self.soft.cancelled().await;
    }

    /// Resolves when open requests must end.
    pub async fn cut(&self) {
        self.hard.cancelled().await;
    }
}
