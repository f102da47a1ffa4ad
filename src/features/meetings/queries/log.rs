//! Noting a meeting, changing it, taking it back.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{NewMeeting, Step};
use crate::features::meetings::forms::SHORTEST_MOTIVE;
use crate::features::signals;
use crate::web::filters::long_date;

/// Who notes.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// `users.id`
    pub id: Uuid,
    /// Name, kept as it is today.
    pub name: &'a str,
    /// `organisations.id`
    pub organisation: Uuid,
    /// Whether they are of the council.
    pub by_council: bool,
}

/// Notes a meeting that took place; `None` when the same person noted the same words already.
pub async fn insert(
    conn: &mut PgConnection,
    siren: &str,
    (new, exchanges_before): (&NewMeeting, Option<serde_json::Value>),
    author: Author<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let id = Uuid::now_v7();
    let done = sqlx::query!(
        "insert into meetings (id, siren, kind, held_on, summary, shared_text, confidential_text, author_id,
                               author_name, organisation_id, by_council, is_shared, created_at,
                               exchanges_before)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (siren, author_id, held_on, kind, md5(summary))
           where undone_at is null and status = 'held' and kind <> 'top_level' do nothing",
        id,
        siren,
        new.kind.code(),
        new.held_on,
        new.summary,
        new.shared_text,
        new.confidential_text,
        author.id,
        author.name,
        author.organisation,
        author.by_council,
        new.is_shared,
        now,
        exchanges_before,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    set_dossiers(conn, id, &new.dossiers).await?;
    super::people::add(conn, id, "company", &new.contacts, &new.people).await?;
    keep_in_touch(conn, id, siren, author.id, new.held_on).await?;
    if let Some(step) = &new.follow_up {
        add_step(conn, (id, siren), step, author.id, now).await?;
    }
    Ok(Some(id))
}

/// The meeting that bears the same words.
pub async fn twin(
    conn: &mut PgConnection,
    siren: &str,
    new: &NewMeeting,
    author: Uuid,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from meetings
         where siren = $1 and author_id = $2 and held_on = $3 and kind = $4 and md5(summary) = md5($5)
           and undone_at is null and status = 'held' and kind <> 'top_level'",
        siren,
        author,
        new.held_on,
        new.kind.code(),
        new.summary,
    )
    .fetch_optional(conn)
    .await
}

/// Changes a meeting; `false` when someone changed it first.
pub async fn update(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewMeeting,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update meetings set kind = $3, held_on = $4, summary = $5, shared_text = $6, confidential_text = $7,
                is_shared = $8
         where id = $1 and version = $2 and undone_at is null",
        id,
        version,
        new.kind.code(),
        new.held_on,
        new.summary,
        new.shared_text,
        new.confidential_text,
        new.is_shared,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_dossiers(conn, id, &new.dossiers).await?;
    super::people::replace(conn, (id, "company"), &new.contacts, &new.people).await?;
    Ok(true)
}

/// The dossiers that it was about.
pub async fn set_dossiers(
    conn: &mut PgConnection,
    meeting: Uuid,
    dossiers: &[String],
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from meeting_dossiers where meeting_id = $1 and dossier <> all($2)",
        meeting,
        dossiers,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into meeting_dossiers (meeting_id, dossier) select $1, unnest($2::text[]) on conflict do nothing",
        meeting,
        dossiers,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something to come back to.
pub async fn add_step(
    conn: &mut PgConnection,
    (meeting, siren): (Uuid, &str),
    step: &Step,
    author: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into next_steps (id, meeting_id, siren, promise, due_on, owner_id, is_contact, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        Uuid::now_v7(),
        meeting,
        siren,
        step.promise,
        step.due_on,
        step.owner_id.unwrap_or(author),
        step.is_contact,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The owner met the company: what only asked for that is done.
pub async fn keep_in_touch(
    conn: &mut PgConnection,
    meeting: Uuid,
    siren: &str,
    owner: Uuid,
    on: NaiveDate,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update next_steps n set done_on = $4, done_by = $1 from meetings m
         where n.siren = $2 and n.owner_id = $3 and n.is_contact and n.done_on is null
           and m.id = n.meeting_id and m.held_on <= $4 and m.id <> $1",
        meeting,
        siren,
        owner,
        on,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a meeting says of what was seen there.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The essential.
    pub summary: &'a str,
    /// Day.
    pub on: NaiveDate,
    /// Whether the partners of the territory may read it.
    pub is_shared: bool,
}

impl<'a> Words<'a> {
    /// Those of a meeting that is noted.
    pub fn of(meeting: &'a NewMeeting) -> Self {
        Self {
            summary: &meeting.summary,
            on: meeting.held_on,
            is_shared: meeting.is_shared,
        }
    }

    /// The motive of its signals, which every partner of the territory reads: the essential of a meeting
    /// that is shared, and nothing of another.
    pub fn motive(&self) -> String {
        if self.is_shared && self.summary.chars().count() >= SHORTEST_MOTIVE {
            self.summary.to_owned()
        } else {
            format!("Constaté lors de la rencontre du {}.", long_date(self.on))
        }
    }
}

/// Gives another motive to the signals of a meeting.
pub async fn reword_signals(
    conn: &mut PgConnection,
    meeting: Uuid,
    motive: &str,
) -> sqlx::Result<()> {
    let tied = sqlx::query_scalar!(
        "select signal_id from meeting_signals where meeting_id = $1",
        meeting
    )
    .fetch_all(&mut *conn)
    .await?;
    signals::queries::reword(conn, &tied, motive).await
}

/// Ties a signal to the meeting where it was seen.
pub async fn tie_signal(conn: &mut PgConnection, meeting: Uuid, signal: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into meeting_signals (meeting_id, signal_id) values ($1, $2)",
        meeting,
        signal,
    )
    .execute(conn)
    .await?;
    Ok(())
}
