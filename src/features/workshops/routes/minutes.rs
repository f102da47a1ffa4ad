//! Minutes: reviewed, read as a mail, sent once to those who came.

use std::fmt::Write as _;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{NOTHING_DONE, alive, begun, workshop};
use crate::auth::audit::{self, Act};
use crate::domain::text::hex;
use crate::features::workshops::delivery;
use crate::features::workshops::forms::{self, MinutesForm};
use crate::features::workshops::queries::guests::{Guest, settle};
use crate::features::workshops::queries::{self, Seen, Workshop, minutes};
use crate::features::workshops::views::minutes::{Document, Minutes, MinutesPage, Right};
use crate::features::workshops::views::{below, may_run, path_of};
use crate::platform::mail::Attachment;
use crate::web::filters::{agree, long_instant};
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::sending::{SendingForm, SendingPage};
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit, download};

const NOT_SENT: &str =
    "Le compte rendu n’est pas encore envoyé\u{a0}: il se lira ici dès qu’il le sera.";

const PDF_LATER: &str = "Ce serveur ne sait pas faire de PDF\u{a0}: les courriels partiront, avec le compte rendu joint, quand l’administration y aura installé Chromium. D’ici là, rien ne part à moitié.";

/// The minutes and the guests, as the visitor may read them.
async fn build(
    conn: &mut PgConnection,
    visit: &Visit,
    known: &Workshop,
) -> Result<(Minutes, Vec<Guest>)> {
    Ok(delivery::draft(conn, Seen::by(visit), known).await?)
}

/// What the visitor reads: those who run workshops the minutes as they stand, others what was sent,
/// for a text that nobody has reviewed is not minutes.
fn readable(visit: &Visit, minutes: Minutes, last: Option<&minutes::Sent>) -> Option<Minutes> {
    if may_run(visit) {
        return Some(minutes);
    }
    last.and_then(|sent| serde_json::from_value(sent.content.clone()).ok())
}

fn right(visit: &Visit, known: &Workshop) -> Right {
    if !may_run(visit) || alive(known).is_err() {
        Right::Read
    } else if begun(known, visit).is_err() {
        Right::Review
    } else {
        Right::Send
    }
}

async fn page(
    (state, visit): (&AppState, &Visit),
    conn: &mut PgConnection,
    known: &Workshop,
    form: MinutesForm,
) -> Result<MinutesPage> {
    let (minutes, guests) = build(conn, visit, known).await?;
    let last = minutes::last(conn, known.id).await?;
    let has_pdf = state.pdf.is_available();
    let content = serde_json::to_value(&minutes).map_err(Error::internal)?;
    let minutes = readable(visit, minutes, last.as_ref());
    Ok(MinutesPage {
        has_changed: may_run(visit) && last.as_ref().is_some_and(|sent| sent.content != content),
        shell: below(visit, known, "Compte rendu"),
        path: path_of(known),
        line: known.line(),
        minutes,
        people: present(&guests).map(told_name).collect(),
        sent: last.as_ref().map(sent_words),
        waiting: last.and_then(|sent| waiting_words(sent.waiting, has_pdf)),
        has_pdf,
        right: right(visit, known),
        form,
        errors: FormErrors::default(),
        theirs: None,
    })
}

fn sent_words(sent: &minutes::Sent) -> String {
    let people = |count| format!("{count}\u{a0}{}", agree(count, "personne", "personnes"));
    let mut words = if sent.arrived > 0 {
        format!(
            "Envoyé le {} à {}.",
            long_instant(sent.at),
            people(sent.arrived)
        )
    } else {
        format!("Envoi demandé le {}.", long_instant(sent.at))
    };
    let others = [
        (
            sent.on_way,
            "courriel est en route",
            "courriels sont en route",
        ),
        (
            sent.kept,
            "courriel est gardé, sans serveur de courriel",
            "courriels sont gardés, sans serveur de courriel",
        ),
        (
            sent.refused,
            "courriel n’est pas arrivé\u{a0}: corrigez l’adresse sur la fiche de la personne, puis envoyez-le de nouveau",
            "courriels ne sont pas arrivés\u{a0}: corrigez les adresses sur les fiches des personnes, puis envoyez-les de nouveau",
        ),
    ];
    for (count, one, many) in others.into_iter().filter(|(count, ..)| *count > 0) {
        let _ = write!(words, " {count}\u{a0}{}.", agree(count, one, many));
    }
    words
}

/// What is said while mails wait for their PDF.
fn waiting_words(count: i64, has_pdf: bool) -> Option<String> {
    if count == 0 {
        return None;
    }
    let wait = agree(count, "courriel attend", "courriels attendent");
    let why = if has_pdf {
        "Il se fait en quelques secondes\u{a0}; s’il échoue, l’administration le relance depuis la page des tâches."
    } else {
        "Ce serveur ne sait pas faire de PDF\u{a0}: demandez à l’administration d’y installer Chromium, puis de relancer la tâche."
    };
    Some(format!("{count}\u{a0}{wait} le PDF du compte rendu. {why}"))
}

fn present(guests: &[Guest]) -> impl Iterator<Item = &Guest> {
    guests.iter().filter(|guest| guest.attended == Some(true))
}

fn told_name(guest: &Guest) -> String {
    let (name, _) = guest.attendee();
    if name.is_empty() {
        guest.organisation.clone()
    } else {
        format!("{name}, {}", guest.organisation)
    }
}

/// The minutes.
pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<MinutesPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    let form = MinutesForm::of(&known);
    page((&state, &visit), &mut db, &known, form).await
}

/// The minutes as a PDF. The trace first: one that is not received to its end was still made.
pub async fn print(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let page = format!("{}/compte-rendu", path_of(&known));
    if !state.pdf.is_available() {
        return tx.finish(None, &page, download::NO_PDF).await;
    }
    let (minutes, _) = build(&mut tx, &visit, &known).await?;
    let last = minutes::last(&mut tx, known.id).await?;
    let Some(minutes) = readable(&visit, minutes, last.as_ref()) else {
        return tx.finish(None, &page, NOT_SENT).await;
    };
    let content = serde_json::to_value(&minutes).map_err(Error::internal)?;
    let words = match last {
        Some(sent) if sent.content == content => {
            format!("Envoyé le {}.", long_instant(sent.at))
        }
        Some(_) => "Projet\u{a0}: il a changé depuis le dernier envoi.".to_owned(),
        None => "Projet\u{a0}: il n’est pas encore envoyé.".to_owned(),
    };
    let page = Document::new(below(&visit, &known, "Compte rendu"), minutes, words);
    let (object, label) = (
        known.id.to_string(),
        format!("le compte rendu de l’atelier «\u{a0}{}\u{a0}»", known.title),
    );
    let act = Act {
        verb: "export",
        object: ("workshops", &object),
        label: &label,
        details: Some(json!({ "format": "pdf" })),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    let name = delivery::file_name(known.held_at);
    download::pdf(&state, &visit, &name, &page).await
}

/// Writes what the council adds.
pub async fn review(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<MinutesForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let page = page((&state, &visit), &mut tx, &known, submitted.form.clone()).await?;
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
    alive(&known)?;
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

fn send_page(
    (state, visit): (&AppState, &Visit),
    known: &Workshop,
    minutes: &Minutes,
    guests: &[Guest],
    last: Option<&minutes::Sent>,
) -> Result<SendingPage> {
    let path = path_of(known);
    let content = serde_json::to_value(minutes).map_err(Error::internal)?;
    // What left already goes to those who came and have not had it; what changed goes to everyone.
    let told = last.filter(|sent| sent.content == content);
    let is_again = last.is_some() && told.is_none();
    let reached: Vec<&Guest> = present(guests)
        .filter(|guest| !guest.attendee().1.is_empty())
        .filter(|guest| told.is_none_or(|sent| !sent.guests.contains(&guest.id)))
        .collect();
    let recipients: Vec<(String, String)> = reached
        .iter()
        .map(|guest| (told_name(guest), guest.attendee().1.to_owned()))
        .collect();
    let read = format!("{content}{recipients:?}");
    let preview = reached.first().map(|first| {
        let link = state.link(&format!("{path}/compte-rendu"));
        let subject = delivery::subject(known.held_at, is_again);
        let letter = minutes.letter(subject, first.attendee().0, link);
        // The name alone is shown; the file is made when the mail leaves.
        let file = Attachment::pdf(&delivery::file_name(known.held_at), Vec::new());
        Preview::of(&letter, recipients, &[file])
    });
    Ok(SendingPage {
        digest: hex(&Sha256::digest(read)),
        shell: below(visit, known, "Envoyer le compte rendu"),
        action: format!("{path}/compte-rendu/envoyer"),
        back: format!("{path}/compte-rendu"),
        recipients: reached.iter().map(|guest| guest.id).collect(),
        preview,
        unreachable: present(guests)
            .filter(|guest| guest.attendee().1.is_empty())
            .map(told_name)
            .collect(),
        version: known.version,
        is_kept: !state.mailer.is_enabled(),
        warning: (!state.pdf.is_available()).then_some(PDF_LATER),
        errors: FormErrors::default(),
    })
}

/// The mail, before it leaves.
pub async fn ask(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<SendingPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    alive(&known)?;
    begun(&known, &visit)?;
    let (minutes, guests) = build(&mut db, &visit, &known).await?;
    let last = minutes::last(&mut db, known.id).await?;
    send_page((&state, &visit), &known, &minutes, &guests, last.as_ref())
}

/// Sends the minutes to those who came; the same minutes once.
pub async fn carry_out(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<SendingForm>,
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
    begun(&known, &visit)?;
    minutes::hold(&mut tx, known.id).await?;
    let known = workshop(&mut tx, &visit, &id).await?;
    let (text, guests) = build(&mut tx, &visit, &known).await?;
    let last = minutes::last(&mut tx, known.id).await?;
    let content = serde_json::to_value(&text).map_err(Error::internal)?;
    let page = send_page((&state, &visit), &known, &text, &guests, last.as_ref())?;
    let told = last.as_ref().filter(|sent| sent.content == content);
    let refusal = if told.is_some() && page.recipients.is_empty() {
        Some(
            "Ce compte rendu est déjà parti et n’a pas changé depuis\u{a0}: il ne part pas deux fois.",
        )
    } else if page.recipients.is_empty() {
        Some("Notez d’abord qui était présent.")
    } else if forms::version(&submitted.form.version) != known.version
        || page.recipients != submitted.form.destinataires
        || page.digest != submitted.form.empreinte
    {
        Some(
            "Rien n’est parti\u{a0}: le compte rendu ou les présents ont changé depuis votre lecture. Relisez-le.",
        )
    } else {
        None
    };
    if let Some(words) = refusal {
        let mut errors = FormErrors::new();
        errors.add_general(words);
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let to: Vec<Uuid> = page.recipients;
    let reached = guests.iter().filter(|guest| to.contains(&guest.id));
    settle(&mut tx, reached).await?;
    let (by, now) = (visit.user.id, visit.now);
    let kept = if let Some(sent) = told {
        minutes::add_recipients(&mut tx, sent.id, &to).await?;
        sent.id
    } else {
        let number = last.as_ref().map_or(1, |sent| sent.number + 1);
        minutes::keep(&mut tx, known.id, (number, &content), (by, &to), now).await?
    };
    delivery::ask(&mut tx, kept, now).await?;
    let count = i64::try_from(to.len()).unwrap_or(i64::MAX);
    let words = if state.pdf.is_available() {
        agree(count, "courriel part", "courriels partent")
    } else {
        agree(
            count,
            "courriel attend son PDF",
            "courriels attendent leur PDF",
        )
    };
    tx.finish(submitted.key, &back, &format!("{count}\u{a0}{words}."))
        .await
}
