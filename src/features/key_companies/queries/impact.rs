//! The weights of the criteria, and what people state about them.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::key_companies::closure::PlanCost;
use crate::features::key_companies::criteria::Criterion;
use crate::features::key_companies::model::Weights;

/// The weights of the criteria.
pub async fn weights(conn: &mut PgConnection) -> sqlx::Result<Weights> {
    let rows = sqlx::query!("select criterion, weight from impact_weights")
        .fetch_all(conn)
        .await?;
    Ok(weights_of(
        rows.into_iter().map(|row| (row.criterion, row.weight)),
    ))
}

/// Euros of the plan that runs for a company; none when no plan runs. What is dropped is no longer planned,
/// and what it cost was spent.
pub async fn plan_cost(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Option<PlanCost>> {
    sqlx::query_as!(
        PlanCost,
        "select (sum(a.planned_euros) filter (where a.status <> 'dropped'))::bigint as planned,
                sum(a.spent_euros)::bigint as spent
         from action_plans p left join actions a on a.plan_id = p.id
         where p.siren = $1 and p.closed_on is null
         group by p.id",
        siren
    )
    .fetch_optional(conn)
    .await
}

/// The weights under lock, for the person who changes them.
pub async fn weights_for_update(conn: &mut PgConnection) -> sqlx::Result<Weights> {
    let rows =
        sqlx::query!("select criterion, weight from impact_weights order by criterion for update")
            .fetch_all(conn)
            .await?;
    Ok(weights_of(
        rows.into_iter().map(|row| (row.criterion, row.weight)),
    ))
}

fn weights_of(rows: impl Iterator<Item = (String, i16)>) -> Weights {
    let mut weights = Weights([0; 7]);
    for (code, weight) in rows {
        if let Ok(criterion) = code.parse::<Criterion>() {
            weights.0[criterion as usize] = u8::try_from(weight).unwrap_or(0);
        }
    }
    weights
}

/// Writes the weights; the audit keeps who changed which, from what, to what.
pub async fn set_weights(conn: &mut PgConnection, weights: Weights) -> sqlx::Result<()> {
    let codes: Vec<String> = Criterion::ALL.iter().map(|c| c.code().to_owned()).collect();
    let values: Vec<i16> = weights.0.iter().map(|weight| i16::from(*weight)).collect();
    sqlx::query!(
        "update impact_weights w set weight = n.weight
         from unnest($1::text[], $2::smallint[]) as n(criterion, weight)
         where n.criterion = w.criterion and n.weight <> w.weight",
        &codes,
        &values
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A change of a weight, from the audit.
#[derive(Debug, Clone)]
pub struct WeightChangeRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_name: String,
    /// `impact_weights.criterion`
    pub criterion: String,
    /// Weight before.
    pub before: Option<i32>,
    /// Weight after.
    pub after: Option<i32>,
}

/// The latest changes of the weights.
pub async fn weight_changes(conn: &mut PgConnection) -> sqlx::Result<Vec<WeightChangeRow>> {
    sqlx::query_as!(
        WeightChangeRow,
        r#"select at, actor_name, object_id as criterion,
                  (before ->> 'weight')::int as before, (after ->> 'weight')::int as after
           from audit_events
           where object_type = 'impact_weights' and verb = 'update'
           order by id desc limit 50"#
    )
    .fetch_all(conn)
    .await
}

/// A fact about an establishment, in force or replaced.
#[derive(Debug, Clone)]
pub struct FactRow {
    /// `impact_facts.id`
    pub id: Uuid,
    /// Hundredths of the weight.
    pub worth: i16,
    /// What was observed.
    pub note: String,
    /// When.
    pub noted_on: NaiveDate,
    /// Who states it.
    pub author: String,
    /// When another replaced it.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What was stated about a criterion of an establishment, newest first.
pub async fn facts(
    conn: &mut PgConnection,
    siret: &str,
    criterion: &str,
) -> sqlx::Result<Vec<FactRow>> {
    sqlx::query_as!(
        FactRow,
        "select i.id, i.worth, i.note, i.noted_on, u.full_name as author, i.superseded_at
         from impact_facts i join users u on u.id = i.author_id
         where i.siret = $1 and i.criterion = $2
         order by i.superseded_at desc nulls first, i.id desc limit 50",
        siret,
        criterion
    )
    .fetch_all(conn)
    .await
}
