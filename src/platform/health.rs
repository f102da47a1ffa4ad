//! Health pages for supervisors.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::PgPool;

use super::limits;
use super::shutdown::Shutdown;

/// `/healthz`: the process is alive. `/readyz`: it can serve, that is, the database answers within
/// [`limits::READINESS`] and no stop was asked.
pub fn router<S: Clone + Send + Sync + 'static>(pool: PgPool, shutdown: Shutdown) -> Router<S> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready).with_state((pool, shutdown)))
}

async fn ready(State((pool, shutdown)): State<(PgPool, Shutdown)>) -> (StatusCode, &'static str) {
    if shutdown.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let answer = sqlx::query("SELECT 1").execute(&pool);
    match tokio::time::timeout(limits::READINESS, answer).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
