//! Connections to PostgreSQL: the pool of the pages, transactions that a hang-up cannot poison,
//! and migrations that only one node runs.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Transaction};

use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::limits;

/// Key of the advisory lock that serialises migrations ("vigie" in ASCII).
const MIGRATION_LOCK_KEY: i64 = 0x0076_6967_6965;

/// Why the database could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The server cannot be reached or refused a statement.
    #[error("the database does not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed, or one that was applied has been edited since.
    #[error("a migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// Opens the pool of the pages. Nothing is connected yet, so a database that is away does not
/// prevent the program from starting; the first query tells.
pub fn pool(options: PgConnectOptions) -> PgPool {
    pool_of(options, limits::POOL_SIZE, limits::POOL_ACQUIRE)
}

/// [`pool`] with another size and another longest wait (tests of outages).
pub fn pool_of(options: PgConnectOptions, size: u32, acquire: Duration) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(acquire)
        .after_connect(|conn, _| Box::pin(lower_rights(conn)))
        .after_release(|conn, _| Box::pin(leave_no_transaction(conn)))
        .connect_lazy_with(with_limits(options))
}

fn with_limits(options: PgConnectOptions) -> PgConnectOptions {
    options.application_name("vigie").options([
        ("statement_timeout", millis(limits::STATEMENT)),
        ("lock_timeout", millis(limits::LOCK)),
        (
            "idle_in_transaction_session_timeout",
            millis(limits::IDLE_IN_TRANSACTION),
        ),
        // Compiling the plan of a page takes longer than running it.
        ("jit", "off".to_owned()),
        // The filters of a list are parameters, most of them absent: a plan that serves them all
        // serves none.
        ("plan_cache_mode", "force_custom_plan".to_owned()),
        // What the trigram indexes look for; each search then states how near it wants names.
        ("pg_trgm.word_similarity_threshold", "0.4".to_owned()),
    ])
}

fn millis(limit: Duration) -> String {
    format!("{}ms", limit.as_millis())
}

/// Pages work as `vigie_app`, which owns nothing and cannot rewrite the audit trail. The role is
/// made by the first migration; before that there is nothing to protect.
async fn lower_rights(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query(
        "SELECT set_config('role', rolname, false) FROM pg_roles
         WHERE rolname = 'vigie_app' AND pg_has_role(session_user, oid, 'MEMBER')",
    )
    .execute(conn)
    // Opening a connection is not a statement of the request that happens to need one.
    .with_subscriber(NoSubscriber::default())
    .await
    .map(|_| ())
}

/// A `begin()` dropped half-way leaves the session inside a transaction that sqlx 0.9.0 does not
/// know of. The pair below is silent on a clean session, closes a stray transaction, and fails on
/// an aborted one, in which case the pool throws the connection away.
async fn leave_no_transaction(conn: &mut PgConnection) -> sqlx::Result<bool> {
    Ok(sqlx::raw_sql("BEGIN; ROLLBACK").execute(conn).await.is_ok())
}

/// Begins a transaction in a task of its own: when the caller is cancelled in the middle, the task
/// still finishes and gives a clean connection back.
pub async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    match tokio::spawn(async move { pool.begin().await }).await {
        Ok(begun) => begun,
        Err(stopped) => Err(sqlx::Error::Io(std::io::Error::other(stopped))),
    }
}

/// Whether the error says that the database is away or overloaded, so that the page answers 503
/// with `Retry-After` rather than 500.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => true,
        sqlx::Error::Database(inner) => inner.code().is_some_and(|code| is_outage_code(&code)),
        _ => false,
    }
}

/// SQLSTATE classes of PostgreSQL (Appendix A): 08 connection, 53 resources, 57P0x shutdown and
/// start-up, 57014 statement timeout, 55P03 lock timeout, 25P03 idle session ended, 40 retry.
fn is_outage_code(code: &str) -> bool {
    ["08", "53", "57P0", "40"]
        .iter()
        .any(|class| code.starts_with(class))
        || ["57014", "55P03", "25P03"].contains(&code)
}

/// Brings the schema up to date. Several nodes may start together: one migrates, the others wait
/// and find nothing left to do. Runs with the full rights of the connecting user.
pub async fn migrate(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let mut conn = options
        .clone()
        .application_name("vigie-migrate")
        .connect()
        .await?;
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(millis(limits::MIGRATION_WAIT))
        .execute(&mut conn)
        .await?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(MIGRATION_LOCK_KEY)
        .execute(&mut conn)
        .await?;
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(millis(limits::MIGRATION_LOCK))
        .execute(&mut conn)
        .await?;
    let outcome = crate::MIGRATOR.run(&mut conn).await;
    // Closing the session releases the lock, whatever the outcome.
    let closed = conn.close().await;
    outcome?;
    Ok(closed?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_are_told_from_mistakes() {
        assert!(is_unavailable(&sqlx::Error::PoolTimedOut));
        assert!(!is_unavailable(&sqlx::Error::RowNotFound));
        assert!(is_outage_code("57P01") && is_outage_code("53300") && is_outage_code("55P03"));
        assert!(!is_outage_code("23505") && !is_outage_code("25P02") && !is_outage_code("57000"));
    }
}
