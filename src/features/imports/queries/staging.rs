//! What analysis reads before the files, and the rows that it stages.

use std::collections::HashSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::super::communes::Communes;
use super::super::sink::Target;
use crate::domain::{Siren, Siret};
use crate::formats::headcounts::Sites;

/// `COPY` is not a statement that the checked macros know; each is a constant.
fn copy_statement(target: Target) -> &'static str {
    match target {
        Target::Companies => {
            "copy staged_companies (import_id, file, line, siren, provides, diffusible, is_person, name,
               usual_name, acronym, legal_category, active, created_on, ceased_on, naf_code,
               naf_nomenclature, naf_2025, headcount_band, headcount_band_year, size_category,
               head_office_siret, is_social_economy, is_mission_company, is_employer) from stdin"
        }
        Target::Establishments => {
            "copy staged_establishments (import_id, file, line, siret, siren, provides, diffusible,
               is_head_office, active, name, address, postcode, commune_code, commune_label, insee_code,
               created_on, closed_on, naf_code, naf_nomenclature, naf_2025, headcount_band,
               headcount_band_year, lambert_x, lambert_y) from stdin"
        }
        Target::Headcounts => {
            "copy staged_headcounts (import_id, file, line, siret, period, granularity, headcount) from stdin"
        }
        Target::Facts => {
            "copy staged_facts (import_id, file, line, kind, key, siren, happened_on, content, source) from stdin"
        }
        Target::Rejections => {
            "copy import_rejections (import_id, file, line, column_name, value, cause, expected, keeps_line)
             from stdin"
        }
    }
}

/// Stages rows that are already in the form of `COPY`.
pub async fn copy(conn: &mut PgConnection, target: Target, rows: Vec<u8>) -> sqlx::Result<u64> {
    let mut copying = conn.copy_in_raw(copy_statement(target)).await?;
    copying.send(rows).await?;
    copying.finish().await
}

/// Long work on staged rows: no time limit, and no plan that reads a table again for each row. The
/// staging tables have no statistics, since only their owner could gather them. Foreign keys are
/// checked by plans that must be kept from one row to the next, whatever the pool prefers.
pub async fn prepare(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "select set_config('statement_timeout', '0', true) as a,
                set_config('idle_in_transaction_session_timeout', '0', true) as b,
                set_config('enable_nestloop', 'off', true) as c,
                set_config('work_mem', '64MB', true) as d,
                set_config('plan_cache_mode', 'auto', true) as e"
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// Holds the import for this transaction: who cannot take it knows that someone is at work.
pub async fn hold(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('imports/' || $1::text, 0)) as held",
        import_id.to_string()
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The communes of the reference.
pub async fn communes(conn: &mut PgConnection, department: &str) -> sqlx::Result<Communes> {
    let present = sqlx::query!("select insee_code, name from municipalities")
        .fetch_all(&mut *conn)
        .await?;
    let former = sqlx::query!("select insee_code, successor_code from former_municipalities")
        .fetch_all(conn)
        .await?;
    Ok(Communes::new(
        department,
        present.into_iter().map(|row| (row.insee_code, row.name)),
        former
            .into_iter()
            .map(|row| (row.insee_code, row.successor_code)),
    ))
}

/// Legal units known to have an establishment in the département.
pub async fn known_local(conn: &mut PgConnection, department: &str) -> sqlx::Result<HashSet<u32>> {
    let sirens = sqlx::query_scalar!(
        r#"select distinct siren::int as "siren!" from establishments
           where starts_with(insee_code, $1)"#,
        department
    )
    .fetch_all(conn)
    .await?;
    Ok(sirens
        .into_iter()
        .filter_map(|siren| u32::try_from(siren).ok())
        .collect())
}

/// Every company known, for facts: those of others are left out while reading.
pub async fn known_companies(conn: &mut PgConnection) -> sqlx::Result<HashSet<u32>> {
    let sirens = sqlx::query_scalar!(r#"select siren::int as "siren!" from companies"#)
        .fetch_all(conn)
        .await?;
    Ok(sirens
        .into_iter()
        .filter_map(|siren| u32::try_from(siren).ok())
        .collect())
}

/// The open establishment of each company that has one; none for several, or when its head office is
/// not among those known here, for it has others elsewhere.
pub async fn known_sites(conn: &mut PgConnection) -> sqlx::Result<Sites> {
    let rows = sqlx::query!(
        r#"select e.siren, min(e.siret) as "siret!",
                  count(*) = 1 and coalesce(min(c.head_office_siret) = min(e.siret), true) as "is_only!"
           from establishments e join companies c on c.siren = e.siren
           where e.active group by e.siren"#
    )
    .fetch_all(conn)
    .await?;
    let site = |siret: &str, is_only: bool| Siret::parse(siret).ok().filter(|_| is_only);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some((
                Siren::parse(&row.siren).ok()?,
                site(&row.siret, row.is_only),
            ))
        })
        .collect())
}

/// Writes how far an analysis is.
pub async fn progress(
    conn: &mut PgConnection,
    import_id: Uuid,
    done: i64,
    total: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into import_progress (import_id, done, total) values ($1, $2, $3)
         on conflict (import_id) do update set done = excluded.done, total = excluded.total",
        import_id,
        done,
        total
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets what an import staged, and how far it was.
pub async fn clear(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from staged_companies where import_id = $1",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from staged_establishments where import_id = $1",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from staged_headcounts where import_id = $1",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from staged_facts where import_id = $1", import_id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "delete from import_progress where import_id = $1",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}
