//! The job queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use sqlx::PgPool;
use vigie::platform::clock::Clock;
use vigie::platform::db;
use vigie::platform::jobs::{self, Counts, Outcome, Registry, Worker};
use vigie::platform::limits;

use crate::support::db::TestDb;
use crate::support::time::clock_at;

const NOW: &str = "2026-03-02T08:00:00Z";

async fn add(pool: &PgPool, kind: &'static str, clock: &Clock) {
    let mut conn = pool.acquire().await.expect("a connection");
    jobs::enqueue(&mut conn, kind, &7, clock.now())
        .await
        .expect("a job");
}

async fn counts(pool: &PgPool) -> Counts {
    jobs::counts(&mut pool.acquire().await.expect("a connection"))
        .await
        .expect("counts")
}

fn counting(calls: &Arc<AtomicU32>) -> Registry {
    let calls = Arc::clone(calls);
    Registry::default().on("count", move |_, _: i32| {
        calls.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    })
}

#[tokio::test]
async fn a_job_exists_exactly_when_its_transaction_does() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let mut tx = db::begin(&test.pool).await.expect("a transaction");
    jobs::enqueue(&mut tx, "count", &1, clock.now())
        .await
        .expect("a job");
    tx.rollback().await.expect("a rollback");
    assert_eq!(
        counts(&test.pool).await,
        Counts {
            waiting: 0,
            parked: 0
        }
    );
}

#[tokio::test]
async fn a_due_job_runs_once_and_a_later_one_waits() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let calls = Arc::default();
    let worker = Worker::new(test.pool.clone(), clock.clone(), counting(&calls));
    add(&test.pool, "count", &clock).await;
    let mut conn = test.pool.acquire().await.expect("a connection");
    let later = clock.now() + Duration::hours(1);
    jobs::enqueue(&mut conn, "count", &1, later)
        .await
        .expect("a job");
    assert_eq!(worker.run_due().await.expect("the queue"), 1);
    clock.advance(Duration::hours(1));
    assert_eq!(worker.run_due().await.expect("the queue"), 1);
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn a_key_is_enqueued_once_while_it_waits() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let mut conn = test.pool.acquire().await.expect("a connection");
    for expected in [true, false] {
        let added = jobs::enqueue_once(&mut conn, "count", "nightly", &1, clock.now()).await;
        assert_eq!(added.expect("the queue"), expected);
    }
}

#[tokio::test]
async fn many_workers_do_each_job_once() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let calls: Arc<AtomicU32> = Arc::default();
    for _ in 0..40 {
        add(&test.pool, "count", &clock).await;
    }
    let run = || async {
        let worker = Worker::new(test.pool.clone(), clock.clone(), counting(&calls));
        worker.run_due().await.expect("the queue")
    };
    let (a, b, c, d) = tokio::join!(run(), run(), run(), run());
    assert_eq!(a + b + c + d, 40);
    assert_eq!(calls.load(Ordering::Relaxed), 40);
    assert_eq!(counts(&test.pool).await.waiting, 0);
}

#[tokio::test]
async fn a_failing_job_is_tried_again_with_pauses_and_then_parked() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let registry = Registry::default().on("bad", |_, _: i32| async { Err("no luck".into()) });
    let worker = Worker::new(test.pool.clone(), clock.clone(), registry);
    add(&test.pool, "bad", &clock).await;
    for attempt in 1..=limits::JOB_ATTEMPTS {
        let outcome = worker.run_one().await.expect("the queue");
        let last = attempt == limits::JOB_ATTEMPTS;
        assert_eq!(
            outcome,
            if last {
                Outcome::Parked
            } else {
                Outcome::Retry
            }
        );
        assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Idle);
        clock.advance(Duration::hours(1));
    }
    assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Idle);
    assert_eq!(
        counts(&test.pool).await,
        Counts {
            waiting: 0,
            parked: 1
        }
    );
    let why: Option<String> = sqlx::query_scalar("SELECT last_error FROM jobs")
        .fetch_one(&test.pool)
        .await
        .expect("the job");
    assert_eq!(why.as_deref(), Some("no luck"));
}

#[tokio::test]
async fn a_panic_in_a_job_is_a_failure_like_another() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let registry = Registry::default().on("bad", |_, number: i32| async move {
        assert_eq!(number, 0, "on purpose");
        Ok(())
    });
    let worker = Worker::new(test.pool.clone(), clock.clone(), registry);
    add(&test.pool, "bad", &clock).await;
    assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Retry);
}

#[tokio::test]
async fn the_job_of_a_dead_node_is_taken_over_when_its_lease_is_past() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let calls = Arc::default();
    let worker = Worker::new(test.pool.clone(), clock.clone(), counting(&calls));
    add(&test.pool, "count", &clock).await;
    sqlx::query("UPDATE jobs SET leased_until = $1, attempts = 1")
        .bind(clock.now() + limits::JOB_LEASE)
        .execute(&test.pool)
        .await
        .expect("a node that died at work");
    assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Idle);
    clock.advance(Duration::seconds(61));
    assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Done);
}

/// A node of its own: another runtime and another pool, which end at once when it is killed.
fn node(test: &TestDb, clock: &Clock, registry: Registry) -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let (options, clock) = (test.options().clone(), clock.clone());
    runtime.spawn(async move {
        let worker = Worker::new(db::pool(options), clock, registry);
        loop {
            worker.run_due().await.expect("the queue");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    });
    runtime
}

#[tokio::test]
async fn of_two_nodes_one_dies_at_work_and_the_other_does_the_rest() {
    const JOBS: u32 = 200;
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    for _ in 0..JOBS {
        add(&test.pool, "count", &clock).await;
    }
    let effects: Arc<AtomicU32> = Arc::default();
    let died = Arc::new(tokio::sync::Notify::new());
    // Its twentieth job never ends.
    let (mine, at_work, seen) = (
        Arc::clone(&effects),
        Arc::clone(&died),
        Arc::new(AtomicU32::new(0)),
    );
    let doomed = Registry::default().on("count", move |_, _: i32| {
        let (mine, at_work) = (Arc::clone(&mine), Arc::clone(&at_work));
        let nth = seen.fetch_add(1, Ordering::Relaxed);
        async move {
            if nth == 19 {
                at_work.notify_one();
                std::future::pending::<()>().await;
            }
            mine.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    });
    let doomed = node(&test, &clock, doomed);
    died.notified().await;
    doomed.shutdown_background();
    let survivor = Worker::new(test.pool.clone(), clock.clone(), counting(&effects));
    survivor.run_due().await.expect("the queue");
    assert_eq!(effects.load(Ordering::Relaxed), JOBS - 1);
    assert_eq!(counts(&test.pool).await.waiting, 1, "its lease still runs");
    clock.advance(Duration::seconds(61));
    survivor.run_due().await.expect("the queue");
    assert_eq!(effects.load(Ordering::Relaxed), JOBS);
    assert_eq!(counts(&test.pool).await.waiting, 0);
}

#[tokio::test]
async fn a_job_that_kills_every_node_is_parked() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let calls = Arc::default();
    add(&test.pool, "count", &clock).await;
    sqlx::query("UPDATE jobs SET attempts = $1, leased_until = $2")
        .bind(limits::JOB_ATTEMPTS)
        .bind(clock.now())
        .execute(&test.pool)
        .await
        .expect("eight dead nodes");
    clock.advance(Duration::seconds(1));
    let worker = Worker::new(test.pool.clone(), clock.clone(), counting(&calls));
    assert_eq!(worker.run_one().await.expect("the queue"), Outcome::Parked);
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    assert_eq!(counts(&test.pool).await.parked, 1);
}

#[tokio::test]
async fn a_node_thought_dead_undoes_nothing_of_what_was_taken_over() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let pool = test.pool.clone();
    // While it works, its lease runs out and another node takes the job.
    let slow = Registry::default().on("slow", move |_, _: i32| {
        let pool = pool.clone();
        async move {
            sqlx::query("UPDATE jobs SET attempts = attempts + 1, last_error = 'taken over'")
                .execute(&pool)
                .await?;
            Err("too late".into())
        }
    });
    add(&test.pool, "slow", &clock).await;
    let worker = Worker::new(test.pool.clone(), clock.clone(), slow);
    worker.run_one().await.expect("the queue");
    let (why, is_leased): (String, bool) =
        sqlx::query_as("SELECT last_error, leased_until IS NOT NULL FROM jobs")
            .fetch_one(&test.pool)
            .await
            .expect("the job");
    assert_eq!((why.as_str(), is_leased), ("taken over", true));
}
