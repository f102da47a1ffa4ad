//! What people write: needs, offers, introductions and their steps.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Bearer;

/// A need or an offer that passed its form.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// `need` or `offer`.
    pub side: &'static str,
    /// Code of the theme.
    pub theme: String,
    /// What.
    pub text: String,
    /// When it was said.
    pub said_on: NaiveDate,
    /// Whether partners read it.
    pub is_shared: bool,
}

/// Who writes.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Their account.
    pub id: Uuid,
    /// Their name.
    pub name: &'a str,
    /// Their organisation.
    pub organisation: Uuid,
    /// Whether they are of the council.
    pub council: bool,
}

/// Keeps a need or an offer; none when the heard need already gave one.
pub async fn insert(
    conn: &mut PgConnection,
    bearer: &Bearer,
    new: &NewEntry,
    heard: Option<Uuid>,
    by: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "insert into matching_entries (id, side, siren, organisation_id, theme, text, said_on, company_need_id,
                                       is_shared, author_id, author_name, written_by, by_council, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (company_need_id) do nothing returning id",
        Uuid::now_v7(),
        new.side,
        bearer.siren,
        bearer.organisation_id,
        new.theme,
        new.text,
        new.said_on,
        heard,
        new.is_shared,
        by.id,
        by.name,
        by.organisation,
        by.council,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Changes it; `false` when someone changed or closed it first. Its side and bearer stay.
pub async fn update(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewEntry,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update matching_entries set theme = $3, text = $4, said_on = $5, is_shared = $6
         where id = $1 and version = $2 and closed_on is null",
        id,
        version,
        new.theme,
        new.text,
        new.said_on,
        new.is_shared,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes it; `false` when someone changed or closed it first.
pub async fn close(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    motive: &str,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update matching_entries set closed_on = $3, closing_motive = $4
         where id = $1 and version = $2 and closed_on is null",
        id,
        version,
        today,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// With whom, and the offer that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// A company.
    pub siren: Option<String>,
    /// Or an organisation.
    pub organisation_id: Option<Uuid>,
    /// Their offer.
    pub offer_id: Option<Uuid>,
}

/// What is said of a step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Code of the state.
    pub state: &'static str,
    /// The day.
    pub on: NaiveDate,
    /// What was said; what came of it at the end.
    pub note: String,
}

/// Logs an introduction; none when one with them about this need goes on.
pub async fn propose(
    conn: &mut PgConnection,
    need: Uuid,
    party: &Party,
    step: &Step,
    by: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let id = sqlx::query_scalar!(
        "insert into introductions (id, need_id, siren, organisation_id, offer_id, state_on, proposed_on, author_id,
                                    author_name, created_at)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
         on conflict do nothing returning id",
        Uuid::now_v7(),
        need,
        party.siren,
        party.organisation_id,
        party.offer_id,
        step.on,
        by.id,
        by.name,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(id) = id {
        keep(conn, id, step, by, now).await?;
    }
    Ok(id)
}

/// Says where an introduction stands; `false` when someone said it first.
pub async fn follow(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    step: &Step,
    by: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let outcome = if super::super::model::says_outcome(step.state) {
        step.note.as_str()
    } else {
        ""
    };
    let done = sqlx::query!(
        "update introductions set state = $3, state_on = $4, outcome = $5
         where id = $1 and version = $2 and state in ('proposed', 'accepted', 'met')",
        id,
        version,
        step.state,
        step.on,
        outcome,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    keep(conn, id, step, by, now).await?;
    Ok(true)
}

async fn keep(
    conn: &mut PgConnection,
    id: Uuid,
    step: &Step,
    by: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into introduction_events (introduction_id, state, happened_on, note, actor_id, actor_name, at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        step.state,
        step.on,
        step.note,
        by.id,
        by.name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
