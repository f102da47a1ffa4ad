//! The mail that invites to a meeting at the highest level: read first, then sent.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::top::top_meeting;
use crate::features::meetings::invitation::{self, Recipient, What};
use crate::features::meetings::inviting::InviteForm;
use crate::features::meetings::queries::Meeting;
use crate::features::meetings::queries::invitations::{self, Candidate, Invited, Told};
use crate::features::meetings::views::send::SendPage;
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing};
use crate::web::filters::agree;
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

/// Who is to be invited now: nobody was yet, or the mail bounced.
struct Guests {
    due: Vec<Candidate>,
    invited: Vec<Invited>,
}

async fn guests(conn: &mut sqlx::PgConnection, visit: &Visit, meeting: &Meeting) -> Result<Guests> {
    let (due, invited): (_, Vec<Invited>) = (
        invitations::candidates(conn, meeting.id).await?,
        invitations::of(conn, meeting.id).await?,
    );
    let is_open = meeting.is_to_come(visit.now);
    let is_due = |one: &Candidate| {
        let known = invited.iter().find(|known| known.is_of(&one.side));
        is_open && known.is_none_or(Invited::is_unreached)
    };
    Ok(Guests {
        due: due.into_iter().filter(is_due).collect(),
        invited,
    })
}

fn page(
    (state, visit): (&AppState, &Visit),
    meeting: &Meeting,
    guests: Guests,
    form: InviteForm,
) -> SendPage {
    let preview = guests.due.first().map(|first| {
        let to = Recipient {
            name: &first.name,
            address: form.typed(&first.side).trim(),
            is_removed: false,
        };
        let letter = invitation::letter(What::Invitation, meeting, to);
        let files: Vec<_> = invitation::calendar(What::Invitation, meeting, to, visit.now)
            .into_iter()
            .collect();
        // The addresses are the fields above.
        Preview::of(&letter, Vec::new(), &files)
    });
    SendPage {
        shell: SendPage::shell(visit, meeting, What::Invitation.title()),
        back: format!("/rencontres/{}", meeting.id),
        preview,
        due: guests.due,
        invited: guests.invited,
        form,
        is_kept: !state.mailer.is_enabled(),
        errors: FormErrors::default(),
    }
}

/// The mail, before it leaves.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<SendPage> {
    let meeting = top_meeting(&mut db, &visit, &id).await?;
    let guests = guests(&mut db, &visit, &meeting).await?;
    let form = InviteForm::of(&guests.due, &guests.invited, meeting.version);
    Ok(page((&state, &visit), &meeting, guests, form))
}

/// Sends it to the addresses of the page.
pub async fn carry_out(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<InviteForm>,
) -> Result<Response> {
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let guests = guests(&mut tx, &visit, &meeting).await?;
        let page = page((&state, &visit), &meeting, guests, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    invitations::hold(&mut tx, meeting.id).await?;
    let meeting = top_meeting(&mut tx, &visit, &id).await?;
    let guests = guests(&mut tx, &visit, &meeting).await?;
    if let Some(why) = overtaken(&form, &guests, &meeting) {
        let mut errors = FormErrors::new();
        errors.add_general(why);
        let form = InviteForm {
            version: meeting.version.to_string(),
            ..form
        };
        let page = page((&state, &visit), &meeting, guests, form);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let to = match form.parse(&guests.due, &guests.invited) {
        Ok(to) => to,
        Err(errors) => {
            let page = page((&state, &visit), &meeting, guests, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    for (candidate, address) in &to {
        send(&mut tx, (&state, &visit), &meeting, (candidate, address)).await?;
    }
    let count = i64::try_from(to.len()).unwrap_or(i64::MAX);
    let words = if state.mailer.is_enabled() {
        agree(count, "invitation part", "invitations partent")
    } else {
        agree(
            count,
            "invitation est gardée, sans serveur de courriel",
            "invitations sont gardées, sans serveur de courriel",
        )
    };
    let location = format!("/rencontres/{}#invitation", meeting.id);
    let message = format!("{count}\u{a0}{words}.");
    tx.finish(submitted.key, &location, &message).await
}

/// Why nothing may leave any more.
fn overtaken(form: &InviteForm, guests: &Guests, meeting: &Meeting) -> Option<&'static str> {
    if guests.due.is_empty() {
        return Some(
            "Rien n’est parti\u{a0}: ces personnes ont déjà reçu cette invitation, ou le rendez-vous n’est plus à venir.",
        );
    }
    (form.version() != meeting.version).then_some(
        "Rien n’est parti\u{a0}: le rendez-vous a changé depuis que vous avez lu ce courriel. Relisez-le.",
    )
}

async fn send(
    tx: &mut Tx,
    (state, visit): (&AppState, &Visit),
    meeting: &Meeting,
    (candidate, address): (&Candidate, &str),
) -> Result<()> {
    let to = Recipient {
        name: &candidate.name,
        address,
        is_removed: false,
    };
    let mail_id = post(tx, (state, visit), What::Invitation, meeting, to).await?;
    let told = Told {
        to: candidate,
        address,
        mail_id,
        sequence: meeting.sequence,
    };
    Ok(invitations::invite(tx, meeting.id, told, visit.now).await?)
}

/// Writes a mail about the meeting in the outbox; gives its key.
pub async fn post(
    tx: &mut Tx,
    (state, visit): (&AppState, &Visit),
    what: What,
    meeting: &Meeting,
    to: Recipient<'_>,
) -> Result<Uuid> {
    let letter = invitation::letter(what, meeting, to);
    let mut mail = letter.to(to.address).map_err(Error::internal)?;
    mail.attachments
        .extend(invitation::calendar(what, meeting, to, visit.now));
    let outgoing = Outgoing {
        kind: "meeting",
        mail,
        user_id: None,
        confidentiality: Confidentiality::Reserved,
        related: Some(format!("/rencontres/{}", meeting.id)),
        unsubscribe_hash: None,
        answer_link: None,
        serves_until: meeting
            .planned_at
            .filter(|_| what != What::Cancellation && meeting.status == "planned"),
    };
    Ok(outbox::enqueue(tx, &state.mailer, &outgoing, visit.now).await?)
}
