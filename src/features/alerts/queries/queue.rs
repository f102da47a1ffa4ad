//! The queue: its rows in order, its counts, its choices.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::alerts::forms::Filters;

/// Adds what the filters keep, `$1` to `$7`, between two texts. The aliases are `a` alert, `c`
/// company, `t` its territory, `x.stage` where the alert stands today, `x.rank` its place: what can
/// best be prevented first.
macro_rules! of_queue {
    ($run:ident ($($row:ident)?) [$($before:tt)+] [$($after:tt)+] ($scope:expr, $today:expr, $f:expr) $($arg:expr),*) => {
        sqlx::$run!(
            $($row,)?
            $($before)+ + r#"
            from alerts a
            join companies c on c.siren = a.siren
            left join establishments e on e.siret = c.local_siret
            left join current_memberships m on m.insee_code = e.insee_code
            left join territories t on t.siren = m.territory_siren
            left join users u on u.id = a.assignee_id
            cross join lateral (
              select case when a.status <> 'waiting' or a.waits_until > $2 then a.status
                          when a.assignee_id is null then 'new' else 'taken' end as stage,
                     case when a.is_procedure then 3 when a.level = 'high' then 0
                          when a.level = 'critical' then 1 else 2 end as rank) x
            where ($1::text[] is null or exists (
                    select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
                    where s.siren = a.siren and sm.territory_siren = any($1)))
              and case $3::text when 'open' then x.stage in ('new', 'taken')
                                when 'done' then x.stage in ('closed', 'merged')
                                else x.stage = $3 end
              and ($4::text is null or case $4 when 'procedure' then a.is_procedure else a.level = $4 and not a.is_procedure end)
              and ($5::text is null or t.siren = $5)
              and ($6::uuid is null or a.assignee_id = $6)
              and (not $7::bool or a.assignee_id is null)"# + $($after)+,
            $scope as Option<&[String]>,
            $today,
            $f.state,
            $f.level,
            $f.territory,
            $f.assignee,
            $f.unassigned
            $(, $arg)*
        )
    };
}

/// An alert in the queue.
#[derive(Debug)]
pub struct AlertRow {
    /// Key.
    pub id: Uuid,
    /// Moves at each change.
    pub version: i32,
    /// SIREN of its company.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Whether the company is key today.
    pub is_key: bool,
    /// How grave.
    pub level: String,
    /// A state rather than a prediction: an open procedure, or a radiation.
    pub is_procedure: bool,
    /// What its company shows today.
    pub shown: Option<String>,
    /// Why: the latest cause.
    pub reason: Option<String>,
    /// Territory of the company.
    pub territory: Option<String>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Who looks after it.
    pub assignee: Option<String>,
    /// Status in the database.
    pub status: String,
    /// The day on which it is open again.
    pub waits_until: Option<NaiveDate>,
}

/// The alerts that the filters keep, in order.
pub async fn rows(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    today: NaiveDate,
    f: &Filters<'_>,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<AlertRow>> {
    of_queue!(
        query_as (AlertRow)
        [r#"select a.id, a.version, a.siren,
                   case when c.diffusible or not c.is_person then c.name end as name,
                   exists (select from key_companies k where k.siren = a.siren and k.exited_on is null
                     and ($1::text[] is null or k.territory_siren = any($1))) as "is_key!",
                   a.level, a.is_procedure,
                   (select cr.shown from company_risks cr where cr.siren = a.siren) as shown,
                   (select q.sentence from alert_causes q where q.alert_id = a.id
                    order by q.lifted_at is not null, q.at desc, q.cause_key desc limit 1) as reason,
                   t.short_name as "territory?", a.opened_at, u.full_name as "assignee?", a.status,
                   a.waits_until"#]
        [r#" order by x.rank, a.assignee_id is not null, a.opened_at, a.id limit $8 offset $9"#]
        (scope, today, f) limit, offset
    )
    .fetch_all(conn)
    .await
}

/// How many alerts the filters keep; counting stops at `limit`.
pub async fn count(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    today: NaiveDate,
    f: &Filters<'_>,
    limit: i64,
) -> sqlx::Result<i64> {
    of_queue!(
        query_scalar ()
        [r#"select count(*) as "count!" from (select"#]
        [r#" limit $8) kept"#]
        (scope, today, f) limit
    )
    .fetch_one(conn)
    .await
}

/// The alert that comes after this one among those that the filters keep. `was_free`: nobody followed
/// it in the queue that led to it.
pub async fn next(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    today: NaiveDate,
    f: &Filters<'_>,
    (id, was_free): (Uuid, bool),
) -> sqlx::Result<Option<(Uuid, bool)>> {
    let row = of_queue!(
        query (  )
        [r#"select a.id, a.assignee_id is null as "is_free!""#]
        [r#" and a.id <> $8
             and (x.rank, a.assignee_id is not null, a.opened_at, a.id) > (
               select case when o.is_procedure then 3 when o.level = 'high' then 0
                           when o.level = 'critical' then 1 else 2 end,
                      o.assignee_id is not null and not $9::bool, o.opened_at, o.id
               from alerts o where o.id = $8)
             order by x.rank, a.assignee_id is not null, a.opened_at, a.id limit 1"#]
        (scope, today, f) id, was_free
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.is_free)))
}

/// What there is to do, whatever the filters.
#[derive(Debug)]
pub struct Totals {
    /// Open ones.
    pub open: i64,
    /// Critical ones among them.
    pub critical: i64,
    /// Procedures and radiations among them.
    pub procedures: i64,
    /// Those that nobody looks after.
    pub unassigned: i64,
    /// Ended since the first of the month.
    pub done: i64,
}

/// What there is to do within the scope; `month` is the first day of the month.
pub async fn totals(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    today: NaiveDate,
    month: NaiveDate,
) -> sqlx::Result<Totals> {
    sqlx::query_as!(
        Totals,
        r#"with seen as (
             select a.*, a.status in ('new', 'taken') or a.status = 'waiting' and a.waits_until <= $2 as is_open
             from alerts a
             where $1::text[] is null or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               where s.siren = a.siren and m.territory_siren = any($1)))
           select count(*) filter (where is_open) as "open!",
                  count(*) filter (where is_open and level = 'critical' and not is_procedure) as "critical!",
                  count(*) filter (where is_open and is_procedure) as "procedures!",
                  count(*) filter (where is_open and assignee_id is null) as "unassigned!",
                  count(*) filter (where status in ('closed', 'merged')
                    and (closed_at at time zone 'Europe/Paris')::date >= $3) as "done!"
           from seen"#,
        scope,
        today,
        month,
    )
    .fetch_one(conn)
    .await
}

/// One choice of a filter or of a form.
#[derive(Debug)]
pub struct OptionRow {
    /// `territory` or `person`.
    pub kind: String,
    /// Value.
    pub value: String,
    /// Words.
    pub label: String,
}

/// Territories within the scope, and active staff.
pub async fn options(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'territory' as kind, siren as value, short_name as label from territories
             where $1::text[] is null or siren = any($1)
             union all
             select 'person', id::text, full_name from users where role = 'staff' and status = 'active') o
           order by kind, fold_text(label) collate "C", value"#,
        scope,
    )
    .fetch_all(conn)
    .await
}
