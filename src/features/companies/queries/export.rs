//! What an export needs besides the rows of [`super::list`].

use std::time::Duration;

use chrono::NaiveDate;
use sqlx::PgConnection;

/// Prepares the transaction of an export: one unmoving view of the data, for at most `limit` a
/// statement.
pub async fn prepare(conn: &mut PgConnection, limit: Duration) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read, read only")
        .execute(&mut *conn)
        .await?;
    let limit = format!("{}ms", limit.as_millis());
    sqlx::query!(
        "select set_config('statement_timeout', $1, true) as limit",
        limit
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// A source of companies and the latest date that it speaks of.
#[derive(Debug)]
pub struct SourceRow {
    /// Producer, as it asks to be named.
    pub source: String,
    /// Date of the data.
    pub source_date: NaiveDate,
}

/// Every source of companies.
pub async fn sources(conn: &mut PgConnection) -> sqlx::Result<Vec<SourceRow>> {
    sqlx::query_as!(
        SourceRow,
        r#"select source, max(source_date) as "source_date!" from companies group by source order by source"#
    )
    .fetch_all(conn)
    .await
}
