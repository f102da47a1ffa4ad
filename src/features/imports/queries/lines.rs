//! What a line of a list tells stands or falls together: its legal unit, its establishments, their
//! headcount. In the files of Sirene and of headcounts each line tells of one table only, so nothing
//! here touches them.

use sqlx::PgConnection;
use uuid::Uuid;

/// Rows of a line that is rejected, or that lies elsewhere, go with it. A legal unit stays when
/// another line of the deposit keeps an establishment of it.
pub async fn together(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update staged_establishments s set change = 'rejected'
          where s.import_id = $1 and s.change is distinct from 'rejected'
            and (s.file, s.line) in (
              select file, line from staged_companies where import_id = $1 and change = 'rejected'
              union all
              select file, line from staged_headcounts where import_id = $1 and change = 'rejected')",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "with lost as (
           select file, line, siren, max(change) as change from staged_establishments
            where import_id = $1 and change in ('rejected', 'ignored') group by file, line, siren)
         update staged_companies s set change = lost.change
           from lost
          where s.import_id = $1 and (s.change is null or s.change = 'duplicate')
            and lost.file = s.file and lost.line = s.line and lost.siren = s.siren
            and s.siren not in (
              select e.siren from staged_establishments e
               where e.import_id = $1 and (e.change is null or e.change not in ('rejected', 'ignored', 'duplicate')))
            and (lost.change = 'rejected' or s.siren not in (select siren from companies))",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update staged_headcounts s set change = e.change
           from staged_establishments e
          where s.import_id = $1 and (s.change is null or s.change = 'duplicate')
            and e.import_id = $1 and e.change in ('rejected', 'ignored')
            and e.file = s.file and e.line = s.line and e.siret = s.siret",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A line that is not kept has one fault: why it is not. What else was told of its values goes. Gives
/// the number of these by cause.
pub async fn hush(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"with lost as (
             select file, line from staged_establishments
              where import_id = $1 and change in ('rejected', 'ignored')
             except
             select file, line from staged_establishments
              where import_id = $1 and change not in ('rejected', 'ignored')),
           hushed as (
             delete from import_rejections r using lost
              where r.import_id = $1 and r.keeps_line and r.file = lost.file and r.line = lost.line
             returning r.cause)
           select cause, count(*) as "rows!" from hushed group by cause"#,
        import_id
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.cause, row.rows)).collect())
}

/// The other lines of a company, each with an establishment of its own, do not repeat the company.
pub async fn same_company(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from staged_companies s using staged_establishments e
          where s.import_id = $1 and s.change = 'duplicate'
            and e.import_id = $1 and e.file = s.file and e.line = s.line and e.siren = s.siren",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lines of which nothing is kept, by why: rejected, outside the département, said twice.
pub async fn lost(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<(i64, i64, i64)> {
    let row = sqlx::query!(
        r#"with lost as (
             select file, line, change from staged_companies
              where import_id = $1 and change in ('rejected', 'ignored', 'duplicate')
             union all
             select file, line, change from staged_establishments
              where import_id = $1 and change in ('rejected', 'ignored', 'duplicate')
             union all
             select file, line, change from staged_headcounts
              where import_id = $1 and change in ('rejected', 'ignored', 'duplicate')
             union all
             select file, line, change from staged_facts
              where import_id = $1 and change in ('rejected', 'ignored', 'duplicate')),
           lines as (
             select file, line, bool_or(change = 'rejected') as rejected, bool_or(change = 'ignored') as ignored
               from lost group by file, line),
           kept as (
             select file, line from staged_companies
              where import_id = $1 and change in ('created', 'changed', 'unchanged')
                and exists (select from lines)
             union
             select file, line from staged_establishments
              where import_id = $1 and change in ('created', 'changed', 'unchanged')
                and exists (select from lines))
           select count(*) filter (where rejected) as "rejected!",
                  count(*) filter (where ignored and not rejected and k.line is null) as "ignored!",
                  count(*) filter (where not ignored and not rejected and k.line is null) as "twice!"
             from lines left join kept k using (file, line)"#,
        import_id
    )
    .fetch_one(conn)
    .await?;
    Ok((row.rejected, row.ignored, row.twice))
}
