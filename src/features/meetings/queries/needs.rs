//! What companies need, as meetings told it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::log::Author;

/// Something that a company needs.
#[derive(Debug)]
pub struct Need {
    /// Code of the dossier.
    pub dossier: String,
    /// What.
    pub need: String,
    /// Who noted it.
    pub author: String,
    /// When, in France.
    pub on: NaiveDate,
}

/// What a company needs and no plan took up yet.
pub async fn needs(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<Need>> {
    sqlx::query_as!(
        Need,
        r#"select dossier, need, author_name as author, (created_at at time zone 'Europe/Paris')::date as "on!"
           from company_needs n where siren = $1 and status in ('open', 'kept')
             and not exists (select from actions a where a.need_id = n.id)
           order by created_at, id limit 30"#,
        siren,
    )
    .fetch_all(conn)
    .await
}

/// Notes a need.
pub async fn add_need(
    conn: &mut PgConnection,
    (siren, meeting): (&str, Uuid),
    (dossier, need): (&str, &str),
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into company_needs (id, siren, meeting_id, dossier, need, author_id, author_name, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        siren,
        meeting,
        dossier,
        need,
        author.id,
        author.name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A need with what became of it.
#[derive(Debug)]
pub struct NotedNeed {
    /// `company_needs.id`
    pub id: Uuid,
    /// The meeting where it was told.
    pub meeting: Uuid,
    /// Code of the dossier.
    pub dossier: String,
    /// What.
    pub need: String,
    /// Code of the status.
    pub status: String,
    /// Why it is not pursued.
    pub motive: Option<String>,
    /// Since when.
    pub dropped_at: Option<DateTime<Utc>>,
    /// Who decided so.
    pub dropped_by: Option<String>,
    /// The action that answers it.
    pub action_id: Option<Uuid>,
    /// Moves at each change.
    pub version: i32,
}

/// Needs told at this meeting, or this one: for the council.
pub async fn noted(
    conn: &mut PgConnection,
    (meeting, id): (Option<Uuid>, Option<Uuid>),
) -> sqlx::Result<Vec<NotedNeed>> {
    sqlx::query_as!(
        NotedNeed,
        r#"select id, meeting_id as "meeting!", dossier, need, status, drop_motive as motive, dropped_at,
                  dropped_by, version,
                  (select a.id from actions a where a.need_id = company_needs.id order by a.created_at desc limit 1)
                    as action_id
           from company_needs
           where meeting_id is not null and (meeting_id = $1 or id = $2) order by created_at, id"#,
        meeting,
        id,
    )
    .fetch_all(conn)
    .await
}

/// A need is not pursued; `false` when someone treated it first.
pub async fn set_aside(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    (motive, by): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update company_needs set status = 'dropped', drop_motive = $3, dropped_by = $4, dropped_at = $5
         where id = $1 and version = $2 and status = 'open'",
        id,
        version,
        motive,
        by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// It is pursued again; `false` when it was already.
pub async fn take_back(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update company_needs set status = 'open', drop_motive = null, dropped_by = null, dropped_at = null
         where id = $1 and status = 'dropped'",
        id,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A need becomes an action; `false` when someone treated it first.
pub async fn keep(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update company_needs set status = 'kept' where id = $1 and status = 'open'",
        id,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
