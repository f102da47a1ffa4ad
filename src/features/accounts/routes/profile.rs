//! One's own account: who one is here, the password, the open sessions.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::audit::{self, Act};
use crate::auth::sessions::{self, OpenSession};
use crate::auth::{CurrentUser, directory, password, throttle};
use crate::features::accounts::forms::check_password;
use crate::features::accounts::{jobs, queries};
use crate::platform::{db, submissions};
use crate::web::extract::redirect_with;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::shell::{Flash, Shell};
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

const PATH: &str = "/compte";

#[derive(Template, WebTemplate)]
#[template(path = "accounts/profile.html")]
struct ProfilePage {
    shell: Shell,
    user: CurrentUser,
    territories: Vec<String>,
    sessions: Vec<OpenSession>,
    now: DateTime<Utc>,
    errors: FormErrors,
}

impl ProfilePage {
    fn is_this_one(&self, session: &OpenSession) -> bool {
        session.id == self.user.session_id
    }
}

async fn page(
    conn: &mut PgConnection,
    state: &AppState,
    visit: &Visit,
    errors: FormErrors,
) -> Result<ProfilePage> {
    let mut shell = visit
        .shell("Mon compte")
        .via("Accueil", "/")
        .at("Mon compte");
    shell.has_errors = !errors.is_empty();
    Ok(ProfilePage {
        shell,
        territories: queries::territory_names(conn, visit.user.id).await?,
        sessions: sessions::list(conn, visit.user.id, state.session_limits(), visit.now).await?,
        user: visit.user.clone(),
        now: visit.now,
        errors,
    })
}

/// `GET /compte`
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
) -> Result<impl IntoResponse> {
    page(&mut db, &state, &visit, FormErrors::default()).await
}

/// The fields of a change of password. No `Debug`: it holds two.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default, rename = "actuel")]
    current: String,
    #[serde(default, rename = "mot_de_passe")]
    password: String,
}

/// `POST /compte/mot-de-passe`
pub async fn change_password(
    State(state): State<AppState>,
    visit: Visit,
    submitted: Submitted<PasswordForm>,
) -> Result<Response> {
    let mut errors = submitted.first_errors();
    let Submitted {
        form,
        key,
        is_resumed,
    } = submitted;
    if !is_resumed {
        errors = verify(&state, &visit, &form).await?;
    }
    if !errors.is_empty() {
        let status = if is_resumed {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        let mut conn = state.pool.acquire().await?;
        return Ok((status, page(&mut conn, &state, &visit, errors).await?).into_response());
    }
    let hash = password::hash(form.password).await;
    let mut tx = db::begin(&state.pool).await?;
    audit::sign(&mut tx, &visit.acting()).await?;
    let user = &visit.user;
    if let Some(key) = key
        && submissions::claim(&mut tx, key, user.id, visit.now)
            .await?
            .is_some()
    {
        return Ok(redirect_with(PATH, &done(), state.is_https()));
    }
    directory::set_password(&mut tx, user.id, &hash, Some(user.session_id), visit.now).await?;
    let owner = (user.id, user.name.as_str(), user.email.as_str());
    jobs::tell_password_changed(&mut tx, &state.mailer, owner, visit.now).await?;
    tx.commit().await?;
    Ok(redirect_with(PATH, &done(), state.is_https()))
}

fn done() -> Flash {
    Flash::success("Votre mot de passe est changé. Vos autres sessions sont fermées.")
}

async fn verify(state: &AppState, visit: &Visit, form: &PasswordForm) -> Result<FormErrors> {
    let user = &visit.user;
    let mut errors = FormErrors::default();
    check_password(&form.password, &user.name, &user.email, &mut errors);
    // Its own address too: the failures of one person are not those of a colleague.
    let key = format!("compte:{}", user.id);
    let hash = {
        let mut conn = state.pool.acquire().await?;
        // A session left open on a desk must not serve to guess the password (ASVS 6.3.1).
        if let Some(minutes) = throttle::admit(&mut conn, &key, &key, visit.now).await? {
            errors.add(
                "actuel",
                format!("Trop d’essais ont échoué. Réessayez dans {minutes} min."),
            );
            return Ok(errors);
        }
        directory::by_id(&mut conn, user.id)
            .await?
            .and_then(|person| person.password_hash)
    };
    if password::verify(form.current.clone(), hash).await {
        let mut conn = state.pool.acquire().await?;
        throttle::note(&mut conn, &key, &key, true, visit.now).await?;
    } else {
        errors.add(
            "actuel",
            "Ce n’est pas votre mot de passe actuel. Écrivez celui qui vous a servi à vous connecter.",
        );
    }
    Ok(errors)
}

/// A form without a field of its own.
#[derive(Debug, Deserialize)]
pub struct NoField {}

/// `POST /compte/sessions/{id}/fermer`
pub async fn close(
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if !sessions::close(&mut tx, visit.user.id, id).await? {
        return Err(Error::NotFound);
    }
    record_closing(&mut tx, &visit).await?;
    tx.finish(submitted.key, PATH, "La session est fermée.")
        .await
}

/// `POST /compte/sessions/fermer-les-autres`
pub async fn close_others(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    if submitted.is_resumed {
        return tx.finish(None, PATH, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    sessions::close_all(&mut tx, visit.user.id, Some(visit.user.session_id)).await?;
    record_closing(&mut tx, &visit).await?;
    tx.finish(submitted.key, PATH, "Vos autres sessions sont fermées.")
        .await
}

/// Said when a button, rather than a form, was pressed after the end of the session.
pub const NOTHING_DONE: &str =
    "Votre session avait expiré : rien n’a été fait. Recommencez si vous le voulez toujours.";

async fn record_closing(tx: &mut Tx, visit: &Visit) -> Result<()> {
    let id = visit.user.id.to_string();
    let act = Act {
        verb: "sessions_closed",
        object: ("users", &id),
        label: &visit.user.name,
        details: None,
    };
    Ok(audit::record(&mut *tx, &visit.acting(), act).await?)
}
