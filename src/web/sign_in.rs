//! The sign-in page: shown by its own route, and by the door of any route that needs a session.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::forms::FormErrors;
use super::frame::Frame;
use super::shell::Shell;
use super::state::AppState;

/// Path of the sign-in page.
pub const PATH: &str = "/connexion";

/// The sign-in page that leads back to `next`.
pub fn path_then(next: &str) -> String {
    if next == "/" {
        return PATH.to_owned();
    }
    let query: String = url_encode(next);
    format!("{PATH}?suite={query}")
}

fn url_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Where to go after signing in: only a path of this site (ASVS 1.2.2), else the home page.
pub fn safe_next(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next.starts_with("//")
        && !next
            .bytes()
            .any(|byte| byte == b'\\' || byte < 0x20 || byte == 0x7f);
    if is_local { next } else { "/" }
}

/// The page with its two fields.
#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
pub struct SignInPage {
    /// Frame of the page.
    pub shell: Shell,
    /// Address typed.
    pub email: String,
    /// Path to go to next.
    pub next: String,
    /// Body of the form that was in flight when the session ended, as it was posted.
    pub kept: String,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether mail works, so that a lost password can be asked for without anyone's help.
    pub has_mail: bool,
    status: StatusCode,
}

impl SignInPage {
    /// The page as its route shows it.
    pub fn new(state: &AppState, shell: Shell, next: &str) -> Self {
        Self {
            shell,
            email: String::new(),
            next: safe_next(next).to_owned(),
            kept: String::new(),
            errors: FormErrors::default(),
            has_mail: state.mailer.is_enabled(),
            status: StatusCode::OK,
        }
    }

    /// The page as the answer to an act whose session has ended.
    pub fn again(state: &AppState, next: &str, kept: String) -> Self {
        let shell = Frame::new(state, None, PATH, None).shell("Se connecter");
        Self {
            kept,
            status: StatusCode::UNAUTHORIZED,
            ..Self::new(state, shell, next)
        }
    }

    /// The page with what is wrong.
    #[must_use]
    pub fn refused(mut self, status: StatusCode, email: String, kept: String, why: String) -> Self {
        self.status = status;
        self.email = email;
        self.kept = kept;
        self.errors.add_general(why);
        self.shell.has_errors = true;
        self
    }
}

impl IntoResponse for SignInPage {
    fn into_response(self) -> Response {
        match self.render() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(error) => super::Error::internal(error).into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_this_site_is_followed() {
        assert_eq!(safe_next("/entreprises?page=2"), "/entreprises?page=2");
        for bad in [
            "//evil.example",
            "/\\evil",
            "javascript:alert(1)",
            "https://evil.example",
            "/a\r\nSet-Cookie: x",
            "",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad:?}");
        }
    }
}
