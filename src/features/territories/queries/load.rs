//! Writes of the reference: territories, communes, memberships, contours, nomenclatures.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::features::territories::package::{FormerData, MunicipalityData, TerritoryData};
use crate::formats::geojson::Drawing;

/// Where a list of reference comes from, as screens show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Key, for example `territories-81`.
    pub code: String,
    /// What it holds.
    pub label: String,
    /// Who produces it.
    pub producer: String,
    /// Version of the package, or checksum of the files.
    pub version: String,
    /// The day that the data speaks of.
    pub as_of: NaiveDate,
}

/// A commune whose EPCI changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Insee code.
    pub insee_code: String,
    /// Name of the commune.
    pub name: String,
    /// Since when it belongs to the EPCI that it leaves.
    pub since: Option<NaiveDate>,
    /// Name of the EPCI that it leaves.
    pub from: String,
    /// Name of the EPCI that it joins; none when it leaves what is followed here.
    pub to: Option<String>,
    /// Name of the commune that it was merged into, if that is why it leaves.
    pub merged_into: Option<String>,
}

/// Only one load at a time, on any node; ends with the transaction. Rows changed from here to the end
/// of the transaction are not told one by one in the audit: the load writes one event itself.
pub async fn begin_load(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtext('vigie_reference')),
                set_config('vigie.import_id', 'reference', true)"
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The source in force, if loaded.
pub async fn source(conn: &mut PgConnection, code: &str) -> sqlx::Result<Option<Source>> {
    sqlx::query_as!(
        Source,
        "select code, label, producer, version, as_of from reference_sources where code = $1",
        code
    )
    .fetch_optional(conn)
    .await
}

/// Signs what was loaded.
pub async fn sign_source(conn: &mut PgConnection, source: &Source) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reference_sources (code, label, producer, version, as_of)
         values ($1, $2, $3, $4, $5)
         on conflict (code) do update set label = excluded.label, producer = excluded.producer,
           version = excluded.version, as_of = excluded.as_of, loaded_at = now()",
        source.code,
        source.label,
        source.producer,
        source.version,
        source.as_of,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes territories; gives how many are new or changed. A short name and a tile that are already
/// there stay when the data brings none of its own (files of the package hold neither).
pub async fn save_territories(
    conn: &mut PgConnection,
    rows: &[TerritoryData],
) -> sqlx::Result<u64> {
    let sirens: Vec<_> = rows.iter().map(|r| r.siren.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let short_names: Vec<_> = rows.iter().map(|r| r.short_name.clone()).collect();
    let kinds: Vec<_> = rows.iter().map(|r| r.kind.clone()).collect();
    let columns: Vec<_> = rows.iter().map(|r| r.tile.map(|tile| tile.0)).collect();
    let lines: Vec<_> = rows.iter().map(|r| r.tile.map(|tile| tile.1)).collect();
    // Two tiles that change places would meet on the way.
    sqlx::query!(
        "update territories t set tile_column = null, tile_row = null
         from unnest($1::text[], $2::int2[], $3::int2[]) as r (siren, tile_column, tile_row)
         where r.siren = t.siren and (r.tile_column, r.tile_row) <> (t.tile_column, t.tile_row)",
        &sirens,
        &columns as &[Option<i16>],
        &lines as &[Option<i16>],
    )
    .execute(&mut *conn)
    .await?;
    let done = sqlx::query!(
        r#"insert into territories as t (siren, name, short_name, kind, departments,
             population_total, municipalities_total, tile_column, tile_row)
           select siren, name, short_name, kind, '{}', 0, 0, tile_column, tile_row
           from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int2[], $6::int2[])
             as r (siren, name, short_name, kind, tile_column, tile_row)
           on conflict (siren) do update set name = excluded.name, kind = excluded.kind,
             short_name = case when excluded.tile_column is null and t.name = excluded.name
                               then t.short_name else excluded.short_name end,
             tile_column = coalesce(excluded.tile_column, t.tile_column),
             tile_row = coalesce(excluded.tile_row, t.tile_row)
           where (t.name, t.kind) is distinct from (excluded.name, excluded.kind)
              or excluded.tile_column is not null
             and (t.short_name, t.tile_column, t.tile_row)
                 is distinct from (excluded.short_name, excluded.tile_column, excluded.tile_row)"#,
        &sirens,
        &names,
        &short_names,
        &kinds,
        &columns as &[Option<i16>],
        &lines as &[Option<i16>],
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Writes communes; gives how many are new or changed.
pub async fn save_municipalities(
    conn: &mut PgConnection,
    rows: &[MunicipalityData],
) -> sqlx::Result<u64> {
    let codes: Vec<_> = rows.iter().map(|r| r.insee_code.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let departments: Vec<_> = rows.iter().map(|r| r.department.clone()).collect();
    let sirens: Vec<_> = rows.iter().map(|r| r.siren.clone()).collect();
    let populations: Vec<_> = rows.iter().map(|r| r.population).collect();
    let postcodes: Vec<_> = rows.iter().map(|r| r.postcodes.join("|")).collect();
    let done = sqlx::query!(
        "insert into municipalities as m (insee_code, name, department, siren, population, postcodes)
         select code, name, department, siren, population, string_to_array(nullif(postcodes, ''), '|')
         from (select code, name, department, siren, population, coalesce(postcodes, '') as postcodes
               from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int4[], $6::text[])
                 as u (code, name, department, siren, population, postcodes)) r
         on conflict (insee_code) do update set name = excluded.name,
           department = excluded.department, siren = excluded.siren,
           population = excluded.population, postcodes = excluded.postcodes
         where (m.name, m.department, m.siren, m.population, m.postcodes) is distinct from
           (excluded.name, excluded.department, excluded.siren, excluded.population, excluded.postcodes)",
        &codes,
        &names,
        &departments,
        &sirens as &[Option<String>],
        &populations as &[Option<i32>],
        &postcodes,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Writes the merged communes; gives how many are new or changed. An older merger into a commune that
/// merges in its turn follows it; a commune that is re-established stops being « former ».
pub async fn save_former(conn: &mut PgConnection, rows: &[FormerData]) -> sqlx::Result<u64> {
    let codes: Vec<_> = rows.iter().map(|r| r.insee_code.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let successors: Vec<_> = rows.iter().map(|r| r.successor.clone()).collect();
    let done = sqlx::query!(
        "insert into former_municipalities as f (insee_code, name, successor_code)
         select * from unnest($1::text[], $2::text[], $3::text[])
         on conflict (insee_code) do update
           set name = excluded.name, successor_code = excluded.successor_code
         where (f.name, f.successor_code) is distinct from (excluded.name, excluded.successor_code)",
        &codes,
        &names,
        &successors,
    )
    .execute(&mut *conn)
    .await?;
    let followed = sqlx::query!(
        "update former_municipalities f set successor_code = later.successor_code
         from former_municipalities later where later.insee_code = f.successor_code"
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() + followed.rows_affected())
}

/// Forgets the mergers of communes that are communes of today.
pub async fn forget_former(conn: &mut PgConnection, current: &[String]) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from former_municipalities where insee_code = any($1)",
        current
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// The communes whose EPCI changes: members today of a territory of the load, or listed in it, whose
/// EPCI is another one in the load. `codes` and `owners` go together; an empty owner means none.
pub async fn moves(
    conn: &mut PgConnection,
    territories: &[String],
    codes: &[String],
    owners: &[String],
) -> sqlx::Result<Vec<Move>> {
    sqlx::query_as!(
        Move,
        r#"select c.insee_code, m.name, lower(c.period) as since, f.name as "from", t.name as "to?",
             (select s.name from former_municipalities o
              join municipalities s on s.insee_code = o.successor_code
              where o.insee_code = c.insee_code) as merged_into
           from territory_memberships c
           join municipalities m using (insee_code)
           join territories f on f.siren = c.territory_siren
           left join unnest($2::text[], $3::text[]) as n (insee_code, owner)
             on n.insee_code = c.insee_code
           left join territories t on t.siren = n.owner
           where upper_inf(c.period) and coalesce(n.owner, '') <> c.territory_siren
             and (c.territory_siren = any($1) or n.insee_code is not null)
           order by m.name"#,
        territories,
        codes,
        owners,
    )
    .fetch_all(conn)
    .await
}

/// Ends the memberships of these communes at a date. One that began the same day never was.
pub async fn end_memberships(
    conn: &mut PgConnection,
    codes: &[String],
    on: NaiveDate,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from territory_memberships
         where upper_inf(period) and insee_code = any($1) and lower(period) >= $2",
        codes,
        on,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update territory_memberships set period = daterange(lower(period), $2)
         where upper_inf(period) and insee_code = any($1)",
        codes,
        on,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Begins at a date the memberships that do not run yet; gives how many.
pub async fn begin_memberships(
    conn: &mut PgConnection,
    codes: &[String],
    owners: &[String],
    on: NaiveDate,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into territory_memberships (insee_code, territory_siren, period)
         select n.insee_code, n.owner, daterange($3, null)
         from unnest($1::text[], $2::text[]) as n (insee_code, owner)
         where n.owner <> '' and not exists (
           select from territory_memberships c where c.insee_code = n.insee_code
             and c.territory_siren = n.owner and upper_inf(c.period))",
        codes,
        owners,
        on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Counts the communes, the inhabitants and the départements of each territory of today.
pub async fn count_members(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "update territories t set departments = c.departments,
           population_total = c.population, municipalities_total = c.municipalities
         from (select territory_siren, count(*)::int as municipalities,
                 coalesce(sum(population), 0)::int as population,
                 array_agg(distinct department order by department) as departments
               from current_memberships join municipalities using (insee_code)
               group by territory_siren) c
         where c.territory_siren = t.siren and (t.departments, t.population_total, t.municipalities_total)
           is distinct from (c.departments, c.population, c.municipalities)"
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every territory that the reference knows.
pub async fn known(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select siren from territories")
        .fetch_all(conn)
        .await
}

/// Puts this drawing in the place of the one before.
pub async fn replace_contours(
    conn: &mut PgConnection,
    drawing: &Drawing,
    source: &str,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("delete from territory_contours")
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into contour_frames (only_one, width, height, source, loaded_at)
         values (true, $1::int4::real, $2::int4::real, $3, $4)
         on conflict (only_one) do update set width = excluded.width, height = excluded.height,
           source = excluded.source, loaded_at = excluded.loaded_at",
        drawing.width,
        drawing.height,
        source,
        at,
    )
    .execute(&mut *conn)
    .await?;
    let contours = &drawing.contours;
    let sirens: Vec<_> = contours
        .iter()
        .map(|c| c.siren.as_str().to_owned())
        .collect();
    let paths: Vec<_> = contours.iter().map(|c| c.path.clone()).collect();
    let xs: Vec<_> = contours.iter().map(|c| c.label_x).collect();
    let ys: Vec<_> = contours.iter().map(|c| c.label_y).collect();
    sqlx::query!(
        "insert into territory_contours (territory_siren, path, label_x, label_y)
         select * from unnest($1::text[], $2::text[], $3::int4[], $4::int4[])",
        &sirens,
        &paths,
        &xs,
        &ys,
    )
    .execute(conn)
    .await?;
    Ok(())
}
