//! The job queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use sqlx::PgPool;
use vigie::platform::clock::Clock;
use vigie::platform::db;
use vigie::platform::jobs::{self, Counts, Outcome, Registry, Worker};
use vigie::platform::limits;
use vigie::platform::mail::{self, Mail, Mailer};

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

#[tokio::test]
async fn a_mail_leaves_after_its_transaction_and_only_once() {
    let test = TestDb::new().await;
    let clock = clock_at(NOW);
    let mailer = Mailer::memory();
    let registry = mail::handle(Registry::default(), &mailer);
    let worker = Worker::new(test.pool.clone(), clock.clone(), registry);
    let mail = Mail {
        to: "agent@example.fr".to_owned(),
        subject: "Invitation".to_owned(),
        text: "Bonjour".to_owned(),
    };
    let mut tx = db::begin(&test.pool).await.expect("a transaction");
    mail::enqueue(&mut tx, &mail, clock.now())
        .await
        .expect("a job");
    assert_eq!(worker.run_due().await.expect("the queue"), 0);
    tx.commit().await.expect("a commit");
    worker.run_due().await.expect("the queue");
    worker.run_due().await.expect("the queue");
    assert_eq!(mailer.sent(), [mail]);
}
