//! What the pages show of staged rows, of rejections and of the ledger.

use sqlx::PgConnection;
use uuid::Uuid;

/// A row that would be, or was, created, changed, left alone or left out.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// SIREN, SIRET, or SIRET with its period.
    pub key: String,
    /// Name of the company, when it may be shown.
    pub name: Option<String>,
    /// Line of the file; 0 when it is no longer known.
    pub line: i64,
    /// What was, for the columns that change.
    pub before: Option<serde_json::Value>,
    /// What comes in its place.
    pub after: Option<serde_json::Value>,
}

/// Legal units of a preview in one case. The page's rows are picked first, by their place: merging
/// hundreds of thousands of rows to show fifty would be slow.
pub async fn companies(
    conn: &mut PgConnection,
    import_id: Uuid,
    change: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as!(
        ChangeRow,
        r#"with keys as materialized (
             select s.ctid as at from staged_companies s where s.import_id = $1 and s.change = $2
              order by s.siren limit $3 offset $4),
           page as (
             select m.* from merged_companies m where m.staged_row = any(array(select at from keys)))
           select p.siren as "key!", p.name, p.line as "line!",
                  case when $2 = 'changed' then changed_entries(to_jsonb(c), to_jsonb(p)) end as before,
                  case when $2 = 'changed' then changed_entries(to_jsonb(p), to_jsonb(c)) end as after
             from page p left join companies c on c.siren = p.siren order by p.siren"#,
        import_id,
        change,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// Establishments of a preview in one case.
pub async fn establishments(
    conn: &mut PgConnection,
    import_id: Uuid,
    change: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as!(
        ChangeRow,
        r#"with keys as materialized (
             select s.ctid as at from staged_establishments s where s.import_id = $1 and s.change = $2
              order by s.siret limit $3 offset $4),
           page as materialized (
             select m.* from merged_establishments m where m.staged_row = any(array(select at from keys))),
           owners as materialized (
             select distinct on (m.siren) m.siren, m.name from merged_companies m
              where m.import_id = $1 and m.siren = any(array(select siren from page)))
           select p.siret as "key!", coalesce(p.name, u.name, c.name) as name, p.line as "line!",
                  case when $2 = 'changed' then changed_entries(to_jsonb(e), to_jsonb(p)) end as before,
                  case when $2 = 'changed' then changed_entries(to_jsonb(p), to_jsonb(e)) end as after
             from page p
             left join establishments e on e.siret = p.siret
             left join companies c on c.siren = p.siren
             left join owners u on u.siren = p.siren
            order by p.siret"#,
        import_id,
        change,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// Headcounts of a preview in one case.
pub async fn headcounts(
    conn: &mut PgConnection,
    import_id: Uuid,
    change: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as!(
        ChangeRow,
        r#"with page as (
             select * from staged_headcounts s where s.import_id = $1 and s.change = $2
              order by s.siret, s.period, s.granularity limit $3 offset $4)
           select p.siret || '/' || p.granularity || '/' || p.period as "key!", c.name, p.line as "line!",
                  case when h.siret is not null and h.headcount <> p.headcount
                       then jsonb_build_object('headcount', h.headcount) end as before,
                  jsonb_build_object('headcount', p.headcount) as after
             from page p
             left join headcounts h
               on h.siret = p.siret and h.granularity = p.granularity and h.period = p.period
             left join companies c on c.siren = left(p.siret, 9)
            order by p.siret, p.period, p.granularity"#,
        import_id,
        change,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// Facts of a preview in one case.
pub async fn facts(
    conn: &mut PgConnection,
    import_id: Uuid,
    change: &str,
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as!(
        ChangeRow,
        r#"with page as (
             select * from staged_facts s where s.import_id = $1 and s.change = $2
              order by s.siren, s.kind, s.key limit $3 offset $4)
           select p.siren || '/' || p.kind || '/' || p.key as "key!", c.name, p.line as "line!",
                  case when $2 = 'changed' then changed_entries(f.content, p.content) end as before,
                  case when $2 = 'changed' then changed_entries(p.content, f.content) end as after
             from page p
             left join facts f on f.kind = p.kind and f.key = p.key
             left join companies c on c.siren = p.siren
            order by p.siren, p.kind, p.key"#,
        import_id,
        change,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// Rows of the ledger in one case, for an import that was written.
pub async fn ledger(
    conn: &mut PgConnection,
    import_id: Uuid,
    (table, verb): (&str, &str),
    limit: i64,
    offset: i64,
) -> sqlx::Result<Vec<ChangeRow>> {
    sqlx::query_as!(
        ChangeRow,
        r#"with page as (
             select row_key, before, after from import_changes
              where import_id = $1 and table_name = $2 and verb = $3
              order by row_key limit $4 offset $5)
           select coalesce(f.siren || '/', '') || p.row_key as "key!",
                  case when c.diffusible or not c.is_person then c.name end as name, 0::bigint as "line!",
                  p.before, case when c.diffusible and coalesce(e.diffusible, true) then p.after end as after
             from page p
             left join facts f on $2 = 'facts' and p.row_key = f.kind || '/' || f.key
             left join companies c on c.siren = coalesce(f.siren, left(p.row_key, 9))
             left join establishments e on e.siret = left(p.row_key, 14)
            order by p.row_key"#,
        import_id,
        table,
        verb,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
}

/// A line or a value that was set aside.
#[derive(Debug, Clone)]
pub struct RejectionRow {
    /// Rank of the file in the deposit.
    pub file: i16,
    /// Line in the file, the header being line 1.
    pub line: i64,
    /// Column as written; empty when the whole line is at fault.
    pub column_name: String,
    /// What the file says.
    pub value: String,
    /// Key of the cause.
    pub cause: String,
    /// What was expected.
    pub expected: String,
    /// Whether the line itself stands.
    pub keeps_line: bool,
}

/// The first rejections of each cause, lines before values.
pub async fn rejections_by_cause(
    conn: &mut PgConnection,
    import_id: Uuid,
    each: i64,
) -> sqlx::Result<Vec<RejectionRow>> {
    sqlx::query_as!(
        RejectionRow,
        r#"select file, line, column_name, value, cause, expected, keeps_line
             from (select r.*, row_number() over (partition by keeps_line, cause order by file, line) as rank
                     from import_rejections r where import_id = $1) r
            where rank <= $2 order by keeps_line, cause, file, line"#,
        import_id,
        each
    )
    .fetch_all(conn)
    .await
}

/// Every rejection that was kept, in the order of the files.
pub async fn rejections(
    conn: &mut PgConnection,
    import_id: Uuid,
) -> sqlx::Result<Vec<RejectionRow>> {
    sqlx::query_as!(
        RejectionRow,
        "select file, line, column_name, value, cause, expected, keeps_line
           from import_rejections where import_id = $1 order by file, line, column_name",
        import_id
    )
    .fetch_all(conn)
    .await
}
