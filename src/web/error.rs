//! What can go wrong, and the page that says so in French.
//!
//! A handler returns an `Error`; `render` turns it into a page inside the frame of the site. The
//! inner text of a failure is logged once with the request's number, and the page shows the number.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::error_page::ErrorPage;
use super::frame::Frame;
use super::state::AppState;
use crate::auth::{CurrentUser, Permission};
use crate::platform::limits;
use crate::platform::telemetry::RequestId;

/// The result of a handler.
pub type Result<T = Response, E = Error> = std::result::Result<T, E>;

/// Everything that ends a request other than a page.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Nothing there, or nothing that this person may know of.
    #[error("not found")]
    NotFound,
    /// The role does not hold the permission.
    #[error("forbidden: {0:?}")]
    Forbidden(Permission),
    /// An act asked for as a page, or the reverse.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The act was sent from a page of another site.
    #[error("cross-site request")]
    CrossSite,
    /// The request makes no sense; the sentence says what to do.
    #[error("bad request: {0}")]
    BadRequest(String),
    /// The state of things refuses the act; the sentence says what to do.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The same, where a page shows that state.
    #[error("conflict: {advice}")]
    ConflictAt {
        /// What to do.
        advice: &'static str,
        /// Path of that page.
        href: String,
        /// Words of the link.
        link: &'static str,
    },
    /// The link was used, or is too old.
    #[error("gone: {0}")]
    Gone(String),
    /// Too much, too fast.
    #[error("too many requests")]
    TooManyRequests {
        /// Seconds before the next try.
        retry_after: u32,
        /// What to do.
        message: String,
    },
    /// The body is larger than the route takes.
    #[error("too large")]
    TooLarge(String),
    /// The database does not answer; the text is for the log.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// Something outside, other than the database, does not answer or not as it should.
    #[error("outside: {cause}")]
    Outside {
        /// For the log.
        cause: String,
        /// What to do.
        advice: &'static str,
    },
    /// A fault of ours; the text is for the log.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// A fault of ours, from anything that can be written in the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) | Self::ConflictAt { .. } => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unavailable(_) | Self::Outside { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// SQLSTATE classes that mean « try again later », not « we wrote a wrong query »: connection lost,
/// resources, operator's intervention, lock or statement timeout, deadlock, serialization.
fn is_outage(code: &str) -> bool {
    ["08", "53", "57", "58"]
        .iter()
        .any(|class| code.starts_with(class))
        || matches!(code, "55P03" | "40001" | "40P01" | "25006")
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let outage = match &error {
            sqlx::Error::RowNotFound => return Self::NotFound,
            sqlx::Error::Database(inner) => inner.code().is_some_and(|code| is_outage(&code)),
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        };
        if outage {
            Self::Unavailable(error.to_string())
        } else {
            Self::internal(error)
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What to do, where the case is better known than its status.
fn advice(error: &Error) -> Option<&str> {
    match error {
        Error::BadRequest(text)
        | Error::Conflict(text)
        | Error::Gone(text)
        | Error::TooLarge(text) => Some(text),
        Error::TooManyRequests { message, .. } => Some(message),
        Error::ConflictAt { advice, .. } | Error::Outside { advice, .. } => Some(advice),
        Error::CrossSite => {
            Some("La demande vient d’un autre site. Ouvrez la page de Vigie et recommencez.")
        }
        _ => None,
    }
}

/// Turns errors, and the bare statuses that layers answer with, into pages.
pub async fn render(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().cloned();
    let asked = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let error = match response.extensions().get::<Error>() {
        Some(error) => error.clone(),
        None => match error_of_bare_status(&response) {
            Some(error) => error,
            None => return response,
        },
    };
    match &error {
        Error::Unavailable(cause) | Error::Outside { cause, .. } | Error::Internal(cause) => {
            tracing::error!(cause, "request failed");
        }
        _ => {}
    }
    let user = response.extensions().get::<CurrentUser>().cloned();
    let mut page = page(&state, &error, user.as_ref(), &asked, request_id.as_ref());
    if let Some(cookies) = response.headers().get(header::SET_COOKIE) {
        page.headers_mut()
            .insert(header::SET_COOKIE, cookies.clone());
    }
    if let Some(methods) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, methods.clone());
    }
    page
}

/// Layers of the stack (timeouts, limits, routing, cross-origin refusal) answer with a status alone.
fn error_of_bare_status(response: &Response) -> Option<Error> {
    let is_bare = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !is_bare {
        return None;
    }
    let text = |text: &str| text.to_owned();
    match response.status() {
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::TooLarge(text(
            "L’envoi dépasse la taille admise. Raccourcissez le texte ou découpez le fichier.",
        ))),
        StatusCode::FORBIDDEN => Some(Error::CrossSite),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
            Some(Error::Unavailable(text("request timeout")))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Some(Error::internal("panic or layer failure")),
        status if status.is_client_error() => Some(Error::BadRequest(text(
            "La demande est mal formée. Revenez à la page précédente et recommencez.",
        ))),
        _ => None,
    }
}

fn page(
    state: &AppState,
    error: &Error,
    user: Option<&CurrentUser>,
    (method, path): &(Method, String),
    request_id: Option<&RequestId>,
) -> Response {
    let code = error.status().as_u16();
    let shell = Frame::new(state, user, path, None).shell("");
    let mut content = ErrorPage::new(
        shell,
        code,
        request_id.map(RequestId::to_string).unwrap_or_default(),
    );
    if method.is_safe() {
        content = content.of_a_reading();
    }
    if let Some(advice) = advice(error) {
        content = content.with_advice(advice);
    }
    if let Error::Forbidden(permission) = error {
        content.grants = Some(permission.granted_by().to_owned());
    }
    if let Error::ConflictAt { href, link, .. } = error {
        content.link = Some((href.clone(), link));
    }
    let html = content.render();
    let mut response = match html {
        Ok(html) => (error.status(), Html(html)).into_response(),
        Err(cause) => {
            tracing::error!(%cause, "the error page does not render");
            error.status().into_response()
        }
    };
    let retry_after = match error {
        Error::Unavailable(_) | Error::Outside { .. } => Some(limits::RETRY_AFTER_SECONDS),
        Error::TooManyRequests { retry_after, .. } => Some(*retry_after),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
