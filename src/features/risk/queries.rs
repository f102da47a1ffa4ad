//! SQL of risk: many companies at a time.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::scoring::dossier::Dossier;
use crate::scoring::explanation::Explanation;

/// A fact as it is kept.
#[derive(Debug)]
pub struct FactRow {
    /// Company.
    pub siren: String,
    /// Code of its kind.
    pub kind: String,
    /// What tells it from others.
    pub key: String,
    /// The reader's row.
    pub content: serde_json::Value,
    /// Producer.
    pub source: String,
}

/// Facts that the points are made of; social ones have their own right and are not among them.
pub async fn facts(conn: &mut PgConnection, sirens: &[String]) -> sqlx::Result<Vec<FactRow>> {
    sqlx::query_as!(
        FactRow,
        "select siren, kind, key, content, source from facts
          where siren = any($1) and kind in ('notice', 'accounts', 'ratios')
          order by siren, kind, key",
        sirens
    )
    .fetch_all(conn)
    .await
}

/// Social debts and contributions, for the one rule that reads them, while an activation is in force.
pub async fn social_facts(
    conn: &mut PgConnection,
    sirens: &[String],
    on: NaiveDate,
) -> sqlx::Result<Vec<FactRow>> {
    sqlx::query_as!(
        FactRow,
        "select siren, kind, key, content, source from facts
          where siren = any($1) and kind in ('social_debt', 'social_contribution')
            and exists (select from social_data_activations
                         where ended_at is null and valid_from <= $2
                           and (valid_until is null or $2 <= valid_until))
          order by siren, kind, key",
        sirens,
        on
    )
    .fetch_all(conn)
    .await
}

/// A company with accounts or ratios.
#[derive(Debug)]
pub struct CompanyRow {
    /// Company.
    pub siren: String,
    /// Division of the activity; empty when unknown.
    pub sector: String,
    /// Headcount band in French; empty when unknown.
    pub size: String,
}

/// Companies with accounts or ratios, in order.
pub async fn with_exercises(conn: &mut PgConnection) -> sqlx::Result<Vec<CompanyRow>> {
    sqlx::query_as!(
        CompanyRow,
        r#"select c.siren, coalesce(left(c.naf_code, 2), '') as "sector!",
                  coalesce(b.label, '') as "size!"
             from companies c left join headcount_bands b on b.code = c.headcount_band
            where exists (select from facts f
                           where f.siren = c.siren and f.kind in ('accounts', 'ratios'))
            order by c.siren"#
    )
    .fetch_all(conn)
    .await
}

/// The day of the last notice that is known.
pub async fn last_notice(conn: &mut PgConnection) -> sqlx::Result<Option<NaiveDate>> {
    sqlx::query_scalar!("select max(happened_on) from facts where kind = 'notice'")
        .fetch_one(conn)
        .await
}

/// A red flag that was not withdrawn.
#[derive(Debug)]
pub struct FlagRow {
    /// Company.
    pub siren: String,
    /// Code.
    pub kind: String,
    /// When it was seen.
    pub observed_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
    /// Who saw it.
    pub author_name: String,
}

/// Red flags that were not withdrawn.
pub async fn flags(conn: &mut PgConnection, sirens: &[String]) -> sqlx::Result<Vec<FlagRow>> {
    sqlx::query_as!(
        FlagRow,
        "select siren, kind, observed_on, expires_on, author_name from signals
          where siren = any($1) and withdrawn_on is null order by siren, id",
        sirens
    )
    .fetch_all(conn)
    .await
}

/// An expert's view that was not withdrawn.
#[derive(Debug)]
pub struct OverrideRow {
    /// Company.
    pub siren: String,
    /// `up` or `down`.
    pub direction: String,
    /// Why.
    pub motive: String,
    /// Who.
    pub author_name: String,
    /// When.
    pub decided_on: NaiveDate,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

/// Experts' views that were not withdrawn.
pub async fn overrides(
    conn: &mut PgConnection,
    sirens: &[String],
) -> sqlx::Result<Vec<OverrideRow>> {
    sqlx::query_as!(
        OverrideRow,
        "select siren, direction, motive, author_name, decided_on, expires_on from risk_overrides
          where siren = any($1) and withdrawn_on is null order by siren, id",
        sirens
    )
    .fetch_all(conn)
    .await
}

/// Companies of which something is known, or was.
pub async fn to_score(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select siren as "siren!" from (
             select siren from facts where kind in ('notice', 'accounts', 'ratios', 'social_debt')
             union select siren from signals
             union select siren from risk_overrides
             union select siren from company_risks) known
           order by 1"#
    )
    .fetch_all(conn)
    .await
}

/// Remembers that every company was scored on a day.
pub async fn keep_day(
    conn: &mut PgConnection,
    day: NaiveDate,
    version: &str,
    assessments: usize,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into scored_days (day, model_version, assessments, scored_at) values ($1, $2, $3, $4)
         on conflict (day, model_version) do update
           set assessments = scored_days.assessments + excluded.assessments, scored_at = excluded.scored_at",
        day,
        version,
        i32::try_from(assessments).unwrap_or(i32::MAX),
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether every company was scored on a day.
pub async fn has_day(conn: &mut PgConnection, day: NaiveDate, version: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from scored_days where day = $1 and model_version = $2) as "is_there!""#,
        day,
        version
    )
    .fetch_one(conn)
    .await
}

/// Takes companies that something new is known of. Several nodes share them.
pub async fn take_requests(conn: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "delete from rescore_requests where siren in (
           select siren from rescore_requests order by asked_at limit $1 for update skip locked)
         returning siren",
        limit
    )
    .fetch_all(conn)
    .await
}

/// The last assessment of a company.
#[derive(Debug)]
pub struct LastRow {
    /// Key.
    pub id: i64,
    /// Company.
    pub siren: String,
    /// Day that it speaks of.
    pub as_of: NaiveDate,
    /// Version of the model.
    pub model_version: String,
    /// Digest of what was read.
    pub inputs_hash: String,
    /// What was read.
    pub inputs: Json<Dossier>,
    /// Level retained.
    pub retained: Option<String>,
    /// State in insolvency law.
    pub state: String,
    /// Whether it was a sudden drop.
    pub is_sudden: bool,
}

/// The last assessment of each of these companies, as of a day.
pub async fn last(
    conn: &mut PgConnection,
    sirens: &[String],
    on: NaiveDate,
) -> sqlx::Result<Vec<LastRow>> {
    sqlx::query_as!(
        LastRow,
        r#"select a.id, a.siren, a.as_of, a.model_version, a.inputs_hash, a.inputs as "inputs: Json<Dossier>",
                  a.retained, a.state, a.is_sudden
             from unnest($1::text[]) asked (siren)
             cross join lateral (
               select * from risk_assessments known
                where known.siren = asked.siren and known.as_of <= $2
                order by known.as_of desc, known.id desc limit 1) a"#,
        sirens,
        on
    )
    .fetch_all(conn)
    .await
}

/// An assessment to keep.
#[derive(Debug)]
pub struct NewAssessment<'a> {
    /// Company.
    pub siren: &'a str,
    /// Day that it speaks of.
    pub as_of: NaiveDate,
    /// When it was computed.
    pub at: DateTime<Utc>,
    /// Model and its version.
    pub model: (&'a str, &'a str),
    /// Points.
    pub points: Option<i16>,
    /// Known share of the weight, in hundredths.
    pub completeness: i16,
    /// Level of the exit margin.
    pub held: Option<&'a str>,
    /// Level of the statistics, of the events, of the red flags, and the one retained.
    pub levels: [Option<&'a str>; 4],
    /// State in insolvency law.
    pub state: &'a str,
    /// Points more than the exercise before.
    pub change: Option<i16>,
    /// A fall of many points at once.
    pub is_sudden: bool,
    /// What made it, in French.
    pub cause: &'a str,
    /// What was read.
    pub inputs: &'a Dossier,
    /// Its digest.
    pub inputs_hash: &'a str,
    /// What is shown.
    pub explanation: &'a Explanation,
}

/// Keeps an assessment for ever; gives its key.
pub async fn insert(conn: &mut PgConnection, new: &NewAssessment<'_>) -> sqlx::Result<i64> {
    let [statistical, events, flags, retained] = new.levels;
    sqlx::query_scalar!(
        "insert into risk_assessments (siren, as_of, assessed_at, model_id, model_version, points,
             completeness, held, statistical, events_floor, flags_floor, retained, state, change,
             is_sudden, cause, inputs, inputs_hash, explanation)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         returning id",
        new.siren,
        new.as_of,
        new.at,
        new.model.0,
        new.model.1,
        new.points,
        new.completeness,
        new.held,
        statistical,
        events,
        flags,
        retained,
        new.state,
        new.change,
        new.is_sudden,
        new.cause,
        Json(new.inputs) as _,
        new.inputs_hash,
        Json(new.explanation) as _
    )
    .fetch_one(conn)
    .await
}

/// Makes an assessment the last word on its company, unless a later day has been assessed already.
pub async fn retain(conn: &mut PgConnection, assessment_id: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into company_risks (siren, assessment_id, retained, state, points, change, since)
         select siren, id, retained, state, points, change, as_of from risk_assessments where id = $1
         on conflict (siren) do update
            set assessment_id = excluded.assessment_id, retained = excluded.retained,
                state = excluded.state, points = excluded.points, change = excluded.change,
                since = case when (company_risks.retained, company_risks.state)
                                  is distinct from (excluded.retained, excluded.state)
                             then excluded.since else company_risks.since end
          where (select as_of from risk_assessments a where a.id = company_risks.assessment_id)
                <= excluded.since",
        assessment_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An assessment as it was kept, to compute it again.
#[derive(Debug)]
pub struct KeptRow {
    /// Key.
    pub id: i64,
    /// Day that it speaks of.
    pub as_of: NaiveDate,
    /// Model.
    pub model_id: String,
    /// Version.
    pub model_version: String,
    /// Points.
    pub points: Option<i16>,
    /// Level of the statistics.
    pub statistical: Option<String>,
    /// Level retained.
    pub retained: Option<String>,
    /// What was read.
    pub inputs: Json<Dossier>,
}

/// Assessments after a key, in order.
pub async fn kept_after(
    conn: &mut PgConnection,
    id: i64,
    limit: i64,
) -> sqlx::Result<Vec<KeptRow>> {
    sqlx::query_as!(
        KeptRow,
        r#"select id, as_of, model_id, model_version, points, statistical, retained,
                  inputs as "inputs: Json<Dossier>"
             from risk_assessments where id > $1 order by id limit $2"#,
        id,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Keeps what another version of the model says of a past assessment.
pub async fn compare(
    conn: &mut PgConnection,
    assessment_id: i64,
    model: (&str, &str),
    (points, statistical): (Option<i16>, Option<&str>),
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into risk_comparisons (assessment_id, model_id, model_version, points, statistical, compared_at)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        assessment_id,
        model.0,
        model.1,
        points,
        statistical,
        at
    )
    .execute(conn)
    .await?;
    Ok(())
}
