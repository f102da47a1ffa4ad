//! Signing in and out.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::auth::audit::{self, Act};
use crate::auth::directory::{self, Credentials, Status};
use crate::auth::{password, sessions, throttle};
use crate::features::accounts::session;
use crate::platform::db;
use crate::web::shell::{Flash, Shell};
use crate::web::sign_in::{self, SignInPage, safe_next};
use crate::web::{AppState, Result, Submitted, Visitor};

/// Says neither which of the two is wrong nor whether the account exists (ASVS 6.3.8).
const WRONG: &str = "Adresse ou mot de passe incorrect. Vérifiez les deux, puis réessayez.";

/// Bytes of an address, at most (RFC 5321).
const LONGEST_EMAIL: usize = 254;

/// What the address of the page may carry.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    suite: String,
    #[serde(default)]
    sortie: String,
}

/// `GET /connexion`
pub async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Response {
    let next = safe_next(&asked.suite);
    if let Some(user) = &visitor.user {
        return Redirect::to(session::landing(&state, user.role, next)).into_response();
    }
    let mut page = SignInPage::new(&state, visitor.shell("Se connecter"), next);
    if !asked.sortie.is_empty() {
        page.shell.flash = Some(Flash::success("Votre session est fermée."));
    }
    page.into_response()
}

/// The fields of the page. No `Debug`: it holds a password.
#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default, rename = "mot_de_passe")]
    password: String,
    #[serde(default)]
    suite: String,
    #[serde(default)]
    saisie: String,
}

/// `POST /connexion`
pub async fn carry_out(
    State(state): State<AppState>,
    visitor: Visitor,
    Submitted { form, .. }: Submitted<SignInForm>,
) -> Result<Response> {
    let mut email = form.email.trim().to_lowercase();
    if email.len() > LONGEST_EMAIL {
        // No account has it: what follows is the same as for an unknown one, and it is not kept.
        email.clear();
    }
    let found = {
        let mut conn = state.pool.acquire().await?;
        let wait = throttle::admit(&mut conn, &email, &visitor.address, visitor.now).await?;
        if let Some(minutes) = wait {
            note_throttled(&mut conn, &visitor, &email).await?;
            return Ok(too_many(&state, &visitor, form, minutes));
        }
        directory::by_email(&mut conn, &email).await?
    };
    // No connection is held while the password is checked.
    let hash = found
        .as_ref()
        .filter(|person| person.status == Status::Active)
        .and_then(|person| person.password_hash.clone());
    let is_right = password::verify(form.password.clone(), hash).await;
    let mut tx = db::begin(&state.pool).await?;
    let person = match found {
        Some(person) if is_right => person,
        found => {
            note_failure(&mut tx, &visitor, found.as_ref()).await?;
            tx.commit().await?;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(refused(&state, &visitor, form, status, WRONG.to_owned()));
        }
    };
    throttle::note(&mut tx, &email, &visitor.address, true, visitor.now).await?;
    let token = session::open(&mut tx, &visitor, &person).await?;
    tx.commit().await?;
    let answer = welcome(&state, &visitor, &person, &form);
    Ok(session::with_cookie(&state, &token, answer))
}

async fn note_failure(
    conn: &mut sqlx::PgConnection,
    visitor: &Visitor,
    person: Option<&Credentials>,
) -> Result<()> {
    // An unknown address is not written: people type passwords in that field by mistake.
    let id = person.map(|person| person.id.to_string());
    let act = Act {
        verb: "sign_in_failed",
        object: ("users", id.as_deref().unwrap_or("inconnu")),
        label: person.map_or("une adresse inconnue", |person| &person.full_name),
        details: Some(serde_json::json!({ "ip": visitor.address })),
    };
    Ok(audit::record(conn, &visitor.acting(), act).await?)
}

async fn note_throttled(
    conn: &mut sqlx::PgConnection,
    visitor: &Visitor,
    email: &str,
) -> Result<()> {
    let person = directory::by_email(conn, email).await?;
    let id = person.as_ref().map(|person| person.id.to_string());
    let act = Act {
        verb: "sign_in_throttled",
        object: ("users", id.as_deref().unwrap_or("inconnu")),
        label: person
            .as_ref()
            .map_or("une adresse inconnue", |person| &person.full_name),
        details: Some(serde_json::json!({ "ip": visitor.address })),
    };
    Ok(audit::record_rarely(conn, &visitor.acting(), act).await?)
}

fn refused(
    state: &AppState,
    visitor: &Visitor,
    form: SignInForm,
    status: StatusCode,
    why: String,
) -> Response {
    SignInPage::new(state, visitor.shell("Se connecter"), &form.suite)
        .refused(status, form.email, form.saisie, why)
        .into_response()
}

fn too_many(state: &AppState, visitor: &Visitor, form: SignInForm, minutes: i64) -> Response {
    let unit = if minutes > 1 { "minutes" } else { "minute" };
    let why = format!(
        "Trop d’essais ont échoué. Réessayez dans {minutes} {unit}, ou demandez un nouveau mot de passe."
    );
    let mut response = refused(state, visitor, form, StatusCode::TOO_MANY_REQUESTS, why);
    let seconds = HeaderValue::from(minutes.unsigned_abs() * 60);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

/// The form that was in flight when the session ended, ready to go back to its page.
#[derive(Template, WebTemplate)]
#[template(path = "accounts/resume.html")]
struct ResumePage {
    shell: Shell,
    action: String,
    fields: Vec<(String, String)>,
}

fn welcome(
    state: &AppState,
    visitor: &Visitor,
    person: &Credentials,
    form: &SignInForm,
) -> Response {
    let next = safe_next(&form.suite);
    let fields: Vec<(String, String)> = serde_html_form::from_str(&form.saisie).unwrap_or_default();
    if fields.is_empty() {
        return Redirect::to(session::landing(state, person.role, next)).into_response();
    }
    ResumePage {
        shell: visitor.shell("Votre saisie est conservée"),
        action: next.to_owned(),
        // The key of the form is kept: had it been carried out already, it would not be twice.
        fields: fields
            .into_iter()
            .filter(|(name, _)| name != "_reprise")
            .collect(),
    }
    .into_response()
}

/// `POST /deconnexion`
pub async fn sign_out(State(state): State<AppState>, visitor: Visitor) -> Result<Response> {
    if let Some(user) = &visitor.user {
        let mut tx = db::begin(&state.pool).await?;
        sessions::close(&mut tx, user.id, user.session_id).await?;
        let id = user.id.to_string();
        let act = Act {
            verb: "sign_out",
            object: ("users", &id),
            label: &user.name,
            details: None,
        };
        audit::record(&mut tx, &visitor.acting(), act).await?;
        tx.commit().await?;
    }
    let to = format!("{}?sortie=oui", sign_in::PATH);
    let mut response = session::without_cookie(&state, Redirect::to(&to));
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cookies\", \"storage\""),
    );
    Ok(response)
}
