//! Figures kept as they were: at the end of each quarter by a job, and by hand. Never changed.

use chrono::{DateTime, Months, NaiveDate, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Report, quarter_before};
use super::queries;
use crate::domain::text::hex;
use crate::platform::memo::Memo;

/// Who takes a snapshot.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// The program, at the end of a quarter.
    Quarter,
    /// A person.
    Person(Uuid, &'a str),
}

/// A snapshot in the list.
#[derive(Debug)]
pub struct Listed {
    /// Key.
    pub id: Uuid,
    /// The evening counted.
    pub evening: NaiveDate,
    /// Whether it closes a quarter.
    pub is_quarter: bool,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// By whom.
    pub taken_by_name: String,
}

/// A snapshot, whole.
#[derive(Debug)]
pub struct Snapshot {
    /// When and by whom.
    pub listed: Listed,
    /// The text that was signed.
    pub content: String,
    /// Its SHA-256.
    pub hash: String,
}

/// The report of an evening, beside the same evening a year before or another one.
pub async fn report(
    conn: &mut PgConnection,
    evening: NaiveDate,
    before: Option<NaiveDate>,
    only: Option<&[String]>,
) -> sqlx::Result<Report> {
    // Nothing is kept of what this memory holds.
    kept_report(conn, &Memo::default(), (evening, before), only).await
}

/// The same, each evening counted once for as long as nothing moves a figure.
pub async fn kept_report(
    conn: &mut PgConnection,
    memo: &Memo,
    (evening, before): (NaiveDate, Option<NaiveDate>),
    only: Option<&[String]>,
) -> sqlx::Result<Report> {
    // The state is read before the figures: those of a later state are counted again, never kept.
    let context = queries::context(conn, evening).await?;
    let before = before.unwrap_or(evening - Months::new(12));
    let share = context.settings.kept_share;
    let mut evenings = Vec::with_capacity(2);
    for day in [evening, before] {
        let question = format!("indicators {day} {share} {only:?}");
        let counted = queries::counted(conn, day, share, only);
        evenings.push(memo.get(&question, &context.state, counted).await?);
    }
    let (current, past) = (&evenings[0], &evenings[1]);
    let mut report = Report::new(
        (evening, before),
        context.settings,
        // It speaks of the whole.
        context.comment.filter(|_| only.is_none()),
        current.lines.0.clone(),
        past.lines.0.clone(),
        current.actions.0.clone(),
    );
    report.first_entry = context.first_entry;
    report.introductions = Some(current.introductions.0.clone());
    Ok(report)
}

/// Keeps the figures of an evening; none when the quarter is kept already.
pub async fn take(
    conn: &mut PgConnection,
    evening: NaiveDate,
    by: By<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let (content, hash) = signed(conn, evening).await?;
    let (taken_by, name) = match by {
        By::Quarter => (None, "Vigie"),
        By::Person(id, name) => (Some(id), name),
    };
    sqlx::query_scalar!(
        "insert into indicator_snapshots
           (id, evening, is_quarter, taken_at, taken_by, taken_by_name, content, hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (evening) where is_quarter do nothing
         returning id",
        Uuid::now_v7(),
        evening,
        matches!(by, By::Quarter),
        now,
        taken_by,
        name,
        content,
        hash
    )
    .fetch_optional(conn)
    .await
}

/// Keeps the quarter that ended last, once, if a company had a place by then.
pub async fn catch_up(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let evening = quarter_before(today);
    let is_due = sqlx::query_scalar!(
        r#"select exists (select from key_companies where entered_on <= $1)
                  and not exists (select from indicator_snapshots where is_quarter and evening = $1) as "due!""#,
        evening
    )
    .fetch_one(&mut *conn)
    .await?;
    if !is_due {
        return Ok(false);
    }
    Ok(take(conn, evening, By::Quarter, now).await?.is_some())
}

/// The snapshot that says the same of the same evening, if one was taken.
pub async fn same(conn: &mut PgConnection, evening: NaiveDate) -> sqlx::Result<Option<Uuid>> {
    let (_, hash) = signed(conn, evening).await?;
    sqlx::query_scalar!(
        "select id from indicator_snapshots where evening = $1 and hash = $2 order by taken_at limit 1",
        evening,
        hash
    )
    .fetch_optional(conn)
    .await
}

async fn signed(conn: &mut PgConnection, evening: NaiveDate) -> sqlx::Result<(String, String)> {
    let report = report(conn, evening, None, None).await?;
    let content =
        serde_json::to_string(&report).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let hash = hex(&Sha256::digest(&content));
    Ok((content, hash))
}

/// The snapshots, the newest evening first.
pub async fn list(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        "select id, evening, is_quarter, taken_at, taken_by_name from indicator_snapshots
         order by evening desc, taken_at desc limit $1",
        limit
    )
    .fetch_all(conn)
    .await
}

/// A snapshot by its key.
pub async fn find(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Snapshot>> {
    let row = sqlx::query!(
        "select id, evening, is_quarter, taken_at, taken_by_name, content, hash
         from indicator_snapshots where id = $1",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Snapshot {
        listed: Listed {
            id: row.id,
            evening: row.evening,
            is_quarter: row.is_quarter,
            taken_at: row.taken_at,
            taken_by_name: row.taken_by_name,
        },
        content: row.content,
        hash: row.hash,
    }))
}
