//! People of organisations: read and written. The organisation decides who may change them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// A person of an organisation.
#[derive(Debug, Clone)]
pub struct Person {
    /// `partner_people.id`
    pub id: Uuid,
    /// `organisations.id`
    pub organisation_id: Uuid,
    /// Name of the organisation.
    pub organisation: String,
    /// First and last name.
    pub full_name: String,
    /// Job title; empty when unknown.
    pub job_title: String,
    /// Mail address; empty when unknown.
    pub email: String,
    /// Normalised number; empty when unknown.
    pub phone: String,
    /// Their account.
    pub user_id: Option<Uuid>,
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

/// The person.
pub async fn find(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        "select p.id, p.organisation_id, o.name as organisation, p.full_name, p.job_title, p.email,
                p.phone, p.user_id, p.source, p.last_contact_on, p.archived_on, p.erased_at,
                p.created_at, p.version
         from partner_people p join organisations o on o.id = p.organisation_id
         where p.id = $1",
        id,
    )
    .fetch_optional(conn)
    .await
}

/// Everyone of an organisation, those who left last.
pub async fn of(conn: &mut PgConnection, organisation_id: Uuid) -> sqlx::Result<Vec<Person>> {
    sqlx::query_as!(
        Person,
        "select p.id, p.organisation_id, o.name as organisation, p.full_name, p.job_title, p.email,
                p.phone, p.user_id, p.source, p.last_contact_on, p.archived_on, p.erased_at,
                p.created_at, p.version
         from partner_people p join organisations o on o.id = p.organisation_id
         where p.organisation_id = $1
         order by p.archived_on is not null, fold_text(p.full_name), p.id limit 300",
        organisation_id,
    )
    .fetch_all(conn)
    .await
}

/// A person that passed the form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewPerson {
    /// First and last name, never empty.
    pub full_name: String,
    /// Job title, perhaps empty.
    pub job_title: String,
    /// Mail address, perhaps empty.
    pub email: String,
    /// Normalised number, perhaps empty.
    pub phone: String,
    /// Their account.
    pub user_id: Option<Uuid>,
    /// Who gave these particulars, perhaps empty.
    pub source: String,
    /// Last exchange.
    pub last_contact_on: Option<NaiveDate>,
}

/// Adds a person to an organisation.
pub async fn insert(
    conn: &mut PgConnection,
    organisation_id: Uuid,
    new: &NewPerson,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into partner_people (id, organisation_id, full_name, job_title, email, phone, user_id,
                                     source, last_contact_on, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        organisation_id,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.user_id,
        new.source,
        new.last_contact_on,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes a person; `false` when someone changed or erased them first.
pub async fn update(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &NewPerson,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update partner_people set full_name = $3, job_title = $4, email = $5, phone = $6,
                user_id = $7, source = $8, last_contact_on = $9
         where id = $1 and version = $2 and erased_at is null",
        id,
        version,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.user_id,
        new.source,
        new.last_contact_on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a person aside since `on`, or takes them back (`None`); `false` when it was so already.
pub async fn set_aside(
    conn: &mut PgConnection,
    id: Uuid,
    on: Option<NaiveDate>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update partner_people set archived_on = $2::date
         where id = $1 and erased_at is null and (archived_on is null) <> ($2::date is null)",
        id,
        on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a person's particulars away, here and by trigger in the audit; what they signed keeps its
/// row. `false` when someone changed them first.
pub async fn erase(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update partner_people set full_name = 'Personne effacée', job_title = '', email = '', phone = '',
                source = '', user_id = null, archived_on = coalesce(archived_on, $4), erased_at = $3
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
