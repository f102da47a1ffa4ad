//! Groups and their members. Names within the visitor's scope only; levels for who may see them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::scoring::explanation::GroupReading;

/// A group in the list of a form.
#[derive(Debug)]
pub struct GroupName {
    /// `company_groups.id`
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// The groups that are known, by name.
pub async fn names(conn: &mut PgConnection) -> sqlx::Result<Vec<GroupName>> {
    sqlx::query_as!(
        GroupName,
        "select id, name from company_groups order by fold_text(name) limit 500"
    )
    .fetch_all(conn)
    .await
}

/// The membership of a company.
#[derive(Debug)]
pub struct Membership {
    /// `group_members.id`
    pub id: Uuid,
    /// `company_groups.id`
    pub group_id: Uuid,
    /// Name of the group.
    pub group: String,
    /// Who or what says so.
    pub source: String,
    /// Since when.
    pub joined_on: NaiveDate,
    /// Who wrote it.
    pub joined_by: String,
}

/// The group to which a company belongs today.
pub async fn membership(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Option<Membership>> {
    sqlx::query_as!(
        Membership,
        r#"select m.id, m.group_id, g.name as "group", m.source, m.joined_on, m.joined_by
             from group_members m join company_groups g on g.id = m.group_id
            where m.siren = $1 and m.left_on is null"#,
        siren
    )
    .fetch_optional(conn)
    .await
}

/// Adds a group; none when another has this name (`company_groups_name`).
pub async fn create(
    conn: &mut PgConnection,
    name: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "insert into company_groups (id, name, created_at) values ($1, $2, $3)
         on conflict do nothing returning id",
        Uuid::now_v7(),
        name,
        now
    )
    .fetch_optional(conn)
    .await
}

/// The group of this name, whatever its case and accents.
pub async fn by_name(conn: &mut PgConnection, name: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from company_groups where fold_text(name) = fold_text($1)",
        name
    )
    .fetch_optional(conn)
    .await
}

/// Whether the group exists.
pub async fn exists(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from company_groups where id = $1) as "exists!""#,
        id
    )
    .fetch_one(conn)
    .await
}

/// Makes a company the head of its group.
pub async fn set_head(conn: &mut PgConnection, group_id: Uuid, siren: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update company_groups set head_siren = $2 where id = $1",
        group_id,
        siren
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds a company to a group; `false` when it belongs to one already (`group_members_one_group`).
pub async fn join(
    conn: &mut PgConnection,
    (group_id, siren): (Uuid, &str),
    source: &str,
    by: &str,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into group_members (id, group_id, siren, source, joined_on, joined_by)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        Uuid::now_v7(),
        group_id,
        siren,
        source,
        today,
        by
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a membership; `false` when it has ended already. A head that leaves heads nothing any more.
pub async fn leave(
    conn: &mut PgConnection,
    (siren, membership): (&str, Uuid),
    motive: &str,
    by: &str,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let group_id = sqlx::query_scalar!(
        "update group_members set left_on = $3, left_by = $4, left_motive = $5
          where id = $1 and siren = $2 and left_on is null returning group_id",
        membership,
        siren,
        today,
        by,
        motive
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(group_id) = group_id else {
        return Ok(false);
    };
    sqlx::query!(
        "update company_groups set head_siren = null where id = $1 and head_siren = $2",
        group_id,
        siren
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// A group with what its consolidated accounts say.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Members in all, those out of the visitor's scope too.
    pub members: i64,
    /// What the consolidated accounts of its head say.
    pub reading: Option<Json<GroupReading>>,
}

/// The group, if one of its members is within the scope.
pub async fn group(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
    may_view_risk: bool,
) -> sqlx::Result<Option<Group>> {
    sqlx::query_as!(
        Group,
        r#"select g.name,
                  (select count(*) from group_members m where m.group_id = g.id and m.left_on is null) as "members!",
                  nullif(a.explanation -> 'group', 'null') as "reading: Json<GroupReading>"
             from company_groups g
             left join company_risks r on $3 and r.siren = g.head_siren
             left join risk_assessments a on a.id = r.assessment_id
            where g.id = $2 and ($1::text[] is null or exists (
              select from group_members m
              join establishments s on s.siren = m.siren
              join current_memberships t on t.insee_code = s.insee_code
              where m.group_id = g.id and m.left_on is null and t.territory_siren = any($1)))"#,
        scope,
        id,
        may_view_risk
    )
    .fetch_optional(conn)
    .await
}

/// A member of a group.
#[derive(Debug)]
pub struct Member {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Whether it heads the group.
    pub is_head: bool,
    /// Its territory, when it has one here.
    pub territory: Option<String>,
    /// Level retained, or `procedure`; none is « non évalué ».
    pub shown: Option<String>,
    /// Since when.
    pub since: Option<NaiveDate>,
    /// Who or what says that it belongs to the group.
    pub source: String,
    /// Since when it is known.
    pub joined_on: NaiveDate,
}

/// Members within the scope: the head, then the worst levels, then by name.
pub async fn members(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    id: Uuid,
    may_view_risk: bool,
) -> sqlx::Result<Vec<Member>> {
    sqlx::query_as!(
        Member,
        r#"select c.siren, case when c.diffusible or not c.is_person then c.name end as name,
                  coalesce(g.head_siren = c.siren, false) as "is_head!", t.short_name as "territory?",
                  r.shown as "shown?", r.since as "since?", m.source, m.joined_on
             from group_members m
             join company_groups g on g.id = m.group_id
             join companies c on c.siren = m.siren
             left join establishments e on e.siret = c.local_siret
             left join current_memberships cm on cm.insee_code = e.insee_code
             left join territories t on t.siren = cm.territory_siren
             left join company_risks r on $3 and r.siren = c.siren
            where m.group_id = $2 and m.left_on is null and ($1::text[] is null or exists (
              select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
              where s.siren = c.siren and sm.territory_siren = any($1)))
            order by coalesce(g.head_siren = c.siren, false) desc,
                     array_position(array['procedure', 'critical', 'high', 'moderate', 'low'], r.shown) nulls last,
                     c.search_name, c.siren
            limit 200"#,
        scope,
        id,
        may_view_risk
    )
    .fetch_all(conn)
    .await
}
