//! Scoring, then following what it says: one transaction, so that no deterioration is scored and then
//! forgotten.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::follow::{self, Cause};
use super::queries;
use crate::auth::audit::{self, Acting};
use crate::features::risk::{self, Assessed};
use crate::scoring::level::Level;

/// Companies scored in one transaction.
const BATCH: i64 = 500;

/// Scores the companies that something new is known of, and follows them. Says how many assessments
/// changed.
pub async fn catch_up(
    conn: &mut PgConnection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    let mut changed = 0;
    loop {
        let mut tx = conn.begin().await?;
        audit::sign(&mut tx, &Acting::system()).await?;
        let sirens = risk::queries::take_requests(&mut tx, BATCH).await?;
        if sirens.is_empty() {
            return Ok(changed);
        }
        let assessed = risk::run::rescore(&mut tx, &sirens, on, now).await?;
        follow(&mut tx, &assessed, now).await?;
        tx.commit().await?;
        changed += assessed.len();
    }
}

/// Scores every company of which something is known, on a day, and follows them.
pub async fn everything(
    conn: &mut PgConnection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let assessed = risk::run::everything(&mut tx, on, now).await?;
    follow(&mut tx, &assessed, now).await?;
    tx.commit().await?;
    Ok(assessed.len())
}

/// Opens again the alerts whose wait is over; gives how many.
pub async fn wake(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let woken = queries::page::wake(&mut tx, today, now).await?;
    tx.commit().await?;
    Ok(woken)
}

/// Opens, enriches and lifts alerts after these assessments.
pub async fn follow(
    conn: &mut PgConnection,
    assessed: &[Assessed],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for one in assessed {
        let known = queries::known_causes(conn, &one.siren).await?;
        let causes: Vec<Cause> = follow::causes(one)
            .into_iter()
            .filter(|cause| !known.contains(&cause.key))
            .collect();
        let open = queries::open_of(conn, &one.siren).await?;
        if !causes.is_empty() {
            raise(conn, one, open.as_ref(), &causes, now).await?;
        } else if let Some(open) = open {
            let notice = one.notice.as_ref().map(|(id, _)| id.as_str());
            let lifted: Vec<String> = known
                .into_iter()
                .filter(|key| follow::is_lifted(key, &one.after, notice))
                .collect();
            lift(conn, one, open.id, &lifted, now).await?;
        }
    }
    Ok(())
}

const VIGIE: (Option<Uuid>, &str) = (None, "Vigie");
const INTERRUPTED: &str = "Du nouveau est arrivé avant le jour prévu.";

async fn raise(
    conn: &mut PgConnection,
    one: &Assessed,
    open: Option<&queries::OpenRow>,
    causes: &[Cause],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let worst = causes
        .iter()
        .map(|cause| cause.level)
        .max()
        .unwrap_or(Level::High);
    let is_procedure = causes.iter().any(|cause| cause.is_procedure);
    let (id, kind) = if let Some(open) = open {
        let known = Level::from_code(&open.level).unwrap_or(worst);
        let gravity = (known.max(worst).code(), open.is_procedure || is_procedure);
        queries::enrich(conn, open.id, one.assessment_id, gravity).await?;
        if queries::page::interrupt(conn, open.id).await? {
            queries::tell(conn, &[open.id], "woken", VIGIE, INTERRUPTED, now).await?;
        }
        (open.id, "enriched")
    } else {
        let id = Uuid::now_v7();
        let key = (id, one.siren.as_str(), one.assessment_id);
        queries::open(conn, key, (worst.code(), is_procedure), now).await?;
        (id, "opened")
    };
    for cause in causes {
        queries::add_cause(conn, &one.siren, id, cause, now).await?;
        queries::tell(conn, &[id], kind, VIGIE, &cause.sentence, now).await?;
    }
    Ok(())
}

async fn lift(
    conn: &mut PgConnection,
    one: &Assessed,
    alert_id: Uuid,
    keys: &[String],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let words = "L’annonce qui avait ouvert cette alerte a été annulée ou corrigée.";
    let left = queries::lift(conn, alert_id, keys, now).await?;
    queries::tell(conn, &[alert_id], "lifted", VIGIE, words, now).await?;
    if left == 0 {
        return queries::close_lifted(conn, alert_id, words, now).await;
    }
    let level = one
        .after
        .level
        .unwrap_or(Level::Moderate)
        .max(Level::Moderate);
    queries::enrich(conn, alert_id, one.assessment_id, (level.code(), false)).await
}
