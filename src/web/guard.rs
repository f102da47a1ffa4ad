//! The door of each route: who is it, and may they pass?

use axum::body::to_bytes;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::sign_in::{self, SignInPage};
use super::{AppState, Error};
use crate::auth::audit::{self, Act, Acting};
use crate::auth::token::Token;
use crate::auth::{Access, CurrentUser, sessions};
use crate::platform::telemetry::RequestId;

/// Largest form that survives an expired session.
const KEPT_FORM: usize = 256 * 1024;

/// Name of the session cookie. The `__Host-` prefix needs https, which a first run on
/// `http://localhost` has not.
pub const fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-vigie" } else { "vigie" }
}

/// Lets the request pass with its `CurrentUser`, or answers in its place.
pub async fn pass(
    State((state, access)): State<(AppState, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    // A NUL, which no text column can hold, comes from no page.
    if request.uri().query().is_some_and(|q| q.contains("%00")) {
        let advice = "L’adresse contient un caractère interdit. Repartez de la page précédente.";
        return Error::BadRequest(advice.to_owned()).into_response();
    }
    let user = match visitor(&state, request.headers(), access).await {
        Ok(user) => user,
        Err(error) => return error.into_response(),
    };
    let Some(user) = user else {
        if access == Access::Public {
            return next.run(request).await;
        }
        return ask_to_sign_in(&state, request).await;
    };
    let response = if access.admits(user.role) {
        request.extensions_mut().insert(user.clone());
        next.run(request).await
    } else {
        match access {
            Access::Needs(permission) => {
                if let Err(error) = note_refusal(&state, &user, request.extensions()).await {
                    tracing::warn!(%error, "a refusal could not be written in the audit");
                }
                Error::Forbidden(permission).into_response()
            }
            _ => Error::NotFound.into_response(),
        }
    };
    with_user(response, user)
}

/// Writes who was refused what: the pattern of the route, without what the address holds.
async fn note_refusal(
    state: &AppState,
    user: &CurrentUser,
    extensions: &Extensions,
) -> sqlx::Result<()> {
    let route = extensions
        .get::<MatchedPath>()
        .map_or("une page", MatchedPath::as_str)
        .to_owned();
    let request_id = extensions
        .get::<RequestId>()
        .map(RequestId::to_string)
        .unwrap_or_default();
    let act = Act {
        verb: "access_refused",
        object: ("routes", &route),
        label: &route,
        details: None,
    };
    let mut conn = state.pool.acquire().await?;
    audit::record_rarely(&mut conn, &Acting::user(user, &request_id), act).await
}

/// The error page shows the menu of the person who meets it.
fn with_user(mut response: Response, user: CurrentUser) -> Response {
    response.extensions_mut().insert(user);
    response
}

async fn visitor(
    state: &AppState,
    headers: &HeaderMap,
    access: Access,
) -> Result<Option<CurrentUser>, Error> {
    let Some(token) = session_token(headers, state.is_https()) else {
        return Ok(None);
    };
    let found = sessions::authenticate(
        &state.pool,
        &token,
        state.session_limits(),
        state.clock.now(),
    )
    .await;
    match found {
        // The sign-in and legal pages stay up without the database.
        Err(_) if access == Access::Public => Ok(None),
        other => Ok(other?),
    }
}

/// The token of the session cookie.
pub fn session_token(headers: &HeaderMap, https: bool) -> Option<Token> {
    let name = cookie_name(https);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| Token::from_visitor(value))
}

/// A page sends to the sign-in page and back; a form in flight is kept inside the sign-in page,
/// so that a session that ends in the middle of a form loses nothing.
async fn ask_to_sign_in(state: &AppState, request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |p| p.as_str())
        .to_owned();
    if request.method() != Method::POST {
        return Redirect::to(&sign_in::path_then(&path)).into_response();
    }
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    let kept = match to_bytes(request.into_body(), KEPT_FORM).await {
        Ok(body) if is_form => without_secrets(&body),
        _ => String::new(),
    };
    SignInPage::again(state, &path, kept).into_response()
}

/// Fields that never travel through another page.
const SECRET_FIELDS: [&str; 2] = ["mot_de_passe", "actuel"];

/// The form as it was posted, less its passwords.
fn without_secrets(body: &[u8]) -> String {
    let fields: Vec<(String, String)> = serde_html_form::from_bytes(body).unwrap_or_default();
    let kept: Vec<_> = fields
        .into_iter()
        .filter(|(name, _)| !SECRET_FIELDS.contains(&name.as_str()))
        .collect();
    serde_html_form::to_string(kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_kept_with_the_rest_of_the_form() {
        let kept = without_secrets(
            "note=d%C3%A9but+%26+fin&actuel=a&mot_de_passe=b&case=1&case=2".as_bytes(),
        );
        assert_eq!(kept, "note=d%C3%A9but+%26+fin&case=1&case=2");
    }
}
