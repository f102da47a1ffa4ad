//! The list of imports.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::super::model::{Counts, FileReport, Status};
use crate::auth::audit::Acting;
use crate::web::filters::{agree, group_thousands};

/// One import.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// Key.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Whether it tells social data of companies, which no page lists.
    pub is_social: bool,
    /// Whether the end of the activation under which it was written deleted all that it wrote.
    pub is_forgotten: bool,
    /// What the person calls it.
    pub label: String,
    /// Producer of the data.
    pub source: String,
    /// The date that the data speaks of.
    pub source_date: NaiveDate,
    /// When it was deposited.
    pub created_at: DateTime<Utc>,
    /// Who deposited it.
    pub created_by_name: String,
    /// When it was written.
    pub applied_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// SHA-256 of the files.
    pub fingerprint: String,
    /// Why it was refused, in French.
    pub failure: Option<String>,
    /// What was found about each file.
    pub files: Json<Vec<FileReport>>,
    /// Its numbers.
    pub counts: Json<Counts>,
    /// For optimistic locking.
    pub version: i32,
}

impl ImportRow {
    /// Where it stands.
    pub fn status(&self) -> Status {
        Status::from_code(&self.status)
    }

    /// Where it stands, in French: a preview that would write nothing waits for nobody.
    pub fn state(&self) -> &'static str {
        match self.status() {
            Status::Ready | Status::Discarded if self.has_no_effect() => "Sans effet",
            _ if self.is_forgotten => "Effacé à la fin de l’activation",
            status => status.label(),
        }
    }

    /// What it created and changed, or would, in words; nothing when it writes nothing.
    pub fn claim(&self) -> Option<String> {
        let (status, counts) = (self.status(), &self.counts);
        let (create, change) = match status {
            _ if self.is_forgotten => return None,
            _ if status.is_written() => ("a créé", "modifié"),
            _ if status.may_be_written() => ("créerait", "modifierait"),
            _ => return None,
        };
        let (created, changed) = (counts.created(), counts.changed());
        let lines = agree(created, "ligne", "lignes");
        Some(format!(
            "{create}\u{a0}{}\u{a0}{lines}, {change}\u{a0}{}",
            group_thousands(created),
            group_thousands(changed)
        ))
    }

    /// One number of the list, « 12 » or « créerait 12 »; empty when the import writes nothing.
    pub fn claimed(&self, rows: i64, conditional: &str) -> String {
        match self.status() {
            _ if self.is_forgotten => String::new(),
            status if status.is_written() => group_thousands(rows),
            status if status.may_be_written() => {
                format!("{conditional}\u{a0}{}", group_thousands(rows))
            }
            _ => String::new(),
        }
    }

    /// Whether it was read, and would write nothing.
    pub fn has_no_effect(&self) -> bool {
        self.counts.lines > 0 && self.counts.writes() == 0
    }
}

/// A deposit as it is first recorded.
#[derive(Debug)]
pub struct NewImport<'a> {
    /// Key.
    pub id: Uuid,
    /// What the person calls it; the names of the files otherwise.
    pub label: &'a str,
    /// Producer, when the person says it; else found while reading.
    pub source: &'a str,
    /// The date that the data speaks of.
    pub source_date: NaiveDate,
    /// SHA-256 of the files.
    pub fingerprint: &'a str,
    /// The files, nothing being known of them but their names and sizes.
    pub files: &'a [FileReport],
}

/// Records a deposit, being analysed.
pub async fn create(
    conn: &mut PgConnection,
    new: &NewImport<'_>,
    acting: &Acting,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into imports (id, kind, status, label, source, source_date, created_at, created_by,
                              created_by_name, fingerprint, files)
         values ($1, 'files', 'analysing', $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        new.label,
        new.source,
        new.source_date,
        now,
        acting.id,
        acting.name,
        new.fingerprint,
        Json(new.files) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends an analysis: the preview is ready.
pub async fn ready(
    conn: &mut PgConnection,
    id: Uuid,
    source: &str,
    kind: &str,
    files: &[FileReport],
    counts: &Counts,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update imports set status = 'ready', kind = $2, source = case when source = '' then $3 else source end,
                files = $4, counts = $5
          where id = $1 and status = 'analysing'",
        id,
        kind,
        source,
        Json(files) as _,
        Json(counts) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves an import from one status to another; false when it was not there.
pub async fn step(conn: &mut PgConnection, id: Uuid, from: &str, to: &str) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "update imports set status = $3, failure = null where id = $1 and status = $2",
        id,
        from,
        to
    )
    .execute(conn)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Moves a running import to another status, with a word of what went wrong. One that was recovered
/// meanwhile keeps the word of its recovery.
pub async fn settle(
    conn: &mut PgConnection,
    id: Uuid,
    status: &str,
    failure: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update imports set status = $2, failure = $3
          where id = $1 and status in ('analysing', 'applying', 'undoing')",
        id,
        status,
        failure
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Signs the end of the writing, with what was really written.
pub async fn applied(
    conn: &mut PgConnection,
    id: Uuid,
    counts: &Counts,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update imports set status = 'applied', applied_at = $2, counts = $3, failure = null where id = $1",
        id,
        now,
        Json(counts) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Signs the taking back.
pub async fn undone(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update imports set status = 'undone', undone_at = $2, failure = null where id = $1",
        id,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One import.
pub async fn find(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<ImportRow>> {
    sqlx::query_as!(
        ImportRow,
        r#"select id, status, kind = 'social' as "is_social!",
                  kind = 'social' and status = 'applied' and exists (
                    select from social_data_activations a where a.ended_at >= imports.applied_at) as "is_forgotten!",
                  label, source, source_date, created_at, created_by_name, applied_at, undone_at,
                  fingerprint, failure, files as "files: Json<Vec<FileReport>>",
                  counts as "counts: Json<Counts>", version
             from imports where id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await
}

/// One import, held until the end of the transaction.
pub async fn lock(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<ImportRow>> {
    sqlx::query_as!(
        ImportRow,
        r#"select id, status, kind = 'social' as "is_social!",
                  kind = 'social' and status = 'applied' and exists (
                    select from social_data_activations a where a.ended_at >= imports.applied_at) as "is_forgotten!",
                  label, source, source_date, created_at, created_by_name, applied_at, undone_at,
                  fingerprint, failure, files as "files: Json<Vec<FileReport>>",
                  counts as "counts: Json<Counts>", version
             from imports where id = $1 for update"#,
        id
    )
    .fetch_optional(conn)
    .await
}

/// The latest imports.
pub async fn page(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ImportRow>> {
    sqlx::query_as!(
        ImportRow,
        r#"select id, status, kind = 'social' as "is_social!",
                  kind = 'social' and status = 'applied' and exists (
                    select from social_data_activations a where a.ended_at >= imports.applied_at) as "is_forgotten!",
                  label, source, source_date, created_at, created_by_name, applied_at, undone_at,
                  fingerprint, failure, files as "files: Json<Vec<FileReport>>",
                  counts as "counts: Json<Counts>", version
             from imports order by created_at desc, id desc limit $1 offset $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// How many imports there are.
pub async fn total(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "n!" from imports"#)
        .fetch_one(conn)
        .await
}

/// When the same files were last written, by another import.
pub async fn same_files(
    conn: &mut PgConnection,
    row: &ImportRow,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        r#"select max(applied_at) as at from imports
            where fingerprint = $1 and id <> $2 and status = 'applied' and created_at <= $3"#,
        row.fingerprint,
        row.id,
        row.created_at
    )
    .fetch_one(conn)
    .await
}

/// How far a running analysis is: bytes read, bytes in all.
pub async fn progress(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<(i64, i64)>> {
    let row = sqlx::query!(
        "select done, total from import_progress where import_id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.done, row.total)))
}

/// An import that says that it runs while nobody holds it.
#[derive(Debug)]
pub struct Abandoned {
    /// Key.
    pub id: Uuid,
    /// Status in which it was left.
    pub status: String,
}

/// Imports whose worker is gone: their lock is free, and the audit knows of no one who began in the
/// last `grace` seconds.
pub async fn abandoned(conn: &mut PgConnection, grace: i32) -> sqlx::Result<Vec<Abandoned>> {
    sqlx::query_as!(
        Abandoned,
        "with running as materialized (
           select id, status from imports i
            where status in ('analysing', 'applying', 'undoing') and not exists (
              select from audit_events a
               where a.object_type = 'imports' and a.object_id = i.id::text
                 and a.after ->> 'status' = i.status
                 and a.at > clock_timestamp() - make_interval(secs => $1::int)))
         select id, status from running
          where pg_try_advisory_xact_lock(hashtextextended('imports/' || id::text, 0))",
        grace
    )
    .fetch_all(conn)
    .await
}
