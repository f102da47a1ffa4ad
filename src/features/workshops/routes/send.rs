//! What is sent to guests: read first, then sent to those whom the page showed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::workshop;
use crate::auth::token::Token;
use crate::features::workshops::forms;
use crate::features::workshops::letters::{self, What};
use crate::features::workshops::queries::answers;
use crate::features::workshops::queries::guests::{self, Guest, Told};
use crate::features::workshops::queries::{Workshop, minutes};
use crate::features::workshops::views::{below, path_of};
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing};
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::sending::{SendingForm, SendingPage, departure};
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

/// What stands for the secret in the preview.
const HIDDEN: &str = "/invitation/(propre à chaque invité)";

const EMPTY_AGENDA: &str = "L’ordre du jour est vide\u{a0}: choisissez d’abord les entreprises, ou invitez sans elles si c’est voulu.";

fn page(
    (state, visit): (&AppState, &Visit),
    what: What,
    workshop: &Workshop,
    guests: &[Guest],
) -> SendingPage {
    let due: Vec<&Guest> = guests
        .iter()
        .filter(|guest| what.is_due(workshop, guest, visit.now))
        .collect();
    let preview = due.first().map(|first| {
        let letter = letters::letter(what, workshop, first, &state.link(HIDDEN));
        let files: Vec<_> = letters::calendar(what, workshop, first, visit.now)
            .into_iter()
            .collect();
        let recipients = due
            .iter()
            .map(|guest| (guest.name().to_owned(), guest.person_email.clone()))
            .collect();
        Preview::of(&letter, recipients, &files)
    });
    let path = path_of(workshop);
    SendingPage {
        shell: below(visit, workshop, what.title()),
        action: format!("{path}/envoyer/{}", what.path()),
        back: format!("{path}/invites"),
        recipients: due.iter().map(|guest| guest.id).collect(),
        preview,
        unreachable: guests
            .iter()
            .filter(|guest| guest.person_email.is_empty())
            .map(|guest| guest.name().to_owned())
            .collect(),
        version: workshop.version,
        digest: String::new(),
        is_kept: !state.mailer.is_enabled(),
        warning: (what == What::Invitation && workshop.counts().companies == 0)
            .then_some(EMPTY_AGENDA),
        errors: FormErrors::default(),
    }
}

/// The mail, before it leaves.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path((id, what)): Path<(String, String)>,
) -> Result<SendingPage> {
    let what = What::from_path(&what).ok_or(Error::NotFound)?;
    let known = workshop(&mut db, &visit, &id).await?;
    let guests = guests::guests(&mut db, known.id).await?;
    Ok(page((&state, &visit), what, &known, &guests))
}

/// Sends it to those whom the page showed, if they are still to get it.
pub async fn carry_out(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path((id, what)): Path<(String, String)>,
    submitted: Submitted<SendingForm>,
) -> Result<Response> {
    let what = What::from_path(&what).ok_or(Error::NotFound)?;
    let known = workshop(&mut tx, &visit, &id).await?;
    if submitted.is_resumed {
        let guests = guests::guests(&mut tx, known.id).await?;
        let page = page((&state, &visit), what, &known, &guests);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    // Two people who send at once: the second finds nobody left.
    minutes::hold(&mut tx, known.id).await?;
    let known = workshop(&mut tx, &visit, &id).await?;
    let guests = guests::guests(&mut tx, known.id).await?;
    let due: Vec<&Guest> = guests
        .iter()
        .filter(|guest| submitted.form.destinataires.contains(&guest.id))
        .filter(|guest| what.is_due(&known, guest, visit.now))
        .collect();
    if due.is_empty() || forms::version(&submitted.form.version) != known.version {
        let mut errors = FormErrors::new();
        errors.add_general(if due.is_empty() {
            "Rien n’est parti\u{a0}: ces invités ont déjà reçu ce courriel, ou n’ont plus à le recevoir."
        } else {
            "Rien n’est parti\u{a0}: l’atelier a changé depuis que vous avez lu ce courriel. Relisez-le."
        });
        let page = page((&state, &visit), what, &known, &guests);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    for guest in &due {
        send(&mut tx, (&state, &visit), what, &known, guest).await?;
    }
    let message = departure(due.len(), state.mailer.is_enabled());
    let location = format!("{}/invites", path_of(&known));
    tx.finish(submitted.key, &location, &message).await
}

async fn send(
    tx: &mut Tx,
    (state, visit): (&AppState, &Visit),
    what: What,
    workshop: &Workshop,
    guest: &Guest,
) -> Result<()> {
    let token = Token::random();
    answers::link(tx, &token.hash(), guest.id, visit.now).await?;
    let link = state.link(&format!("/invitation/{}", token.as_str()));
    let letter = letters::letter(what, workshop, guest, &link);
    let mut mail = letter.to(&guest.person_email).map_err(Error::internal)?;
    mail.attachments
        .extend(letters::calendar(what, workshop, guest, visit.now));
    let answer_link = mail.text.contains(&link).then_some(link);
    let outgoing = Outgoing {
        kind: "workshop",
        mail,
        user_id: guest.user_id,
        confidentiality: Confidentiality::Reserved,
        related: Some(path_of(workshop)),
        unsubscribe_hash: None,
        answer_link,
        serves_until: (what != What::Cancellation).then_some(workshop.held_at),
    };
    let mail_id = outbox::enqueue(tx, &state.mailer, &outgoing, visit.now).await?;
    let told = Told {
        guest_id: guest.id,
        mail_id,
        sequence: workshop.sequence,
        email: &guest.person_email,
        is_reminder: what == What::Reminder,
    };
    guests::tell(tx, told, visit.now).await?;
    Ok(())
}
