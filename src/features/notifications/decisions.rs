//! Workshops, their decisions, the actions of plans and what was promised at meetings, for the calendar and the digest of those who have to
//! be there or to act.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::people::Reader;
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::features::workshops::event;
use crate::formats::icalendar::Event;
use crate::web::filters::long_date;

/// What someone has to carry out.
#[derive(Debug)]
pub struct Duty {
    /// `decision` of a workshop, `action` of a plan, `step` promised at a meeting.
    pub kind: String,
    /// Its key.
    pub id: Uuid,
    /// Key of its page: its own, or that of the meeting.
    pub page_id: Uuid,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// What is to be done.
    pub text: String,
    /// For when.
    pub due_on: NaiveDate,
}

impl Duty {
    /// In one line of the digest.
    pub fn line(&self) -> String {
        format!(
            "{}\u{a0}: {}, pour le {}",
            shown_name(self.company.as_deref()),
            self.text,
            long_date(self.due_on)
        )
    }
}

/// What a reader has to carry out, due between these days, in one statement.
pub async fn own_duties(
    conn: &mut PgConnection,
    reader: &Reader,
    (from, until): (Option<NaiveDate>, Option<NaiveDate>),
) -> sqlx::Result<Vec<Duty>> {
    sqlx::query_as!(
        Duty,
        r#"select d.kind as "kind!", d.id as "id!", d.page_id as "page_id!",
                  case when c.diffusible or not c.is_person then c.name end as company,
                  d.text as "text!", d.due_on as "due_on!"
           from (
             select 'decision' as kind, id, id as page_id, siren, text, due_on
             from due_decisions where user_id = $1 and $4
             union all
             select 'action', id, id, siren, title, due_on from due_actions where user_id = $1 and $5
             union all
             select 'step', id, meeting_id, siren, text, due_on from due_steps where user_id = $1 and $6) d
           join companies c on c.siren = d.siren
           where ($2::date is null or d.due_on >= $2) and ($3::date is null or d.due_on <= $3)
           order by d.due_on, d.id limit 1000"#,
        reader.id,
        from,
        until,
        reader.may(Permission::ViewWorkshops),
        reader.may(Permission::ViewPlans),
        reader.may(Permission::LogMeetings),
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
