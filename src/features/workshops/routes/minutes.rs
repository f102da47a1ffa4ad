//! Minutes: reviewed, read as a mail, sent once to those who came.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono_tz::Europe::Paris;
use sqlx::PgConnection;

use super::{NOTHING_DONE, alive, workshop};
use crate::features::workshops::forms::{self, MinutesForm, SendForm};
use crate::features::workshops::queries::guests::{self, Guest};
use crate::features::workshops::queries::{self, Seen, Workshop, agenda, decisions, minutes, room};
use crate::features::workshops::views::minutes::{Minutes, MinutesPage};
use crate::features::workshops::views::prepare::SendPage;
use crate::features::workshops::views::{below, may_run, path_of};
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing};
use crate::web::filters::{agree, long_date, long_instant};
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit};

/// The minutes and the guests. Confidential entries are not even read.
async fn build(
    conn: &mut PgConnection,
    visit: &Visit,
    known: &Workshop,
) -> Result<(Minutes, Vec<Guest>)> {
    let rows = agenda::agenda(conn, visit.scope(), known.id, false).await?;
    let entries = room::entries(conn, known.id, None, false).await?;
    let of = decisions::Wanted {
        workshop_id: Some(known.id),
        ..decisions::Wanted::default()
    };
    let taken = decisions::decisions(conn, Seen::by(visit), &of).await?;
    let guests = guests::guests(conn, known.id).await?;
    let minutes = Minutes::new(known, &rows, &entries, &taken, &guests);
    Ok((minutes, guests))
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    known: &Workshop,
    form: MinutesForm,
) -> Result<MinutesPage> {
    let (minutes, guests) = build(conn, visit, known).await?;
    let sent = minutes::last(conn, known.id).await?.map(|sent| {
        format!(
            "Envoyé le {} à {}\u{a0}{}.",
            long_instant(sent.at),
            sent.recipients,
            agree(sent.recipients.into(), "personne", "personnes")
        )
    });
    Ok(MinutesPage {
        shell: below(visit, known, "Compte rendu"),
        path: path_of(known),
        minutes,
        people: present(&guests).map(told_name).collect(),
        sent,
        may_run: may_run(visit),
        form,
        errors: FormErrors::default(),
        theirs: None,
    })
}

fn present(guests: &[Guest]) -> impl Iterator<Item = &Guest> {
    guests.iter().filter(|guest| guest.attended == Some(true))
}

fn told_name(guest: &Guest) -> String {
    let name = if guest.answer == "replaced" {
        &guest.replacement_name
    } else {
        &guest.person_name
    };
    if name.is_empty() {
        guest.organisation.clone()
    } else {
        format!("{name}, {}", guest.organisation)
    }
}

/// The minutes.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<MinutesPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    let form = MinutesForm::of(&known);
    page(&visit, &mut db, &known, form).await
}

/// Writes what the council adds.
pub async fn review(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<MinutesForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let page = page(&visit, &mut tx, &known, submitted.form.clone()).await?;
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let (intro, remarks) = match submitted.form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let version = forms::version(&submitted.form.version);
    if !minutes::review(&mut tx, known.id, version, (&intro, &remarks)).await? {
        let change = queries::last_change(&mut tx, "workshops", known.id).await?;
        let now = workshop(&mut tx, &visit, &id).await?;
        return Ok(page.overtaken(MinutesForm::of(&now), change));
    }
    let location = format!("{}/compte-rendu", path_of(&known));
    tx.finish(submitted.key, &location, "Compte rendu enregistré.")
        .await
}

fn subject(known: &Workshop, is_again: bool) -> String {
    let day = long_date(known.held_at.with_timezone(&Paris).date_naive());
    if is_again {
        format!("Compte rendu corrigé de l’atelier du {day}")
    } else {
        format!("Compte rendu de l’atelier du {day}")
    }
}

fn send_page(
    (state, visit): (&AppState, &Visit),
    known: &Workshop,
    minutes: &Minutes,
    guests: &[Guest],
    is_again: bool,
) -> SendPage {
    let path = path_of(known);
    let reached: Vec<&Guest> = present(guests)
        .filter(|guest| !guest.person_email.is_empty())
        .collect();
    let preview = reached.first().map(|first| {
        let link = state.link(&format!("{path}/compte-rendu"));
        let letter = minutes.letter(subject(known, is_again), &first.person_name, link);
        let recipients = reached
            .iter()
            .map(|guest| (guest.name().to_owned(), guest.person_email.clone()))
            .collect();
        Preview::of(&letter, recipients, &[])
    });
    SendPage {
        shell: below(visit, known, "Envoyer le compte rendu"),
        action: format!("{path}/compte-rendu/envoyer"),
        back: format!("{path}/compte-rendu"),
        recipients: reached.iter().map(|guest| guest.id).collect(),
        preview,
        unreachable: present(guests)
            .filter(|guest| guest.person_email.is_empty())
            .map(told_name)
            .collect(),
        version: known.version,
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
    let known = workshop(&mut db, &visit, &id).await?;
    let (minutes, guests) = build(&mut db, &visit, &known).await?;
    let is_again = known.sent_at.is_some();
    Ok(send_page(
        (&state, &visit),
        &known,
        &minutes,
        &guests,
        is_again,
    ))
}

/// Sends the minutes to those who came; the same minutes once.
pub async fn carry_out(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<SendForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let back = format!("{}/compte-rendu", path_of(&known));
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    minutes::hold(&mut tx, known.id).await?;
    let known = workshop(&mut tx, &visit, &id).await?;
    let (text, guests) = build(&mut tx, &visit, &known).await?;
    let last = minutes::last(&mut tx, known.id).await?;
    let content = serde_json::to_value(&text).map_err(Error::internal)?;
    let page = send_page((&state, &visit), &known, &text, &guests, last.is_some());
    let refusal = if last.as_ref().is_some_and(|sent| sent.content == content) {
        Some(
            "Ce compte rendu est déjà parti et n’a pas changé depuis\u{a0}: il ne part pas deux fois.",
        )
    } else if forms::version(&submitted.form.version) != known.version
        || page.recipients != submitted.form.destinataires
    {
        Some(
            "Rien n’est parti\u{a0}: le compte rendu ou les présents ont changé depuis votre lecture. Relisez-le.",
        )
    } else if page.recipients.is_empty() {
        Some("Notez d’abord qui était présent.")
    } else {
        None
    };
    if let Some(words) = refusal {
        let mut errors = FormErrors::new();
        errors.add_general(words);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let count = i32::try_from(page.recipients.len()).unwrap_or(i32::MAX);
    for guest in present(&guests).filter(|guest| !guest.person_email.is_empty()) {
        send(
            &mut tx,
            (&state, &visit),
            &known,
            &text,
            guest,
            last.is_some(),
        )
        .await?;
    }
    let number = last.map_or(1, |sent| sent.number + 1);
    let (by, now) = (visit.user.id, visit.now);
    minutes::keep(&mut tx, known.id, (number, &content), (by, count), now).await?;
    let words = agree(count.into(), "courriel part", "courriels partent");
    tx.finish(submitted.key, &back, &format!("{count}\u{a0}{words}."))
        .await
}

async fn send(
    tx: &mut Tx,
    (state, visit): (&AppState, &Visit),
    known: &Workshop,
    minutes: &Minutes,
    guest: &Guest,
    is_again: bool,
) -> Result<()> {
    let link = state.link(&format!("{}/compte-rendu", path_of(known)));
    let letter = minutes.letter(subject(known, is_again), &guest.person_name, link);
    let mail = letter.to(&guest.person_email).map_err(Error::internal)?;
    let outgoing = Outgoing {
        kind: "minutes",
        mail,
        user_id: guest.user_id,
        confidentiality: Confidentiality::Reserved,
        related: Some(format!("{}/compte-rendu", path_of(known))),
        unsubscribe_hash: None,
        answer_link: None,
    };
    outbox::enqueue(tx, &state.mailer, &outgoing, visit.now).await?;
    Ok(())
}
