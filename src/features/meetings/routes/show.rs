//! One meeting: what is shared, and the confidential part on a page of its own that leaves a trace.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use super::log::NoField;
use super::{leave_a_trace, meeting};
use crate::auth::Permission::ConductMeetings;
use crate::features::meetings::model::Kind;
use crate::features::meetings::queries::{self, Reader, invitations, needs, top};
use crate::features::meetings::views::show::{ConfidentialPage, MeetingPage};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The shared part.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<MeetingPage> {
    let meeting = meeting(&mut db, &visit, &id).await?;
    let steps = queries::steps(&mut db, meeting.id).await?;
    let is_top = meeting.kind == Kind::TopLevel.code();
    let id = meeting.id;
    let mut page = MeetingPage::new(&visit, meeting, steps);
    if is_top {
        page.tell(top::shared_answers(&mut db, id).await?);
    }
    if page.tells_invitations() {
        page.invited = invitations::of(&mut db, id).await?;
    }
    if is_top && visit.may(ConductMeetings) {
        page.needs = needs::noted(&mut db, (Some(id), None)).await?;
    }
    Ok(page)
}

/// The confidential part.
pub async fn confidential(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<ConfidentialPage> {
    let meeting = meeting(&mut tx, &visit, &id).await?;
    // For who may not read it, it does not exist.
    let text = queries::confidential(&mut tx, Reader::of(&visit), meeting.id)
        .await?
        .filter(|_| meeting.has_confidential)
        .ok_or(Error::NotFound)?;
    // The interview is conducted by the council, and so are its confidential parts.
    let answers = if visit.may(ConductMeetings) {
        top::answers(&mut tx, meeting.id).await?
    } else {
        Vec::new()
    };
    leave_a_trace(&mut tx, &visit, &meeting).await?;
    tx.commit().await?;
    let answers = answers
        .into_iter()
        .filter(|answer| !answer.confidential_text.is_empty())
        .map(|answer| (answer.theme, answer.confidential_text))
        .collect();
    Ok(ConfidentialPage::new(&visit, meeting, text, answers))
}

/// What was promised is done.
pub async fn finish_step(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let step = queries::step(&mut tx, Reader::of(&visit), (id, visit.user.id))
        .await?
        .ok_or(Error::NotFound)?;
    if step.owner_id != visit.user.id && !visit.may(ConductMeetings) {
        return Err(Error::Forbidden(ConductMeetings));
    }
    let location = format!("/rencontres/{}", step.meeting);
    if submitted.is_resumed {
        let nothing = "Votre session avait expiré\u{a0}: rien n’a été fait.";
        return tx.finish(None, &location, nothing).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let message = if queries::finish_step(&mut tx, id, visit.today).await? {
        "Suite faite."
    } else {
        "Cette suite était déjà faite."
    };
    tx.finish(submitted.key, &location, message).await
}
