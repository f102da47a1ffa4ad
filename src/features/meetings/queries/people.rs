//! Who was at a meeting.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Person, TypedPerson};

/// A person of the company who can be ticked.
#[derive(Debug)]
pub struct ContactChoice {
    /// `contacts.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Function; empty when unknown.
    pub job_title: String,
    /// Number; empty when unknown.
    pub phone: String,
    /// Mail address; empty when unknown.
    pub email: String,
}

/// The contacts of a company who are still there.
pub async fn contacts(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<ContactChoice>> {
    sqlx::query_as!(
        ContactChoice,
        "select id, full_name, job_title, phone, email from contacts
         where siren = $1 and archived_on is null and erased_at is null
         order by fold_text(full_name), id limit 30",
        siren,
    )
    .fetch_all(conn)
    .await
}

/// How many of these are contacts of the company that are not erased.
pub async fn known(conn: &mut PgConnection, siren: &str, ids: &[Uuid]) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contacts where siren = $1 and id = any($2) and erased_at is null"#,
        siren,
        ids,
    )
    .fetch_one(conn)
    .await
}

/// Everyone who was there, the company first.
pub async fn of(conn: &mut PgConnection, meeting: Uuid) -> sqlx::Result<Vec<Person>> {
    sqlx::query_as!(
        Person,
        r#"select p.side, p.contact_id, coalesce(c.full_name, u.full_name, r.full_name, p.typed_name) as "name!",
                  coalesce(nullif(c.job_title, ''), nullif(r.job_title, ''), p.typed_role) as "role!",
                  p.typed_name <> '' as "is_typed!"
           from meeting_people p
           left join contacts c on c.id = p.contact_id
           left join users u on u.id = p.user_id
           left join partner_people r on r.id = p.partner_id
           where p.meeting_id = $1
           order by p.side, p.position"#,
        meeting,
    )
    .fetch_all(conn)
    .await
}

/// Contacts and others of a side, in the place of those before.
pub async fn replace(
    conn: &mut PgConnection,
    (meeting, side): (Uuid, &str),
    contacts: &[Uuid],
    typed: &[TypedPerson],
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from meeting_people where meeting_id = $1 and side = $2",
        meeting,
        side,
    )
    .execute(&mut *conn)
    .await?;
    add(conn, meeting, side, contacts, typed).await
}

/// Adds people on one side.
pub async fn add(
    conn: &mut PgConnection,
    meeting: Uuid,
    side: &str,
    contacts: &[Uuid],
    typed: &[TypedPerson],
) -> sqlx::Result<()> {
    let names: Vec<String> = typed.iter().map(|person| person.name.clone()).collect();
    let roles: Vec<String> = typed.iter().map(|person| person.role.clone()).collect();
    sqlx::query!(
        "insert into meeting_people (meeting_id, position, side, contact_id, typed_name, typed_role)
         select $1, (coalesce((select max(position) from meeting_people where meeting_id = $1), 0)
                     + row_number() over (order by x.kind, x.rank))::smallint, $2, x.contact_id, x.name, x.role
         from (select 1 as kind, u.rank, u.id as contact_id, '' as name, '' as role
               from unnest($3::uuid[]) with ordinality u (id, rank)
               union all
               select 2, u.rank, null, u.name, u.role
               from unnest($4::text[], $5::text[]) with ordinality u (name, role, rank)) x",
        meeting,
        side,
        contacts,
        &names,
        &roles,
    )
    .execute(conn)
    .await?;
    Ok(())
}
