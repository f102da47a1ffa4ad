//! Changing a meeting; two people at once lose nothing.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::log::{erased_meanwhile, has_strangers};
use super::{leave_a_trace, own_meeting};
use crate::features::meetings::forms::LogForm;
use crate::features::meetings::queries::{self, Meeting, Reader, log, people};
use crate::features::meetings::views::log::{LogPage, Theirs};
use crate::web::{Error, Result, Submitted, Tx, Visit};

/// The confidential part, with a trace when there is one.
async fn open(tx: &mut Tx, visit: &Visit, meeting: &Meeting) -> Result<Option<String>> {
    let text = queries::confidential(tx, Reader::of(visit), meeting.id).await?;
    if text.as_deref().is_some_and(|text| !text.is_empty()) {
        leave_a_trace(tx, visit, meeting).await?;
    }
    Ok(text)
}

/// The notes of a meeting that took place: one to come is planned again instead.
fn held(meeting: &Meeting) -> Result<()> {
    if meeting.status == "held" {
        return Ok(());
    }
    Err(Error::Conflict(
        "Ce rendez-vous n’a pas eu lieu\u{a0}: depuis sa page, changez sa date ou écrivez l’entretien.".to_owned(),
    ))
}

/// The form.
pub async fn form(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<LogPage> {
    let meeting = own_meeting(&mut tx, &visit, &id).await?;
    held(&meeting)?;
    let text = open(&mut tx, &visit, &meeting).await?;
    let contacts = people::contacts(&mut tx, &meeting.siren).await?;
    tx.commit().await?;
    let form = LogForm::of(&meeting, text);
    Ok(LogPage::known(&visit, &meeting, contacts, form))
}

/// Changes a meeting.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<LogForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let meeting = own_meeting(&mut tx, &visit, &id).await?;
    let contacts = people::contacts(&mut tx, &meeting.siren).await?;
    let form = submitted.form.clone();
    let page = LogPage::known(&visit, &meeting, contacts, form);
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    held(&meeting)?;
    let (company, is_top_level) = (meeting.of_company(), meeting.is_top_level());
    let new = match submitted.form.parse(&company, is_top_level, visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    // Who was there stays, even gone or erased since.
    let added: Vec<Uuid> = new
        .contacts
        .iter()
        .copied()
        .filter(|id| {
            !meeting
                .people
                .iter()
                .any(|person| person.contact_id == Some(*id))
        })
        .collect();
    if has_strangers(&mut tx, &meeting.siren, &added).await? {
        return Ok(page.refused(StatusCode::CONFLICT, erased_meanwhile()));
    }
    let twin = log::twin(&mut tx, &meeting.siren, &new, meeting.author_id).await?;
    if twin.is_some_and(|twin| twin != meeting.id) {
        return Ok(page.known_already(twin));
    }
    let seen = (meeting.id, submitted.form.version());
    if !log::update(&mut tx, seen, &new).await? {
        let theirs = own_meeting(&mut tx, &visit, &id).await?;
        let confidential = open(&mut tx, &visit, &theirs).await?;
        tx.commit().await?;
        return Ok(page.overtaken(Theirs {
            meeting: theirs,
            confidential,
        }));
    }
    // What is no longer shared is not read in its signals either.
    let motive = log::Words::of(&new).motive();
    log::reword_signals(&mut tx, meeting.id, &motive).await?;
    let location = format!("/rencontres/{}", meeting.id);
    tx.finish(submitted.key, &location, "Rencontre enregistrée.")
        .await
}
