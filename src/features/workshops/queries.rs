//! SQL of workshops. What a person sees: every workshop for the council; those of their territories,
//! or to which their organisation is invited, for an adviser.

pub mod agenda;
pub mod answers;
pub mod decisions;
pub mod guests;
pub mod minutes;
pub mod room;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::forms::NewWorkshop;
use super::model::Counts;
use crate::web::Visit;

/// Whose eyes.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Territories; none for all.
    pub scope: Option<&'a [String]>,
    /// The reader's organisation.
    pub organisation_id: Uuid,
}

impl<'a> Seen<'a> {
    /// What this visitor sees.
    pub fn by(visit: &'a Visit) -> Self {
        Self {
            scope: visit.scope(),
            organisation_id: visit.user.organisation_id,
        }
    }
}

/// A workshop, with what was done of it.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// Key.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// When it begins.
    pub held_at: DateTime<Utc>,
    /// How long.
    pub duration_minutes: i32,
    /// Place; empty for none.
    pub place: String,
    /// Address of the video meeting; empty for none.
    pub video_url: String,
    /// SIREN of the territory; none for the département.
    pub territory_siren: Option<String>,
    /// Its short name.
    pub territory: Option<String>,
    /// Who organises: name and address.
    pub organiser: String,
    /// Address.
    pub organiser_email: String,
    /// Version of the invitation.
    pub sequence: i32,
    /// Cancelled at that moment.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why.
    pub cancel_motive: Option<String>,
    /// Before what was recorded, in the minutes.
    pub minutes_intro: String,
    /// After it.
    pub minutes_remarks: String,
    /// Moves at each change.
    pub version: i32,
    /// When the minutes left.
    pub sent_at: Option<DateTime<Utc>>,
    companies: i64,
    decided: i64,
    guests: i64,
    invited: i64,
    unreachable: i64,
    coming: i64,
    silent: i64,
    undelivered: i64,
    ticked: i64,
    present: i64,
}

impl Workshop {
    /// What was done of it.
    pub fn counts(&self) -> Counts {
        Counts {
            companies: self.companies,
            decided: self.decided,
            guests: self.guests,
            invited: self.invited,
            unreachable: self.unreachable,
            coming: self.coming,
            silent: self.silent,
            undelivered: self.undelivered,
            ticked: self.ticked,
            present: self.present,
        }
    }
}

/// Which workshops.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// This one.
    pub id: Option<Uuid>,
    /// Of this territory.
    pub territory: Option<String>,
    /// Those that are over, or those to come; a workshop is over when its day's hours are.
    pub is_past: Option<bool>,
}

/// Workshops: those to come by date, those that are over the newest first.
pub async fn workshops(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    wanted: &Wanted,
    now: DateTime<Utc>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Workshop>> {
    sqlx::query_as!(
        Workshop,
        r#"select w.id, w.title, w.held_at, w.duration_minutes, w.place, w.video_url, w.territory_siren,
                  t.short_name as "territory?", u.full_name as organiser, u.email as organiser_email,
                  w.sequence, w.cancelled_at, w.cancel_motive, w.minutes_intro, w.minutes_remarks, w.version,
                  (select max(m.sent_at) from workshop_minutes m where m.workshop_id = w.id) as sent_at,
                  a.companies as "companies!", a.decided as "decided!", g.guests as "guests!",
                  g.invited as "invited!", g.unreachable as "unreachable!", g.coming as "coming!", g.silent as "silent!",
                  (select count(*) from workshop_minutes_recipients r left join mails x on x.id = r.mail_id
                   where r.minutes_id = (select l.id from workshop_minutes l where l.workshop_id = w.id
                                         order by l.number desc limit 1)
                     and (r.left_at is null or x.status in ('waiting', 'refused', 'failed'))) as "undelivered!",
                  g.ticked as "ticked!",
                  g.present as "present!"
           from workshops w
           join users u on u.id = w.organiser_id
           left join territories t on t.siren = w.territory_siren
           cross join lateral (
             select count(*) as companies,
                    count(*) filter (where exists (
                      select from workshop_decisions d
                      where d.workshop_id = c.workshop_id and d.siren = c.siren)) as decided
             from workshop_companies c where c.workshop_id = w.id) a
           cross join lateral (
             select count(*) as guests,
                    count(i.invited_at) filter (where m.status is null or m.status not in ('refused', 'failed')) as invited,
                    count(*) filter (where i.invited_at is null and i.person_email = '') as unreachable,
                    count(*) filter (where i.answer in ('yes', 'replaced')) as coming,
                    count(*) filter (where i.invited_at is not null and i.answer = 'none') as silent,
                    count(i.attended) as ticked, count(*) filter (where i.attended) as present
             from workshop_guests i left join mails m on m.id = i.mail_id where i.workshop_id = w.id) g
           where ($1::text[] is null or w.territory_siren = any($1) or workshop_concerns(w.id, $2))
             and ($3::uuid is null or w.id = $3)
             and ($4::text is null or w.territory_siren = $4)
             and ($5::bool is null
                  or $5 = (w.held_at + make_interval(mins => w.duration_minutes) < $6))
           order by case when $5 then null else w.held_at end, w.held_at desc, w.id
           limit $7 offset $8"#,
        seen.scope,
        seen.organisation_id,
        wanted.id,
        wanted.territory.as_deref(),
        wanted.is_past,
        now,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// How many workshops of these are over.
pub async fn count_past(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    territory: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from workshops w
           where ($1::text[] is null or w.territory_siren = any($1) or workshop_concerns(w.id, $2))
             and ($3::text is null or w.territory_siren = $3)
             and w.held_at + make_interval(mins => w.duration_minutes) < $4"#,
        seen.scope,
        seen.organisation_id,
        territory,
        now,
    )
    .fetch_one(conn)
    .await
}

/// Adds a workshop.
pub async fn insert(
    conn: &mut PgConnection,
    new: &NewWorkshop,
    organiser: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into workshops (id, title, held_at, duration_minutes, place, video_url, territory_siren,
                                organiser_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        new.title,
        new.held_at,
        new.duration_minutes,
        new.place,
        new.video_url,
        new.territory_siren,
        organiser,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes a workshop; `false` when someone changed or cancelled it first. What the invitation says
/// moves its sequence; another date asks for the answers again.
pub async fn update(
    conn: &mut PgConnection,
    known: &Workshop,
    version: i32,
    new: &NewWorkshop,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshops set title = $3, held_at = $4, duration_minutes = $5, place = $6, video_url = $7,
                territory_siren = $8,
                sequence = sequence + (case when (title, held_at, duration_minutes, place, video_url)
                                            is distinct from ($3::text, $4::timestamptz, $5::int, $6::text, $7::text)
                                       then 1 else 0 end)
         where id = $1 and version = $2 and cancelled_at is null",
        known.id,
        version,
        new.title,
        new.held_at,
        new.duration_minutes,
        new.place,
        new.video_url,
        new.territory_siren,
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 1 && known.held_at != new.held_at {
        sqlx::query!(
            "update workshop_guests set answer = 'none', answered_at = null, answered_by = null,
                    replacement_name = '', replacement_email = '', reminded_at = null
             where workshop_id = $1 and (invited_at is not null or answer <> 'none')",
            known.id
        )
        .execute(conn)
        .await?;
    }
    Ok(done.rows_affected() == 1)
}

/// Cancels a workshop; `false` when someone changed it first.
pub async fn cancel(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    motive: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshops set cancelled_at = $3, cancel_motive = $4, sequence = sequence + 1
         where id = $1 and version = $2 and cancelled_at is null",
        id,
        version,
        now,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Who changed a row of this table last, and when.
#[derive(Debug)]
pub struct LastChange {
    /// Name as the audit keeps it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The last change of a row.
pub async fn last_change(
    conn: &mut PgConnection,
    table: &str,
    id: Uuid,
) -> sqlx::Result<Option<LastChange>> {
    sqlx::query_as!(
        LastChange,
        r#"select actor_name as by, at from audit_events
           where object_type = $1 and object_id = $2 order by id desc limit 1"#,
        table,
        id.to_string(),
    )
    .fetch_optional(conn)
    .await
}
