//! The facts of a company. The caller has found it within the scope; social facts are left out.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// One fact, or the whole series of headcounts.
#[derive(Debug)]
pub struct FactRow {
    /// `notice`, `accounts`, `ratios`, `headcounts`.
    pub kind: String,
    /// Key of the fact; `month` or `year` for headcounts.
    pub key: String,
    /// Day that it speaks of; for a series, its last one.
    pub on: NaiveDate,
    /// The row of the reader; for headcounts, `on`, `jobs` and `sites` of each period, the newest first.
    pub content: Option<serde_json::Value>,
    /// Producer.
    pub source: String,
    /// Date that the data speaks of.
    pub source_date: NaiveDate,
    /// The import that brought it.
    pub import_label: Option<String>,
    /// Who typed it.
    pub author: Option<String>,
    /// Whether a later notice cancels or replaces this one.
    pub is_superseded: bool,
    /// Rows in all.
    pub total: i64,
}

/// One page of facts, the newest first, headcounts after all others; `kind` narrows them.
pub async fn facts(
    conn: &mut PgConnection,
    siren: &str,
    kind: Option<&str>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<FactRow>> {
    sqlx::query_as!(
        FactRow,
        r#"select kind as "kind!", key as "key!", day as "on!", content, source as "source!",
                  source_date as "source_date!", import_label, author, is_superseded as "is_superseded!",
                  count(*) over () as "total!"
           from (
             select f.kind, f.key, f.happened_on as day, f.content, f.source,
                    f.source_date, i.label as import_label, u.full_name as author,
                    f.kind = 'notice' and exists (
                      select from facts later
                      where later.siren = f.siren and later.kind = 'notice'
                        and later.content ->> 'previous' = f.key) as is_superseded
             from facts f
             left join imports i on i.id = f.import_id
             left join users u on u.id = f.author_id
             where f.siren = $1 and f.kind in ('notice', 'accounts', 'ratios')
             union all
             select 'headcounts', granularity, max(period),
                    jsonb_agg(jsonb_build_object('on', period, 'jobs', jobs, 'sites', sites) order by period desc),
                    max(source), max(source_date), max(label), null, false
             from (
               select h.granularity, h.period, sum(h.headcount) as jobs, count(*) as sites,
                      max(h.source) as source, max(h.source_date) as source_date, max(i.label) as label
               from establishments s
               join current_memberships m on m.insee_code = s.insee_code
               join headcounts h on h.siret = s.siret
               left join imports i on i.id = h.import_id
               where s.siren = $1
               group by h.granularity, h.period) periods
             group by granularity
           ) known
           where $2::text is null or kind = $2
           order by kind = 'headcounts', day desc, kind, key
           limit $3 offset $4"#,
        siren,
        kind,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// What a source last said.
#[derive(Debug)]
pub struct FreshRow {
    /// `notice`, `accounts`, `ratios`, `headcounts`.
    pub kind: String,
    /// Producer.
    pub source: String,
    /// Newest day that it speaks of.
    pub on: NaiveDate,
    /// `year` for headcounts by year.
    pub granularity: Option<String>,
    /// Date of its newest data.
    pub source_date: NaiveDate,
}

/// The freshness of each source of a company; what people typed is not to be refreshed.
pub async fn freshness(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<FreshRow>> {
    sqlx::query_as!(
        FreshRow,
        r#"select kind as "kind!", source as "source!", max(happened_on) as "on!",
                  null as granularity, max(source_date) as "source_date!"
           from facts
           where siren = $1 and kind in ('notice', 'accounts', 'ratios') and author_id is null
           group by kind, source
           union all
           select 'headcounts', h.source, max(h.period), min(h.granularity), max(h.source_date)
           from establishments s
           join current_memberships m on m.insee_code = s.insee_code
           join headcounts h on h.siret = s.siret
           where s.siren = $1
           group by h.source
           order by 1, 2"#,
        siren,
    )
    .fetch_all(conn)
    .await
}
