//! SQL of alerts: what assessments open, enrich and lift; the queue and the page below.

pub mod page;
pub mod queue;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::follow::Cause;

/// The open alert of a company.
#[derive(Debug)]
pub struct OpenRow {
    /// Key.
    pub id: Uuid,
    /// How grave.
    pub level: String,
    /// Who looks after it.
    pub assignee_id: Option<Uuid>,
}

/// The open alert of a company, held until the end of the transaction.
pub async fn open_of(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Option<OpenRow>> {
    sqlx::query_as!(
        OpenRow,
        "select id, level, assignee_id from alerts
          where siren = $1 and status in ('new', 'taken', 'waiting') for update",
        siren
    )
    .fetch_optional(conn)
    .await
}

/// Opens an alert.
pub async fn open(
    conn: &mut PgConnection,
    (id, siren, assessment_id): (Uuid, &str, i64),
    (level, is_procedure): (&str, bool),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into alerts (id, siren, opened_at, opened_by, assessment_id, level, is_procedure)
         values ($1, $2, $3, $4, $4, $5, $6)",
        id,
        siren,
        now,
        assessment_id,
        level,
        is_procedure
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Tells an open alert how grave it is now, and which assessment says so.
pub async fn enrich(
    conn: &mut PgConnection,
    id: Uuid,
    assessment_id: i64,
    (level, is_procedure): (&str, bool),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update alerts set assessment_id = $2, level = $3, is_procedure = $4 where id = $1",
        id,
        assessment_id,
        level,
        is_procedure
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keys of the causes of a company that were already told.
pub async fn known_causes(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select cause_key from alert_causes where siren = $1 and lifted_at is null",
        siren
    )
    .fetch_all(conn)
    .await
}

/// Tells an alert why; a cause that was lifted and comes back counts anew.
pub async fn add_cause(
    conn: &mut PgConnection,
    siren: &str,
    alert_id: Uuid,
    cause: &Cause,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into alert_causes (siren, cause_key, alert_id, at, sentence) values ($1, $2, $3, $4, $5)
         on conflict (siren, cause_key) do update
            set alert_id = excluded.alert_id, at = excluded.at, sentence = excluded.sentence, lifted_at = null",
        siren,
        cause.key,
        alert_id,
        now,
        cause.sentence
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes causes of an alert away; gives those that stood until now.
pub async fn lift(
    conn: &mut PgConnection,
    alert_id: Uuid,
    keys: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "update alert_causes set lifted_at = $3
          where alert_id = $1 and cause_key = any($2) and lifted_at is null
         returning cause_key",
        alert_id,
        keys,
        now
    )
    .fetch_all(conn)
    .await
}

/// How many causes of an alert stand.
pub async fn standing_causes(conn: &mut PgConnection, alert_id: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from alert_causes where alert_id = $1 and lifted_at is null"#,
        alert_id
    )
    .fetch_one(conn)
    .await
}

/// Closes an alert that has no cause any more.
pub async fn close_lifted(
    conn: &mut PgConnection,
    id: Uuid,
    motive: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update alerts set status = 'closed', outcome = 'lifted', motive = $2, closed_at = $3,
                closed_by_name = 'Vigie', waits_until = null
          where id = $1",
        id,
        motive,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what happened to an alert.
pub async fn tell(
    conn: &mut PgConnection,
    alerts: &[Uuid],
    kind: &str,
    (actor_id, actor_name): (Option<Uuid>, &str),
    text: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into alert_events (alert_id, at, actor_id, actor_name, kind, text)
         select id, $2, $3, $4, $5, $6 from unnest($1::uuid[]) as told(id)",
        alerts,
        now,
        actor_id,
        actor_name,
        kind,
        text
    )
    .execute(conn)
    .await?;
    Ok(())
}
