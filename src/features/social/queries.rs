//! SQL of activations, of the people who may read, and of what they read.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// An activation, open or ended.
#[derive(Debug, Clone)]
pub struct Activation {
    /// Key.
    pub id: Uuid,
    /// The text that allows it.
    pub legal_basis: String,
    /// The agreement that applies it.
    pub reference: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// Who turned it on.
    pub activated_by: String,
    /// When.
    pub activated_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who ended it; none when its period ran out.
    pub ended_by: Option<String>,
    /// Why.
    pub ended_motive: Option<String>,
    /// Facts that its end deleted.
    pub forgotten_facts: Option<i64>,
}

impl Activation {
    /// Whether it is in force on a day.
    pub fn is_in_force(&self, on: NaiveDate) -> bool {
        self.ended_at.is_none()
            && self.valid_from <= on
            && self.valid_until.is_none_or(|until| on <= until)
    }
}

/// Every activation, the newest first.
pub async fn activations(conn: &mut PgConnection) -> sqlx::Result<Vec<Activation>> {
    sqlx::query_as!(
        Activation,
        r#"select a.id, a.legal_basis, a.reference, a.valid_from, a.valid_until,
                  u.full_name as activated_by, a.activated_at, a.ended_at,
                  e.full_name as "ended_by?", a.ended_motive, a.forgotten_facts
             from social_data_activations a
             join users u on u.id = a.activated_by
             left join users e on e.id = a.ended_by
            order by a.ended_at is not null, a.activated_at desc"#
    )
    .fetch_all(conn)
    .await
}

/// The activation that was not ended, whatever its dates.
pub async fn open(conn: &mut PgConnection) -> sqlx::Result<Option<Activation>> {
    let all = activations(conn).await?;
    Ok(all.into_iter().find(|one| one.ended_at.is_none()))
}

/// Whether an activation is in force on a day.
pub async fn is_in_force(conn: &mut PgConnection, on: NaiveDate) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from social_data_activations
                           where ended_at is null and valid_from <= $1
                             and (valid_until is null or $1 <= valid_until)) as "is_in_force!""#,
        on
    )
    .fetch_one(conn)
    .await
}

/// An activation that passed its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewActivation {
    /// The text that allows it.
    pub legal_basis: String,
    /// The agreement that applies it.
    pub reference: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
}

/// Opens an activation; `false` when one is open already.
pub async fn activate(
    conn: &mut PgConnection,
    new: &NewActivation,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into social_data_activations
           (id, legal_basis, reference, valid_from, valid_until, activated_by, activated_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        Uuid::now_v7(),
        new.legal_basis,
        new.reference,
        new.valid_from,
        new.valid_until,
        by,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends an activation: the schema ends the rights and deletes the facts. Gives how many facts, or
/// none when it was ended already.
pub async fn end(
    conn: &mut PgConnection,
    id: Uuid,
    by: Option<Uuid>,
    motive: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let ended = sqlx::query_scalar!(
        "update social_data_activations set ended_at = $2, ended_by = $3, ended_motive = $4
          where id = $1 and ended_at is null returning forgotten_facts",
        id,
        now,
        by,
        motive
    )
    .fetch_optional(conn)
    .await?;
    Ok(ended.flatten())
}

/// How many social facts are kept, and about how many companies.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// Facts.
    pub facts: i64,
    /// Companies.
    pub companies: i64,
}

/// What is kept now.
pub async fn kept(conn: &mut PgConnection) -> sqlx::Result<Kept> {
    sqlx::query_as!(
        Kept,
        r#"select count(*) as "facts!", count(distinct siren) as "companies!"
             from facts where is_social_fact(kind)"#
    )
    .fetch_one(conn)
    .await
}

/// A person who may read.
#[derive(Debug)]
pub struct Reader {
    /// The right, not the person.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Who gave it.
    pub granted_by: String,
    /// When.
    pub granted_at: DateTime<Utc>,
    /// Why.
    pub motive: String,
}

/// People who may read, by name.
pub async fn readers(conn: &mut PgConnection) -> sqlx::Result<Vec<Reader>> {
    sqlx::query_as!(
        Reader,
        "select r.id, u.full_name as name, g.full_name as granted_by, r.granted_at, r.motive
           from social_data_readers r
           join users u on u.id = r.user_id
           join users g on g.id = r.granted_by
          where r.revoked_at is null order by u.full_name, r.id"
    )
    .fetch_all(conn)
    .await
}

/// Someone who may be given the right.
#[derive(Debug)]
pub struct Candidate {
    /// `users.id`
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// Active staff who may not read yet, by name.
pub async fn candidates(conn: &mut PgConnection) -> sqlx::Result<Vec<Candidate>> {
    sqlx::query_as!(
        Candidate,
        "select id, full_name as name from users u
          where role = 'staff' and status = 'active'
            and not exists (select from social_data_readers r
                             where r.user_id = u.id and r.revoked_at is null)
          order by full_name, id"
    )
    .fetch_all(conn)
    .await
}

/// Gives the right to a person; `false` when they have it already or may not have it.
pub async fn grant(
    conn: &mut PgConnection,
    (activation_id, user_id): (Uuid, Uuid),
    motive: &str,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into social_data_readers (id, activation_id, user_id, granted_by, granted_at, motive)
         select $1, $2, u.id, $4, $5, $6 from users u
          where u.id = $3 and u.role = 'staff' and u.status = 'active'
         on conflict do nothing",
        Uuid::now_v7(),
        activation_id,
        user_id,
        by,
        now,
        motive
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a right back; the name of the person, or none when it was taken back already.
pub async fn revoke(
    conn: &mut PgConnection,
    id: Uuid,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "update social_data_readers r set revoked_at = $2, revoked_by = $3
           from users u where r.id = $1 and r.revoked_at is null and u.id = r.user_id
         returning u.full_name",
        id,
        now,
        by
    )
    .fetch_optional(conn)
    .await
}

/// A reading, or a refusal to read.
#[derive(Debug)]
pub struct Reading {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub person: String,
    /// Company.
    pub siren: String,
    /// Its name, when it may be shown.
    pub company: Option<String>,
    /// Whether the page was shown.
    pub is_granted: bool,
}

/// What the readings are about in the audit.
pub const AUDITED: &str = "social_data";

/// The last readings and refusals.
pub async fn readings(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Reading>> {
    sqlx::query_as!(
        Reading,
        r#"select e.at, e.actor_name as person, e.object_id as siren,
                  case when c.diffusible or not c.is_person then c.name end as company,
                  e.verb = 'social_read' as "is_granted!"
             from audit_events e left join companies c on c.siren = e.object_id
            where e.object_type = $1 order by e.id desc limit $2"#,
        AUDITED,
        limit
    )
    .fetch_all(conn)
    .await
}

/// A social fact of a company.
#[derive(Debug)]
pub struct FactRow {
    /// Code of its kind.
    pub kind: String,
    /// The reader's row.
    pub content: serde_json::Value,
    /// Producer.
    pub source: String,
    /// The date that the file speaks of.
    pub source_date: NaiveDate,
    /// Name of the import.
    pub import: Option<String>,
    /// When it was written.
    pub imported_at: Option<DateTime<Utc>>,
}

/// The social facts of a company, oldest first; none unless an activation is in force.
pub async fn facts(
    conn: &mut PgConnection,
    siren: &str,
    on: NaiveDate,
) -> sqlx::Result<Vec<FactRow>> {
    sqlx::query_as!(
        FactRow,
        r#"select f.kind, f.content, f.source, f.source_date, i.label as "import?",
                  i.applied_at as imported_at
             from facts f left join imports i on i.id = f.import_id
            where f.siren = $1 and is_social_fact(f.kind)
              and exists (select from social_data_activations
                           where ended_at is null and valid_from <= $2
                             and (valid_until is null or $2 <= valid_until))
            order by f.happened_on, f.kind, f.key"#,
        siren,
        on
    )
    .fetch_all(conn)
    .await
}
