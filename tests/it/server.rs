//! The server's own behaviour: slow clients, time limits, the cap, the stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use vigie::platform::server::{Connections, Limits, serve, wrap};
use vigie::platform::shutdown::Shutdown;
use vigie::platform::telemetry::{SqlCount, observe};
use vigie::platform::{limits, telemetry};

use crate::support::db::TestDb;
use crate::support::http;

const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(100);

struct Running {
    address: SocketAddr,
    shutdown: Shutdown,
    task: JoinHandle<()>,
}

async fn start(app: Router, connections: Connections) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let shutdown = Shutdown::new();
    let task = tokio::spawn(serve(listener, app, shutdown.clone(), connections));
    Running {
        address,
        shutdown,
        task,
    }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

#[test]
fn the_limits_in_force_are_the_documented_ones() {
    let connections = Connections::default();
    assert_eq!(connections.header, limits::HEADER);
    let of_requests = Limits::default();
    assert_eq!(of_requests.request, limits::REQUEST);
    assert_eq!(of_requests.body, limits::BODY);
}

/// Trap 2 of the stack: `axum::serve` 0.8.9 waits for ever for the end of a header.
#[tokio::test]
async fn slow_headers_and_silent_connections_are_closed_and_others_are_served() {
    let server = start(
        hello(),
        Connections {
            header: SHORT,
            ..Connections::default()
        },
    )
    .await;
    let mut slow = Vec::new();
    for number in 0..200 {
        let bytes = if number % 2 == 0 {
            "GET / HTTP/1.1\r\nHost: a\r\nX-A: "
        } else {
            ""
        };
        slow.push(http::send(server.address, bytes).await);
    }
    assert!(http::get(server.address, "/").await.ends_with("hello"));
    for mut socket in slow {
        // Ends only when the server closes; a server without a limit would hang here.
        let closed = tokio::time::timeout(LONG, http::rest(&mut socket)).await;
        assert!(closed.is_ok(), "the connection is still open");
    }
}

#[tokio::test]
async fn an_idle_kept_alive_connection_is_closed() {
    let server = start(
        hello(),
        Connections {
            header: SHORT,
            ..Connections::default()
        },
    )
    .await;
    let mut socket = http::send(server.address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let text = tokio::time::timeout(LONG, http::rest(&mut socket))
        .await
        .expect("it is closed");
    assert!(text.ends_with("hello"));
}

#[tokio::test]
async fn clients_above_the_cap_wait_for_a_seat() {
    let server = start(
        hello(),
        Connections {
            max: 2,
            header: LONG,
        },
    )
    .await;
    let first = http::send(server.address, "GET").await;
    let _second = http::send(server.address, "GET").await;
    let third = tokio::spawn(http::get(server.address, "/"));
    tokio::time::timeout(SHORT, async {
        while !third.is_finished() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect_err("no seat is free");
    drop(first);
    assert!(third.await.expect("an answer").ends_with("hello"));
}

#[tokio::test]
async fn an_answer_that_takes_too_long_becomes_503_with_retry_after() {
    let app = Router::new().route("/", get(std::future::pending::<&str>));
    let app = wrap(
        app,
        Limits {
            request: SHORT,
            ..Limits::default()
        },
    )
    .layer(from_fn(observe));
    let answer = app
        .oneshot(Request::new(Body::empty()))
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(answer.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn a_body_that_stops_coming_is_given_up() {
    let app = Router::new().route("/", post(async |body: String| body));
    let app = wrap(
        app,
        Limits {
            body: SHORT,
            ..Limits::default()
        },
    );
    let server = start(app, Connections::default()).await;
    let head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf";
    let mut socket = http::send(server.address, head).await;
    let text = tokio::time::timeout(LONG, http::rest(&mut socket))
        .await
        .expect("an end");
    assert!(text.starts_with("HTTP/1.1 4"), "{text}");
}

#[tokio::test]
async fn a_stop_answers_open_requests_and_accepts_no_other() {
    let (entered, leave) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, gate) = (Arc::clone(&entered), Arc::clone(&leave));
    let slow = async move || {
        inside.notify_one();
        gate.notified().await;
        "done"
    };
    let server = start(Router::new().route("/", get(slow)), Connections::default()).await;
    let open = tokio::spawn(http::get(server.address, "/"));
    entered.notified().await;
    server.shutdown.ask(LONG);
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.task.is_finished());
    leave.notify_one();
    assert!(open.await.expect("an answer").ends_with("done"));
    server.task.await.expect("an orderly end");
}

#[tokio::test]
async fn a_second_stop_cuts_what_is_still_open() {
    let app = Router::new().route("/", get(std::future::pending::<&str>));
    let server = start(
        app,
        Connections {
            header: LONG,
            ..Connections::default()
        },
    )
    .await;
    let mut half = http::send(server.address, "GET / HT").await;
    let mut open = http::send(server.address, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    server.shutdown.ask(LONG);
    server.shutdown.ask(LONG);
    server.task.await.expect("an end");
    assert_eq!(http::rest(&mut half).await, "");
    assert_eq!(http::rest(&mut open).await, "");
}

#[tokio::test]
async fn each_answer_knows_its_number_of_statements() {
    // Another test of this process may have started it already.
    let _ = telemetry::init_counter_only();
    let test = TestDb::new().await;
    let pool = test.pool.clone();
    let three = async move || {
        for _ in 0..3 {
            sqlx::query("SELECT 1")
                .execute(&pool)
                .await
                .expect("a statement");
        }
    };
    let app = Router::new()
        .route("/three", get(three))
        .route("/none", get(async || ""));
    let app = app.layer(from_fn(observe));
    let count = async |path: &'static str| {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let answer = app.clone().oneshot(request).await.expect("an answer");
        answer.extensions().get::<SqlCount>().copied()
    };
    let (three, none) = tokio::join!(count("/three"), count("/none"));
    assert_eq!((three, none), (Some(SqlCount(3)), Some(SqlCount(0))));
}
