//! A queue of jobs in the database: enqueued in the caller's transaction, taken by any node, retried
//! with growing pauses, parked when hopeless. Handlers must be idempotent: after a crash a job runs
//! again.

pub mod desk;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::clock::Clock;
use super::limits;
use super::shutdown::Shutdown;

/// What a handler reports; kept in `jobs.last_error`, so without personal data.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

type Run = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
type Handler = Arc<dyn Fn(Uuid, serde_json::Value) -> Run + Send + Sync>;

/// Adds a job within the caller's transaction. Its id is stable over all its tries.
pub async fn enqueue<P: Serialize + Sync>(
    conn: &mut PgConnection,
    kind: &'static str,
    payload: &P,
    run_at: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    let payload = encode(payload)?;
    sqlx::query!(
        "INSERT INTO jobs (id, kind, payload, run_at) VALUES ($1, $2, $3, $4)",
        id,
        kind,
        payload,
        run_at
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// The same, unless a job with this key is still there. Says whether it was added.
pub async fn enqueue_once<P: Serialize + Sync>(
    conn: &mut PgConnection,
    kind: &'static str,
    dedup_key: &str,
    payload: &P,
    run_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let payload = encode(payload)?;
    let added = sqlx::query!(
        "INSERT INTO jobs (id, kind, payload, run_at, dedup_key) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING",
        Uuid::now_v7(),
        kind,
        payload,
        run_at,
        dedup_key
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() == 1)
}

fn encode<P: Serialize>(payload: &P) -> sqlx::Result<serde_json::Value> {
    serde_json::to_value(payload).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

/// Counts of the queue, for the administrator and for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that wait or run.
    pub waiting: i64,
    /// Jobs that gave up.
    pub parked: i64,
}

/// How many jobs wait, and how many gave up.
pub async fn counts(conn: &mut PgConnection) -> sqlx::Result<Counts> {
    sqlx::query_as!(
        Counts,
        r#"SELECT count(*) FILTER (WHERE parked_at IS NULL) AS "waiting!",
                  count(*) FILTER (WHERE parked_at IS NOT NULL) AS "parked!"
           FROM jobs"#
    )
    .fetch_one(conn)
    .await
}

/// Which handler does which kind of job.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<&'static str, Handler>);

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Registry {
    /// Adds a handler. It gets the job's id, stable over its tries, and its payload.
    #[must_use]
    pub fn on<P, F, R>(mut self, kind: &'static str, handler: F) -> Self
    where
        P: DeserializeOwned + Send + 'static,
        F: Fn(Uuid, P) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let run = move |id, payload| -> Run {
            match serde_json::from_value::<P>(payload) {
                Ok(payload) => Box::pin(handler(id, payload)),
                Err(error) => Box::pin(async move { Err(error.into()) }),
            }
        };
        self.0.insert(kind, Arc::new(run));
        self
    }

    fn kinds(&self) -> Vec<String> {
        self.0.keys().map(|kind| (*kind).to_owned()).collect()
    }
}

/// What one look at the queue did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was due.
    Idle,
    /// A job was done.
    Done,
    /// A job failed and will be tried again.
    Retry,
    /// A job failed for the last time.
    Parked,
}

/// Does the jobs of the registered kinds.
#[derive(Clone, Debug)]
pub struct Worker {
    pool: PgPool,
    clock: Clock,
    registry: Registry,
}

/// A job that this node took. Its count of attempts is also what tells this lease from a later one: a
/// node that was thought dead changes nothing of what another one took over.
struct Job {
    id: Uuid,
    kind: String,
    payload: serde_json::Value,
    attempts: i32,
}

impl Worker {
    /// A worker; nothing runs yet.
    pub fn new(pool: PgPool, clock: Clock, registry: Registry) -> Self {
        Self {
            pool,
            clock,
            registry,
        }
    }

    /// Works until the drain starts; the job at hand is finished first.
    pub async fn run(&self, shutdown: &Shutdown) {
        while !shutdown.is_draining() {
            let pause = match self.run_one().await {
                Ok(Outcome::Idle) => limits::JOB_POLL,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(%error, "the job queue cannot be read");
                    limits::JOB_POLL
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = shutdown.draining() => {}
            }
        }
    }

    /// Does every job that is due (tests, and commands without a server).
    pub async fn run_due(&self) -> sqlx::Result<u32> {
        let mut done = 0;
        while self.run_one().await? != Outcome::Idle {
            done += 1;
        }
        Ok(done)
    }

    /// Takes one due job and does it.
    pub async fn run_one(&self) -> sqlx::Result<Outcome> {
        let Some(job) = self.take().await? else {
            return Ok(Outcome::Idle);
        };
        if job.attempts > limits::JOB_ATTEMPTS {
            // Each of its tries ended with the node that made it.
            return self.put_back(&job, "every node that took it died").await;
        }
        match self.perform(&job).await {
            Ok(()) => {
                sqlx::query!("DELETE FROM jobs WHERE id = $1", job.id)
                    .execute(&self.pool)
                    .await?;
                Ok(Outcome::Done)
            }
            Err(failure) => self.put_back(&job, &failure.to_string()).await,
        }
    }

    async fn take(&self) -> sqlx::Result<Option<Job>> {
        let now = self.clock.now();
        sqlx::query_as!(
            Job,
            "UPDATE jobs SET leased_until = $1, attempts = attempts + 1
             WHERE id = (
                 SELECT id FROM jobs
                 WHERE run_at <= $2 AND parked_at IS NULL AND kind = ANY($3)
                   AND (leased_until IS NULL OR leased_until < $2)
                 ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, kind, payload, attempts",
            now + limits::JOB_LEASE,
            now,
            &self.registry.kinds()
        )
        .fetch_optional(&self.pool)
        .await
    }

    /// Runs the handler in a task of its own, so that a panic is a failure like another, and keeps
    /// the lease alive meanwhile.
    async fn perform(&self, job: &Job) -> Result<(), Failure> {
        let Some(handler) = self.registry.0.get(job.kind.as_str()) else {
            return Err(format!("no handler for {}", job.kind).into());
        };
        let mut work = tokio::spawn(handler(job.id, job.payload.clone()));
        loop {
            tokio::select! {
                ended = &mut work => return ended?,
                () = tokio::time::sleep(limits::JOB_LEASE / 3) => self.extend_lease(job).await,
            }
        }
    }

    async fn extend_lease(&self, job: &Job) {
        let until = self.clock.now() + limits::JOB_LEASE;
        let extended = sqlx::query!(
            "UPDATE jobs SET leased_until = $1 WHERE id = $2 AND attempts = $3",
            until,
            job.id,
            job.attempts
        )
        .execute(&self.pool)
        .await;
        if let Err(error) = extended {
            tracing::warn!(%error, job = %job.id, "the lease of a job was not extended");
        }
    }

    async fn put_back(&self, job: &Job, why: &str) -> sqlx::Result<Outcome> {
        let now = self.clock.now();
        let parked_at = (job.attempts >= limits::JOB_ATTEMPTS).then_some(now);
        tracing::warn!(job = %job.id, kind = job.kind, attempts = job.attempts, why, "a job failed");
        sqlx::query!(
            "UPDATE jobs SET leased_until = NULL, last_error = left($2, 2000), run_at = $3,
                 parked_at = $4
             WHERE id = $1 AND attempts = $5",
            job.id,
            why,
            now + pause_after(job.attempts),
            parked_at,
            job.attempts
        )
        .execute(&self.pool)
        .await?;
        Ok(if parked_at.is_some() {
            Outcome::Parked
        } else {
            Outcome::Retry
        })
    }
}

/// 30 s, 1 min, 2 min… 32 min: an hour of outage is survived within [`limits::JOB_ATTEMPTS`] tries.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(30 << (attempts - 1).clamp(0, 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tries_of_a_failing_job_span_an_hour_of_outage() {
        let span: TimeDelta = (1..limits::JOB_ATTEMPTS).map(pause_after).sum();
        assert!(span >= TimeDelta::hours(1), "{span}");
        assert_eq!(pause_after(1), TimeDelta::seconds(30));
        assert_eq!(pause_after(i32::MAX), pause_after(7));
    }
}
