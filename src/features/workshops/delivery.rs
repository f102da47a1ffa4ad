//! Minutes on their way: a job prints them as they were kept, then writes one mail a person who came,
//! all of them or none.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::guests::{self, Guest};
use super::queries::minutes::{self, ToDeliver};
use super::queries::{Seen, Wanted, Workshop, agenda, decisions, room, workshops};
use super::views::minutes::{Document, Minutes};
use crate::auth::audit::{self, Acting};
use crate::platform::db;
use crate::platform::jobs::{self, Failure, Registry};
use crate::platform::mail::Attachment;
use crate::platform::mail::outbox::{self, Confidentiality, Outgoing};
use crate::web::filters::long_date;
use crate::web::letter::Letter;
use crate::web::shell::Shell;
use crate::web::{AppState, printed};

const JOB: &str = "workshops.minutes";

/// The minutes as they stand, and the guests. Confidential entries are not even read.
pub async fn draft(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    known: &Workshop,
) -> sqlx::Result<(Minutes, Vec<Guest>)> {
    let rows = agenda::agenda(conn, seen.scope, known.id, false).await?;
    let entries = room::entries(conn, known.id, None, false).await?;
    let of = decisions::Wanted {
        workshop_id: Some(known.id),
        ..decisions::Wanted::default()
    };
    let taken = decisions::decisions(conn, seen, &of).await?;
    let guests = guests::guests(conn, known.id).await?;
    let minutes = Minutes::new(known, &rows, &entries, &taken, &guests);
    Ok((minutes, guests))
}

/// Keeps the minutes of a workshop as sent to those who came, without a mail: for the demonstration.
pub async fn keep_as_sent(
    conn: &mut PgConnection,
    workshop_id: Uuid,
    (by, organisation_id): (Uuid, Uuid),
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let seen = Seen {
        scope: None,
        organisation_id,
    };
    let wanted = Wanted {
        id: Some(workshop_id),
        ..Wanted::default()
    };
    let found = workshops(conn, seen, &wanted, at, (1, 0)).await?.pop();
    let known = found.ok_or(sqlx::Error::RowNotFound)?;
    let (text, guests) = draft(conn, seen, &known).await?;
    let content =
        serde_json::to_value(&text).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let to: Vec<Uuid> = guests
        .iter()
        .filter(|guest| guest.attended == Some(true) && !guest.attendee().1.is_empty())
        .map(|guest| guest.id)
        .collect();
    let id = minutes::keep(conn, workshop_id, (1, &content), (by, &to), at).await?;
    minutes::take_recipients(conn, id, at).await?;
    Ok(())
}

/// Minutes to print and to send.
#[derive(Debug, Serialize, Deserialize)]
struct Deliver {
    minutes_id: Uuid,
}

/// Asks for these minutes to be printed and sent, within the caller's transaction.
pub async fn ask(
    conn: &mut PgConnection,
    minutes_id: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    jobs::enqueue(conn, JOB, &Deliver { minutes_id }, now).await?;
    Ok(())
}

/// Adds the handler of this job.
pub fn register(registry: Registry, state: &AppState) -> Registry {
    let state = state.clone();
    registry.on(JOB, move |_, asked: Deliver| {
        let state = state.clone();
        async move { deliver(&state, asked.minutes_id).await }
    })
}

async fn deliver(state: &AppState, id: Uuid) -> Result<(), Failure> {
    let mut conn = state.pool.acquire().await?;
    let Some(known) = minutes::to_deliver(&mut conn, id).await? else {
        return Ok(());
    };
    drop(conn);
    let text: Minutes = serde_json::from_value(known.content.clone())?;
    let file = print(state, &known, &text).await?;
    let mut tx = db::begin(&state.pool).await?;
    audit::sign(&mut tx, &Acting::system()).await?;
    let now = state.clock.now();
    for person in minutes::take_recipients(&mut tx, id, now).await? {
        // Forgotten meanwhile.
        if person.email.is_empty() {
            continue;
        }
        let path = path(known.workshop_id);
        // Minutes kept for want of a mail server, and corrected since: the correction alone leaves.
        outbox::supersede(&mut tx, ("minutes", &path, &person.email)).await?;
        let letter = letter(state, &known, &text, &person.name);
        let mut mail = letter.to(&person.email)?;
        mail.attachments.push(file.clone());
        let outgoing = Outgoing {
            kind: "minutes",
            mail,
            user_id: person.user_id,
            confidentiality: Confidentiality::Reserved,
            related: Some(path),
            unsubscribe_hash: None,
            answer_link: None,
            serves_until: None,
        };
        let mail_id = outbox::enqueue(&mut tx, &state.mailer, &outgoing, now).await?;
        minutes::carried_by(&mut tx, (id, person.guest_id), mail_id).await?;
    }
    Ok(tx.commit().await?)
}

async fn print(state: &AppState, known: &ToDeliver, text: &Minutes) -> Result<Attachment, Failure> {
    let day = day(known.sent_at);
    let version = match known.number {
        1 => String::new(),
        number => format!("Version corrigée, n°\u{a0}{number}. "),
    };
    let shell = Shell::bare(&state.config.organisation.name, "");
    let state_words = format!("{version}Envoyé le {day} par {}.", known.sent_by);
    let page = Document::new(shell, text.clone(), state_words);
    let foot = format!("Exporté de Vigie le {day} par {}", known.sent_by);
    let page = printed::whole(&askama::Template::render(&page)?, &foot)?;
    let pdf = state.pdf.print(&page, &state.shutdown).await?;
    Ok(Attachment::pdf(&file_name(known.held_at), pdf))
}

/// The name of the file, by the day of the workshop.
pub fn file_name(held_at: DateTime<Utc>) -> String {
    format!(
        "compte-rendu-{}.pdf",
        held_at.with_timezone(&Paris).date_naive()
    )
}

fn letter(state: &AppState, known: &ToDeliver, text: &Minutes, name: &str) -> Letter {
    let subject = subject(known.held_at, known.number > 1);
    text.letter(subject, name, state.link(&path(known.workshop_id)))
}

fn path(workshop_id: Uuid) -> String {
    format!("/ateliers/{workshop_id}/compte-rendu")
}

/// Subject of the mail.
pub fn subject(held_at: DateTime<Utc>, is_again: bool) -> String {
    let day = day(held_at);
    if is_again {
        format!("Compte rendu corrigé de l’atelier du {day}")
    } else {
        format!("Compte rendu de l’atelier du {day}")
    }
}

fn day(at: DateTime<Utc>) -> String {
    long_date(at.with_timezone(&Paris).date_naive())
}
