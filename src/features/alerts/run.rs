//! Scoring, then following what it says: one transaction, so that no deterioration is scored and then
//! forgotten.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::follow::{self, Cause, End};
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

/// Scores every company of which something is known, once a day and a model: accounts age and flags
/// expire; what else changes asks for its company by itself. Says how many assessments changed.
pub async fn once_a_day(
    conn: &mut PgConnection,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    if risk::run::is_scored(conn, today).await? {
        return Ok(0);
    }
    everything(conn, today, now).await
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
        let mut causes = follow::causes(one);
        causes.retain(|cause| !known.contains(&cause.key));
        let Some(open) = queries::open_of(conn, &one.siren).await? else {
            if !causes.is_empty() {
                let id = open(conn, one, now).await?;
                add(conn, one, (id, "opened"), &causes, now).await?;
            }
            continue;
        };
        let ends: Vec<(&String, End)> = known
            .iter()
            .filter_map(|key| Some((key, follow::end(key, one)?)))
            .collect();
        let left = lift(conn, open.id, &ends, now).await?;
        let known = Level::from_code(&open.level);
        let (level, is_state) = follow::gravity(&one.after, known);
        let gravity = (level.code(), is_state);
        queries::enrich(conn, open.id, one.assessment_id, gravity).await?;
        if !causes.is_empty() {
            wake_up(conn, open.id, now).await?;
            add(conn, one, (open.id, "enriched"), &causes, now).await?;
        } else if left == Some(0) && may_close(&open, &ends) {
            let words: Vec<&str> = ends.iter().map(|(_, end)| end.words()).collect();
            queries::close_lifted(conn, open.id, &words.join(" "), now).await?;
        }
    }
    Ok(())
}

/// What never was closes its alert. What is over leaves it to who follows it, if anybody does: they
/// say how it ended.
fn may_close(open: &queries::OpenRow, ends: &[(&String, End)]) -> bool {
    open.assignee_id.is_none() || ends.iter().any(|(_, end)| matches!(end, End::Undone(_)))
}

const VIGIE: (Option<Uuid>, &str) = (None, "Vigie");
const INTERRUPTED: &str = "Du nouveau est arrivé avant le jour prévu.";

async fn open(conn: &mut PgConnection, one: &Assessed, now: DateTime<Utc>) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let (level, is_state) = follow::gravity(&one.after, None);
    let key = (id, one.siren.as_str(), one.assessment_id);
    queries::open(conn, key, (level.code(), is_state), now).await?;
    Ok(id)
}

async fn add(
    conn: &mut PgConnection,
    one: &Assessed,
    (id, kind): (Uuid, &str),
    causes: &[Cause],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    for cause in causes {
        queries::add_cause(conn, &one.siren, id, cause, now).await?;
        queries::tell(conn, &[id], kind, VIGIE, &cause.sentence, now).await?;
    }
    Ok(())
}

async fn wake_up(conn: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    if queries::page::interrupt(conn, id).await? {
        queries::tell(conn, &[id], "woken", VIGIE, INTERRUPTED, now).await?;
    }
    Ok(())
}

/// Takes causes away; gives how many of the alert still stand, or nothing when none was taken.
async fn lift(
    conn: &mut PgConnection,
    alert_id: Uuid,
    ends: &[(&String, End)],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i64>> {
    let keys: Vec<String> = ends.iter().map(|(key, _)| (*key).clone()).collect();
    let lifted = queries::lift(conn, alert_id, &keys, now).await?;
    for (_, end) in ends.iter().filter(|(key, _)| lifted.contains(key)) {
        queries::tell(conn, &[alert_id], "lifted", VIGIE, end.words(), now).await?;
    }
    if lifted.is_empty() {
        return Ok(None);
    }
    queries::standing_causes(conn, alert_id).await.map(Some)
}
