//! One person's account, as an administrator changes it.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::profile::{NOTHING_DONE, NoField};
use super::users::{self, Choices, LAST_ADMINISTRATOR, PATH};
use crate::auth::audit::{self, Act};
use crate::auth::directory::{self, Rights, Status};
use crate::auth::sessions;
use crate::domain::Role;
use crate::features::accounts::forms::RightsForm;
use crate::features::accounts::queries::{self, LastChange, UserDetail};
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

#[derive(Template, WebTemplate)]
#[template(path = "accounts/user.html")]
struct UserPage {
    shell: Shell,
    user: UserDetail,
    form: RightsForm,
    choices: Choices,
    errors: FormErrors,
    has_mail: bool,
    is_self: bool,
    /// What changed meanwhile, when someone else saved first.
    conflict: Option<Conflict>,
}

/// A lost update: who came first, and what the account holds now.
struct Conflict {
    last: Option<LastChange>,
    /// Field, what the account holds now, what the person typed.
    differences: Vec<Difference>,
}

struct Difference {
    field: &'static str,
    now: String,
    typed: String,
}

impl UserPage {
    fn status(&self) -> Status {
        Status::of_code(&self.user.status)
    }

    /// The form after a lost update: what was typed stays, beside what the account holds now.
    fn in_conflict(mut self, last: Option<LastChange>) -> Self {
        self.form.version = self.user.version.to_string();
        let differences = differences(&self.user, &self.form, &self.choices);
        self.conflict = Some(Conflict { last, differences });
        self
    }

    fn title_of_link(&self) -> &'static str {
        match self.status() {
            Status::Invited => "Refaire l’invitation",
            _ => "Faire choisir un nouveau mot de passe",
        }
    }
}

async fn find(conn: &mut PgConnection, id: &str) -> Result<UserDetail> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::user(conn, id).await?.ok_or(Error::NotFound)
}

fn as_form(user: &UserDetail) -> RightsForm {
    RightsForm {
        email: user.email.clone(),
        name: user.full_name.clone(),
        role: user.role.clone(),
        organisation: user.organisation_id.to_string(),
        territories: user.territories.clone(),
        version: user.version.to_string(),
        ..RightsForm::default()
    }
}

fn page(
    state: &AppState,
    visit: &Visit,
    user: UserDetail,
    choices: Choices,
    form: RightsForm,
    errors: FormErrors,
) -> UserPage {
    let name = user.full_name.clone();
    let mut shell = visit
        .shell(name.clone())
        .via("Accueil", "/")
        .via("Utilisateurs", PATH)
        .at(name);
    shell.has_errors = !errors.is_empty();
    UserPage {
        shell,
        is_self: user.id == visit.user.id,
        user,
        form,
        choices,
        errors,
        has_mail: state.mailer.is_enabled(),
        conflict: None,
    }
}

/// `GET /utilisateurs/{id}`
pub async fn edit(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    mut db: Db,
) -> Result<impl IntoResponse> {
    let user = find(&mut db, &id).await?;
    let choices = Choices::read(&mut db).await?;
    let form = as_form(&user);
    Ok(page(
        &state,
        &visit,
        user,
        choices,
        form,
        FormErrors::default(),
    ))
}

/// `POST /utilisateurs/{id}`
pub async fn update(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<RightsForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let user = find(&mut tx, &id).await?;
    let choices = Choices::read(&mut tx).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let errors = submitted.first_errors();
        return Ok(page(&state, &visit, user, choices, form, errors).into_response());
    }
    let refuse = |user: UserDetail, errors| {
        let page = page(&state, &visit, user, choices.clone(), form.clone(), errors);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let parsed = match form.parse(&choices.organisations, &choices.territories) {
        Ok(parsed) => parsed,
        Err(errors) => return refuse(user, errors),
    };
    // A version that is not a number is older than any.
    let version = form.version.parse().unwrap_or(0);
    let rights = users::rights(&mut tx, parsed).await?;
    match write(&mut tx, user.id, version, &rights).await {
        Ok(true) => {
            let message = format!("Le compte de {} est enregistré.", rights.full_name);
            tx.finish(submitted.key, &format!("{PATH}/{}", user.id), &message)
                .await
        }
        Ok(false) => {
            // Read again: the account may have changed since the first reading.
            let user = find(&mut tx, &id).await?;
            let last = queries::last_change(&mut tx, user.id).await?;
            let page = page(&state, &visit, user, choices, form, FormErrors::default());
            Ok((StatusCode::CONFLICT, page.in_conflict(last)).into_response())
        }
        Err(error) => refuse(user, users::explain(error)?),
    }
}

async fn write(
    conn: &mut PgConnection,
    id: Uuid,
    version: i32,
    rights: &Rights,
) -> sqlx::Result<bool> {
    let is_written = directory::change(conn, id, version, rights).await?;
    directory::keep_an_administrator(conn).await?;
    Ok(is_written)
}

fn differences(user: &UserDetail, form: &RightsForm, choices: &Choices) -> Vec<Difference> {
    let now = as_form(user);
    let role = |code: &str| {
        code.parse::<Role>()
            .map_or_else(|_| filters::UNKNOWN.to_owned(), |r| r.label().to_owned())
    };
    let territories = |form: &RightsForm| {
        let names: Vec<&str> = choices
            .territories
            .iter()
            .filter(|choice| form.territories.contains(&choice.value))
            .map(|choice| choice.label.as_str())
            .collect();
        if names.is_empty() {
            "aucun".to_owned()
        } else {
            names.join(", ")
        }
    };
    let organisation = |form: &RightsForm| {
        if form.new_organisation.is_empty() {
            label_of(&choices.organisations, &form.organisation)
        } else {
            form.new_organisation.clone()
        }
    };
    let pairs = [
        ("Prénom et nom", now.name.clone(), form.name.clone()),
        (
            "Adresse électronique",
            now.email.clone(),
            form.email.clone(),
        ),
        ("Rôle", role(&now.role), role(&form.role)),
        ("Organisme", organisation(&now), organisation(form)),
        ("Territoires", territories(&now), territories(form)),
    ];
    pairs
        .into_iter()
        .filter(|(_, now, typed)| now != typed)
        .map(|(field, now, typed)| Difference { field, now, typed })
        .collect()
}

fn label_of(choices: &[Choice], value: &str) -> String {
    choices
        .iter()
        .find(|choice| choice.value == value)
        .map_or_else(
            || filters::UNKNOWN.to_owned(),
            |choice| choice.label.clone(),
        )
}

/// `POST /utilisateurs/{id}/suspendre`
pub async fn suspend(
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let user = find(&mut tx, &id).await?;
    let back = format!("{PATH}/{}", user.id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !directory::suspend(&mut tx, user.id, visit.now).await? {
        return Err(Error::Conflict("Ce compte est déjà suspendu.".to_owned()));
    }
    if let Err(error) = directory::keep_an_administrator(&mut tx).await {
        users::explain(error)?;
        return Err(Error::Conflict(LAST_ADMINISTRATOR.to_owned()));
    }
    let message = format!(
        "Le compte de {} est suspendu : ses sessions sont fermées, ses liens ne servent plus.",
        user.full_name
    );
    tx.finish(submitted.key, &back, &message).await
}

/// `POST /utilisateurs/{id}/reactiver`
pub async fn reactivate(
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let user = find(&mut tx, &id).await?;
    let back = format!("{PATH}/{}", user.id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !directory::reactivate(&mut tx, user.id).await? {
        return Err(Error::Conflict("Ce compte n’est pas suspendu.".to_owned()));
    }
    let message = format!("Le compte de {} est de nouveau ouvert.", user.full_name);
    tx.finish(submitted.key, &back, &message).await
}

/// `POST /utilisateurs/{id}/fermer-les-sessions`
pub async fn close_sessions(
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let user = find(&mut tx, &id).await?;
    let back = format!("{PATH}/{}", user.id);
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    sessions::close_all(&mut tx, user.id, Some(visit.user.session_id)).await?;
    let act = Act {
        verb: "sessions_closed",
        object: ("users", &user.id.to_string()),
        label: &user.full_name,
        details: None,
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    let message = format!("Les sessions de {} sont fermées.", user.full_name);
    tx.finish(submitted.key, &back, &message).await
}

/// `POST /utilisateurs/{id}/lien`
pub async fn new_link(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let user = find(&mut tx, &id).await?;
    if submitted.is_resumed {
        let back = format!("{PATH}/{}", user.id);
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let status = Status::of_code(&user.status);
    users::hand_over(&state, &visit, tx, submitted.key, user.id, status).await
}
