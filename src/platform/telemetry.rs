//! Logs: one line per request, with its id and its number of SQL statements, never a name, an
//! address of a page with its parameters, or a text that somebody typed.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Event, Instrument as _, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Registry};

use super::config::LogFormat;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SPAN: &str = "request";
/// Where sqlx reports each statement.
const STATEMENTS: &str = "sqlx::query";

/// Starts the logs on the standard error output. `RUST_LOG` refines what is shown.
pub fn init(format: LogFormat) -> Result<(), TryInitError> {
    let shown = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx::postgres::notice=warn"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .with_filter(shown)
            .boxed(),
        LogFormat::Human => lines.with_target(false).with_filter(shown).boxed(),
    };
    tracing_subscriber::registry()
        .with(lines)
        .with(counter())
        .try_init()
}

/// Counts the statements of each request, without any output (tests).
pub fn init_counter_only() -> Result<(), TryInitError> {
    tracing_subscriber::registry().with(counter()).try_init()
}

/// Number under which a request is found in the logs; the error page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// 48 random bits in three groups, easy to read out over the telephone: `3f2a-91c4-7b0e`.
    fn random() -> Self {
        let hex = format!("{:012x}", rand::random::<u64>() >> 16);
        Self(format!("{}-{}-{}", &hex[..4], &hex[4..8], &hex[8..]))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Number of SQL statements behind an answer; an extension of the response, for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqlCount(pub u32);

/// Middleware, outermost of the routes (`Router::layer`, so that the route's pattern is known):
/// gives the request its [`RequestId`], logs its line, and answers with `X-Request-Id`.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let id = RequestId::random();
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let count = StatementCount::default();
    let span = tracing::info_span!(SPAN, %id);
    count.clone().attach(&span);
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let sql = count.0.load(Ordering::Relaxed);
    span.in_scope(|| {
        tracing::info!(
            target: "vigie::request",
            %method,
            route = route.as_deref().unwrap_or("-"),
            status = response.status().as_u16(),
            ms = start.elapsed().as_secs_f64() * 1000.0,
            sql,
            "request"
        );
    });
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response.extensions_mut().insert(SqlCount(sql));
    response
}

#[derive(Clone, Debug, Default)]
struct StatementCount(Arc<AtomicU32>);

impl StatementCount {
    /// Puts the counter where [`CountStatements`] finds it from any span below.
    fn attach(self, span: &tracing::Span) {
        span.with_subscriber(|(id, dispatch)| {
            if let Some(registry) = dispatch.downcast_ref::<Registry>()
                && let Some(span) = registry.span(id)
            {
                span.extensions_mut().insert(self);
            }
        });
    }
}

fn counter<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    let seen = Targets::new()
        .with_target(STATEMENTS, LevelFilter::DEBUG)
        .with_target(module_path!(), LevelFilter::INFO);
    CountStatements.with_filter(seen)
}

struct CountStatements;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for CountStatements {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if event.metadata().target() != STATEMENTS {
            return;
        }
        let spans = context.event_scope(event).into_iter().flatten();
        for span in spans {
            if let Some(count) = span.extensions().get::<StatementCount>() {
                count.0.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
    }
}
