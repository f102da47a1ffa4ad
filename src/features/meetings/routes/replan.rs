//! A meeting to come that changes: another date, another place, other people.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::log::erased_meanwhile;
use super::top::top_meeting;
use crate::features::meetings::planning::PlanForm;
use crate::features::meetings::queries::{Meeting, invitations, people, top};
use crate::features::meetings::views::top::PlanPage;
use crate::web::{Error, Result, Submitted, Tx, Visit};

/// Only what is to come is planned again.
fn planned(meeting: &Meeting) -> Result<()> {
    if meeting.status == "planned" {
        return Ok(());
    }
    Err(Error::Conflict(
        "Ce rendez-vous a déjà eu lieu ou a été annulé\u{a0}: sa date ne change plus.".to_owned(),
    ))
}

/// The form.
pub async fn form(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<PlanPage> {
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    planned(&meeting)?;
    let contacts = people::contacts(&mut tx, &meeting.siren).await?;
    let form = PlanForm::of(&meeting);
    Ok(PlanPage::known(&visit, &meeting, contacts, form))
}

/// Changes it.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<PlanForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let contacts = people::contacts(&mut tx, &meeting.siren).await?;
    let chosen = contacts
        .iter()
        .find(|contact| contact.id.to_string() == submitted.form.contact)
        .map(|contact| contact.full_name.clone());
    let page = PlanPage::known(&visit, &meeting, contacts, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    planned(&meeting)?;
    let new = match submitted.form.parse(visit.now) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    // Who was to be there stays, even gone or erased since.
    if let Some(contact) = new.contact.filter(|id| !meeting.has_contact(*id))
        && people::known(&mut tx, &meeting.siren, &[contact]).await? == 0
    {
        return Ok(page.refused(StatusCode::CONFLICT, erased_meanwhile()));
    }
    let changed = new.changes(&meeting, chosen.as_deref());
    let seen = (meeting.id, submitted.form.version());
    if !top::replan(&mut tx, seen, &new, &changed).await? {
        let theirs = top_meeting(&mut tx, &visit, &id).await?;
        planned(&theirs)?;
        return Ok(page.overtaken(theirs));
    }
    for change in changed.into_iter().filter(|change| change.is_someone_else) {
        invitations::set_aside(&mut tx, meeting.id, change.side).await?;
    }
    let now = top_meeting(&mut tx, &visit, &id).await?;
    let invited = invitations::of(&mut tx, meeting.id).await?;
    let path = format!("/rencontres/{}", meeting.id);
    if now.sequence == meeting.sequence || invited.is_empty() {
        return tx
            .finish(submitted.key, &path, "Rendez-vous enregistré.")
            .await;
    }
    let message = "Rendez-vous enregistré. Les personnes invitées ne le savent pas encore\u{a0}: prévenez-les.";
    tx.finish(submitted.key, &format!("{path}#invitation"), message)
        .await
}
