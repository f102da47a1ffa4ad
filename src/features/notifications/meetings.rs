//! Meetings at the highest level, for the calendar and the digest of those who have to be there.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::people::Reader;
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::features::meetings::event;
use crate::formats::icalendar::Event;
use crate::web::filters::long_instant;

/// A meeting that someone planned, or is invited to.
#[derive(Debug)]
pub struct OwnMeeting {
    /// `meetings.id`
    id: Uuid,
    /// Name of the company; null when masked.
    company: Option<String>,
    at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    place: String,
    sequence: i32,
}

/// Meetings of a person between these moments, as far as the pages show them to this person.
pub async fn own_meetings(
    conn: &mut PgConnection,
    reader: &Reader,
    (from, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> sqlx::Result<Vec<OwnMeeting>> {
    if !reader.may(Permission::LogMeetings) {
        return Ok(Vec::new());
    }
    sqlx::query_as!(
        OwnMeeting,
        r#"select m.id, case when c.diffusible or not c.is_person then c.name end as company,
                  m.planned_at as "at!", m.ends_at, m.place, m.sequence
           from meetings m
           join companies c on c.siren = m.siren
           join users u on u.id = $1
           where (m.status = 'planned' or m.status = 'held'
                  -- Held on another day than planned, that hour is no appointment any more.
                  and (m.planned_at at time zone 'Europe/Paris')::date = m.held_on)
             and m.undone_at is null and m.planned_at >= $2
             and ($3::timestamptz is null or m.status = 'planned' and m.planned_at <= $3)
             and (m.author_id = $1
                  or exists (select from meeting_people p where p.meeting_id = m.id and p.user_id = $1)
                  or exists (select from meeting_invitations i
                             where i.meeting_id = m.id and i.user_id = $1 and not i.is_removed))
             and ($4 or m.is_shared or m.organisation_id = u.organisation_id and not m.by_council)
             and ($5::text[] is null or exists (
               select from establishments s join current_memberships t on t.insee_code = s.insee_code
               where s.siren = m.siren and t.territory_siren = any($5)))
           order by m.planned_at, m.id limit 200"#,
        reader.id,
        from,
        until,
        reader.may(Permission::ConductMeetings),
        reader.scope(),
    )
    .fetch_all(conn)
    .await
}

impl OwnMeeting {
    /// The event of the private calendar.
    pub fn event(&self, link: impl Fn(&str) -> String) -> Event {
        let company = shown_name(self.company.as_deref());
        let mut event = event(
            (self.id, self.sequence),
            (self.at, self.ends_at),
            (company, &self.place),
        );
        event.url = link(&format!("/rencontres/{}", self.id));
        event
    }

    /// The line of the digest.
    pub fn line(&self) -> String {
        format!(
            "{}, le {}, {}",
            shown_name(self.company.as_deref()),
            long_instant(self.at),
            self.place
        )
    }
}
