//! What is said in the room, an entry at a time.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::web::forms::Choice;

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Key.
    pub id: Uuid,
    /// Company.
    pub siren: String,
    /// Shared, position or confidential: code.
    pub kind: String,
    /// Who says it.
    pub organisation_id: Uuid,
    /// Its name.
    pub organisation: String,
    /// Who wrote it.
    pub author: String,
    /// What is said.
    pub text: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Moves at each change.
    pub version: i32,
}

/// The entries of a workshop on a company (all of them without one), the council's own for it alone.
pub async fn entries(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    siren: Option<&str>,
    is_council: bool,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        "select e.id, e.siren, e.kind, e.organisation_id, o.name as organisation,
                u.full_name as author, e.text, e.created_at, e.version
         from workshop_entries e
         join organisations o on o.id = e.organisation_id
         join users u on u.id = e.author_id
         where e.workshop_id = $1 and ($2::text is null or e.siren = $2)
           and (e.kind <> 'confidential' or $3)
         order by e.created_at, e.id",
        workshop_id,
        siren,
        is_council,
    )
    .fetch_all(conn)
    .await
}

/// An entry to add.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Code.
    pub kind: String,
    /// Who says it.
    pub organisation_id: Uuid,
    /// What.
    pub text: String,
}

/// Adds an entry.
pub async fn insert(
    conn: &mut PgConnection,
    (workshop_id, siren): (Uuid, &str),
    new: &NewEntry,
    author: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into workshop_entries (id, workshop_id, siren, kind, organisation_id, author_id, text, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        workshop_id,
        siren,
        new.kind,
        new.organisation_id,
        author,
        new.text,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Changes an entry; `false` when someone changed it first.
pub async fn update(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &NewEntry,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshop_entries set kind = $3, organisation_id = $4, text = $5
         where id = $1 and version = $2",
        id,
        version,
        new.kind,
        new.organisation_id,
        new.text,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who may be said to speak: the organisations invited, and the reader's own; for an adviser, the
/// latter only.
pub async fn voices(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    own: Uuid,
    is_council: bool,
) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!(
        r#"select o.id, o.name from organisations o
           where o.id = $2 or ($3 and exists (
             select from workshop_guests g where g.workshop_id = $1 and g.organisation_id = o.id))
           order by (o.id = $2), fold_text(o.name)"#,
        workshop_id,
        own,
        is_council,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.id.to_string(), row.name))
        .collect())
}
