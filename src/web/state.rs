//! What every handler can reach.

use std::sync::Arc;

use chrono::TimeDelta;
use sqlx::PgPool;

use crate::auth::Permission;
use crate::auth::sessions::SessionLimits;
use crate::platform::bucket::Bucket;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::mail::Mailer;
use crate::platform::memo::Memo;
use crate::platform::pdf::Printer;
use crate::platform::shutdown::Shutdown;

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Connections under the application's role.
    pub pool: PgPool,
    /// The only source of time.
    pub clock: Clock,
    /// Settings read at start.
    pub config: Arc<Config>,
    /// Sends mail, or says that it cannot.
    pub mailer: Mailer,
    /// Answers kept as long as their sources have not changed.
    pub memo: Memo,
    /// Prints pages as PDF, or says that it cannot.
    pub pdf: Printer,
    /// Where new documents are kept, when it is not in the database.
    pub bucket: Option<Bucket>,
    /// Whether the program is on its way out.
    pub shutdown: Shutdown,
    /// Entries of the main menu, in order.
    pub nav: &'static [NavEntry],
}

/// One entry of the main menu.
#[derive(Debug, Clone, Copy)]
pub struct NavEntry {
    /// Word shown.
    pub label: &'static str,
    /// Path of its page; it is current for every path below it.
    pub href: &'static str,
    /// Who sees it.
    pub permission: Permission,
}

impl AppState {
    /// How long sessions live.
    pub fn session_limits(&self) -> SessionLimits {
        let limits = self.config.session;
        let of = |limit| TimeDelta::from_std(limit).unwrap_or(TimeDelta::MAX);
        SessionLimits {
            idle: of(limits.idle),
            absolute: of(limits.absolute),
        }
    }

    /// An absolute address for mails and one-time links: from the settings, never from the request.
    pub fn link(&self, path: &str) -> String {
        self.config.base_url.link(path)
    }

    /// Whether cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.config.base_url.is_secure()
    }
}
