//! Links that open one door once: a first password, another one, the first administrator.
//! Reading the page uses nothing up: mail scanners open links before people do.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::audit;
use crate::auth::directory::{self, Credentials, Rights};
use crate::auth::links::{self, LiveLink, Purpose};
use crate::auth::password;
use crate::auth::token::Token;
use crate::domain::{OrganisationKind, Role};
use crate::features::accounts::forms::{check_password, parse_email, parse_name};
use crate::features::accounts::{jobs, session};
use crate::features::organisations;
use crate::platform::db;
use crate::web::extract::redirect_with;
use crate::web::forms::FormErrors;
use crate::web::shell::{Flash, Shell};
use crate::web::{AppState, Result, Submitted, Visitor};

#[derive(Template, WebTemplate)]
#[template(path = "accounts/link.html")]
struct LinkPage {
    shell: Shell,
    action: String,
    link: LiveLink,
    name: String,
    email: String,
    errors: FormErrors,
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/link_gone.html")]
struct GonePage {
    shell: Shell,
    has_mail: bool,
}

/// The fields. No `Debug`: it holds a password.
#[derive(Deserialize, Default)]
pub struct LinkForm {
    #[serde(default, rename = "nom")]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default, rename = "mot_de_passe")]
    password: String,
}

/// `GET /lien/{token}`
pub async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    match live(&state, &visitor, &token).await? {
        Some((_, link)) => Ok(page(
            &visitor,
            &token,
            link,
            LinkForm::default(),
            FormErrors::default(),
        )),
        None => Ok(gone(&state, &visitor)),
    }
}

async fn live(
    state: &AppState,
    visitor: &Visitor,
    token: &str,
) -> Result<Option<(Token, LiveLink)>> {
    let Some(token) = Token::from_visitor(token) else {
        return Ok(None);
    };
    let mut conn = state.pool.acquire().await?;
    let link = links::find(&mut conn, &token, visitor.now).await?;
    Ok(link.map(|link| (token, link)))
}

fn page(
    visitor: &Visitor,
    token: &str,
    link: LiveLink,
    form: LinkForm,
    errors: FormErrors,
) -> Response {
    let title = match link.purpose {
        Purpose::Invitation => "Bienvenue dans Vigie",
        Purpose::Reset => "Choisir un nouveau mot de passe",
        Purpose::FirstAdministrator => "Créer le premier compte",
    };
    let mut shell = visitor.shell(title);
    shell.has_errors = !errors.is_empty();
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = LinkPage {
        shell,
        action: format!("/lien/{token}"),
        link,
        name: form.name,
        email: form.email,
        errors,
    };
    (status, page).into_response()
}

fn gone(state: &AppState, visitor: &Visitor) -> Response {
    let page = GonePage {
        shell: visitor.shell("Ce lien ne sert plus"),
        has_mail: state.mailer.is_enabled(),
    };
    (StatusCode::GONE, page).into_response()
}

/// `POST /lien/{token}`
pub async fn carry_out(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(text): Path<String>,
    Submitted { form, .. }: Submitted<LinkForm>,
) -> Result<Response> {
    let Some((token, link)) = live(&state, &visitor, &text).await? else {
        return Ok(gone(&state, &visitor));
    };
    let (name, email) = match check(&link, &form) {
        Ok(who) => who,
        Err(errors) => return Ok(page(&visitor, &text, link, form, errors)),
    };
    // Hashed before the transaction, which would otherwise hold a connection meanwhile.
    let hash = password::hash(form.password).await;
    let mut tx = db::begin(&state.pool).await?;
    // Again, with its row locked: of two visitors with the same link, the second finds nothing.
    let Some(link) = links::find(&mut tx, &token, visitor.now).await? else {
        return Ok(gone(&state, &visitor));
    };
    audit::sign(&mut tx, &visitor.acting()).await?;
    let id = match link.user_id {
        Some(id) => id,
        None if directory::has_administrator(&mut tx).await? => return Ok(gone(&state, &visitor)),
        None => first_administrator(&mut tx, &state, &visitor, name, email).await?,
    };
    let Some(person) = directory::by_id(&mut tx, id).await? else {
        return Ok(gone(&state, &visitor));
    };
    audit::sign(&mut tx, &session::signing(&visitor, &person)).await?;
    links::use_up(&mut tx, &token, visitor.now).await?;
    directory::set_password(&mut tx, id, &hash, None, visitor.now).await?;
    if link.purpose == Purpose::Reset {
        let owner = (id, person.full_name.as_str(), person.email.as_str());
        jobs::tell_password_changed(&mut tx, &state.mailer, owner, visitor.now).await?;
    }
    let session_token = session::open(&mut tx, &visitor, &person).await?;
    tx.commit().await?;
    Ok(session::with_cookie(
        &state,
        &session_token,
        welcome(&state, &link, &person),
    ))
}

fn check(link: &LiveLink, form: &LinkForm) -> Result<(String, String), FormErrors> {
    let mut errors = FormErrors::default();
    let (mut name, mut email) = (link.full_name.clone(), link.email.clone());
    if link.purpose == Purpose::FirstAdministrator {
        match parse_name(&form.name) {
            Ok(parsed) => name = parsed,
            Err(why) => errors.add("nom", why),
        }
        match parse_email(&form.email) {
            Ok(parsed) => email = parsed,
            Err(why) => errors.add("email", why),
        }
    }
    check_password(&form.password, &name, &email, &mut errors);
    errors.or((name, email))
}

async fn first_administrator(
    conn: &mut PgConnection,
    state: &AppState,
    visitor: &Visitor,
    full_name: String,
    email: String,
) -> Result<Uuid> {
    let council = &state.config.organisation.name;
    let rights = Rights {
        email,
        full_name,
        role: Role::Admin,
        organisation_id: organisations::provide(conn, council, OrganisationKind::Council).await?,
        territories: Vec::new(),
    };
    // Someone invited before, who lost the way in, takes their own account up again.
    match directory::by_email(conn, &rights.email).await? {
        Some(known) => {
            directory::promote(conn, known.id).await?;
            Ok(known.id)
        }
        None => Ok(directory::invite(conn, &rights, visitor.now).await?),
    }
}

fn welcome(state: &AppState, link: &LiveLink, person: &Credentials) -> Response {
    let to = session::landing(state, person.role, "/");
    let message = match link.purpose {
        Purpose::Reset => {
            "Votre nouveau mot de passe est enregistré. Vos autres sessions sont fermées."
        }
        _ => "Votre mot de passe est enregistré. Bienvenue dans Vigie.",
    };
    redirect_with(to, &Flash::success(message), state.is_https())
}
