//! What the outbox pages read. No body of a mail that is not for the administrator leaves here.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A mail of the list.
#[derive(Debug)]
pub struct Row {
    /// `mails.id`
    pub id: Uuid,
    /// Code of its kind.
    pub kind: String,
    /// Name of the recipient; empty when unknown.
    pub to_name: String,
    /// Address of the recipient.
    pub to_address: String,
    /// Subject.
    pub subject: String,
    /// Where it stands.
    pub status: String,
    /// Tries so far.
    pub attempts: i32,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Mails of a status and a kind, the newest first.
pub async fn list(
    conn: &mut PgConnection,
    (status, kind): (Option<&str>, Option<&str>),
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        "select id, kind, to_name, to_address, subject, status, attempts, last_error, created_at, sent_at
         from mails
         where ($1::text is null or status = $1) and ($2::text is null or kind = $2)
         order by created_at desc, id desc limit $3 offset $4",
        status,
        kind,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// How many mails the list holds, and how many were kept in all.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// Of the status and the kind, counted up to the pager's limit.
    pub found: i64,
    /// Kept for want of a mail server.
    pub kept: i64,
}

/// Counts of the list.
pub async fn count(
    conn: &mut PgConnection,
    (status, kind): (Option<&str>, Option<&str>),
    limit: i64,
) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"select (select count(*) from (select from mails
                     where ($1::text is null or status = $1) and ($2::text is null or kind = $2)
                     limit $3) m) as "found!",
                  (select count(*) from mails where status = 'kept') as "kept!""#,
        status,
        kind,
        limit
    )
    .fetch_one(conn)
    .await
}

/// One mail.
#[derive(Debug)]
pub struct Detail {
    /// What the list shows.
    pub row: Row,
    /// Who reads the body: `open`, `reserved`, `secret`.
    pub confidentiality: String,
    /// Whether its text, or a personal address in it, is kept no longer.
    pub is_emptied: bool,
    /// The text, when it is for the administrator.
    pub text: Option<String>,
    /// Whether what it announces is past, called off or held.
    pub is_over: bool,
    /// Path of the page that it is about.
    pub related: Option<String>,
    /// Names of its files.
    pub files: Vec<String>,
}

/// The mail of this id.
pub async fn find(
    conn: &mut PgConnection,
    id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Detail>> {
    let row = sqlx::query!(
        r#"select id, kind, to_name, to_address, subject, status, attempts, last_error, created_at,
                  sent_at, confidentiality, is_emptied, related,
                  coalesce(serves_until <= $2, false) as "is_over!",
                  case when confidentiality = 'open' then nullif(text, '') end as text,
                  array(select file_name from mail_attachments a where a.mail_id = m.id
                        order by position) as "files!"
           from mails m where id = $1"#,
        id,
        now
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Detail {
        row: Row {
            id: row.id,
            kind: row.kind,
            to_name: row.to_name,
            to_address: row.to_address,
            subject: row.subject,
            status: row.status,
            attempts: row.attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            sent_at: row.sent_at,
        },
        confidentiality: row.confidentiality,
        is_emptied: row.is_emptied,
        text: row.text,
        is_over: row.is_over,
        related: row.related,
        files: row.files,
    }))
}
