//! What the demonstration reads of others' tables.

use sqlx::PgConnection;
use uuid::Uuid;

use super::portfolio::Place;
use crate::auth::users::StaffMember;
use crate::features::key_companies::places::Seen;

/// Whether any place was ever held.
pub async fn has_key_companies(conn: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select exists (select from key_companies) as "found!""#)
        .fetch_one(conn)
        .await
}

/// The département's communes that have a postcode and belong to a territory, by territory and code.
pub async fn places(conn: &mut PgConnection, department: &str) -> sqlx::Result<Vec<Place>> {
    let rows = sqlx::query!(
        r#"select b.territory_siren as "territory_siren!", m.insee_code, m.name, m.postcodes[1] as "postcode!",
                  coalesce(m.population, 0) as "population!"
           from municipalities m join current_memberships b using (insee_code)
           where m.department = $1 and cardinality(m.postcodes) > 0
           order by b.territory_siren, m.insee_code"#,
        department
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Place {
            territory: row.territory_siren,
            insee_code: row.insee_code,
            name: row.name,
            postcode: row.postcode,
            population: row.population.try_into().unwrap_or(0),
        })
        .collect())
}

/// The staff member of the demonstration, or the first one.
pub async fn staff_member(conn: &mut PgConnection) -> sqlx::Result<StaffMember> {
    sqlx::query_as!(
        StaffMember,
        "select id, full_name from users where role = 'staff' and status = 'active'
         order by email like '%@vigie.example' desc, created_at limit 1"
    )
    .fetch_one(conn)
    .await
}

/// Version of an organisation, as its act of changing wants to have seen it.
pub async fn organisation_version(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<i32> {
    sqlx::query_scalar!("select version from organisations where id = $1", id)
        .fetch_one(conn)
        .await
}

/// The demonstration's account of this organisation.
pub async fn account_of(
    conn: &mut PgConnection,
    organisation_id: Uuid,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from users where organisation_id = $1 and email like '%@vigie.example'
         order by created_at limit 1",
        organisation_id
    )
    .fetch_optional(conn)
    .await
}

/// Those of the territories that are loaded.
pub async fn known_territories(
    conn: &mut PgConnection,
    sirens: &[&str],
) -> sqlx::Result<Vec<String>> {
    let sirens: Vec<String> = sirens.iter().map(|siren| (*siren).to_owned()).collect();
    sqlx::query_scalar!(
        "select siren from territories where siren = any($1) order by siren",
        &sirens
    )
    .fetch_all(conn)
    .await
}

/// The establishment's present place, as the act of replacing wants to have seen it.
pub async fn holder(conn: &mut PgConnection, siret: &str) -> sqlx::Result<Seen> {
    sqlx::query_as!(
        Seen,
        "select id, version from key_companies where siret = $1 and exited_on is null",
        siret
    )
    .fetch_one(conn)
    .await
}

/// Organisation of an account.
pub async fn organisation_of(conn: &mut PgConnection, user: Uuid) -> sqlx::Result<Uuid> {
    sqlx::query_scalar!("select organisation_id from users where id = $1", user)
        .fetch_one(conn)
        .await
}

/// The person of an invented partner, with their organisation.
pub async fn partner_person(
    conn: &mut PgConnection,
    name: &str,
) -> sqlx::Result<Option<(Uuid, Uuid)>> {
    let row = sqlx::query!(
        "select id, organisation_id from partner_people where full_name = $1 and archived_on is null
         order by created_at limit 1",
        name
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.organisation_id)))
}

/// Who carries an action out: an account, or else a person.
#[derive(Debug)]
pub struct Carrier {
    /// Their organisation.
    pub organisation: Uuid,
    /// The person, when they have no account.
    pub person: Option<Uuid>,
    /// Their account.
    pub account: Option<Uuid>,
}

/// Someone of a partner by name.
pub async fn carrier(conn: &mut PgConnection, name: &str) -> sqlx::Result<Option<Carrier>> {
    sqlx::query_as!(
        Carrier,
        "select organisation_id as organisation, case when user_id is null then id end as person,
                user_id as account
         from partner_people where full_name = $1 and archived_on is null order by created_at limit 1",
        name
    )
    .fetch_optional(conn)
    .await
}

/// The newest decision of a workshop on a company.
pub async fn last_decision(
    conn: &mut PgConnection,
    workshop: Uuid,
    siren: &str,
) -> sqlx::Result<(Uuid, i32)> {
    let row = sqlx::query!(
        "select id, version from workshop_decisions where workshop_id = $1 and siren = $2
         order by id desc limit 1",
        workshop,
        siren
    )
    .fetch_one(conn)
    .await?;
    Ok((row.id, row.version))
}
