//! Documents of an action.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::contents::{self, Kept};

/// A document, without its content.
#[derive(Debug, Clone)]
pub struct Document {
    /// Key.
    pub id: Uuid,
    /// Its action.
    pub action_id: Uuid,
    /// Name of the file.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Bytes.
    pub size_bytes: i32,
    /// Who added it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// Removed then: its content is gone.
    pub removed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub removed_by: Option<String>,
    /// Why.
    pub removal_motive: String,
}

/// The documents of this action, or this one, the newest first. The caller knows that the reader sees the action.
pub async fn documents(
    conn: &mut PgConnection,
    (action, id): (Option<Uuid>, Option<Uuid>),
) -> sqlx::Result<Vec<Document>> {
    sqlx::query_as!(
        Document,
        r#"select d.id, d.action_id, d.name, d.media_type, d.size_bytes, a.full_name as added_by, d.added_at,
                  d.removed_at, r.full_name as "removed_by?", d.removal_motive
           from action_documents d
           join users a on a.id = d.added_by
           left join users r on r.id = d.removed_by
           where d.action_id = $1 or d.id = $2
           order by d.added_at desc, d.id limit 200"#,
        action,
        id,
    )
    .fetch_all(conn)
    .await
}

/// A document that passed its checks.
#[derive(Debug)]
pub struct NewDocument {
    /// Name of the file.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// Bytes.
    pub size_bytes: i32,
    /// SHA-256 of its content.
    pub sha256: Vec<u8>,
}

/// Keeps a document, and gives it its content.
pub async fn insert(
    conn: &mut PgConnection,
    action: Uuid,
    (new, kept): (&NewDocument, &Kept),
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into action_documents (id, action_id, name, media_type, size_bytes, sha256, place, added_by, added_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        action,
        new.name,
        new.media_type,
        new.size_bytes,
        new.sha256,
        kept.place(),
        by,
        now,
    )
    .execute(&mut *conn)
    .await?;
    contents::hold(conn, id, kept).await
}

/// Removes a document: its content goes, its name and the motive stay; `false` when someone did first.
pub async fn remove(
    conn: &mut PgConnection,
    id: Uuid,
    motive: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update action_documents set removed_by = $2, removed_at = $3, removal_motive = $4
         where id = $1 and removed_at is null",
        id,
        by,
        now,
        motive,
    )
    .execute(&mut *conn)
    .await?;
    contents::release(conn, id, now).await?;
    Ok(done.rows_affected() == 1)
}
