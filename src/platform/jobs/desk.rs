//! What an administrator sees of the queue and does with what is parked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A job of the queue, without its payload, which may hold personal data.
#[derive(Clone, Debug)]
pub struct Row {
    /// `jobs.id`
    pub id: Uuid,
    /// Code of its kind.
    pub kind: String,
    /// Tries so far.
    pub attempts: i32,
    /// Next try.
    pub run_at: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it gave up.
    pub parked_at: Option<DateTime<Utc>>,
    /// Whether a node works on it now.
    pub is_running: bool,
    /// Why the last try failed.
    pub last_error: Option<String>,
    /// The mail that it sends, if it does.
    pub mail_id: Option<Uuid>,
}

/// Jobs, those that gave up first, then by time.
pub async fn list(
    conn: &mut PgConnection,
    only_parked: bool,
    now: DateTime<Utc>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id, kind, attempts, run_at, created_at, parked_at,
                  coalesce(leased_until >= $2, false) as "is_running!", last_error,
                  case when kind = 'mail.send' then (payload ->> 'mail_id')::uuid end as mail_id
           from jobs where parked_at is not null or not $1
           order by parked_at is null, run_at, id limit $3 offset $4"#,
        only_parked,
        now,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// One parked job.
pub async fn parked(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Row>> {
    sqlx::query_as!(
        Row,
        r#"select id, kind, attempts, run_at, created_at, parked_at, false as "is_running!", last_error,
                  case when kind = 'mail.send' then (payload ->> 'mail_id')::uuid end as mail_id
           from jobs where id = $1 and parked_at is not null"#,
        id
    )
    .fetch_optional(conn)
    .await
}

/// Gives a parked job all its tries again, from now; `false` when it is not parked any more.
pub async fn restart(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update jobs set parked_at = null, attempts = 0, run_at = $2, leased_until = null
         where id = $1 and parked_at is not null",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a parked job; `false` when it is not parked any more.
pub async fn abandon(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from jobs where id = $1 and parked_at is not null",
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
