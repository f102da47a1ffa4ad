//! The HTTP server: our own accept loop, because `axum::serve` 0.8.9 installs no timer, so that a
//! client that never ends its header would keep its connection for ever.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::limits;
use super::shutdown::Shutdown;

/// Time limits of a request once its header is there; the defaults are those of [`limits`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Silence inside a body.
    pub body: Duration,
    /// To produce an answer.
    pub request: Duration,
    /// The same for a form with a file.
    pub upload: Duration,
    /// The same for a page that becomes a PDF.
    pub print: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: limits::BODY,
            request: limits::REQUEST,
            upload: limits::UPLOAD,
            print: limits::REQUEST + limits::PDF,
        }
    }
}

/// Limits of the connections; the defaults are those of [`limits`].
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    /// Clients at a time; further ones wait in the system's queue.
    pub max: usize,
    /// Time to send a header, or to start the next request.
    pub header: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            max: limits::CLIENT_CONNECTIONS,
            header: limits::HEADER,
        }
    }
}

/// Serves until the drain is over: open requests have been answered, or were cut.
pub async fn serve(listener: TcpListener, app: Router, shutdown: Shutdown, limits: Connections) {
    let server = Arc::new(Server {
        app,
        shutdown,
        header: limits.header,
    });
    let seats = Arc::new(Semaphore::new(limits.max));
    let connections = TaskTracker::new();
    loop {
        tokio::select! {
            biased;
            () = server.shutdown.draining() => break,
            (stream, peer, seat) = accept(&listener, &seats) => {
                connections.spawn(Arc::clone(&server).connection(stream, peer, seat));
            }
        }
    }
    // Clients that the system accepted before the stop are still answered.
    while let Some((stream, peer, seat)) = accept(&listener, &seats).now_or_never() {
        connections.spawn(Arc::clone(&server).connection(stream, peer, seat));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so the seat is always there.
    let seat = Arc::clone(seats).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, seat),
            Err(error) => {
                // Out of file descriptors, most often: wait for connections to end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

struct Server {
    app: Router,
    shutdown: Shutdown,
    header: Duration,
}

impl Server {
    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        seat: Option<OwnedSemaphorePermit>,
    ) {
        let _ = stream.set_nodelay(true);
        let app = self
            .app
            .clone()
            .map_request(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                request
            });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.header)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            biased;
            // A client that hangs up or sends nonsense is its own affair.
            _ = connection.as_mut() => return,
            () = self.shutdown.draining() => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            _ = connection => {}
            () = self.shutdown.cut() => {}
        }
        drop(seat);
    }
}

/// Adds the time limits. The layers outside of them turn their bare 503 into a page and a line of
/// the log.
pub fn wrap<S: Clone + Send + Sync + 'static>(app: Router<S>, limits: Limits) -> Router<S> {
    app.layer(RequestBodyTimeoutLayer::new(limits.body))
        .layer(middleware::from_fn(move |request, next| {
            in_time(limits, request, next)
        }))
}

/// Whether a page is asked for on paper: an address of ours, always in small letters.
fn is_print(request: &Request) -> bool {
    request
        .uri()
        .path()
        .rsplit_once('.')
        .is_some_and(|(_, ending)| ending == "pdf")
}

async fn in_time(limits: Limits, request: Request, next: Next) -> Result<Response, Infallible> {
    let patience = if has_file(&request) {
        limits.upload
    } else if is_print(&request) {
        limits.print
    } else {
        limits.request
    };
    let answer = tokio::time::timeout(patience, next.run(request)).await;
    Ok(answer.unwrap_or_else(|_| {
        tracing::warn!(seconds = patience.as_secs(), "a request took too long");
        unavailable()
    }))
}

/// 503 with `Retry-After`, without a page: for lack of the database or of time.
pub fn unavailable() -> Response {
    let retry = HeaderValue::from(limits::RETRY_AFTER_SECONDS);
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, retry)]).into_response()
}

fn has_file(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}
