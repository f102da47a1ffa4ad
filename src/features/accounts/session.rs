//! Opening a session: a new token each time, and the cookie that holds it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;

use crate::auth::audit::{self, Act, Acting};
use crate::auth::directory::{self, Credentials};
use crate::auth::sessions;
use crate::auth::token::Token;
use crate::domain::Role;
use crate::web::guard::cookie_name;
use crate::web::{AppState, Result, Visitor};

/// Opens a session for a person who has just proved who they are, and closes the one that the
/// browser had, whoever it belonged to.
pub async fn open(
    conn: &mut PgConnection,
    visitor: &Visitor,
    person: &Credentials,
) -> Result<Token> {
    if let Some(user) = &visitor.user {
        sessions::close(conn, user.id, user.session_id).await?;
    }
    directory::note_sign_in(conn, person.id, visitor.now).await?;
    let token = sessions::open(
        conn,
        person.id,
        &visitor.user_agent,
        &visitor.address,
        visitor.now,
    )
    .await?;
    let id = person.id.to_string();
    let act = Act {
        verb: "sign_in",
        object: ("users", &id),
        label: &person.full_name,
        details: Some(serde_json::json!({ "ip": visitor.address })),
    };
    audit::record(conn, &signing(visitor, person), act).await?;
    Ok(token)
}

/// The visitor, signing by the name of the person that they turn out to be.
pub fn signing(visitor: &Visitor, person: &Credentials) -> Acting {
    Acting {
        id: Some(person.id),
        name: person.full_name.clone(),
        ..visitor.acting()
    }
}

/// Adds the session's cookie. It lasts as long as the browser is open; the server ends it sooner.
pub fn with_cookie(state: &AppState, token: &Token, answer: impl IntoResponse) -> Response {
    let https = state.is_https();
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Lax{secure}",
        cookie_name(https),
        token.as_str()
    );
    with_header(answer, &cookie)
}

/// Takes the session's cookie away.
pub fn without_cookie(state: &AppState, answer: impl IntoResponse) -> Response {
    let https = state.is_https();
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!(
        "{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}",
        cookie_name(https)
    );
    with_header(answer, &cookie)
}

fn with_header(answer: impl IntoResponse, cookie: &str) -> Response {
    let mut response = answer.into_response();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.append(header::SET_COOKIE, value);
    }
    response
}

/// Where a person goes after signing in: the page that they asked for, else the first entry of
/// their menu (an elected official has no home page of companies).
pub fn landing<'a>(state: &AppState, role: Role, next: &'a str) -> &'a str {
    if next != "/" {
        return next;
    }
    state
        .nav
        .iter()
        .find(|entry| entry.permission.is_granted_to(role))
        .map_or("/", |entry| entry.href)
}
