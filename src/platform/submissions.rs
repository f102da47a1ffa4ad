//! A form that is sent twice is carried out once. Owns `submissions`.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// How long a key is remembered.
const MEMORY: TimeDelta = TimeDelta::days(2);

/// Reserves the key of a form; `Some(location)` if it was carried out before. A transaction that
/// holds the same key is waited for.
pub async fn claim(
    conn: &mut PgConnection,
    key: Uuid,
    user_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let claimed = sqlx::query!(
        "insert into submissions (key, user_id, location, at) values ($1, $2, '/', $3)
         on conflict (key) do nothing",
        key,
        user_id,
        now
    )
    .execute(&mut *conn)
    .await?;
    if claimed.rows_affected() == 1 {
        return Ok(None);
    }
    let location = sqlx::query_scalar!(
        "select location from submissions where key = $1 and user_id = $2",
        key,
        user_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(Some(location.unwrap_or_else(|| "/".to_owned())))
}

/// Remembers where the form led.
pub async fn settle(conn: &mut PgConnection, key: Uuid, location: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update submissions set location = $2 where key = $1",
        key,
        location
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets old keys.
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from submissions where at < $1", now - MEMORY)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
