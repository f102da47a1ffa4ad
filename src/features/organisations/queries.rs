//! Organisations as the pages read them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::web::forms::Choice;

/// What narrows the list.
#[derive(Debug, Default)]
pub struct Filters {
    /// Part of a name, or a SIREN.
    pub text: String,
    /// Code of a dossier.
    pub dossier: Option<String>,
    /// Code of a kind.
    pub kind: Option<String>,
    /// SIREN of a territory.
    pub territory: Option<String>,
    /// Those set aside instead of the others.
    pub archived: bool,
}

/// One organisation of the list.
#[derive(Debug)]
pub struct OrganisationRow {
    /// `organisations.id`
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the kind.
    pub kind: String,
    /// Codes of the dossiers, each once.
    pub dossiers: Vec<String>,
    /// Whether it works everywhere.
    pub covers_everywhere: bool,
    /// Short names of its territories.
    pub territories: Vec<String>,
    /// People who have not left.
    pub people: i64,
}

/// How many organisations the filters keep.
pub async fn count(conn: &mut PgConnection, filters: &Filters) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from organisations o
           where (o.archived_on is not null) = $5
             and ($1 = '' or fold_text(o.name) like '%' || fold_text($1) || '%' or o.siren = $1)
             and ($2::text is null or exists (
               select from organisation_skills s where s.organisation_id = o.id and s.dossier = $2))
             and ($3::text is null or o.kind = $3)
             and ($4::text is null or o.covers_everywhere or exists (
               select from organisation_territories t
               where t.organisation_id = o.id and t.territory_siren = $4))"#,
        filters.text,
        filters.dossier.as_deref(),
        filters.kind.as_deref(),
        filters.territory.as_deref(),
        filters.archived,
    )
    .fetch_one(conn)
    .await
}

/// One page of them, by name.
pub async fn rows(
    conn: &mut PgConnection,
    filters: &Filters,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<OrganisationRow>> {
    sqlx::query_as!(
        OrganisationRow,
        r#"select o.id, o.name, o.kind, o.covers_everywhere,
                  array(select distinct s.dossier from organisation_skills s
                        where s.organisation_id = o.id) as "dossiers!",
                  array(select t.short_name from organisation_territories ot
                        join territories t on t.siren = ot.territory_siren
                        where ot.organisation_id = o.id order by fold_text(t.short_name))
                    as "territories!",
                  (select count(*) from partner_people p
                   where p.organisation_id = o.id and p.archived_on is null) as "people!"
           from organisations o
           where (o.archived_on is not null) = $5
             and ($1 = '' or fold_text(o.name) like '%' || fold_text($1) || '%' or o.siren = $1)
             and ($2::text is null or exists (
               select from organisation_skills s where s.organisation_id = o.id and s.dossier = $2))
             and ($3::text is null or o.kind = $3)
             and ($4::text is null or o.covers_everywhere or exists (
               select from organisation_territories t
               where t.organisation_id = o.id and t.territory_siren = $4))
           order by fold_text(o.name), o.id limit $6 offset $7"#,
        filters.text,
        filters.dossier.as_deref(),
        filters.kind.as_deref(),
        filters.territory.as_deref(),
        filters.archived,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// Territories, by name.
pub async fn territories(conn: &mut PgConnection) -> sqlx::Result<Vec<Choice>> {
    let rows =
        sqlx::query!("select siren, short_name from territories order by fold_text(short_name)")
            .fetch_all(conn)
            .await?;
    Ok(rows
        .into_iter()
        .map(|row| Choice::new(row.siren, row.short_name))
        .collect())
}

/// An organisation.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// `organisations.id`
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the kind.
    pub kind: String,
    /// Its number in the register.
    pub siren: Option<String>,
    /// Whether the register's company of this number is within the visitor's scope.
    pub is_company: bool,
    /// Mail address; empty when unknown.
    pub email: String,
    /// Normalised number; empty when unknown.
    pub phone: String,
    /// Address of its site; empty when unknown.
    pub website: String,
    /// What the council notes on it.
    pub note: String,
    /// Whether it works everywhere.
    pub covers_everywhere: bool,
    /// SIREN of its territories, by name.
    pub territory_sirens: Vec<String>,
    /// Their short names, in the same order.
    pub territories: Vec<String>,
    /// Codes of dossiers, with the themes below.
    pub skill_dossiers: Vec<String>,
    /// Themes, in the same order; empty for a dossier at large.
    pub skill_themes: Vec<String>,
    /// Set aside on that day.
    pub archived_on: Option<NaiveDate>,
    /// Moves at each change.
    pub version: i32,
}

/// The organisation.
pub async fn find(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
) -> sqlx::Result<Option<Organisation>> {
    sqlx::query_as!(
        Organisation,
        r#"select o.id, o.name, o.kind, o.siren, o.email, o.phone, o.website, o.note,
                  o.covers_everywhere, o.archived_on, o.version,
                  exists (select from companies c where c.siren = o.siren
                    and ($2::text[] is null or exists (
                      select from establishments e
                      join current_memberships m on m.insee_code = e.insee_code
                      where e.siren = c.siren and m.territory_siren = any($2)))) as "is_company!",
                  array(select t.siren from organisation_territories ot
                        join territories t on t.siren = ot.territory_siren
                        where ot.organisation_id = o.id order by fold_text(t.short_name), t.siren)
                    as "territory_sirens!",
                  array(select t.short_name from organisation_territories ot
                        join territories t on t.siren = ot.territory_siren
                        where ot.organisation_id = o.id order by fold_text(t.short_name), t.siren)
                    as "territories!",
                  array(select s.dossier from organisation_skills s
                        where s.organisation_id = o.id order by s.dossier, s.theme)
                    as "skill_dossiers!",
                  array(select s.theme from organisation_skills s
                        where s.organisation_id = o.id order by s.dossier, s.theme)
                    as "skill_themes!"
           from organisations o where o.id = $1"#,
        id,
        scope,
    )
    .fetch_optional(conn)
    .await
}

/// An organisation that looks like the one being typed.
#[derive(Debug, Clone)]
pub struct Twin {
    /// `organisations.id`
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Its number.
    pub siren: Option<String>,
}

/// Organisations of the same name, case and accents aside, or of the same SIREN.
pub async fn twins(
    conn: &mut PgConnection,
    name: &str,
    siren: Option<&str>,
    except: Option<Uuid>,
) -> sqlx::Result<Vec<Twin>> {
    sqlx::query_as!(
        Twin,
        "select id, name, siren from organisations
         where (fold_text(name) = fold_text($1) or siren = $2) and id is distinct from $3
         order by fold_text(name), id limit 10",
        name,
        siren,
        except,
    )
    .fetch_all(conn)
    .await
}

/// An account of an organisation.
#[derive(Debug)]
pub struct Account {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
    /// Code of the role.
    pub role: String,
    /// Code of the status.
    pub status: String,
}

/// Accounts of an organisation, by name.
pub async fn accounts(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<Account>> {
    sqlx::query_as!(
        Account,
        "select id, full_name, role, status from users where organisation_id = $1
         order by fold_text(full_name), id limit 200",
        id,
    )
    .fetch_all(conn)
    .await
}

/// Who changed an object, and when.
#[derive(Debug, Clone)]
pub struct LastChange {
    /// Name as the audit keeps it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The last change of an object.
pub async fn last_change(
    conn: &mut PgConnection,
    table: &str,
    id: Uuid,
) -> sqlx::Result<Option<LastChange>> {
    sqlx::query_as!(
        LastChange,
        "select actor_name as by, at from audit_events
         where object_type = $1 and object_id = $2 order by id desc limit 1",
        table,
        id.to_string(),
    )
    .fetch_optional(conn)
    .await
}
