//! Minutes: what the council adds to them, and what was sent.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes what the council adds; `false` when someone changed the workshop first.
pub async fn review(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    version: i32,
    (intro, remarks): (&str, &str),
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshops set minutes_intro = $3, minutes_remarks = $4 where id = $1 and version = $2",
        workshop_id,
        version,
        intro,
        remarks,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Minutes that left.
#[derive(Debug)]
pub struct Sent {
    /// First, second…
    pub number: i32,
    /// What they said.
    pub content: serde_json::Value,
    /// When.
    pub at: DateTime<Utc>,
    /// To how many.
    pub recipients: i32,
}

/// The last minutes that left. Within an act the workshop's row is held first, so that two people who
/// send at once send once.
pub async fn last(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Option<Sent>> {
    sqlx::query_as!(
        Sent,
        "select number, content, sent_at as at, recipients from workshop_minutes
         where workshop_id = $1 order by number desc limit 1",
        workshop_id
    )
    .fetch_optional(conn)
    .await
}

/// Holds the row of a workshop until the end of the transaction.
pub async fn hold(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "select id from workshops where id = $1 for update",
        workshop_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// Keeps the minutes as they leave.
pub async fn keep(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    (number, content): (i32, &serde_json::Value),
    (by, recipients): (Uuid, i32),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into workshop_minutes (id, workshop_id, number, content, sent_at, sent_by, recipients)
         values ($1, $2, $3, $4, $5, $6, $7)",
        Uuid::now_v7(),
        workshop_id,
        number,
        content,
        now,
        by,
        recipients,
    )
    .execute(conn)
    .await?;
    Ok(())
}
