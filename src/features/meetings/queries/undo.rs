//! Taking a meeting back: things are as they were, and a month later nothing of it is left.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::auth::audit::{self, Acting};

/// How long the author may take a meeting back.
pub const REGRET: TimeDelta = TimeDelta::minutes(10);
/// How long a meeting that was taken back is kept, for who says that it never was.
const MEMORY: TimeDelta = TimeDelta::days(30);

/// Takes a meeting back, by its author and within minutes; `false` when it is too late.
pub async fn undo(
    conn: &mut PgConnection,
    id: Uuid,
    author: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set undone_at = $3
         where id = $1 and author_id = $2 and undone_at is null and created_at > $4 and kind <> 'top_level'",
        id,
        author,
        now,
        now - REGRET,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "update next_steps set done_on = null, done_by = null where done_by = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// Signals that the meeting raised and nobody withdrew: key and version.
pub async fn raised(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<(Uuid, i32)>> {
    let rows = sqlx::query!(
        "select g.id, g.version from meeting_signals x join signals g on g.id = x.signal_id
         where x.meeting_id = $1 and g.withdrawn_on is null",
        meeting,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.version)).collect())
}

/// The last exchange that each contact had before a meeting of that day moved it, as the meeting keeps it.
pub fn before(on: NaiveDate, moved: &[(Uuid, Option<NaiveDate>)]) -> Option<Value> {
    let days: Map<String, Value> = moved
        .iter()
        .map(|(id, day)| (id.to_string(), day.map(|day| day.to_string()).into()))
        .collect();
    (!days.is_empty()).then(|| json!({ "on": on.to_string(), "days": days }))
}

/// Meetings noted since, which took the day of this one for the last exchange: for them it never was.
async fn forget_in_later(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        r#"update meetings o set exchanges_before = jsonb_set(o.exchanges_before, '{days}', (
             select jsonb_object_agg(d.key, case when d.value = a.day and a.days ? d.key
                                              then a.days -> d.key else d.value end)
             from jsonb_each(o.exchanges_before -> 'days') d))
           from (select siren, exchanges_before -> 'on' as day, exchanges_before -> 'days' as days
                 from meetings where id = $1) a
           where o.siren = a.siren and o.id <> $1 and o.undone_at is null and exists (
             select from jsonb_each(o.exchanges_before -> 'days') d where d.value = a.day and a.days ? d.key)"#,
        meeting,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A day, and one for each contact.
pub type Moved = (NaiveDate, Vec<(Uuid, Option<NaiveDate>)>);

/// The day that the meeting set, and the last exchange of each contact without it: what it was before, or a
/// meeting that was noted since.
pub async fn moved(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Option<Moved>> {
    forget_in_later(conn, meeting).await?;
    let rows = sqlx::query!(
        r#"select (m.exchanges_before ->> 'on')::date as "on!", d.key::uuid as "contact!",
                  greatest(d.value::date, (
                    select max(o.held_on) from meeting_people p join meetings o on o.id = p.meeting_id
                    where p.contact_id = d.key::uuid and o.id <> m.id and o.undone_at is null
                      and o.status = 'held' and o.kind <> 'top_level'
                      and o.held_on <= (m.exchanges_before ->> 'on')::date)) as day
           from meetings m cross join lateral jsonb_each_text(m.exchanges_before -> 'days') d
           where m.id = $1"#,
        meeting,
    )
    .fetch_all(&mut *conn)
    .await?;
    let on = rows.first().map(|row| row.on);
    let days = rows.into_iter().map(|row| (row.contact, row.day)).collect();
    Ok(on.map(|on| (on, days)))
}

/// Removes the meetings that were taken back a month ago, with all that hangs from them; gives how many.
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<i64> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let gone = sqlx::query_scalar!(
        r#"select purge_undone_meetings($1) as "gone!""#,
        now - MEMORY
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(gone)
}
