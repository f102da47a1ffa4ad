//! Keys that a deposit says twice: in the same words, all but the first are duplicates; otherwise none
//! can be believed.

use sqlx::PgConnection;

use super::super::model::Fault;
use super::judge::Case;
use super::lines;

/// Judges the rows of all tables. Gives the number of rejected rows.
pub async fn judge(conn: &mut PgConnection, mut case: Case<'_>) -> sqlx::Result<i64> {
    let mut rejected = 0;
    let units = units(conn, case).await?;
    rejected += units;
    case.room -= units.min(case.room);
    lines::together(conn, case.import_id).await?;
    let headcounts = headcounts(conn, case).await?;
    rejected += headcounts;
    case.room -= headcounts.min(case.room);
    lines::together(conn, case.import_id).await?;
    rejected += places(conn, case).await?;
    lines::together(conn, case.import_id).await?;
    lines::same_company(conn, case.import_id).await?;
    Ok(rejected)
}

/// Legal units.
async fn units(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with keys as (
             select siren from staged_companies where import_id = $1 and change is null
              group by siren having count(*) > 1),
           said as materialized (
             select s.ctid as at, s.siren, s.file, s.line, md5((to_jsonb(s) - '{file,line,change}'::text[])::text) as words,
                    row_number() over (partition by s.siren order by s.file, s.line) as rank
               from staged_companies s join keys using (siren) where s.import_id = $1 and s.change is null),
           judged as materialized (
             select siren, min(words) <> max(words) as quarrel, count(*) - 3 as others,
                    string_agg(line::text, case when rank = 2 then ' et ' else ', ' end order by rank)
                      filter (where rank <= 3) as lines
               from said group by siren),
           marked as (
             update staged_companies s set change = case when j.quarrel then 'rejected' else 'duplicate' end
               from said a join judged j using (siren) where s.ctid = a.at and (j.quarrel or a.rank > 1)
             returning s.file, s.line, s.siren, j.quarrel, j.lines, j.others),
           kept as (
             insert into import_rejections
             select $1, file, line, 'siren', siren, $2,
                    $3 || ' (lignes ' || lines || case when others > 0 then ' et ' || others || ' de plus' else '' end || ')',
                    false
               from marked where quarrel order by file, line limit $4)
           select count(*) as "n!" from marked where quarrel"#,
        case.import_id,
        Fault::Contradiction.key(),
        Fault::Contradiction.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}

/// Establishments.
async fn places(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with keys as (
             select siret from staged_establishments where import_id = $1 and change is null
              group by siret having count(*) > 1),
           said as materialized (
             select s.ctid as at, s.siret, s.file, s.line, md5((to_jsonb(s) - '{file,line,change}'::text[])::text) as words,
                    row_number() over (partition by s.siret order by s.file, s.line) as rank
               from staged_establishments s join keys using (siret) where s.import_id = $1 and s.change is null),
           judged as materialized (
             select siret, min(words) <> max(words) as quarrel, count(*) - 3 as others,
                    string_agg(line::text, case when rank = 2 then ' et ' else ', ' end order by rank)
                      filter (where rank <= 3) as lines
               from said group by siret),
           marked as (
             update staged_establishments s set change = case when j.quarrel then 'rejected' else 'duplicate' end
               from said a join judged j using (siret) where s.ctid = a.at and (j.quarrel or a.rank > 1)
             returning s.file, s.line, s.siret, j.quarrel, j.lines, j.others),
           kept as (
             insert into import_rejections
             select $1, file, line, 'siret', siret, $2,
                    $3 || ' (lignes ' || lines || case when others > 0 then ' et ' || others || ' de plus' else '' end || ')',
                    false
               from marked where quarrel order by file, line limit $4)
           select count(*) as "n!" from marked where quarrel"#,
        case.import_id,
        Fault::Contradiction.key(),
        Fault::Contradiction.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}

/// Headcounts.
async fn headcounts(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with keys as (
             select siret, period, granularity from staged_headcounts where import_id = $1 and change is null
              group by siret, period, granularity having count(*) > 1),
           said as materialized (
             select s.ctid as at, s.siret, s.period, s.granularity, s.file, s.line, s.headcount::text as words,
                    row_number() over (partition by s.siret, s.period, s.granularity order by s.file, s.line) as rank
               from staged_headcounts s join keys using (siret, period, granularity) where s.import_id = $1 and s.change is null),
           judged as materialized (
             select siret, period, granularity, min(words) <> max(words) as quarrel, count(*) - 3 as others,
                    string_agg(line::text, case when rank = 2 then ' et ' else ', ' end order by rank)
                      filter (where rank <= 3) as lines
               from said group by siret, period, granularity),
           marked as (
             update staged_headcounts s set change = case when j.quarrel then 'rejected' else 'duplicate' end
               from said a join judged j using (siret, period, granularity) where s.ctid = a.at and (j.quarrel or a.rank > 1)
             returning s.file, s.line, s.siret, j.quarrel, j.lines, j.others),
           kept as (
             insert into import_rejections
             select $1, file, line, 'siret', siret, $2,
                    $3 || ' (lignes ' || lines || case when others > 0 then ' et ' || others || ' de plus' else '' end || ')',
                    false
               from marked where quarrel order by file, line limit $4)
           select count(*) as "n!" from marked where quarrel"#,
        case.import_id,
        Fault::Contradiction.key(),
        Fault::Contradiction.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}
