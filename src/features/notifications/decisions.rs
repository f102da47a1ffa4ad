//! Workshops and their decisions, for the calendar and the digest of those who have to be there or to
//! act.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::workshops::event;
use crate::formats::icalendar::Event;

/// A decision that someone has to carry out.
#[derive(Debug)]
pub struct OwnDecision {
    /// `workshop_decisions.id`
    pub id: Uuid,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// What is to be done.
    pub text: String,
    /// For when.
    pub due_on: NaiveDate,
}

/// Open decisions of a person, due between these days.
pub async fn own_decisions(
    conn: &mut PgConnection,
    user_id: Uuid,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> sqlx::Result<Vec<OwnDecision>> {
    sqlx::query_as!(
        OwnDecision,
        r#"select d.id as "id!", case when c.diffusible or not c.is_person then c.name end as company,
                d.text as "text!", d.due_on as "due_on!"
         from due_decisions d join companies c on c.siren = d.siren
         where d.user_id = $1
           and ($2::date is null or d.due_on >= $2) and ($3::date is null or d.due_on <= $3)
         order by d.due_on, d.id limit 500"#,
        user_id,
        from,
        until,
    )
    .fetch_all(conn)
    .await
}

/// Workshops that a person organises, or is invited to and did not refuse.
pub async fn own_workshops(
    conn: &mut PgConnection,
    user_id: Uuid,
    since: DateTime<Utc>,
    link: impl Fn(&str) -> String,
) -> sqlx::Result<Vec<Event>> {
    let rows = sqlx::query!(
        "select w.id, w.title, w.held_at, w.duration_minutes, w.place, w.video_url, w.sequence
         from workshops w
         where w.cancelled_at is null and w.held_at >= $2
           and (w.organiser_id = $1 or exists (
             select from workshop_guests g
             where g.workshop_id = w.id and g.user_id = $1 and g.invited_at is not null
               and g.answer in ('none', 'yes')))
         order by w.held_at, w.id limit 200",
        user_id,
        since,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut event = event(
                (row.id, &row.title),
                (row.held_at, row.duration_minutes),
                (&row.place, &row.video_url),
                row.sequence,
            );
            event.url = link(&format!("/ateliers/{}", row.id));
            event
        })
        .collect())
}
