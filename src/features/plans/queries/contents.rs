//! What documents hold: in the database, or as objects of the bucket that have their row here.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Objects that one sweep deletes, at most; the next one goes on.
const MOST_SWEPT: i64 = 500;

/// How long an object may wait for its document: far longer than any upload.
const GRACE: TimeDelta = TimeDelta::days(1);

/// A content where the settings want it, before the document that will hold it.
#[derive(Debug)]
pub enum Kept {
    /// To be written in the database with the document.
    Here(Vec<u8>),
    /// An object of the bucket, announced and put.
    Object(Uuid),
}

impl Kept {
    /// Its place, as the schema names it.
    pub(super) const fn place(&self) -> &'static str {
        match self {
            Self::Here(_) => "database",
            Self::Object(_) => "bucket",
        }
    }
}

/// Where the content of a document is, with its digest when it is known.
#[derive(Debug)]
pub struct Place {
    /// The content itself.
    pub content: Option<Vec<u8>>,
    /// The key of its object.
    pub object: Option<Uuid>,
    /// SHA-256.
    pub sha256: Option<Vec<u8>>,
}

/// Where the content of a document is; nowhere once it is removed.
pub async fn place(conn: &mut PgConnection, document: Uuid) -> sqlx::Result<Place> {
    sqlx::query_as!(
        Place,
        r#"select c.content as "content?", o.key as "object?", d.sha256
           from action_documents d
           left join action_document_contents c on c.document_id = d.id
           left join action_document_objects o on o.document_id = d.id
           where d.id = $1"#,
        document,
    )
    .fetch_one(conn)
    .await
}

/// Gives its content to a document. The schema refuses at the end an object that was swept meanwhile.
pub(super) async fn hold(conn: &mut PgConnection, document: Uuid, kept: &Kept) -> sqlx::Result<()> {
    let query = match kept {
        Kept::Here(content) => sqlx::query!(
            "insert into action_document_contents (document_id, content) values ($1, $2)",
            document,
            content,
        ),
        Kept::Object(key) => sqlx::query!(
            "update action_document_objects set document_id = $1, deletable_from = null
             where key = $2 and document_id is null",
            document,
            key,
        ),
    };
    query.execute(conn).await?;
    Ok(())
}

/// Takes its content from a document that is removed: an object is then swept.
pub(super) async fn release(
    conn: &mut PgConnection,
    document: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from action_document_contents where document_id = $1",
        document
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update action_document_objects set document_id = null, deletable_from = $2 where document_id = $1",
        document,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Announces an object before it is put, so that it is swept if nothing holds it within a day.
pub async fn announce(conn: &mut PgConnection, key: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into action_document_objects (key, deletable_from) values ($1, $2)",
        key,
        now + GRACE,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up an announced object: it may be deleted at once. `false` when a document holds it after all.
pub async fn give_up(conn: &mut PgConnection, key: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update action_document_objects set deletable_from = $2 where key = $1 and document_id is null",
        key,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Objects that no document holds and whose moment has come, the oldest first.
pub async fn deletable(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select key from action_document_objects
         where document_id is null and deletable_from <= $1 order by deletable_from, key limit $2",
        now,
        MOST_SWEPT,
    )
    .fetch_all(conn)
    .await
}

/// Forgets objects that are deleted.
pub async fn forget(conn: &mut PgConnection, keys: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from action_document_objects where key = any($1) and document_id is null",
        keys,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many documents are in a bucket, whichever the settings name.
pub async fn in_a_bucket(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from action_document_objects where document_id is not null"#
    )
    .fetch_one(conn)
    .await
}
