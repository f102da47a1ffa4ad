//! What those invited to a meeting at the highest level are told when it moves or is called off: read
//! first, then sent to those whom the page showed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::send::post;
use super::top::top_meeting;
use crate::features::meetings::invitation::{self, Recipient, What};
use crate::features::meetings::queries::Meeting;
use crate::features::meetings::queries::invitations::{self, Invited};
use crate::features::meetings::views::send::SendPage;
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::sending::{SendingForm, SendingPage, departure};
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

fn what(path: &str) -> Result<What> {
    match path {
        "changement" => Ok(What::Change),
        "annulation" => Ok(What::Cancellation),
        _ => Err(Error::NotFound),
    }
}

fn recipient(one: &Invited) -> Recipient<'_> {
    Recipient {
        name: &one.name,
        address: &one.address,
        is_removed: one.is_removed,
    }
}

fn page(
    (state, visit): (&AppState, &Visit),
    what: What,
    meeting: &Meeting,
    invited: &[Invited],
) -> SendingPage {
    let due: Vec<&Invited> = what.due(meeting, invited, visit.now).collect();
    let preview = due.first().map(|first| {
        let to = recipient(first);
        let files: Vec<_> = invitation::calendar(what, meeting, to, visit.now)
            .into_iter()
            .collect();
        let recipients = due
            .iter()
            .map(|one| (one.name.clone(), one.address.clone()))
            .collect();
        Preview::of(&invitation::letter(what, meeting, to), recipients, &files)
    });
    let back = format!("/rencontres/{}", meeting.id);
    SendingPage {
        shell: SendPage::shell(visit, meeting, what.title()),
        action: format!("{back}/prevenir/{}", what.path()),
        back,
        preview,
        recipients: due.iter().map(|one| one.id).collect(),
        unreachable: Vec::new(),
        version: meeting.version,
        digest: String::new(),
        is_kept: !state.mailer.is_enabled(),
        warning: None,
        errors: FormErrors::default(),
    }
}

/// The mail, before it leaves.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path((id, path)): Path<(String, String)>,
) -> Result<SendingPage> {
    let what = what(&path)?;
    let meeting = top_meeting(&mut db, &visit, &id).await?;
    let invited = invitations::of(&mut db, meeting.id).await?;
    Ok(page((&state, &visit), what, &meeting, &invited))
}

/// Sends it to those whom the page showed, if they are still to get it.
pub async fn carry_out(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path((id, path)): Path<(String, String)>,
    submitted: Submitted<SendingForm>,
) -> Result<Response> {
    let what = what(&path)?;
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    if submitted.is_resumed {
        let invited = invitations::of(&mut tx, meeting.id).await?;
        let page = page((&state, &visit), what, &meeting, &invited);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    invitations::hold(&mut tx, meeting.id).await?;
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let invited = invitations::of(&mut tx, meeting.id).await?;
    let due: Vec<&Invited> = what
        .due(&meeting, &invited, visit.now)
        .filter(|one| submitted.form.destinataires.contains(&one.id))
        .collect();
    if let Some(why) = overtaken(&submitted.form, &due, &meeting) {
        let mut errors = FormErrors::new();
        errors.add_general(why);
        let page = page((&state, &visit), what, &meeting, &invited);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    for one in &due {
        let mail_id = post(&mut tx, (&state, &visit), what, &meeting, recipient(one)).await?;
        let is_off = what == What::Cancellation;
        let told = (one.id, meeting.sequence, mail_id, is_off);
        invitations::tell(&mut tx, told, visit.now).await?;
    }
    let location = format!("/rencontres/{}#invitation", meeting.id);
    let message = departure(due.len(), state.mailer.is_enabled());
    tx.finish(submitted.key, &location, &message).await
}

/// Why nothing may leave any more.
fn overtaken(form: &SendingForm, due: &[&Invited], meeting: &Meeting) -> Option<&'static str> {
    if due.is_empty() {
        return Some(
            "Rien n’est parti\u{a0}: ces personnes ont déjà reçu ce courriel, ou n’ont plus à le recevoir.",
        );
    }
    (form.version.trim() != meeting.version.to_string()).then_some(
        "Rien n’est parti\u{a0}: le rendez-vous a changé depuis que vous avez lu ce courriel. Relisez-le.",
    )
}
