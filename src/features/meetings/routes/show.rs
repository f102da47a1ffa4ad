//! One meeting: what is shared, and the confidential part on a page of its own that leaves a trace.

use axum::extract::Path;
use axum::response::Response;
use uuid::Uuid;

use super::log::NoField;
use super::{leave_a_trace, meeting};
use crate::features::meetings::queries::{self, Reader};
use crate::features::meetings::views::show::{ConfidentialPage, MeetingPage};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The shared part.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<MeetingPage> {
    let meeting = meeting(&mut db, &visit, &id).await?;
    let steps = queries::steps(&mut db, meeting.id).await?;
    let flags = queries::flags(&mut db, meeting.id).await?;
    Ok(MeetingPage::new(&visit, meeting, steps, flags))
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
    leave_a_trace(&mut tx, &visit, &meeting).await?;
    tx.commit().await?;
    Ok(ConfidentialPage::new(&visit, meeting, text))
}

/// What was promised is done.
pub async fn finish_step(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let who = (id, visit.user.id);
    let (meeting, is_new) = queries::finish_step(&mut tx, Reader::of(&visit), who, visit.today)
        .await?
        .ok_or(Error::NotFound)?;
    let location = format!("/rencontres/{meeting}");
    if submitted.is_resumed {
        // Dropped: nothing is kept.
        drop(tx);
        return Err(Error::Conflict(
            "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si la suite est bien faite."
                .to_owned(),
        ));
    }
    let message = if is_new {
        "Suite faite."
    } else {
        "Cette suite était déjà faite."
    };
    tx.finish(submitted.key, &location, message).await
}
