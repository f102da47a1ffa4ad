//! What the pages of this feature read. Every query that names a territory keeps to the scope.

mod establishments;
mod impact;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

pub use establishments::*;
pub use impact::*;

/// A territory with its figures.
#[derive(Debug, Clone)]
pub struct TerritoryRow {
    /// SIREN of the EPCI.
    pub siren: String,
    /// Full name.
    pub name: String,
    /// Name of titles and lists.
    pub short_name: String,
    /// Codes of the départements over which it extends.
    pub departments: Vec<String>,
    /// Inhabitants in all.
    pub population_total: i32,
    /// Communes in all.
    pub municipalities_total: i32,
    /// Inhabitants in the loaded département; unknown when a commune's is.
    pub population_inside: Option<i64>,
    /// Communes in the loaded département.
    pub municipalities_inside: i64,
}

/// The territory, if the person may see it. `department` is the council's own.
pub async fn territory(
    conn: &mut PgConnection,
    siren: &str,
    scope: Option<&[String]>,
    department: &str,
) -> sqlx::Result<TerritoryRow> {
    sqlx::query_as!(
        TerritoryRow,
        r#"select t.siren, t.name, t.short_name, t.departments, t.population_total,
                  t.municipalities_total,
                  (select case when bool_and(m.population is not null) then sum(m.population) end
                   from current_memberships cm join municipalities m using (insee_code)
                   where cm.territory_siren = t.siren and m.department = $3) as population_inside,
                  (select count(*) from current_memberships cm join municipalities m using (insee_code)
                   where cm.territory_siren = t.siren and m.department = $3) as "municipalities_inside!"
           from territories t
           where t.siren = $1 and ($2::text[] is null or t.siren = any($2))"#,
        siren,
        scope,
        department
    )
    .fetch_one(conn)
    .await
}

/// A territory's name.
#[derive(Debug, Clone)]
pub struct TerritoryName {
    /// SIREN of the EPCI.
    pub siren: String,
    /// Name of titles and lists.
    pub name: String,
}

/// The name of the territory, if the person may see it.
pub async fn territory_name(
    conn: &mut PgConnection,
    siren: &str,
    scope: Option<&[String]>,
) -> sqlx::Result<TerritoryName> {
    sqlx::query_as!(
        TerritoryName,
        "select siren, short_name as name from territories
         where siren = $1 and ($2::text[] is null or siren = any($2))",
        siren,
        scope
    )
    .fetch_one(conn)
    .await
}

/// A company in its place, now or before.
#[derive(Debug, Clone)]
pub struct HolderRow {
    /// `key_companies.id`
    pub id: Uuid,
    /// For the optimistic lock.
    pub version: i32,
    /// Territory.
    pub territory_siren: String,
    /// Its short name.
    pub territory_name: String,
    /// `companies.siren`
    pub siren: String,
    /// `establishments.siret`
    pub siret: String,
    /// Name of the company; none when its diffusion is forbidden.
    pub name: Option<String>,
    /// Commune of the establishment.
    pub municipality: Option<String>,
    /// Whether the establishment and its company are active.
    pub is_open: bool,
    /// 1 to 5.
    pub slot: i16,
    /// Another site of the group is key elsewhere.
    pub is_group_site: bool,
    /// `users.id` of the referent.
    pub referent_id: Uuid,
    /// Name of the referent.
    pub referent: String,
    /// Since when.
    pub entered_on: NaiveDate,
    /// Why.
    pub entry_motive: String,
    /// What it shows of its risk; none when not assessed.
    pub risk: Option<String>,
    /// Until when; none when it still holds the place.
    pub exited_on: Option<NaiveDate>,
    /// Last line of its history: when.
    pub changed_at: Option<DateTime<Utc>>,
    /// Last line of its history: who.
    pub changed_by: Option<String>,
}

/// The present holders of a territory's places, in order.
pub async fn holders(conn: &mut PgConnection, territory: &str) -> sqlx::Result<Vec<HolderRow>> {
    find_holders(conn, Some(territory), None, None).await
}

/// One key company, present or past, if the person may see its territory.
pub async fn holder(
    conn: &mut PgConnection,
    id: Uuid,
    scope: Option<&[String]>,
) -> sqlx::Result<HolderRow> {
    find_holders(conn, None, Some(id), scope)
        .await?
        .pop()
        .ok_or(sqlx::Error::RowNotFound)
}

async fn find_holders(
    conn: &mut PgConnection,
    territory: Option<&str>,
    id: Option<Uuid>,
    scope: Option<&[String]>,
) -> sqlx::Result<Vec<HolderRow>> {
    sqlx::query_as!(
        HolderRow,
        r#"select k.id, k.version, k.territory_siren, t.short_name as territory_name,
                  k.siren, k.siret, c.name, m.name as "municipality?",
                  e.active and c.active as "is_open!",
                  k.slot, k.is_group_site, k.referent_id, u.full_name as referent,
                  k.entered_on, k.entry_motive, r.shown as "risk?", k.exited_on,
                  l.at as "changed_at?", l.actor_name as "changed_by?"
           from key_companies k
           join territories t on t.siren = k.territory_siren
           join companies c on c.siren = k.siren
           join establishments e on e.siret = k.siret
           left join municipalities m on m.insee_code = e.insee_code
           join users u on u.id = k.referent_id
           left join company_risks r on r.siren = k.siren
           left join lateral (select at, actor_name from key_company_events
                              where key_company_id = k.id order by id desc limit 1) l on true
           where ($1::text is null or k.territory_siren = $1 and k.exited_on is null)
             and ($2::uuid is null or k.id = $2)
             and ($3::text[] is null or k.territory_siren = any($3))
           order by k.slot"#,
        territory,
        id,
        scope
    )
    .fetch_all(conn)
    .await
}

/// A line of a territory's history.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who acted.
    pub actor_name: String,
    /// Code of the act.
    pub kind: String,
    /// Place left.
    pub from_slot: Option<i16>,
    /// Place taken.
    pub to_slot: Option<i16>,
    /// Why.
    pub motive: String,
    /// SIREN of the company.
    pub siren: String,
    /// Its name.
    pub name: Option<String>,
    /// The referent chosen.
    pub referent: Option<String>,
    /// Who took the place.
    pub replaced_by: Option<String>,
    /// Date of entry.
    pub entered_on: NaiveDate,
    /// Date of exit.
    pub exited_on: Option<NaiveDate>,
    /// Outcome of the exit.
    pub exit_outcome: Option<String>,
}

/// The latest lines of a territory's history, newest first.
pub async fn events(conn: &mut PgConnection, territory: &str) -> sqlx::Result<Vec<EventRow>> {
    sqlx::query_as!(
        EventRow,
        r#"select v.at, v.actor_name, v.kind, v.from_slot, v.to_slot, v.motive, k.siren, c.name,
                  u.full_name as "referent?", rc.name as "replaced_by?",
                  k.entered_on, k.exited_on, k.exit_outcome
           from key_company_events v
           join key_companies k on k.id = v.key_company_id
           join companies c on c.siren = k.siren
           left join users u on u.id = v.referent_id
           left join key_companies rk on rk.id = v.replaced_by
           left join companies rc on rc.siren = rk.siren
           where k.territory_siren = $1
           order by v.at desc, v.id desc limit 100"#,
        territory
    )
    .fetch_all(conn)
    .await
}

/// What anyone may know of a territory's places, and its known jobs: counts only.
#[derive(Debug, Clone)]
pub struct CountsRow {
    /// Places held, in order.
    pub slots: Vec<i16>,
    /// What each of them shows of its risk; empty when not assessed.
    pub levels: Vec<String>,
    /// Entries since the beginning.
    pub entries: i64,
    /// Exits since the beginning.
    pub exits: i64,
    /// Decisions of workshops on its key companies that are open past their date.
    pub late_decisions: i64,
    /// Actions of their plans that are not ended past their date.
    pub late_actions: i64,
}

/// Counts of a territory's places, without any name.
pub async fn counts(
    conn: &mut PgConnection,
    territory: &str,
    today: NaiveDate,
) -> sqlx::Result<CountsRow> {
    sqlx::query_as!(
        CountsRow,
        r#"select coalesce(array_agg(slot order by slot) filter (where exited_on is null), '{}')
                    as "slots!",
                  coalesce(array_agg(coalesce(r.shown, '') order by slot) filter (where exited_on is null), '{}')
                    as "levels!",
                  count(*) as "entries!",
                  count(exited_on) as "exits!",
                  (select count(*) from workshop_decisions d
                   where d.status = 'open' and d.due_on < $2 and d.siren in (
                     select siren from key_companies where territory_siren = $1 and exited_on is null))
                    as "late_decisions!",
                  (select count(*) from actions a join action_plans p on p.id = a.plan_id
                   where p.closed_on is null and a.status in ('todo', 'ongoing', 'blocked') and a.due_on < $2
                     and p.siren in (
                       select siren from key_companies where territory_siren = $1 and exited_on is null))
                    as "late_actions!"
           from key_companies left join company_risks r using (siren) where territory_siren = $1"#,
        territory,
        today
    )
    .fetch_one(conn)
    .await
}

/// An establishment of a company, and where it stands.
#[derive(Debug, Clone)]
pub struct SiteRow {
    /// `establishments.siret`
    pub siret: String,
    /// Name of the company.
    pub name: Option<String>,
    /// Territory where it stands today.
    pub territory_siren: String,
    /// Its short name.
    pub territory_name: String,
    /// Whether it and its company are active.
    pub is_open: bool,
    /// Its present place.
    pub slot: Option<i16>,
    /// Territory and place of the same company elsewhere, when it is key there through another site.
    pub key_elsewhere: Option<String>,
}

/// The sites of a company in the territories that the person may see; key ones first.
pub async fn sites(
    conn: &mut PgConnection,
    siren: &str,
    scope: Option<&[String]>,
) -> sqlx::Result<Vec<SiteRow>> {
    sqlx::query_as!(
        SiteRow,
        r#"select e.siret, c.name, m.territory_siren as "territory_siren!", t.short_name as territory_name,
                  e.active and c.active as "is_open!", k.slot as "slot?",
                  (select ot.short_name || ', place ' || o.slot
                   from key_companies o join territories ot on ot.siren = o.territory_siren
                   where o.siren = e.siren and o.exited_on is null
                     and o.territory_siren <> m.territory_siren
                   order by o.is_group_site limit 1) as key_elsewhere
           from establishments e
           join companies c on c.siren = e.siren
           join current_memberships m on m.insee_code = e.insee_code
           join territories t on t.siren = m.territory_siren
           left join key_companies k on k.siret = e.siret and k.exited_on is null
           where e.siren = $1 and ($2::text[] is null or m.territory_siren = any($2))
           order by k.slot is null, not e.active, e.siret = c.local_siret desc nulls last, e.siret"#,
        siren,
        scope
    )
    .fetch_all(conn)
    .await
}
