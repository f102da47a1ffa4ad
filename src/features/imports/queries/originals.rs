//! Rejected lines as they were deposited.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Months, Utc};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

/// How long they are kept (formats.md: raw imports, twelve months).
const MEMORY: Months = Months::new(12);

/// Lines sent to the database at once.
const CHUNK: usize = 500;

/// A rejected line, and why it was.
#[derive(Debug, Clone)]
pub struct OriginalRow {
    /// Line in the file, the header being line 1.
    pub line: i64,
    /// An array of cells, or an object of a JSON file.
    pub content: Value,
    /// What to mend: « siret : attendu… », one sentence for each fault.
    pub faults: String,
}

/// Lines of one file that were rejected whole.
pub async fn wanted(
    conn: &mut PgConnection,
    import_id: Uuid,
    file: i16,
) -> sqlx::Result<BTreeSet<u64>> {
    let lines = sqlx::query_scalar!(
        "select distinct line from import_rejections
          where import_id = $1 and file = $2 and not keeps_line",
        import_id,
        file
    )
    .fetch_all(conn)
    .await?;
    Ok(lines
        .into_iter()
        .filter_map(|line| u64::try_from(line).ok())
        .collect())
}

/// Keeps lines of one file.
pub async fn keep(
    conn: &mut PgConnection,
    import_id: Uuid,
    file: i16,
    lines: &[(u64, Value)],
) -> sqlx::Result<()> {
    for chunk in lines.chunks(CHUNK) {
        let rows: Vec<Value> = chunk
            .iter()
            .map(|(line, content)| json!({ "line": line, "content": content }))
            .collect();
        sqlx::query!(
            "insert into import_rejected_lines (import_id, file, line, content)
             select $1, $2, r.line, r.content from jsonb_to_recordset($3) as r (line bigint, content jsonb)
             on conflict do nothing",
            import_id,
            file,
            Value::Array(rows)
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// The rejected lines of one file. Lines and faults are read apart, each by an index, and joined here:
/// right after a deposit the database knows nothing of how many there are, and would choose a plan
/// that reads the ones again for each of the others.
pub async fn of_file(
    conn: &mut PgConnection,
    import_id: Uuid,
    file: i16,
) -> sqlx::Result<Vec<OriginalRow>> {
    let faults = sqlx::query!(
        r#"select line, string_agg(concat_ws(U&'\00A0: ', nullif(column_name, ''), 'attendu ' || expected), ' / '
                                   order by column_name) as "faults!"
             from import_rejections
            where import_id = $1 and file = $2 and not keeps_line
            group by line"#,
        import_id,
        file
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut faults: HashMap<i64, String> = faults
        .into_iter()
        .map(|row| (row.line, row.faults))
        .collect();
    let lines = sqlx::query!(
        "select line, content from import_rejected_lines where import_id = $1 and file = $2 order by line",
        import_id,
        file
    )
    .fetch_all(conn)
    .await?;
    let told = lines.into_iter().filter_map(|row| {
        Some(OriginalRow {
            line: row.line,
            content: row.content,
            faults: faults.remove(&row.line)?,
        })
    });
    Ok(told.collect())
}

/// Ranks of the files that have rejected lines to give back.
pub async fn files(conn: &mut PgConnection, import_id: Uuid) -> sqlx::Result<Vec<i16>> {
    sqlx::query_scalar!(
        "select distinct file from import_rejected_lines where import_id = $1 order by file",
        import_id
    )
    .fetch_all(conn)
    .await
}

/// Forgets what has been kept for twelve months.
pub async fn purge(conn: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "delete from import_rejected_lines l using imports i where i.id = l.import_id and i.created_at < $1",
        now - MEMORY
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
