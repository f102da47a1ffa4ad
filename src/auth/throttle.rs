//! Sign-in attempts: slowed down by account and by address (ASVS 6.3.1, trust.md 2.4.1).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

/// Failures in the window before an account has to wait.
pub const FAILURES_PER_ACCOUNT: i64 = 5;
/// The window of an account, and so the longest wait.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Failures in its window before an address has to wait.
pub const FAILURES_PER_ADDRESS: i64 = 20;
/// The window of an address: colleagues behind one address do not wait for each other for long.
pub const ADDRESS_WINDOW: TimeDelta = TimeDelta::minutes(1);

/// Minutes to wait before the next try, or `None` if it may be made now. An account's failures
/// are counted for each address apart, so that a stranger cannot lock its owner out.
pub async fn minutes_to_wait(
    conn: &mut PgConnection,
    email: &str,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let row = sqlx::query!(
        r#"select
             (select at from sign_in_attempts
              where email = $1 and ip = $2 and not succeeded and at > $3
              order by at desc offset $4 limit 1) as account_since,
             (select at from sign_in_attempts
              where ip = $2 and not succeeded and at > $5
              order by at desc offset $6 limit 1) as address_since"#,
        email,
        ip,
        now - WINDOW,
        FAILURES_PER_ACCOUNT - 1,
        now - ADDRESS_WINDOW,
        FAILURES_PER_ADDRESS - 1,
    )
    .fetch_one(conn)
    .await?;
    let account = row.account_since.map(|since| since + WINDOW);
    let address = row.address_since.map(|since| since + ADDRESS_WINDOW);
    Ok(account
        .max(address)
        .map(|until| (until - now).num_minutes().max(0) + 1))
}

/// Asks for one try: `None` if it may be made, else the minutes to wait. The try is counted as a
/// failure from the start and by one visitor at a time, so that a thousand parallel tries reach the
/// password no more often than five in a row would; `note` a success to forgive it.
pub async fn admit(
    conn: &mut PgConnection,
    email: &str,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let mut tx = sqlx::Connection::begin(conn).await?;
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtext('sign_in ' || $1)) as lock",
        ip
    )
    .fetch_one(&mut *tx)
    .await?;
    let wait = minutes_to_wait(&mut tx, email, ip, now).await?;
    if wait.is_none() {
        note(&mut tx, email, ip, false, now).await?;
    }
    tx.commit().await?;
    Ok(wait)
}

/// Notes an attempt. A success forgives the failures of that account from that address.
pub async fn note(
    conn: &mut PgConnection,
    email: &str,
    ip: &str,
    succeeded: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if succeeded {
        sqlx::query!(
            "delete from sign_in_attempts where email = $1 and ip = $2",
            email,
            ip
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "insert into sign_in_attempts (email, ip, at, succeeded) values ($1, $2, $3, $4)",
        email,
        ip,
        now,
        succeeded
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the attempts that no longer count.
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from sign_in_attempts where at <= $1", now - WINDOW)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
