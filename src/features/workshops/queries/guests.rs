//! Who is invited, who came.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::web::forms::Choice;

/// A guest.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Key.
    pub id: Uuid,
    /// Name of the organisation.
    pub organisation: String,
    /// Account, if any.
    pub user_id: Option<Uuid>,
    /// Name of the person; empty when the organisation itself is invited.
    pub person_name: String,
    /// Address; empty when none is known.
    pub person_email: String,
    /// Answer: code.
    pub answer: String,
    /// Who comes instead.
    pub replacement_name: String,
    /// Their address; empty when unknown.
    pub replacement_email: String,
    /// When they were invited.
    pub invited_at: Option<DateTime<Utc>>,
    /// When they were reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// Version of the invitation that they were told.
    pub told_sequence: i32,
    /// Where the last mail stands: code of the outbox.
    pub mail_status: Option<String>,
    /// Whether a mail about this workshop reached them, the last one or another.
    pub is_reached: bool,
    /// Whether they came.
    pub attended: Option<bool>,
    /// Whether their answer was noted for them.
    pub is_noted: bool,
    /// Moves at each change.
    pub version: i32,
}

impl Guest {
    /// The person, or the organisation itself.
    pub fn name(&self) -> &str {
        if self.person_name.is_empty() {
            &self.organisation
        } else {
            &self.person_name
        }
    }

    /// The person and the organisation, or the latter alone.
    pub fn full_name(&self) -> String {
        if self.person_name.is_empty() {
            self.organisation.clone()
        } else {
            format!("{}, {}", self.person_name, self.organisation)
        }
    }

    /// Who comes, and their address: the guest, or who comes instead, never the address of one for the other.
    pub fn attendee(&self) -> (&str, &str) {
        if self.answer == "replaced" {
            (&self.replacement_name, &self.replacement_email)
        } else {
            (&self.person_name, &self.person_email)
        }
    }

    /// Whether they may still be taken off the list.
    pub fn may_be_removed(&self) -> bool {
        self.invited_at.is_none() && self.attended.is_none() && self.answer == "none"
    }

    /// Whether the last mail did not leave yet: it waits, or no server is there to take it.
    pub fn has_mail_pending(&self) -> bool {
        matches!(self.mail_status.as_deref(), Some("waiting" | "kept"))
    }

    /// Whether the last mail did not reach them.
    pub fn is_bounced(&self) -> bool {
        matches!(self.mail_status.as_deref(), Some("refused" | "failed"))
    }
}

/// The guests of a workshop, by organisation.
pub async fn guests(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Vec<Guest>> {
    sqlx::query_as!(
        Guest,
        r#"select g.id, o.name as organisation, g.user_id, g.person_name,
                  -- Until a mail reached them, the address is the one known today.
                  case when g.invited_at is null or m.status in ('refused', 'failed') or exists (
                         select from workshop_minutes_recipients r join mails x on x.id = r.mail_id
                         where r.guest_id = g.id and x.status in ('refused', 'failed'))
                       then coalesce(nullif(p.email, ''), u.email,
                                     case when g.person_id is null and g.user_id is null then nullif(o.email, '') end,
                                     g.person_email)
                       else g.person_email end as "person_email!",
                  g.answer, g.replacement_name, g.replacement_email, g.invited_at, g.reminded_at, g.told_sequence,
                  m.status as "mail_status?",
                  -- By any mail of the workshop, or of before mails were kept.
                  g.invited_at is not null and (g.mail_id is null or m.status = 'sent' or exists (
                    select from mails s
                    where s.related = '/ateliers/' || g.workshop_id and s.serves_until is not null
                      and s.status = 'sent' and lower(s.to_address) = lower(g.person_email)
                      and s.to_name = g.person_name)) as "is_reached!", g.attended,
                  g.answered_by is not null as "is_noted!", g.version
           from workshop_guests g
           join organisations o on o.id = g.organisation_id
           left join partner_people p on p.id = g.person_id
           left join users u on u.id = coalesce(g.user_id, p.user_id) and u.status = 'active'
           left join mails m on m.id = g.mail_id
           where g.workshop_id = $1
           order by fold_text(o.name), fold_text(g.person_name), g.id"#,
        workshop_id
    )
    .fetch_all(conn)
    .await
}

/// Who may be invited: organisations that work in the territory, their people, colleagues.
pub async fn candidates(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    territory: Option<&str>,
) -> sqlx::Result<Vec<Choice>> {
    let rows = sqlx::query!(
        r#"with near as (
             select o.id, o.name, o.email from organisations o
             where o.archived_on is null and o.kind <> 'council'
               and ($2::text is null or o.covers_everywhere or exists (
                 select from organisation_territories t
                 where t.organisation_id = o.id and t.territory_siren = $2)))
           select key as "key!", label as "label!" from (
             -- However many partners, colleagues are offered too.
             select *, row_number() over (partition by first = '~' order by first, second) as rank from (
             select 'o:' || n.id as key,
                    n.name || case when n.email = '' then ' (sans adresse)' else '' end as label,
                    fold_text(n.name) as first, '' as second
             from near n
             where not exists (select from workshop_guests g where g.workshop_id = $1
                                 and g.organisation_id = n.id and g.person_id is null and g.user_id is null)
             union all
             select 'p:' || p.id,
                    p.full_name || ', ' || n.name || case when p.email = '' then ' (sans adresse)' else '' end,
                    fold_text(n.name), fold_text(p.full_name)
             from near n join partner_people p on p.organisation_id = n.id and p.archived_on is null
             where not exists (select from workshop_guests g
                               where g.workshop_id = $1 and g.person_id = p.id)
             union all
             select 'u:' || u.id, u.full_name || ', ' || o.name, '~', fold_text(u.full_name)
             from users u join organisations o on o.id = u.organisation_id
             where u.role = 'staff' and u.status = 'active'
               and not exists (select from workshop_guests g where g.workshop_id = $1 and g.user_id = u.id)
             ) c ) ranked where rank <= 300 order by first, second"#,
        workshop_id,
        territory,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.key, row.label))
        .collect())
}

/// Adds guests by their keys; those who are there already stay as they are. Gives how many are new.
pub async fn add(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    keys: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into workshop_guests (id, workshop_id, organisation_id, person_id, user_id, person_name,
                                      person_email, created_at)
         select gen_random_uuid(), $1, c.organisation_id, c.person_id, c.user_id, c.name, c.email, $3
         from (select 'o:' || o.id as key, o.id as organisation_id, null::uuid as person_id,
                      null::uuid as user_id, '' as name, o.email from organisations o
               where o.archived_on is null
               union all
               select 'p:' || p.id, p.organisation_id, p.id, p.user_id, p.full_name, p.email
               from partner_people p where p.archived_on is null
               union all
               select 'u:' || u.id, u.organisation_id, null, u.id, u.full_name, u.email
               from users u where u.role = 'staff' and u.status = 'active') c
         where c.key = any($2)
         on conflict do nothing",
        workshop_id,
        keys,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The keys of the guests of a workshop.
pub async fn keys(conn: &mut PgConnection, workshop_id: Uuid) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select case when person_id is not null then 'p:' || person_id
                       when user_id is not null then 'u:' || user_id
                       else 'o:' || organisation_id end as "key!"
           from workshop_guests where workshop_id = $1"#,
        workshop_id
    )
    .fetch_all(conn)
    .await
}

/// Takes a guest off the list; `false` when they were invited, answered or were ticked already.
pub async fn remove(conn: &mut PgConnection, workshop_id: Uuid, id: Uuid) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from workshop_guests
         where workshop_id = $1 and id = $2 and invited_at is null and attended is null
           and not exists (select from workshop_answers a where a.guest_id = workshop_guests.id)",
        workshop_id,
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a mail that leaves writes on its guest.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// `workshop_guests.id`
    pub guest_id: Uuid,
    /// `mails.id`
    pub mail_id: Uuid,
    /// Version of the invitation.
    pub sequence: i32,
    /// Address that it goes to.
    pub email: &'a str,
    /// Whether it reminds.
    pub is_reminder: bool,
}

/// Notes that a mail left for a guest.
pub async fn tell(conn: &mut PgConnection, told: Told<'_>, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update workshop_guests set mail_id = $2, told_sequence = $3,
                invited_at = coalesce(invited_at, $4),
                reminded_at = case when $5 then $4 else reminded_at end, person_email = $6
         where id = $1",
        told.guest_id,
        told.mail_id,
        told.sequence,
        now,
        told.is_reminder,
        told.email,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the addresses that were read before sending: what leaves goes there.
pub async fn settle(
    conn: &mut PgConnection,
    guests: impl Iterator<Item = &Guest>,
) -> sqlx::Result<()> {
    let (ids, addresses): (Vec<Uuid>, Vec<String>) = guests
        .map(|guest| (guest.id, guest.person_email.clone()))
        .unzip();
    sqlx::query!(
        "update workshop_guests g set person_email = known.email
         from unnest($1::uuid[], $2::text[]) known (id, email)
         where g.id = known.id and g.person_email <> known.email",
        &ids,
        &addresses,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ticks a guest; `false` when there is no such guest here.
pub async fn tick(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    id: Uuid,
    attended: Option<bool>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update workshop_guests set attended = $3 where workshop_id = $1 and id = $2",
        workshop_id,
        id,
        attended,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that whoever has an address got the invitation, without a mail: for the demonstration.
pub async fn mark_invited(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update workshop_guests set invited_at = $2 where workshop_id = $1 and person_email <> ''",
        workshop_id,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
