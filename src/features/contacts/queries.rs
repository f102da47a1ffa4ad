//! Contacts, within the visitor's scope: a company is seen through its establishments.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use crate::features::companies::queries::identity::{CompanyName, company};

/// A contact as it is kept, with its company.
#[derive(Debug)]
pub struct Contact {
    /// `contacts.id`
    pub id: Uuid,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company; null when masked.
    pub company: Option<String>,
    /// First and last name.
    pub full_name: String,
    /// Job title; empty when unknown.
    pub job_title: String,
    /// Mail address; empty when unknown.
    pub email: String,
    /// Normalised number; empty when unknown.
    pub phone: String,
    /// What to know before calling.
    pub note: String,
    /// Who gave these particulars; empty when unknown.
    pub source: String,
    /// Last exchange.
    pub last_contact_on: Option<NaiveDate>,
    /// Left on that day.
    pub archived_on: Option<NaiveDate>,
    /// Erased at their request.
    pub erased_at: Option<DateTime<Utc>>,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Moves at each change.
    pub version: i32,
}

/// The contact, if its company is within the scope.
pub async fn find(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
) -> sqlx::Result<Option<Contact>> {
    sqlx::query_as!(
        Contact,
        "select t.id, t.siren, case when c.diffusible or not c.is_person then c.name end as company,
                t.full_name, t.job_title, t.email, t.phone, t.note, t.source, t.last_contact_on,
                t.archived_on, t.erased_at, t.created_at, t.version
         from contacts t join companies c on c.siren = t.siren
         where t.id = $2 and ($1::text[] is null or exists (
           select from establishments s join current_memberships m on m.insee_code = s.insee_code
           where s.siren = c.siren and m.territory_siren = any($1)))",
        scope,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// A contact that passed its form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewContact {
    /// First and last name, never empty.
    pub full_name: String,
    /// Job title, perhaps empty.
    pub job_title: String,
    /// Mail address, perhaps empty.
    pub email: String,
    /// Normalised number, perhaps empty.
    pub phone: String,
    /// Note, perhaps empty.
    pub note: String,
    /// Who gave these particulars, perhaps empty.
    pub source: String,
    /// Last exchange.
    pub last_contact_on: Option<NaiveDate>,
}

/// Adds a contact to a company.
pub async fn insert(
    conn: &mut PgConnection,
    siren: &str,
    new: &NewContact,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into contacts (id, siren, full_name, job_title, email, phone, note, created_at, source,
                               last_contact_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        siren,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.note,
        now,
        new.source,
        new.last_contact_on,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes a contact; `false` when someone changed or erased it first.
pub async fn update(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &NewContact,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update contacts set full_name = $3, job_title = $4, email = $5, phone = $6, note = $7,
                source = $8, last_contact_on = $9
         where id = $1 and version = $2 and erased_at is null",
        id,
        version,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.note,
        new.source,
        new.last_contact_on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a contact aside since `on`, or takes it back (`None`); `false` when it was so already.
pub async fn set_aside(
    conn: &mut PgConnection,
    id: Uuid,
    on: Option<NaiveDate>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update contacts set archived_on = $2::date
         where id = $1 and erased_at is null and (archived_on is null) <> ($2::date is null)",
        id,
        on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a contact's particulars away, here and by trigger in the audit; what cites them keeps a row.
/// `false` when someone changed it first.
pub async fn erase(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update contacts set full_name = 'Personne effacée', job_title = '', email = '', phone = '',
                note = '', source = '', archived_on = coalesce(archived_on, $4), erased_at = $3
         where id = $1 and version = $2 and erased_at is null",
        id,
        version,
        now,
        today,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Someone whose particulars are older than the reference allows.
#[derive(Debug)]
pub struct OldContact {
    /// Whether they are of an organisation, not of a company.
    pub is_partner: bool,
    /// `contacts.id` or `partner_people.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// SIREN of the company, or `organisations.id`.
    pub of_key: String,
    /// Name of the company or of the organisation; null when masked.
    pub of: Option<String>,
    /// Last exchange, when one is known.
    pub last_contact_on: Option<NaiveDate>,
    /// Day on which they were added.
    pub added_on: NaiveDate,
    /// Left on that day.
    pub archived_on: Option<NaiveDate>,
}

/// How many people nobody has spoken to since `before`, and who were added before it.
pub async fn count_old(conn: &mut PgConnection, before: NaiveDate) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select (select count(*) from contacts where erased_at is null
                     and coalesce(last_contact_on, (created_at at time zone 'Europe/Paris')::date) < $1)
                + (select count(*) from partner_people where erased_at is null
                     and coalesce(last_contact_on, (created_at at time zone 'Europe/Paris')::date) < $1)
                  as "count!""#,
        before
    )
    .fetch_one(conn)
    .await
}

/// One page of them, the oldest first.
pub async fn old(
    conn: &mut PgConnection,
    before: NaiveDate,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<OldContact>> {
    sqlx::query_as!(
        OldContact,
        r#"select is_partner as "is_partner!", id as "id!", full_name as "full_name!", of_key as "of_key!",
                  of_name as "of", last_contact_on, added_on as "added_on!", archived_on
           from (
             select false as is_partner, t.id, t.full_name, t.siren as of_key,
                    case when c.diffusible or not c.is_person then c.name end as of_name,
                    t.last_contact_on, (t.created_at at time zone 'Europe/Paris')::date as added_on,
                    t.archived_on
             from contacts t join companies c on c.siren = t.siren where t.erased_at is null
             union all
             select true, p.id, p.full_name, o.id::text, o.name, p.last_contact_on,
                    (p.created_at at time zone 'Europe/Paris')::date, p.archived_on
             from partner_people p join organisations o on o.id = p.organisation_id
             where p.erased_at is null
           ) people
           where coalesce(last_contact_on, added_on) < $1
           order by coalesce(last_contact_on, added_on), id limit $2 offset $3"#,
        before,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// Who changed a contact last, and when.
#[derive(Debug)]
pub struct LastChange {
    /// Name as the audit keeps it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The last change of a contact.
pub async fn last_change(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<LastChange>> {
    sqlx::query_as!(
        LastChange,
        r#"select actor_name as by, at from audit_events
           where object_type = 'contacts' and object_id = $1 order by id desc limit 1"#,
        id.to_string(),
    )
    .fetch_optional(conn)
    .await
}

/// These people were met on that day: their last exchange is then, or later. Gives those for whom it is then,
/// with what it was before.
pub async fn talked_to(
    conn: &mut PgConnection,
    ids: &[Uuid],
    on: NaiveDate,
) -> sqlx::Result<Vec<(Uuid, Option<NaiveDate>)>> {
    let rows = sqlx::query!(
        "with before as (
           select id, last_contact_on from contacts
           where id = any($1) and erased_at is null and (last_contact_on is null or last_contact_on <= $2)
           for update),
         moved as (
           update contacts c set last_contact_on = $2 from before b
           where c.id = b.id and b.last_contact_on is distinct from $2)
         select id, last_contact_on as before from before",
        ids,
        on,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.before)).collect())
}

/// Their last exchange was not on that day after all: it is the day before it, unless it moved since.
pub async fn did_not_talk_to(
    conn: &mut PgConnection,
    moved: &[(Uuid, Option<NaiveDate>)],
    on: NaiveDate,
) -> sqlx::Result<()> {
    let (ids, days): (Vec<Uuid>, Vec<Option<NaiveDate>>) = moved.iter().copied().unzip();
    sqlx::query!(
        "update contacts c set last_contact_on = b.day
         from unnest($1::uuid[], $2::date[]) b (id, day)
         where c.id = b.id and c.last_contact_on = $3 and c.erased_at is null",
        &ids,
        &days as &[Option<NaiveDate>],
        on,
    )
    .execute(conn)
    .await?;
    Ok(())
}
