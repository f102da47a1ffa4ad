//! Plans opened, closed and taken again; actions added, changed and followed.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// Opens a plan; none when the company has a running one.
pub async fn open(
    conn: &mut PgConnection,
    (siren, objective): (&str, &str),
    copied_from: Option<Uuid>,
    by: Uuid,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "insert into action_plans (id, siren, objective, opened_on, opened_by, copied_from, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (siren) where closed_on is null do nothing returning id",
        Uuid::now_v7(),
        siren,
        objective,
        today,
        by,
        copied_from,
        now,
    )
    .fetch_optional(conn)
    .await
}

/// Changes what a plan is for; `false` when someone changed it first.
pub async fn rename(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    objective: &str,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update action_plans set objective = $3 where id = $1 and version = $2 and closed_on is null",
        id,
        version,
        objective,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes a plan; `false` when someone changed it first.
pub async fn close(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    (outcome, motive): (&str, &str),
    by: Uuid,
    today: NaiveDate,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update action_plans set closed_on = $3, closed_by = $4, outcome = $5, outcome_motive = $6
         where id = $1 and version = $2 and closed_on is null",
        id,
        version,
        today,
        by,
        outcome,
        motive,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes actions of a closed plan again in a new one, with their funders and steps: as long as they were to
/// last, from today. What was said, spent and seen stays where it was.
pub async fn copy(
    conn: &mut PgConnection,
    (from, to): (Uuid, Uuid),
    kept: &[Uuid],
    by: Uuid,
    (today, now): (NaiveDate, DateTime<Utc>),
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "with chosen as (
           select a.*, gen_random_uuid() as copy_id from actions a where a.plan_id = $1 and a.id = any($3)),
         copied as (
           insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, owner_person_id,
                                owner_user_id, partner_organisation_id, elected_referent, starts_on, due_on,
                                planned_euros, is_shared, expected_environment, expected_social, expected_economy,
                                expected_governance, need_id, created_by, created_at)
           select copy_id, $2, dossier, measure, title, owner_organisation_id, owner_person_id, owner_user_id,
                  partner_organisation_id, elected_referent, $5::date, $5 + (due_on - starts_on), planned_euros, is_shared,
                  expected_environment, expected_social, expected_economy, expected_governance, need_id, $4, $6
           from chosen returning 1)
         select copy_id as \"copy!\", id from chosen, (select count(*) from copied) done",
        from,
        to,
        kept,
        by,
        today,
        now,
    )
    .fetch_all(&mut *conn)
    .await?;
    let (copies, originals): (Vec<Uuid>, Vec<Uuid>) =
        done.iter().map(|row| (row.copy, row.id)).unzip();
    sqlx::query!(
        "with pairs as (select * from unnest($1::uuid[], $2::uuid[]) as x (copy, original)),
         f as (
           insert into action_funders (id, action_id, organisation_id, typed_name, amount_euros)
           select gen_random_uuid(), p.copy, f.organisation_id, f.typed_name, f.amount_euros
           from pairs p join action_funders f on f.action_id = p.original)
         insert into action_steps (id, action_id, position, title)
         select gen_random_uuid(), p.copy, s.position, s.title
         from pairs p join action_steps s on s.action_id = p.original",
        &copies,
        &originals,
    )
    .execute(conn)
    .await?;
    Ok(copies.len().try_into().unwrap_or(u64::MAX))
}

/// An action that passed its form.
#[derive(Debug, Clone)]
pub struct NewAction {
    /// Dossier: code.
    pub dossier: &'static str,
    /// Measure: code.
    pub measure: &'static str,
    /// A verb and its object.
    pub title: String,
    /// Who carries it out.
    pub owner_organisation_id: Uuid,
    /// The person, if one is named.
    pub owner_person_id: Option<Uuid>,
    /// The account, if one is named.
    pub owner_user_id: Option<Uuid>,
    /// Who helps.
    pub partner_organisation_id: Option<Uuid>,
    /// Who answers for it among the elected.
    pub elected_referent: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// For when.
    pub due_on: NaiveDate,
    /// Budget.
    pub planned_euros: Option<i64>,
    /// What was spent of it.
    pub spent_euros: Option<i64>,
    /// Whether partners read it.
    pub is_shared: bool,
    /// Expected effect on each pillar: codes.
    pub expected: [String; 4],
}

/// Adds an action to a running plan.
pub async fn insert(
    conn: &mut PgConnection,
    (plan, need): (Uuid, Option<Uuid>),
    new: &NewAction,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let [environment, social, economy, governance] = &new.expected;
    sqlx::query!(
        "insert into actions (id, plan_id, dossier, measure, title, owner_organisation_id, owner_person_id,
                              owner_user_id, partner_organisation_id, elected_referent, starts_on, due_on,
                              planned_euros, spent_euros, is_shared, expected_environment, expected_social,
                              expected_economy, expected_governance, need_id, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                 $22)",
        id,
        plan,
        new.dossier,
        new.measure,
        new.title,
        new.owner_organisation_id,
        new.owner_person_id,
        new.owner_user_id,
        new.partner_organisation_id,
        new.elected_referent,
        new.starts_on,
        new.due_on,
        new.planned_euros,
        new.spent_euros,
        new.is_shared,
        environment,
        social,
        economy,
        governance,
        need,
        by,
        now,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Changes an action; `false` when someone changed it first.
pub async fn update(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewAction,
) -> sqlx::Result<bool> {
    let [environment, social, economy, governance] = &new.expected;
    let done = sqlx::query!(
        "update actions set dossier = $3, measure = $4, title = $5, owner_organisation_id = $6,
                owner_person_id = $7, owner_user_id = $8, partner_organisation_id = $9, elected_referent = $10,
                starts_on = $11, due_on = $12, planned_euros = $13, spent_euros = $14, is_shared = $15,
                expected_environment = $16, expected_social = $17, expected_economy = $18,
                expected_governance = $19
         where id = $1 and version = $2",
        id,
        version,
        new.dossier,
        new.measure,
        new.title,
        new.owner_organisation_id,
        new.owner_person_id,
        new.owner_user_id,
        new.partner_organisation_id,
        new.elected_referent,
        new.starts_on,
        new.due_on,
        new.planned_euros,
        new.spent_euros,
        new.is_shared,
        environment,
        social,
        economy,
        governance,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Where an action stands from now on, with what its status has to say.
#[derive(Debug, Clone, Default)]
pub struct NewStatus {
    /// Code.
    pub status: &'static str,
    /// Why it is blocked or dropped.
    pub reason: String,
    /// Who can unblock it.
    pub unblocker: String,
    /// What came of it.
    pub result: String,
    /// Ended on that day.
    pub ended_on: Option<NaiveDate>,
    /// What was spent; none leaves what is known.
    pub spent_euros: Option<i64>,
    /// Effect seen on each pillar: codes.
    pub seen: [Option<String>; 4],
}

/// Says where an action stands; `false` when someone changed it first.
pub async fn follow(
    conn: &mut PgConnection,
    (id, version): (Uuid, i32),
    new: &NewStatus,
) -> sqlx::Result<bool> {
    let [environment, social, economy, governance] = &new.seen;
    let done = sqlx::query!(
        "update actions set status = $3, reason = $4, unblocker = $5, result = $6, ended_on = $7,
                spent_euros = coalesce($8, spent_euros), seen_environment = $9, seen_social = $10,
                seen_economy = $11, seen_governance = $12
         where id = $1 and version = $2",
        id,
        version,
        new.status,
        new.reason,
        new.unblocker,
        new.result,
        new.ended_on,
        new.spent_euros,
        environment.as_deref(),
        social.as_deref(),
        economy.as_deref(),
        governance.as_deref(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
