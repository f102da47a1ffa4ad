//! The writing of a confirmed import: one transaction, only rows that change, each told to the
//! ledger.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::Counts;
use super::facts;

/// What signs the rows that are written.
#[derive(Debug, Clone, Copy)]
pub struct Signature<'a> {
    /// The import.
    pub import_id: Uuid,
    /// Producer.
    pub source: &'a str,
    /// Producer of headcounts, when it is not the same.
    pub headcount_source: &'a str,
    /// The date that the data speaks of.
    pub source_date: NaiveDate,
    /// INSEE code of the département.
    pub department: &'a str,
}

/// One writer at a time. Waits for another import; refuses after the lock's time limit.
pub async fn alone(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select set_config('lock_timeout', '60s', true) as a")
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtext('imports_one_writer')) as held")
        .fetch_one(&mut *conn)
        .await?;
    // Readers go on; who writes the same tables otherwise waits.
    sqlx::query!(
        "lock table companies, establishments, headcounts, facts in share row exclusive mode"
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// From here to the end of the transaction, or to [`speak_again`], the rows' own audit is silent:
/// the ledger tells.
pub async fn silence_audit(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "select set_config('vigie.import_id', $1, true) as a",
        import_id.to_string()
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The rows' own audit speaks again.
pub async fn speak_again(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select set_config('vigie.import_id', '', true) as a")
        .fetch_one(conn)
        .await?;
    Ok(())
}

/// How many rows are staged: a crash of the database server empties the staging tables.
pub async fn staged(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select (select count(*) from staged_companies where import_id = $1)
                + (select count(*) from staged_establishments where import_id = $1)
                + (select count(*) from staged_headcounts where import_id = $1)
                + (select count(*) from staged_facts where import_id = $1) as "n!""#,
        import_id
    )
    .fetch_one(conn)
    .await
}

/// Writes all the tables, in the order of their keys. Gives what was really written.
pub async fn write(
    conn: &mut PgConnection,
    by: Signature<'_>,
    counts: &mut Counts,
) -> sqlx::Result<()> {
    counts.companies.changed = change_companies(conn, by).await?;
    counts.companies.created = create_companies(conn, by).await?;
    counts.establishments.changed = change_establishments(conn, by).await?;
    counts.establishments.created = create_establishments(conn, by).await?;
    counts.headcounts.changed = change_headcounts(conn, by).await?;
    counts.headcounts.created = create_headcounts(conn, by).await?;
    counts.facts.changed = facts::change(conn, by).await?;
    counts.facts.created = facts::create(conn, by).await?;
    place_companies(conn, by.import_id, by.department).await
}

/// New companies get their local establishment at once, from the staged ones: a second pass would
/// write every row and every index twice.
async fn create_companies(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with places as (
             select distinct on (e.siren) e.siren, e.siret
               from merged_establishments e left join headcount_bands b on b.code = e.headcount_band
              where e.import_id = $1 and e.change in ('created', 'changed', 'unchanged')
                and starts_with(e.insee_code, $5)
              order by e.siren, e.active desc, e.is_head_office desc, b.rank desc nulls last, e.siret),
           written as (
             insert into companies (siren, diffusible, is_person, name, usual_name, acronym, legal_category,
                 active, created_on, ceased_on, naf_code, naf_nomenclature, naf_2025, headcount_band,
                 headcount_band_year, size_category, head_office_siret, is_social_economy,
                 is_mission_company, is_employer, local_siret, import_id, source, source_date)
             select m.siren, m.diffusible, m.is_person, m.name, m.usual_name, m.acronym, m.legal_category,
                    m.active, m.created_on, m.ceased_on, m.naf_code, m.naf_nomenclature, m.naf_2025,
                    m.headcount_band, m.headcount_band_year, m.size_category, m.head_office_siret,
                    m.is_social_economy, m.is_mission_company, m.is_employer, p.siret, $1, $2, $3
               from merged_companies m left join places p on p.siren = m.siren
              where m.import_id = $1 and m.is_new and m.change in ('created', 'changed', 'unchanged')
              order by m.siren
             returning siren),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb)
             select $1, $4, siren, 'insert' from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source,
        by.source_date,
        "companies",
        by.department
    )
    .fetch_one(conn)
    .await
}

/// When a company becomes partly hidden, what it was before is not kept either, and the hiding is
/// not something that an undo takes back.
async fn change_companies(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with m as materialized (
             select m.*, to_jsonb(c) as before, c.diffusible and not m.diffusible as becomes_hidden
               from merged_companies m join companies c on c.siren = m.siren
              where m.import_id = $1 and m.differs and m.change in ('created', 'changed', 'unchanged')),
           written as (
             update companies c
                set diffusible = m.diffusible, is_person = m.is_person, name = m.name,
                    usual_name = m.usual_name, acronym = m.acronym, legal_category = m.legal_category,
                    active = m.active, created_on = m.created_on, ceased_on = m.ceased_on,
                    naf_code = m.naf_code, naf_nomenclature = m.naf_nomenclature, naf_2025 = m.naf_2025,
                    headcount_band = m.headcount_band, headcount_band_year = m.headcount_band_year,
                    size_category = m.size_category, head_office_siret = m.head_office_siret,
                    is_social_economy = m.is_social_economy, is_mission_company = m.is_mission_company,
                    is_employer = m.is_employer, import_id = $1, source = $2, source_date = $3
               from m where c.siren = m.siren
             returning c.siren, to_jsonb(c) as after, m.before, m.becomes_hidden),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb, before, after)
             select $1, 'companies', siren, 'update',
                    changed_entries(before, after)
                      - case when becomes_hidden then '{diffusible,name,usual_name,acronym}'::text[] else '{}' end,
                    changed_entries(after, before)
               from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

async fn create_establishments(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with written as (
             insert into establishments (siret, siren, diffusible, is_head_office, active, name, address,
                 postcode, commune_code, commune_label, insee_code, created_on, closed_on, naf_code,
                 naf_nomenclature, naf_2025, headcount_band, headcount_band_year, lambert_x, lambert_y,
                 import_id, source, source_date)
             select m.siret, m.siren, m.diffusible, m.is_head_office, m.active, m.name, m.address, m.postcode,
                    m.commune_code, m.commune_label, m.insee_code, m.created_on, m.closed_on, m.naf_code,
                    m.naf_nomenclature, m.naf_2025, m.headcount_band, m.headcount_band_year, m.lambert_x,
                    m.lambert_y, $1, $2, $3
               from merged_establishments m
              where m.import_id = $1 and m.is_new and m.change in ('created', 'changed', 'unchanged')
              order by m.siret
             returning siret),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb)
             select $1, 'establishments', siret, 'insert' from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

/// As for companies: what becomes hidden leaves no trace in the ledger.
async fn change_establishments(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with m as materialized (
             select m.*, to_jsonb(e) as before, e.diffusible and not m.diffusible as becomes_hidden
               from merged_establishments m join establishments e on e.siret = m.siret
              where m.import_id = $1 and m.differs and m.change in ('created', 'changed', 'unchanged')),
           written as (
             update establishments e
                set diffusible = m.diffusible, is_head_office = m.is_head_office, active = m.active,
                    name = m.name, address = m.address, postcode = m.postcode,
                    commune_code = m.commune_code, commune_label = m.commune_label,
                    insee_code = m.insee_code, created_on = m.created_on, closed_on = m.closed_on,
                    naf_code = m.naf_code, naf_nomenclature = m.naf_nomenclature, naf_2025 = m.naf_2025,
                    headcount_band = m.headcount_band, headcount_band_year = m.headcount_band_year,
                    lambert_x = m.lambert_x, lambert_y = m.lambert_y,
                    import_id = $1, source = $2, source_date = $3
               from m where e.siret = m.siret
             returning e.siret, to_jsonb(e) as after, m.before, m.becomes_hidden),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb, before, after)
             select $1, 'establishments', siret, 'update',
                    changed_entries(before, after)
                      - case when becomes_hidden then '{diffusible,name,address,postcode,lambert_x,lambert_y}'::text[]
                             else '{}' end,
                    changed_entries(after, before)
               from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

async fn create_headcounts(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with written as (
             insert into headcounts (siret, period, granularity, headcount, import_id, source, source_date)
             select s.siret, s.period, s.granularity, s.headcount, $1, $2, $3
               from staged_headcounts s
              where s.import_id = $1 and s.change in ('created', 'changed', 'unchanged')
                and not exists (select from headcounts h where h.siret = s.siret
                                   and h.granularity = s.granularity and h.period = s.period)
             returning siret, granularity, period),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb)
             select $1, 'headcounts', siret || '/' || granularity || '/' || period, 'insert' from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.headcount_source,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

async fn change_headcounts(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with s as materialized (
             select s.siret, s.period, s.granularity, s.headcount, to_jsonb(h) as before
               from staged_headcounts s
               join headcounts h on h.siret = s.siret and h.granularity = s.granularity and h.period = s.period
              where s.import_id = $1 and s.change in ('created', 'changed', 'unchanged')
                and h.headcount <> s.headcount),
           written as (
             update headcounts h set headcount = s.headcount, import_id = $1, source = $2, source_date = $3
               from s
              where h.siret = s.siret and h.granularity = s.granularity and h.period = s.period
             returning h.siret, h.granularity, h.period, to_jsonb(h) as after, s.before),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb, before, after)
             select $1, 'headcounts', siret || '/' || granularity || '/' || period, 'update',
                    changed_entries(before, after), changed_entries(after, before)
               from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.headcount_source,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

/// Gives each company that the import touched the establishment that stands for it here: open ones
/// first, then the head office, the largest band, the lowest number.
pub async fn place_companies(
    conn: &mut PgConnection,
    import_id: Uuid,
    department: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with touched as (
           -- New companies were placed as they were written.
           select left(row_key, 9) as siren from import_changes
            where import_id = $1 and table_name = 'establishments'
           except
           select row_key from import_changes
            where import_id = $1 and table_name = 'companies' and verb = 'insert'),
         best as (
           select distinct on (e.siren) e.siren, e.siret
             from establishments e join touched using (siren)
             left join headcount_bands b on b.code = e.headcount_band
            where starts_with(e.insee_code, $2)
            order by e.siren, e.active desc, e.is_head_office desc, b.rank desc nulls last, e.siret)
         update companies c set local_siret = best.siret
           from touched left join best using (siren)
          where c.siren = touched.siren and c.local_siret is distinct from best.siret",
        import_id,
        department
    )
    .execute(conn)
    .await?;
    Ok(())
}
