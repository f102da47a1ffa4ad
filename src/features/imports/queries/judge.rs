//! The judgement of staged rows, set by set: which are said twice, lie elsewhere, lack their legal
//! unit; then what the others would change. A row that has no `change` yet is still in the running.

use sqlx::PgConnection;
use uuid::Uuid;

use super::super::model::{Change, Counts, Fault, Table};

/// An import under judgement.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The import.
    pub import_id: Uuid,
    /// INSEE code of the département.
    pub department: &'a str,
    /// How many more rejections may be kept one by one.
    pub room: i64,
}

/// Establishments outside the département stay only as the head office of a unit that has an
/// establishment here, or when they are known already. Gives the number of rows left out.
pub async fn elsewhere(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "with away as (
           select s.ctid as at, s.siren, s.siret, s.is_head_office from staged_establishments s
            where s.import_id = $1 and s.change is null and s.provides & 64 <> 0
              and not starts_with(coalesce(s.insee_code, s.commune_code, ''), $2)),
         here as (
           select s.siren from staged_establishments s
            where s.import_id = $1 and s.change is null and starts_with(s.insee_code, $2)
           union
           select e.siren from establishments e join away using (siren) where starts_with(e.insee_code, $2))
         update staged_establishments s set change = 'ignored'
           from away a
          where s.ctid = a.at
            and not exists (select from establishments e where e.siret = a.siret)
            and not (a.siren in (select siren from here)
                     and (a.is_head_office is true
                          or exists (select from companies c where c.head_office_siret = a.siret)
                          or exists (select from staged_companies u
                                      where u.import_id = $1 and u.head_office_siret = a.siret)))",
        case.import_id,
        case.department
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// From a national file of legal units, those without an establishment here are left out.
pub async fn foreign_units(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update staged_companies s set change = 'ignored'
          where s.import_id = $1 and s.change is null
            and not exists (select from companies c where c.siren = s.siren)
            and not exists (select from staged_establishments e
                             where e.import_id = $1 and e.change is null and e.siren = s.siren)",
        case.import_id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// New establishments whose commune no one tells. Gives the number of rejected rows.
pub async fn without_commune(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with marked as (
             update staged_establishments s set change = 'rejected'
              where s.import_id = $1 and s.change is null and s.provides & 64 = 0
                and not exists (select from establishments e where e.siret = s.siret)
             returning s.file, s.line, s.siret),
           kept as (
             insert into import_rejections
             select $1, file, line, 'code_commune', '', $2, $3, false from marked order by file, line limit $4)
           select count(*) as "n!" from marked"#,
        case.import_id,
        Fault::Commune.key(),
        Fault::Commune.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}

/// Establishments whose legal unit is neither known nor deposited. Gives the number of rejected
/// rows.
pub async fn orphans(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with marked as (
             update staged_establishments s set change = 'rejected'
              where s.import_id = $1 and (s.change is null or s.change in ('created', 'changed'))
                and not exists (select from staged_companies u
                                 where u.import_id = $1 and u.siren = s.siren
                                   and (u.change is null or u.change in ('created', 'changed', 'unchanged', 'duplicate')))
                and not exists (select from companies c where c.siren = s.siren)
             returning s.file, s.line, s.siret),
           kept as (
             insert into import_rejections
             select $1, file, line, 'siret', siret, $2, $3, false from marked order by file, line limit $4)
           select count(*) as "n!" from marked"#,
        case.import_id,
        Fault::NoUnit.key(),
        Fault::NoUnit.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}

/// Headcounts whose establishment is neither known nor deposited. Gives the number of rejected
/// rows.
pub async fn unplaced(conn: &mut PgConnection, case: Case<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with marked as (
             update staged_headcounts s set change = 'rejected'
              where s.import_id = $1 and (s.change is null or s.change in ('created', 'changed'))
                and not exists (select from staged_establishments e
                                 where e.import_id = $1 and e.siret = s.siret
                                   and (e.change is null or e.change in ('created', 'changed', 'unchanged', 'duplicate')))
                and not exists (select from establishments e where e.siret = s.siret)
             returning s.file, s.line, s.siret),
           kept as (
             insert into import_rejections
             select $1, file, line, 'siret', siret, $2, $3, false from marked order by file, line limit $4)
           select count(*) as "n!" from marked"#,
        case.import_id,
        Fault::NoEstablishment.key(),
        Fault::NoEstablishment.expected(),
        case.room
    )
    .fetch_one(conn)
    .await
}

/// Marks what the remaining rows would change.
pub async fn compare(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update staged_companies s
            set change = case when m.is_new then 'created' when m.differs then 'changed' else 'unchanged' end
           from merged_companies m
          where m.import_id = $1 and m.change is null and s.ctid = m.staged_row",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update staged_establishments s
            set change = case when m.is_new then 'created' when m.differs then 'changed' else 'unchanged' end
           from merged_establishments m
          where m.import_id = $1 and m.change is null and s.ctid = m.staged_row",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update staged_headcounts s
            set change = case when h.siret is null then 'created'
                              when h.headcount <> s.headcount then 'changed' else 'unchanged' end
           from staged_headcounts t
           left join headcounts h
             on h.siret = t.siret and h.granularity = t.granularity and h.period = t.period
          where t.import_id = $1 and t.change is null and s.ctid = t.ctid",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts the marks.
pub async fn count(
    conn: &mut PgConnection,
    import_id: Uuid,
    counts: &mut Counts,
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"select 'companies' as "name!", change as "change!", count(*) as "rows!"
             from staged_companies where import_id = $1 group by change
           union all
           select 'establishments', change, count(*)
             from staged_establishments where import_id = $1 group by change
           union all
           select 'headcounts', change, count(*)
             from staged_headcounts where import_id = $1 group by change
           union all
           select 'facts', change, count(*)
             from staged_facts where import_id = $1 group by change"#,
        import_id
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in rows {
        let table = Table::ALL
            .into_iter()
            .find(|table| table.code() == row.name);
        if let Some(table) = table {
            counts
                .of_mut(table)
                .add(Change::from_code(&row.change), row.rows);
        }
    }
    Ok(())
}

/// How many changed rows are known at a later date than the one of this import.
pub async fn older(
    conn: &mut PgConnection,
    import_id: Uuid,
    source_date: chrono::NaiveDate,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select (select count(*) from staged_companies s join companies c using (siren)
                    where s.import_id = $1 and s.change = 'changed' and c.source_date > $2)
                + (select count(*) from staged_establishments s join establishments e using (siret)
                    where s.import_id = $1 and s.change = 'changed' and e.source_date > $2) as "n!""#,
        import_id,
        source_date
    )
    .fetch_one(conn)
    .await
}
