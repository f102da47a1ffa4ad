//! The end of an activation whose period ran out.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Connection as _, PgConnection};

use super::queries;
use crate::auth::audit::{self, Acting};

const RAN_OUT: &str = "Fin de la période prévue.";

/// Ends the activation whose last day is past, with its rights and its facts; gives how many facts.
pub async fn expire(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let over = queries::open(&mut tx)
        .await?
        .filter(|open| open.valid_until.is_some_and(|until| until < today));
    let forgotten = match over {
        Some(open) => queries::end(&mut tx, open.id, None, RAN_OUT, now).await?,
        None => None,
    };
    tx.commit().await?;
    Ok(forgotten.unwrap_or(0))
}
