//! The lost password: the same answer whatever the address.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::features::accounts::forms::parse_email;
use crate::features::accounts::jobs;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;
use crate::web::{AppState, Result, Submitted, Visitor};

#[derive(Template, WebTemplate)]
#[template(path = "accounts/forgotten.html")]
struct ForgottenPage {
    shell: Shell,
    email: String,
    errors: FormErrors,
    has_mail: bool,
    /// Whether the question was asked: the page then says what happens next.
    is_asked: bool,
}

fn page(state: &AppState, visitor: &Visitor) -> ForgottenPage {
    ForgottenPage {
        shell: visitor.shell("Mot de passe oublié"),
        email: String::new(),
        errors: FormErrors::default(),
        has_mail: state.mailer.is_enabled(),
        is_asked: false,
    }
}

/// `GET /mot-de-passe-oublie`
pub async fn show(State(state): State<AppState>, visitor: Visitor) -> Response {
    page(&state, &visitor).into_response()
}

/// The one field.
#[derive(Debug, Deserialize)]
pub struct ForgottenForm {
    #[serde(default)]
    email: String,
}

/// `POST /mot-de-passe-oublie`: a job looks the account up, so that the answer takes the same time
/// whether it exists or not.
pub async fn ask(
    State(state): State<AppState>,
    visitor: Visitor,
    Submitted { form, .. }: Submitted<ForgottenForm>,
) -> Result<Response> {
    let mut page = page(&state, &visitor);
    page.email.clone_from(&form.email);
    let email = match parse_email(&form.email) {
        Ok(email) => email,
        Err(why) => {
            page.errors.add("email", why);
            page.shell.has_errors = true;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if page.has_mail {
        let mut conn = state.pool.acquire().await?;
        jobs::ask_for_reset(&mut conn, &email, visitor.now).await?;
    }
    page.is_asked = true;
    Ok(page.into_response())
}
