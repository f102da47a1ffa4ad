//! Contacts, within the visitor's scope: a company is seen through its establishments.

use chrono::{DateTime, Utc};
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
                t.full_name, t.job_title, t.email, t.phone, t.note, t.version
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
        "insert into contacts (id, siren, full_name, job_title, email, phone, note, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        siren,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.note,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes a contact; `false` when someone changed it first.
pub async fn update(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    new: &NewContact,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update contacts set full_name = $3, job_title = $4, email = $5, phone = $6, note = $7
         where id = $1 and version = $2",
        id,
        version,
        new.full_name,
        new.job_title,
        new.email,
        new.phone,
        new.note,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a contact; `false` when someone changed it first.
pub async fn delete(conn: &mut PgConnection, id: Uuid, version: i32) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "delete from contacts where id = $1 and version = $2",
        id,
        version
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether the contact once existed and was deleted, its company being within the scope.
pub async fn was_deleted(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from audit_events a where a.object_type = 'contacts'
             and a.object_id = $2 and a.verb = 'delete' and ($1::text[] is null or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               where s.siren = a.before ->> 'siren' and m.territory_siren = any($1)))) as "gone!""#,
        scope,
        id.to_string(),
    )
    .fetch_one(conn)
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
