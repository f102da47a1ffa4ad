//! Workshops, their decisions and the actions of plans, for the calendar and the digest of those who have to
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

/// A decision of a workshop, or an action of a plan, that someone has to carry out.
#[derive(Debug)]
pub struct Duty {
    /// Whether it is an action of a plan.
    pub is_action: bool,
    /// `actions.id` or `workshop_decisions.id`
    pub id: Uuid,
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
        r#"select d.is_action as "is_action!", d.id as "id!",
                  case when c.diffusible or not c.is_person then c.name end as company,
                  d.text as "text!", d.due_on as "due_on!"
           from (
             select false as is_action, id, siren, text, due_on from due_decisions where user_id = $1 and $4
             union all
             select true, id, siren, title, due_on from due_actions where user_id = $1 and $5) d
           join companies c on c.siren = d.siren
           where ($2::date is null or d.due_on >= $2) and ($3::date is null or d.due_on <= $3)
           order by d.due_on, d.id limit 1000"#,
        reader.id,
        from,
        until,
        reader.may(Permission::ViewWorkshops),
        reader.may(Permission::ViewPlans),
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
