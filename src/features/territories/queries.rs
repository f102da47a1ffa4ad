//! Reads of territories and communes. Every list stays within `scope`: the territories given to the
//! person, `None` meaning all of them.

pub mod load;
pub mod nomenclatures;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::web::map::{Contour, VIEW_WIDTH};

/// A territory as lists and its page show it. « Inside » counts what lies in the département of the
/// service, « total » what lies across its border as well.
#[derive(Debug, Clone)]
pub struct TerritoryRow {
    /// SIREN of the EPCI.
    pub siren: String,
    /// Name with its kind.
    pub name: String,
    /// Name for lists and tiles.
    pub short_name: String,
    /// Code of the kind (DGCL).
    pub kind: String,
    /// Codes of the départements that it touches.
    pub departments: Vec<String>,
    /// Communes.
    pub municipalities_total: i32,
    /// Communes inside.
    pub municipalities_inside: i32,
    /// Inhabitants (population municipale).
    pub population_total: i32,
    /// Inhabitants inside.
    pub population_inside: i32,
    /// Column of its tile, from 1.
    pub tile_column: Option<i16>,
    /// Row of its tile, from 1.
    pub tile_row: Option<i16>,
    /// Numbers of the places that are held, in order.
    pub slots: Vec<i16>,
    /// What each of them shows of its risk; empty when not assessed.
    pub levels: Vec<String>,
    /// Alerts that are open on the companies that stand there; none when not asked for.
    pub open_alerts: i64,
    /// Names of the referents of its key companies, in order.
    pub referents: Vec<String>,
    /// Day of the last change of a place, if any.
    pub last_change: Option<NaiveDate>,
}

impl TerritoryRow {
    /// Whether it crosses the border of the département.
    pub fn crosses_border(&self) -> bool {
        self.municipalities_inside != self.municipalities_total
    }
}

/// What the list is narrowed to; an absent or empty criterion narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// One territory.
    pub siren: Option<String>,
    /// Part of the name of the territory, or of one of its communes, past or present.
    pub name: Option<String>,
    /// A referent (`users.id`).
    pub referent: Option<Uuid>,
    /// Whether open alerts are counted, which narrows nothing.
    pub with_alerts: bool,
}

/// The territories that have communes today, by name. `department` is that of the service.
pub async fn territories(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    department: &str,
    filter: &Filter,
) -> sqlx::Result<Vec<TerritoryRow>> {
    sqlx::query_as!(
        TerritoryRow,
        r#"select t.siren, t.name, t.short_name, t.kind, t.departments,
             t.municipalities_total, t.population_total, t.tile_column, t.tile_row,
             i.municipalities as "municipalities_inside!", i.population as "population_inside!",
             k.slots as "slots!", k.levels as "levels!", k.referents as "referents!", k.last_change,
             case when $6 then (
               select count(*) from alerts al
               join companies lc on lc.siren = al.siren
               join establishments le on le.siret = lc.local_siret
               join current_memberships lm on lm.insee_code = le.insee_code
               where al.status in ('new', 'taken', 'waiting') and lm.territory_siren = t.siren)
             else 0 end as "open_alerts!"
           from territories t
           cross join lateral (
             select count(*) filter (where m.department = $2)::int as municipalities,
               coalesce(sum(m.population) filter (where m.department = $2), 0)::int as population
             from current_memberships c join municipalities m using (insee_code)
             where c.territory_siren = t.siren
             having count(*) > 0) i
           cross join lateral (
             select coalesce(array_agg(kc.slot order by kc.slot) filter (where kc.exited_on is null), '{}') as slots,
               coalesce(array_agg(coalesce(r.shown, '') order by kc.slot) filter (where kc.exited_on is null), '{}') as levels,
               coalesce(array_agg(distinct u.full_name order by u.full_name)
                 filter (where kc.exited_on is null), '{}') as referents,
               max(greatest(kc.entered_on, kc.exited_on,
                 (select max(e.at at time zone 'Europe/Paris')::date from key_company_events e
                  where e.key_company_id = kc.id))) as last_change
             from key_companies kc join users u on u.id = kc.referent_id
             left join company_risks r on r.siren = kc.siren
             where kc.territory_siren = t.siren) k
           where ($1::text[] is null or t.siren = any($1))
             and ($3::text is null or t.siren = $3)
             and ($4::text is null or fold_text(t.name) like '%' || fold_text($4) || '%'
               or t.siren in (
                 select c.territory_siren from current_memberships c
                 join municipalities m using (insee_code)
                 left join former_municipalities f on f.successor_code = m.insee_code
                 where m.search_name like '%' || fold_text($4) || '%'
                   or fold_text(f.name) like '%' || fold_text($4) || '%'))
             and ($5::uuid is null or exists (
               select from key_companies kc where kc.territory_siren = t.siren
                 and kc.exited_on is null and kc.referent_id = $5))
           order by fold_text(t.short_name), t.siren"#,
        scope as Option<&[String]>,
        department,
        filter.siren,
        filter.name.as_deref().map(escape_like),
        filter.referent,
        filter.with_alerts,
    )
    .fetch_all(conn)
    .await
}

/// `%` and `_` typed by a person are letters, not jokers.
fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// One territory, if the person may see it.
pub async fn territory(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    department: &str,
    siren: &str,
) -> sqlx::Result<Option<TerritoryRow>> {
    let filter = Filter {
        siren: Some(siren.to_owned()),
        ..Filter::default()
    };
    Ok(territories(conn, scope, department, &filter).await?.pop())
}

/// A person who answers for key companies.
#[derive(Debug, Clone)]
pub struct Referent {
    /// `users.id`
    pub id: Uuid,
    /// First and last name.
    pub full_name: String,
}

/// The referents of the key companies of today, by name.
pub async fn referents(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
) -> sqlx::Result<Vec<Referent>> {
    sqlx::query_as!(
        Referent,
        "select distinct u.id, u.full_name from key_companies k join users u on u.id = k.referent_id
         where k.exited_on is null and ($1::text[] is null or k.territory_siren = any($1))
         order by u.full_name",
        scope as Option<&[String]>,
    )
    .fetch_all(conn)
    .await
}

/// A commune of a territory.
#[derive(Debug, Clone)]
pub struct Member {
    /// Insee code.
    pub insee_code: String,
    /// Name.
    pub name: String,
    /// Code of the département.
    pub department: String,
    /// Inhabitants (population municipale).
    pub population: Option<i32>,
    /// Postcodes.
    pub postcodes: Vec<String>,
    /// Communes merged into it: « Ronel (81226) », or the code alone where the name is not known.
    pub former: Vec<String>,
    /// Since when it is known to belong to the territory.
    pub since: Option<NaiveDate>,
}

/// The communes of a territory of today, by name.
pub async fn members(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
) -> sqlx::Result<Vec<Member>> {
    sqlx::query_as!(
        Member,
        r#"select m.insee_code, m.name, m.department, m.population, m.postcodes,
             lower(c.period) as since,
             array(select case when f.name = m.name then f.insee_code
                               else f.name || ' (' || f.insee_code || ')' end
                   from former_municipalities f where f.successor_code = m.insee_code
                   order by f.name) as "former!"
           from territory_memberships c join municipalities m using (insee_code)
           where c.territory_siren = $1 and upper_inf(c.period)
             and ($2::text[] is null or c.territory_siren = any($2))
           order by m.search_name"#,
        siren,
        scope as Option<&[String]>,
    )
    .fetch_all(conn)
    .await
}

/// A commune of today, as an old or a new code leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// Insee code of today.
    pub insee_code: String,
    /// Name of today.
    pub name: String,
    /// Its EPCI, if it has one that is followed here.
    pub territory_siren: Option<String>,
}

/// The commune of today behind an Insee code, merged communes included.
pub async fn resolve(conn: &mut PgConnection, insee_code: &str) -> sqlx::Result<Option<Resolved>> {
    sqlx::query_as!(
        Resolved,
        r#"select m.insee_code, m.name, c.territory_siren as "territory_siren?"
           from municipalities m left join current_memberships c using (insee_code)
           where m.insee_code = coalesce(
             (select successor_code from former_municipalities where insee_code = $1), $1)"#,
        insee_code,
    )
    .fetch_optional(conn)
    .await
}

/// The EPCI of a commune at a date. A code that was merged since is followed to its successor when
/// the commune's own membership at that date is not known.
pub async fn membership_at(
    conn: &mut PgConnection,
    insee_code: &str,
    date: NaiveDate,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select territory_siren from territory_memberships
         where period @> $2::date and (insee_code = $1 or insee_code =
           (select successor_code from former_municipalities where insee_code = $1))
         order by insee_code = $1 desc limit 1",
        insee_code,
        date,
    )
    .fetch_optional(conn)
    .await
}

/// Producer and date of what the pages show of the geography.
#[derive(Debug, Clone)]
pub struct SourceLine {
    /// What it holds.
    pub label: String,
    /// Who produces it.
    pub producer: String,
    /// The day that the data speaks of.
    pub as_of: NaiveDate,
}

/// The sources of the geography of a département.
pub async fn sources(conn: &mut PgConnection, department: &str) -> sqlx::Result<Vec<SourceLine>> {
    sqlx::query_as!(
        SourceLine,
        "select label, producer, as_of from reference_sources
         where code in ('territories-' || $1, 'municipalities-' || $1) order by code desc",
        department,
    )
    .fetch_all(conn)
    .await
}

/// The drawn map.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// `viewBox` attribute.
    pub view_box: String,
    /// View box units in one unit of the paths.
    pub scale: f64,
    /// Outlines.
    pub contours: Vec<Contour>,
    /// Name of the file that they come from.
    pub source: String,
    /// When they were imported.
    pub loaded_at: DateTime<Utc>,
}

/// The imported contours, if any. The pages join them to the territories that the person may see.
pub async fn contours(conn: &mut PgConnection) -> sqlx::Result<Option<Drawn>> {
    let rows = sqlx::query!(
        r#"select f.width::float8 as "width!", f.height::float8 as "height!", f.source, f.loaded_at,
             c.territory_siren, c.path, c.label_x::float8 as "label_x!", c.label_y::float8 as "label_y!"
           from contour_frames f cross join territory_contours c order by c.territory_siren"#
    )
    .fetch_all(conn)
    .await?;
    let Some(frame) = rows.first() else {
        return Ok(None);
    };
    let scale = VIEW_WIDTH / frame.width;
    let in_view = |length: f64| (length * scale * 10.0).round() / 10.0;
    Ok(Some(Drawn {
        view_box: format!("0 0 {VIEW_WIDTH} {}", in_view(frame.height)),
        scale,
        source: frame.source.clone(),
        loaded_at: frame.loaded_at,
        contours: rows
            .iter()
            .map(|row| Contour {
                siren: row.territory_siren.clone(),
                path: row.path.clone(),
                label_x: in_view(row.label_x),
                label_y: in_view(row.label_y),
            })
            .collect(),
    }))
}
