//! Facts of all kinds: judged, written and taken back by the same statements.

use sqlx::PgConnection;
use uuid::Uuid;

use super::apply::Signature;

/// A key said twice: the last word wins, as in the exports of public ratios, where a line corrects
/// those before it.
pub async fn twice(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update staged_facts s set change = 'duplicate'
           from (select ctid as at, row_number() over (partition by kind, key order by file desc, line desc) as rank
                   from staged_facts where import_id = $1) r
          where s.ctid = r.at and r.rank > 1",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Facts about a company that is neither known nor deposited: nobody here follows it.
pub async fn strangers(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update staged_facts s set change = 'ignored'
          where s.import_id = $1 and (s.change is null or s.change in ('created', 'changed', 'unchanged'))
            and not exists (select from companies c where c.siren = s.siren)
            and not exists (select from staged_companies u
                             where u.import_id = $1 and u.siren = s.siren
                               and (u.change is null or u.change in ('created', 'changed', 'unchanged', 'duplicate')))",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks what the remaining facts would change.
pub async fn compare(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update staged_facts s
            set change = case when f.key is null then 'created'
                              when f.content <> s.content or f.siren <> s.siren then 'changed'
                              else 'unchanged' end
           from staged_facts t left join facts f on f.kind = t.kind and f.key = t.key
          where t.import_id = $1 and t.change is null and s.ctid = t.ctid",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes new facts; gives how many.
pub async fn create(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with written as (
             insert into facts (kind, key, siren, happened_on, content, import_id, source, source_date)
             select s.kind, s.key, s.siren, s.happened_on, s.content, $1, s.source, $2
               from staged_facts s
              where s.import_id = $1 and s.change in ('created', 'changed', 'unchanged')
                and exists (select from companies c where c.siren = s.siren)
                and not exists (select from facts f where f.kind = s.kind and f.key = s.key)
             returning kind, key),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb)
             select $1, 'facts', kind || '/' || key, 'insert' from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

/// Writes facts that are known otherwise; gives how many.
pub async fn change(conn: &mut PgConnection, by: Signature<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with s as materialized (
             select s.*, to_jsonb(f) as before
               from staged_facts s join facts f on f.kind = s.kind and f.key = s.key
              where s.import_id = $1 and s.change in ('created', 'changed', 'unchanged')
                and (f.content <> s.content or f.siren <> s.siren)),
           written as (
             update facts f set siren = s.siren, happened_on = s.happened_on, content = s.content,
                                import_id = $1, author_id = null, source = s.source,
                                source_date = $2
               from s where f.kind = s.kind and f.key = s.key
             returning f.kind, f.key, to_jsonb(f) as after, s.before),
           told as (
             insert into import_changes (import_id, table_name, row_key, verb, before, after)
             select $1, 'facts', kind || '/' || key, 'update',
                    changed_entries(before, after), changed_entries(after, before)
               from written)
           select count(*) as "n!" from written"#,
        by.import_id,
        by.source_date
    )
    .fetch_one(conn)
    .await
}

/// Takes back what an import wrote.
pub async fn restore(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from facts f using import_changes h
          where h.import_id = $1 and h.table_name = 'facts' and h.verb = 'insert'
            and h.row_key = f.kind || '/' || f.key",
        import_id
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update facts f
            set siren = r.siren, happened_on = r.happened_on, content = r.content, import_id = r.import_id,
                author_id = r.author_id, source = r.source, source_date = r.source_date
           from import_changes h, facts o, jsonb_populate_record(o, h.before) r
          where h.import_id = $1 and h.table_name = 'facts' and h.verb = 'update'
            and h.row_key = o.kind || '/' || o.key and f.kind = o.kind and f.key = o.key",
        import_id
    )
    .execute(conn)
    .await?;
    Ok(())
}
