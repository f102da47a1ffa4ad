//! What people state about a company's impact: each fact replaces the former one, which stays.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::criteria::Criterion;

/// A fact to state.
#[derive(Debug, Clone)]
pub struct NewFact {
    /// Establishment.
    pub siret: String,
    /// Criterion that it informs.
    pub criterion: Criterion,
    /// Hundredths of the weight: a step of the criterion's scale.
    pub worth: u8,
    /// What was observed.
    pub note: String,
    /// When.
    pub noted_on: NaiveDate,
    /// Who states it.
    pub author_id: Uuid,
}

/// States a fact in place of the one that the person saw in force (none: nothing was stated).
/// `false`: another fact came in between, nothing was written.
pub async fn state(
    conn: &mut PgConnection,
    fact: &NewFact,
    seen: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    if let Some(seen) = seen {
        let replaced = sqlx::query!(
            "update impact_facts set superseded_at = $2 where id = $1 and superseded_at is null",
            seen,
            now
        )
        .execute(&mut *conn)
        .await?;
        if replaced.rows_affected() == 0 {
            return Ok(false);
        }
    }
    let stated = sqlx::query!(
        "insert into impact_facts (id, siret, criterion, worth, note, noted_on, author_id)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (siret, criterion) where superseded_at is null do nothing",
        Uuid::now_v7(),
        fact.siret,
        fact.criterion.code(),
        i16::from(fact.worth),
        fact.note.trim(),
        fact.noted_on,
        fact.author_id
    )
    .execute(conn)
    .await?;
    Ok(stated.rows_affected() == 1)
}
