//! Every time limit and size limit of the program, in one place.
//!
//! `docs/OPERATIONS.md` repeats this table for operators; a test compares the two, so that the
//! documented limits are the ones in force (ASVS 5.0, 13.1.2).

use std::time::Duration;

/// Connections that one node keeps to PostgreSQL.
pub const POOL_SIZE: u32 = 10;
/// Longest wait for a free connection, after which the page answers 503.
/// The library's default of 30 s would turn an outage into a hang.
pub const POOL_ACQUIRE: Duration = Duration::from_secs(2);
/// Longest run of one SQL statement of a page.
pub const STATEMENT: Duration = Duration::from_secs(5);
/// The same for the list of companies as a file, which may hold every company.
pub const EXPORT: Duration = Duration::from_mins(1);
/// Longest wait of one SQL statement for a lock.
pub const LOCK: Duration = Duration::from_secs(2);
/// PostgreSQL ends a session that stays in an open transaction without work for this long.
pub const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(10);
/// Longest wait of a starting node for another node that is migrating.
pub const MIGRATION_WAIT: Duration = Duration::from_mins(5);
/// Longest wait for one lock during a migration, so that pages are not held behind it.
pub const MIGRATION_LOCK: Duration = Duration::from_secs(10);
/// Longest wait of `/readyz` for the database.
pub const READINESS: Duration = Duration::from_secs(1);

/// Time that a client has to send a request's header; also closes idle kept-alive connections.
pub const HEADER: Duration = Duration::from_secs(10);
/// Longest silence inside a request's body.
pub const BODY: Duration = Duration::from_secs(30);
/// Longest time to produce an answer, body of the request included.
pub const REQUEST: Duration = Duration::from_secs(10);
/// The same for a form that carries a file.
pub const UPLOAD: Duration = Duration::from_mins(5);
/// Time given to open requests after the first stop signal; a second signal cuts it short.
pub const DRAIN: Duration = Duration::from_secs(30);
/// Open client connections of one node; further ones wait in the system's queue.
pub const CLIENT_CONNECTIONS: usize = 1024;

/// Longest wait for the private PostgreSQL to accept connections (crash recovery included).
pub const POSTGRES_START: Duration = Duration::from_mins(2);
/// Longest wait for the private PostgreSQL to stop, before it is told to stop at once.
pub const POSTGRES_STOP: Duration = Duration::from_secs(30);

/// Longest exchange with the mail server.
pub const MAIL: Duration = Duration::from_secs(20);
/// A running job keeps its lease alive; a job whose lease is over is taken by another node.
pub const JOB_LEASE: Duration = Duration::from_mins(1);
/// Pause of an idle worker between two looks at the queue.
pub const JOB_POLL: Duration = Duration::from_secs(2);
/// Tries before a failing job is parked for an administrator.
pub const JOB_ATTEMPTS: i32 = 8;

/// Longest time to make a PDF, the wait for a free press included.
pub const PDF: Duration = Duration::from_secs(20);
/// PDF that one node makes at a time; further ones wait.
pub const PDF_AT_ONCE: usize = 2;

/// Longest look of the scan command at a document.
pub const SCAN: Duration = Duration::from_secs(30);

/// Longest exchange with the store of documents; a page that waits for it is within [`REQUEST`].
pub const STORE: Duration = Duration::from_secs(8);

/// `Retry-After` of a 503 answer, in seconds.
pub const RETRY_AFTER_SECONDS: u32 = 5;
/// Largest form; routes that take files set a limit of their own.
pub const FORM_BYTES: usize = 512 * 1024;
/// Largest document of an action.
pub const DOCUMENT_BYTES: usize = 10 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operators_table_shows_the_limits_in_force() {
        let seconds = |limit: Duration| format!("{} s", limit.as_secs());
        let in_force = [
            ("POOL_SIZE", POOL_SIZE.to_string()),
            ("POOL_ACQUIRE", seconds(POOL_ACQUIRE)),
            ("STATEMENT", seconds(STATEMENT)),
            ("EXPORT", seconds(EXPORT)),
            ("LOCK", seconds(LOCK)),
            ("IDLE_IN_TRANSACTION", seconds(IDLE_IN_TRANSACTION)),
            ("MIGRATION_WAIT", seconds(MIGRATION_WAIT)),
            ("MIGRATION_LOCK", seconds(MIGRATION_LOCK)),
            ("READINESS", seconds(READINESS)),
            ("HEADER", seconds(HEADER)),
            ("BODY", seconds(BODY)),
            ("REQUEST", seconds(REQUEST)),
            ("UPLOAD", seconds(UPLOAD)),
            ("DRAIN", seconds(DRAIN)),
            ("CLIENT_CONNECTIONS", CLIENT_CONNECTIONS.to_string()),
            ("POSTGRES_START", seconds(POSTGRES_START)),
            ("POSTGRES_STOP", seconds(POSTGRES_STOP)),
            ("MAIL", seconds(MAIL)),
            ("JOB_LEASE", seconds(JOB_LEASE)),
            ("JOB_POLL", seconds(JOB_POLL)),
            ("JOB_ATTEMPTS", JOB_ATTEMPTS.to_string()),
            ("PDF", seconds(PDF)),
            ("PDF_AT_ONCE", PDF_AT_ONCE.to_string()),
            ("SCAN", seconds(SCAN)),
            ("STORE", seconds(STORE)),
            ("DOCUMENT_BYTES", format!("{} MiB", DOCUMENT_BYTES >> 20)),
            ("FORM_BYTES", format!("{} KiB", FORM_BYTES / 1024)),
        ];
        let table = include_str!("../../docs/OPERATIONS.md");
        let rows = table.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, in_force.len());
        for (name, value) in in_force {
            assert!(
                table.contains(&format!("| `{name}` | {value} |")),
                "{name} is {value}"
            );
        }
    }
}
