//! What is kept no longer than it serves.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::auth::sessions::SessionLimits;
use crate::auth::{links, sessions, throttle};

/// Rows removed by one purge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Sessions that had ended.
    pub sessions: u64,
    /// Sign-in attempts that no longer count.
    pub attempts: u64,
    /// Links that expired a month ago.
    pub links: u64,
}

/// Removes ended sessions, old sign-in attempts and old links. Harmless at any time, on any node.
pub async fn purge(
    conn: &mut PgConnection,
    limits: SessionLimits,
    now: DateTime<Utc>,
) -> sqlx::Result<Purged> {
    Ok(Purged {
        sessions: sessions::purge(conn, limits, now).await?,
        attempts: throttle::purge(conn, now).await?,
        links: links::purge(conn, now).await?,
    })
}
