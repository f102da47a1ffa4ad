//! The pool: cancelled transactions, limits, rights, migrations.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use vigie::platform::embedded_postgres::{Cluster, Options};
use vigie::platform::{db, limits, server};

use crate::support::db::TestDb;
use crate::support::folder::Folder;

#[tokio::test]
async fn each_test_has_its_own_database() {
    let (one, two) = tokio::join!(TestDb::new(), TestDb::new());
    sqlx::query(
        "INSERT INTO jobs (id, kind, payload, run_at) VALUES (gen_random_uuid(), 'x', '1', now())",
    )
    .execute(&one.pool)
    .await
    .expect("a job");
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM jobs")
        .fetch_one(&two.pool)
        .await
        .expect("a count");
    assert_eq!(count, 0);
}

/// Trap 1 of the stack: sqlx 0.9.0 leaves a session inside a transaction when `begin()` is dropped
/// half-way, as when a client hangs up; the first statement that fails then breaks all that follow.
/// To keep after an upgrade. Gives the number of innocent queries that fail.
async fn failures_after_hang_ups<F>(pool: &PgPool, begin: impl Fn(PgPool) -> F) -> usize
where
    F: Future<Output = ()>,
{
    let mut failures = 0;
    // Counted in turns of the executor, because its timers know milliseconds only.
    for patience in 0..600 {
        tokio::select! {
            biased;
            () = begin(pool.clone()) => {}
            () = turns(patience) => {}
        }
        assert!(sqlx::query("SELECT 1 / 0").execute(pool).await.is_err());
        failures += usize::from(sqlx::query("SELECT 1").execute(pool).await.is_err());
    }
    failures
}

async fn turns(number: usize) {
    for _ in 0..number {
        tokio::task::yield_now().await;
    }
}

async fn stuck_sessions(test: &TestDb) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND state LIKE 'idle in transaction%'",
    )
    .fetch_one(&mut test.owner().await)
    .await
    .expect("a count")
}

#[tokio::test]
async fn hang_ups_in_our_begin_poison_no_connection_even_of_a_plain_pool() {
    let test = TestDb::new().await;
    let plain = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(test.options().clone());
    let failures = failures_after_hang_ups(&plain, async |pool| {
        drop(db::begin(&pool).await);
    });
    assert_eq!(failures.await, 0);
    assert_eq!(stuck_sessions(&test).await, 0);
}

#[tokio::test]
async fn hang_ups_in_the_library_s_begin_poison_no_connection_of_our_pool() {
    let test = TestDb::new().await;
    let ours = db::pool_of(test.options().clone(), 1, Duration::from_secs(20));
    let failures = failures_after_hang_ups(&ours, async |pool| {
        drop(pool.begin().await);
    });
    assert_eq!(failures.await, 0);
    assert_eq!(stuck_sessions(&test).await, 0);
}

#[tokio::test]
async fn a_session_has_the_documented_limits() {
    let test = TestDb::new().await;
    for (name, limit) in [
        ("statement_timeout", limits::STATEMENT),
        ("lock_timeout", limits::LOCK),
        (
            "idle_in_transaction_session_timeout",
            limits::IDLE_IN_TRANSACTION,
        ),
    ] {
        let millis: String = sqlx::query_scalar("SELECT setting FROM pg_settings WHERE name = $1")
            .bind(name)
            .fetch_one(&test.pool)
            .await
            .expect("a setting");
        assert_eq!(millis, limit.as_millis().to_string(), "{name}");
    }
}

#[tokio::test]
async fn two_nodes_that_start_together_migrate_once() {
    let test = TestDb::empty().await;
    let (one, two) = tokio::join!(db::migrate(test.options()), db::migrate(test.options()));
    one.expect("the first node");
    two.expect("the second node");
    let applied: i64 = sqlx::query_scalar("SELECT count(*) FROM _sqlx_migrations")
        .fetch_one(&mut test.owner().await)
        .await
        .expect("a count");
    assert_eq!(
        usize::try_from(applied).expect("a count"),
        vigie::MIGRATOR.iter().count()
    );
}

/// Trap 3 of the stack: sqlx waits 30 s for a connection, so an outage becomes a hang.
#[tokio::test]
async fn while_postgresql_is_away_pages_answer_503_in_time_and_recover_by_themselves() {
    let folder = Folder::new();
    let options = Options {
        data_dir: folder.path().to_owned(),
        pg_bin: None,
        settings: Vec::new(),
        throw_away: true,
    };
    let cluster = Cluster::start(&options).expect("a server");
    let pool = db::pool(cluster.connect_options("postgres"));
    let status = async || answer(&pool).await;
    assert_eq!(status().await, (200, false));
    cluster.stop().expect("an outage");
    for _ in 0..3 {
        assert_eq!(status().await, (503, true));
    }
    let _cluster = Cluster::start(&options).expect("the server again");
    assert_eq!(status().await, (200, false));
}

#[tokio::test]
async fn while_postgresql_is_silent_pages_answer_503_in_time() {
    let black_hole = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = black_hole.local_addr().expect("an address").port();
    let pool = db::pool(
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port),
    );
    assert_eq!(answer(&pool).await, (503, true));
}

/// Status of a page that needs the database, and whether it says when to come back.
async fn answer(pool: &PgPool) -> (u16, bool) {
    let page = Router::new().route("/", get(page)).with_state(pool.clone());
    let answer = page.oneshot(Request::new(Body::empty()));
    let answer = tokio::time::timeout(Duration::from_millis(2500), answer).await;
    let answer = answer.expect("an answer in time").expect("an answer");
    (
        answer.status().as_u16(),
        answer.headers().contains_key("retry-after"),
    )
}

async fn page(State(pool): State<PgPool>) -> Response {
    match sqlx::query("SELECT 1").execute(&pool).await {
        Ok(_) => "here".into_response(),
        Err(error) if db::is_unavailable(&error) => server::unavailable(),
        Err(error) => error.to_string().into_response(),
    }
}
