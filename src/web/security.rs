//! Headers that every answer bears, and the hosts that the program answers to.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::frame;
use super::state::AppState;
use crate::platform::config::Config;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// Constant headers (ASVS 3.4, and what Django gives by default).
const ALWAYS: [(HeaderName, &str); 9] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    (HeaderName::from_static("x-xss-protection"), "0"),
];

/// Adds the security headers to every answer, errors and files included.
pub async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let showed_flash = frame::flash_of(request.headers()).is_some();
    let mut response = next.run(request).await;
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if state.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    if showed_flash
        && is_page
        && let Ok(cookie) = HeaderValue::from_str(&frame::forget_flash())
    {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// Refuses a `Host` that is not the service's: links, cookies and caches trust it.
pub async fn known_host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request
        .headers()
        .get_all(header::HOST)
        .iter()
        .nth(1)
        .is_some()
    {
        // A proxy and this program could each believe another one.
        return (StatusCode::BAD_REQUEST, "Demande mal formée.\n").into_response();
    }
    // Probes come by address, and say nothing that depends on the host.
    let is_probe = matches!(request.uri().path(), "/healthz" | "/readyz");
    if is_probe || is_known(&state, request.headers(), request.uri()) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        "Hôte inconnu. Utilisez l’adresse officielle du service.\n",
    )
        .into_response()
}

fn is_known(state: &AppState, headers: &HeaderMap, uri: &Uri) -> bool {
    let host = match uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok()),
    };
    host.is_some_and(|host| is_ours(&state.config, host))
}

/// The configured address; on a first run without https, this machine by any of its names.
fn is_ours(config: &Config, host: &str) -> bool {
    let port = config.listen.port();
    host.eq_ignore_ascii_case(config.base_url.authority())
        || (!config.base_url.is_secure()
            && ["localhost", "127.0.0.1", "[::1]"]
                .iter()
                .any(|name| host == format!("{name}:{port}")))
}
