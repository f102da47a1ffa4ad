//! The people of the service, and the invitation of one more.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Months, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::audit::{self, Act};
use crate::auth::directory::{self, Rights, Status};
use crate::auth::links::{self, Purpose};
use crate::domain::{OrganisationKind, Role};
use crate::features::accounts::forms::{
    NEW_ORGANISATION, OrganisationChoice, ParsedRights, RightsForm,
};
use crate::features::accounts::jobs;
use crate::features::accounts::queries::{self, UserRow, Waiting};
use crate::features::organisations;
use crate::platform::submissions;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::pager::{self, Page, Total};
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

/// Path of the list.
pub const PATH: &str = "/utilisateurs";
/// After so many months without a visit, someone asks whether the account is still needed.
const IDLE_MONTHS: Months = Months::new(6);

#[derive(Template, WebTemplate)]
#[template(path = "accounts/users.html")]
struct UsersPage {
    shell: Shell,
    waiting: Vec<Waiting>,
    users: Vec<UserRow>,
    page: Page,
    now: DateTime<Utc>,
    own_id: Uuid,
}

impl UsersPage {
    /// Whether nobody else was invited yet.
    fn is_alone(&self) -> bool {
        self.users.iter().all(|user| user.id == self.own_id)
    }
}

/// What the address of the list may carry.
#[derive(Debug, Deserialize)]
pub struct ListQuery {
    page: Option<String>,
}

/// `GET /utilisateurs`
pub async fn index(
    visit: Visit,
    mut db: Db,
    Query(query): Query<ListQuery>,
    RawQuery(raw): RawQuery,
) -> Result<impl IntoResponse> {
    let number = pager::requested(query.page.as_deref()).map_err(|_| Error::NotFound)?;
    let size = pager::MAX_SIZE;
    let total = Total::Exact(queries::count_users(&mut db).await?);
    let page = Page::new(number, size, total, PATH, raw.as_deref()).map_err(|_| Error::NotFound)?;
    let since = visit
        .now
        .checked_sub_months(IDLE_MONTHS)
        .unwrap_or(visit.now);
    let offset = pager::offset(number, size);
    Ok(UsersPage {
        shell: visit
            .shell("Utilisateurs")
            .via("Accueil", "/")
            .at("Utilisateurs"),
        waiting: queries::waiting(&mut db, since, visit.now).await?,
        users: queries::users(&mut db, i64::from(size), offset).await?,
        page,
        now: visit.now,
        own_id: visit.user.id,
    })
}

/// The choices that the form of rights offers.
#[derive(Debug, Clone)]
pub struct Choices {
    /// Roles, each with what it sees.
    pub roles: Vec<Choice>,
    /// Organisations that are known, then one more.
    pub organisations: Vec<Choice>,
    /// Kinds of organisations.
    pub kinds: Vec<Choice>,
    /// Territories.
    pub territories: Vec<Choice>,
}

impl Choices {
    /// Reads the choices.
    pub async fn read(conn: &mut PgConnection) -> Result<Self> {
        let mut organisations = queries::organisations(conn).await?;
        organisations.push(Choice::new(NEW_ORGANISATION, "Un autre organisme"));
        let role = |role: Role| Choice::new(role.code(), role.label());
        Ok(Self {
            roles: Role::ALL.into_iter().map(role).collect(),
            organisations,
            kinds: OrganisationKind::ALL
                .map(|kind| Choice::new(kind.code(), kind.label()))
                .into(),
            territories: queries::territories(conn).await?,
        })
    }
}

/// The rights to write, with the organisation added first when it is a new one.
pub async fn rights(conn: &mut PgConnection, parsed: ParsedRights) -> Result<Rights> {
    let organisation_id = match parsed.organisation {
        OrganisationChoice::Known(id) => id,
        OrganisationChoice::New(name, kind) => organisations::provide(conn, &name, kind).await?,
    };
    Ok(Rights {
        email: parsed.email,
        full_name: parsed.name,
        role: parsed.role,
        organisation_id,
        territories: parsed.territories,
    })
}

/// What a refusal of the database means for the form; other errors go on.
pub fn explain(error: sqlx::Error) -> Result<FormErrors> {
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    let mut errors = FormErrors::default();
    match constraint {
        Some("users_email_unique") => errors.add(
            "email",
            "Cette adresse a déjà un compte. Cherchez-la dans la liste des utilisateurs, ou écrivez une autre adresse.",
        ),
        Some("users_last_administrator") => errors.add("role", LAST_ADMINISTRATOR),
        _ => return Err(error.into()),
    }
    Ok(errors)
}

/// Why the last administrator stays.
pub const LAST_ADMINISTRATOR: &str = "C’est le dernier compte d’administration actif : sans lui, plus personne ne pourrait donner de droits. Donnez d’abord ce rôle à quelqu’un d’autre.";

#[derive(Template, WebTemplate)]
#[template(path = "accounts/invite.html")]
struct InvitePage {
    shell: Shell,
    form: RightsForm,
    choices: Choices,
    errors: FormErrors,
    has_mail: bool,
}

fn invite_page(
    state: &AppState,
    visit: &Visit,
    choices: Choices,
    form: RightsForm,
    errors: FormErrors,
) -> InvitePage {
    let mut shell = visit
        .shell("Inviter une personne")
        .via("Accueil", "/")
        .via("Utilisateurs", PATH)
        .at("Inviter");
    shell.has_errors = !errors.is_empty();
    InvitePage {
        shell,
        form,
        choices,
        errors,
        has_mail: state.mailer.is_enabled(),
    }
}

/// `GET /utilisateurs/inviter`
pub async fn new(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
) -> Result<impl IntoResponse> {
    let choices = Choices::read(&mut db).await?;
    Ok(invite_page(
        &state,
        &visit,
        choices,
        RightsForm::default(),
        FormErrors::default(),
    ))
}

/// `POST /utilisateurs/inviter`
pub async fn invite(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<RightsForm>,
) -> Result<Response> {
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let choices = Choices::read(&mut tx).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let errors = submitted.first_errors();
        return Ok(invite_page(&state, &visit, choices, form, errors).into_response());
    }
    let parsed = match form.parse(&choices.organisations, &choices.territories) {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(again(&state, &visit, choices, form, errors)),
    };
    let rights = rights(&mut tx, parsed).await?;
    let id = match directory::invite(&mut tx, &rights, visit.now).await {
        Ok(id) => id,
        Err(error) => return Ok(again(&state, &visit, choices, form, explain(error)?)),
    };
    hand_over(&state, &visit, tx, submitted.key, id, Status::Invited).await
}

fn again(
    state: &AppState,
    visit: &Visit,
    choices: Choices,
    form: RightsForm,
    errors: FormErrors,
) -> Response {
    let page = invite_page(state, visit, choices, form, errors);
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

/// The link of a person, shown to the administrator who must pass it on.
#[derive(Template, WebTemplate)]
#[template(path = "accounts/link_once.html")]
struct LinkOncePage {
    shell: Shell,
    link: String,
    name: String,
    email: String,
    back: String,
    until: DateTime<Utc>,
    is_invitation: bool,
}

/// Gives a person the link that opens their account, and keeps what the transaction did: by mail
/// when there is mail, else shown once to the administrator.
pub async fn hand_over(
    state: &AppState,
    visit: &Visit,
    mut tx: Tx,
    key: Option<Uuid>,
    id: Uuid,
    status: Status,
) -> Result<Response> {
    let back = format!("{PATH}/{id}");
    let person = directory::by_id(&mut tx, id)
        .await?
        .ok_or(Error::NotFound)?;
    let purpose = jobs::purpose_for(status).ok_or_else(|| {
        Error::Conflict("Ce compte est suspendu. Réactivez-le avant de créer un lien.".to_owned())
    })?;
    let act = Act {
        verb: if purpose == Purpose::Invitation {
            "invitation_link"
        } else {
            "reset_link"
        },
        object: ("users", &id.to_string()),
        label: &person.full_name,
        details: None,
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    if state.mailer.is_enabled() {
        jobs::send_link(&mut tx, id, visit.now).await?;
        let message = format!("Le lien part par courriel à {}.", person.email);
        return tx.finish(key, &back, &message).await;
    }
    let token = links::issue(&mut tx, purpose, Some(id), visit.now).await?;
    if let Some(key) = key {
        // Sent twice, the form leads to the account: the link is not shown a second time.
        submissions::settle(&mut tx, key, &back).await?;
    }
    tx.commit().await?;
    let shell = visit
        .shell("Lien à transmettre")
        .via("Accueil", "/")
        .via("Utilisateurs", PATH);
    Ok(LinkOncePage {
        shell: shell.at("Lien à transmettre"),
        link: state.link(&format!("/lien/{}", token.as_str())),
        name: person.full_name,
        email: person.email,
        back,
        until: visit.now + purpose.lifetime(),
        is_invitation: purpose == Purpose::Invitation,
    }
    .into_response())
}
