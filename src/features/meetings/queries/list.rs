//! Lists of meetings and of companies to meet.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Reader;
use crate::features::meetings::forms::Filters;

/// Adds what the reader may see and the filters keep, `$1` to `$9`, between two texts. The aliases are `m`
/// meeting, `c` company, `t` its territory, `o` organisation of the author.
macro_rules! of_meetings {
    ($run:ident ($($row:ident)?) [$($before:tt)+] [$($after:tt)+] ($reader:expr, $f:expr) $($arg:expr),*) => {
        sqlx::$run!(
            $($row,)?
            $($before)+ + r#"
            from meetings m
            join companies c on c.siren = m.siren
            join organisations o on o.id = m.organisation_id
            left join establishments e on e.siret = c.local_siret
            left join current_memberships cm on cm.insee_code = e.insee_code
            left join territories t on t.siren = cm.territory_siren
            where m.undone_at is null
              and ($2 or m.is_shared or m.organisation_id = $3 and not m.by_council)
              and ($1::text[] is null or exists (
                select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                where s.siren = m.siren and sm.territory_siren = any($1)))
              and ($4::text is null or t.siren = $4)
              and ($5::uuid is null or exists (
                select from key_companies k where k.siren = m.siren and k.exited_on is null and k.referent_id = $5))
              and ($6::text is null or m.kind = $6)
              and ($7::date is null or m.held_on >= $7)
              and ($8::date is null or m.held_on <= $8)
              and ($9::uuid is null or m.author_id = $9)"# + $($after)+,
            $reader.scope as Option<&[String]>,
            $reader.council,
            $reader.organisation,
            $f.territory,
            $f.referent,
            $f.kind,
            $f.from,
            $f.until,
            $f.author
            $(, $arg)*
        )
    };
}

/// A meeting in a list.
#[derive(Debug)]
pub struct Row {
    /// Key.
    pub id: Uuid,
    /// SIREN of the company.
    pub siren: String,
    /// Null when masked.
    pub company: Option<String>,
    /// Code of the kind.
    pub kind: String,
    /// Code of the status.
    pub status: String,
    /// Day.
    pub held_on: NaiveDate,
    /// Hour, when it was planned.
    pub planned_at: Option<DateTime<Utc>>,
    /// The essential.
    pub summary: String,
    /// Who noted it.
    pub author: String,
    /// Their organisation.
    pub organisation: String,
    /// Territory of the company.
    pub territory: Option<String>,
    /// Whether partners may read it.
    pub is_shared: bool,
}

/// The meetings that the filters keep, the newest first.
pub async fn rows(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    f: &Filters<'_>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Row>> {
    of_meetings!(
        query_as (Row)
        [r#"select m.id, m.siren, case when c.diffusible or not c.is_person then c.name end as company, m.kind,
                   m.status, m.held_on, m.planned_at, m.summary, m.author_name as author, o.name as organisation,
                   t.short_name as "territory?", m.is_shared"#]
        [r#" order by m.held_on desc, m.id desc limit $10 offset $11"#]
        (reader, f) limit, offset
    )
    .fetch_all(conn)
    .await
}

/// How many there are; counting stops at `limit`.
pub async fn count(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    f: &Filters<'_>,
    limit: i64,
) -> sqlx::Result<i64> {
    of_meetings!(
        query_scalar ()
        [r#"select count(*) as "count!" from (select"#]
        [r#" limit $10) kept"#]
        (reader, f) limit
    )
    .fetch_one(conn)
    .await
}

/// A territory or a referent to filter by.
#[derive(Debug)]
pub struct OptionRow {
    /// `territory` or `referent`.
    pub kind: String,
    /// Key.
    pub value: String,
    /// Name.
    pub label: String,
}

/// Territories that the person sees, referents of their key companies.
pub async fn options(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'territory' as kind, siren as value, short_name as label from territories
             where $1::text[] is null or siren = any($1)
             union all
             select distinct 'referent', u.id::text, u.full_name
             from key_companies k join users u on u.id = k.referent_id
             where k.exited_on is null and ($1 is null or k.territory_siren = any($1))) options
           order by kind, fold_text(label) collate "C""#,
        scope,
    )
    .fetch_all(conn)
    .await
}

/// A key company that nobody met for long.
#[derive(Debug)]
pub struct Silent {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Territory in which it is key.
    pub territory: String,
    /// Who answers for it.
    pub referent: String,
    /// Last meeting that the reader may see.
    pub last_on: Option<NaiveDate>,
    /// How many there are in all.
    pub total: i64,
}

/// Key companies never met, or not since `before`: never met first, then the longest silence.
pub async fn silent(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    f: &Filters<'_>,
    before: NaiveDate,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Silent>> {
    sqlx::query_as!(
        Silent,
        r#"select k.siren, case when c.diffusible or not c.is_person then c.name end as name,
                  t.short_name as territory, u.full_name as referent, l.last_on,
                  count(*) over () as "total!"
           from key_companies k
           join companies c on c.siren = k.siren
           join territories t on t.siren = k.territory_siren
           join users u on u.id = k.referent_id
           cross join lateral (
             select max(m.held_on) as last_on from meetings m
             where m.siren = k.siren and m.undone_at is null and m.status = 'held'
               and ($2 or m.is_shared or m.organisation_id = $3 and not m.by_council)) l
           where k.exited_on is null and c.active and ($1::text[] is null or k.territory_siren = any($1))
             and ($4::text is null or k.territory_siren = $4) and ($5::uuid is null or k.referent_id = $5)
             and (l.last_on is null or l.last_on < $6)
           order by l.last_on nulls first, fold_text(c.name) collate "C", k.siren limit $7 offset $8"#,
        reader.scope,
        reader.council,
        reader.organisation,
        f.territory,
        f.referent,
        before,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// A company to choose before noting a meeting.
#[derive(Debug)]
pub struct Choosable {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Its commune.
    pub commune: Option<String>,
}

/// The last companies that the person met, then those that they answer for.
pub async fn recent(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    me: Uuid,
    limit: i64,
) -> sqlx::Result<Vec<Choosable>> {
    sqlx::query_as!(
        Choosable,
        r#"select c.siren, case when c.diffusible or not c.is_person then c.name end as name,
                  coalesce(u.name, e.commune_label) as commune
           from (
             select siren, max(at) as at from (
               select siren, created_at as at from meetings where author_id = $2 and undone_at is null
               union all
               select siren, '-infinity' from key_companies where referent_id = $2 and exited_on is null) seen
             group by siren) r
           join companies c on c.siren = r.siren
           left join establishments e on e.siret = c.local_siret
           left join municipalities u on u.insee_code = e.insee_code
           where $1::text[] is null or exists (
             select from establishments s join current_memberships m on m.insee_code = s.insee_code
             where s.siren = c.siren and m.territory_siren = any($1))
           order by r.at desc, fold_text(c.name) collate "C" limit $3"#,
        scope,
        me,
        limit,
    )
    .fetch_all(conn)
    .await
}

/// A past meeting, for the note that prepares the next one.
#[derive(Debug)]
pub struct Last {
    /// Day.
    pub on: NaiveDate,
    /// Code of the kind.
    pub kind: String,
    /// The essential.
    pub summary: String,
}

/// The last three meetings of a company besides this one, the newest first.
pub async fn last_held(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    siren: &str,
    besides: Uuid,
) -> sqlx::Result<Vec<Last>> {
    sqlx::query_as!(
        Last,
        "select m.held_on as on, m.kind, m.summary from meetings m
         where m.siren = $1 and m.id <> $2 and m.undone_at is null and m.status = 'held'
           and ($3 or m.is_shared or m.organisation_id = $4 and not m.by_council)
         order by m.held_on desc, m.id desc limit 3",
        siren,
        besides,
        reader.council,
        reader.organisation,
    )
    .fetch_all(conn)
    .await
}
