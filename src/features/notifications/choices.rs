//! What one wants to be told, and the digest as it would leave now.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc, Weekday};
use sqlx::PgConnection;

use super::forms::{self, ChoicesForm};
use super::people::Reader;
use super::queries::{self, Choices};
use super::{digest, schedule};
use crate::auth::Permission;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::letter::Preview;
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Result, Submitted, Tx, Visit};

/// Path of the page.
pub const PATH: &str = "/compte/courriels";

#[derive(Template, WebTemplate)]
#[template(path = "notifications/choices.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent offers, each by its right"
)]
struct ChoicesPage {
    shell: Shell,
    form: ChoicesForm,
    errors: FormErrors,
    days: Vec<Choice>,
    email: String,
    /// When the next digest leaves, as things are kept.
    next: Option<DateTime<Utc>>,
    offers_assigned: bool,
    offers_level: bool,
    offers_action: bool,
    calendar_since: Option<DateTime<Utc>>,
    has_mail: bool,
}

fn offers(visit: &Visit) -> (bool, bool, bool) {
    (
        visit.may(Permission::HandleAlerts),
        visit.may(Permission::ViewRisk),
        visit.may(Permission::ViewPlans),
    )
}

async fn page(
    conn: &mut PgConnection,
    state: &AppState,
    visit: &Visit,
    known: &Choices,
    (form, errors): (ChoicesForm, FormErrors),
) -> Result<ChoicesPage> {
    let title = "Mes courriels et mon agenda";
    let mut shell = visit
        .shell(title)
        .via("Accueil", "/")
        .via("Mon compte", "/compte")
        .at(title);
    shell.has_errors = !errors.is_empty();
    let (offers_assigned, offers_level, offers_action) = offers(visit);
    let weekday = known
        .digest_day
        .and_then(|day| Weekday::try_from(u8::try_from(day - 1).ok()?).ok());
    Ok(ChoicesPage {
        shell,
        form,
        errors,
        days: forms::days(),
        email: visit.user.email.clone(),
        next: weekday.map(|day| schedule::next(visit.now, day).at),
        offers_assigned,
        offers_level,
        offers_action,
        calendar_since: queries::calendar_since(conn, visit.user.id).await?,
        has_mail: state.mailer.is_enabled(),
    })
}

/// `GET /compte/courriels`
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
) -> Result<impl IntoResponse> {
    let known = queries::choices(&mut db, visit.user.id).await?;
    let shown = (ChoicesForm::of(&known), FormErrors::default());
    page(&mut db, &state, &visit, &known, shown).await
}

/// `POST /compte/courriels`
pub async fn update(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<ChoicesForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let known = queries::choices(&mut tx, visit.user.id).await?;
    let mut form = submitted.form.clone();
    if submitted.is_resumed {
        let shown = (form, submitted.first_errors());
        let page = page(&mut tx, &state, &visit, &known, shown).await?;
        return Ok(page.into_response());
    }
    let new = match form.parse(&known, offers(&visit)) {
        Ok(new) => new,
        Err(errors) => {
            let page = page(&mut tx, &state, &visit, &known, (form, errors)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if new.version != known.version || !queries::choose(&mut tx, visit.user.id, &new).await? {
        let known = queries::choices(&mut tx, visit.user.id).await?;
        form.version = known.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(
            "Vos choix ont changé pendant votre saisie, dans une autre fenêtre ou depuis un courriel. Vérifiez \
             ceux-ci, puis enregistrez.",
        );
        let page = page(&mut tx, &state, &visit, &known, (form, errors)).await?;
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    tx.finish(submitted.key, PATH, "Vos choix sont enregistrés.")
        .await
}

#[derive(Template, WebTemplate)]
#[template(path = "notifications/preview.html")]
struct PreviewPage {
    shell: Shell,
    preview: Option<Preview>,
}

/// `GET /compte/courriels/apercu`
pub async fn preview(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
) -> Result<impl IntoResponse> {
    let user = &visit.user;
    let reader = Reader {
        id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: user.role,
        territories: user.territories.clone(),
    };
    let letter = digest::of(&mut db, &reader, visit.now, &|path| state.link(path)).await?;
    let title = "Votre résumé de la semaine";
    Ok(PreviewPage {
        shell: visit
            .shell(title)
            .via("Accueil", "/")
            .via("Mon compte", "/compte")
            .via("Mes courriels et mon agenda", PATH)
            .at(title),
        preview: letter.map(|letter| {
            let recipients = vec![(user.name.clone(), user.email.clone())];
            Preview::of(&letter, recipients, &[])
        }),
    })
}
