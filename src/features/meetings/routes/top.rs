//! Planning a meeting at the highest level, calling it off, preparing it on one page.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::log::{NoField, erased_meanwhile};
use super::{author, company, meeting};
use crate::auth::Permission::ViewRisk;
use crate::auth::audit::{self, Act};
use crate::domain::text::paragraphs;
use crate::features::companies::queries::page;
use crate::features::companies::views::show::headcount_in_words;
use crate::features::facts;
use crate::features::meetings::forms::LONGEST_TEXT;
use crate::features::meetings::model::Kind;
use crate::features::meetings::planning::PlanForm;
use crate::features::meetings::preparation;
use crate::features::meetings::queries::list;
use crate::features::meetings::queries::{Meeting, Reader, invitations, needs, people, top};
use crate::features::meetings::views::top::{PlanPage, PreparationPage, Prepared};
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::FormErrors;
use crate::web::{AppState, Error, Result, Submitted, Tx, Visit, download};

/// The form.
pub async fn new(visit: Visit, mut tx: Tx, Path(siren): Path<String>) -> Result<PlanPage> {
    let company = company(&mut tx, &visit, &siren).await?;
    let contacts = people::contacts(&mut tx, &company.siren).await?;
    Ok(PlanPage::new(
        &visit,
        &company,
        contacts,
        PlanForm::default(),
    ))
}

/// Plans a meeting.
pub async fn plan(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<PlanForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let contacts = people::contacts(&mut tx, &company.siren).await?;
    let page = PlanPage::new(&visit, &company, contacts, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(visit.now) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    if let Some(contact) = new.contact
        && people::known(&mut tx, &company.siren, &[contact]).await? == 0
    {
        return Ok(page.refused(StatusCode::CONFLICT, erased_meanwhile()));
    }
    let id = top::plan(&mut tx, &company.siren, &new, author(&visit), visit.now).await?;
    let message = "Rendez-vous prévu. Personne n’a encore reçu d’invitation.";
    tx.finish(submitted.key, &format!("/rencontres/{id}"), message)
        .await
}

/// The meeting at the highest level of that address.
pub async fn top_meeting(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    id: &str,
) -> Result<Meeting> {
    let meeting = meeting(conn, visit, id).await?;
    if meeting.kind == Kind::TopLevel.code() {
        Ok(meeting)
    } else {
        Err(Error::NotFound)
    }
}

/// Calls a meeting off.
pub async fn cancel(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let location = format!("/rencontres/{}", meeting.id);
    if submitted.is_resumed {
        let nothing = "Votre session avait expiré\u{a0}: rien n’a été fait.";
        return tx.finish(None, &location, nothing).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !top::cancel(&mut tx, meeting.id).await? {
        return Err(Error::Conflict(
            "Ce rendez-vous a déjà eu lieu ou a déjà été annulé.".to_owned(),
        ));
    }
    let invited = invitations::of(&mut tx, meeting.id).await?;
    if invited.is_empty() {
        let message = "Rendez-vous annulé.";
        return tx.finish(submitted.key, &location, message).await;
    }
    let message =
        "Rendez-vous annulé. Les personnes invitées ne le savent pas encore\u{a0}: prévenez-les.";
    tx.finish(submitted.key, &format!("{location}#invitation"), message)
        .await
}

async fn prepared(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    meeting: Meeting,
) -> Result<Prepared> {
    let siren = meeting.siren.clone();
    let company = page::detail(conn, visit.scope(), &siren, visit.may(ViewRisk))
        .await?
        .ok_or(Error::NotFound)?;
    let accounts = facts::queries::facts(conn, &siren, Some("accounts"), (5, 0)).await?;
    let needs = needs::needs(conn, &siren).await?;
    let steps = top::pending(conn, &siren).await?;
    let contacts = people::contacts(conn, &siren).await?;
    let last = list::last_held(conn, Reader::of(visit), &siren, meeting.id).await?;
    let proposed = preparation::questions(
        company.risk.as_ref().map(|risk| &risk.0.explanation),
        &needs,
        &steps,
    );
    let headcounts = page::headcounts(conn, &siren, 1).await?;
    Ok(Prepared {
        headcount: headcount_in_words(headcounts.first(), &company),
        company,
        accounts: accounts.iter().map(facts::sentence::of).collect(),
        needs,
        steps,
        contacts,
        last,
        questions: meeting.questions.clone().unwrap_or(proposed),
        meeting,
    })
}

/// The note on one page.
pub async fn prepare(
    State(state): State<AppState>,
    visit: Visit,
    mut db: crate::web::Db,
    Path(id): Path<String>,
) -> Result<PreparationPage> {
    let meeting = top_meeting(&mut db, &visit, &id).await?;
    let prepared = prepared(&mut db, &visit, meeting).await?;
    let mut page = PreparationPage::new(&visit, prepared);
    page.has_pdf = state.pdf.is_available();
    Ok(page)
}

/// The note as a PDF. The trace first: one that is not received to its end was still made.
pub async fn print(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<Response> {
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let id = meeting.id.to_string();
    if !state.pdf.is_available() {
        let note = format!("/rencontres/{id}/preparation");
        return tx.finish(None, &note, download::NO_PDF).await;
    }
    let mut page = PreparationPage::new(&visit, prepared(&mut tx, &visit, meeting).await?);
    page.shell.title = format!(
        "Préparer le rendez-vous, {}",
        page.prepared.company.shown_name()
    );
    let company = page.prepared.company.shown_name();
    let label = format!("la note de préparation sur {company}");
    let act = Act {
        verb: "export",
        object: ("meetings", &id),
        label: &label,
        details: Some(json!({ "format": "pdf" })),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    let siren = &page.prepared.meeting.siren;
    let name = format!("preparation-{siren}-{}.pdf", visit.today);
    download::pdf(&state, &visit, &name, &page).await
}

/// What to ask, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct QuestionsForm {
    questions: String,
    version: String,
}

/// Keeps what to ask.
pub async fn ask(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<QuestionsForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let (known, id) = (meeting.questions.clone(), meeting.id);
    let questions = paragraphs(&submitted.form.questions);
    let mut errors = FormErrors::new();
    refuse_long(&mut errors, "questions", &questions, LONGEST_TEXT);
    let version = submitted.form.version.parse().unwrap_or(0);
    let mut page = PreparationPage::new(&visit, prepared(&mut tx, &visit, meeting).await?);
    page.prepared.questions.clone_from(&questions);
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if !errors.is_empty() {
        return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
    }
    if !top::set_questions(&mut tx, (id, version), &questions).await? {
        page.theirs = Some(known.unwrap_or_default());
        errors.add_general(
            "Cette rencontre a été modifiée pendant votre saisie. Comparez les questions, puis enregistrez les vôtres.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let location = format!("/rencontres/{id}/preparation");
    tx.finish(submitted.key, &location, "Questions enregistrées.")
        .await
}
