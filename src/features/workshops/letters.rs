//! What guests are told by mail: never a company, a level or what was said; minutes excepted, which
//! tell those who were there what was shared.

use uuid::Uuid;

use super::queries::Workshop;
use super::queries::guests::Guest;
use crate::formats::icalendar::{self, Event, Method, Person, When};
use crate::platform::mail::Attachment;
use crate::web::filters::{long_date, long_instant};
use crate::web::letter::{Block, Letter};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Paris;

/// Why a mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// First time.
    Invitation,
    /// No answer yet.
    Reminder,
    /// Another date or place.
    Change,
    /// It will not be held.
    Cancellation,
}

impl What {
    /// From the last part of an address.
    pub fn from_path(path: &str) -> Option<Self> {
        Some(match path {
            "invitations" => Self::Invitation,
            "rappels" => Self::Reminder,
            "changement" => Self::Change,
            "annulation" => Self::Cancellation,
            _ => return None,
        })
    }

    /// The last part of its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Invitation => "invitations",
            Self::Reminder => "rappels",
            Self::Change => "changement",
            Self::Cancellation => "annulation",
        }
    }

    /// Title of the page that asks before sending.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Invitation => "Envoyer les invitations",
            Self::Reminder => "Relancer ceux qui n’ont pas répondu",
            Self::Change => "Prévenir du changement",
            Self::Cancellation => "Prévenir de l’annulation",
        }
    }

    /// Whether this guest is to get it now.
    pub fn is_due(self, workshop: &Workshop, guest: &Guest, now: DateTime<Utc>) -> bool {
        let is_cancelled = workshop.cancelled_at.is_some();
        let is_to_come = !is_cancelled && workshop.held_at > now;
        // A mail that did not leave told them nothing.
        let is_told = guest.told_sequence >= workshop.sequence && !guest.is_bounced();
        let is_invited = guest.invited_at.is_some() && (guest.is_reached || !guest.is_bounced());
        !guest.person_email.is_empty()
            && match self {
                Self::Invitation => is_to_come && !is_invited,
                Self::Reminder => {
                    is_to_come
                        && is_invited
                        && is_told
                        && guest.answer == "none"
                        && guest.reminded_at.is_none()
                        && !guest.has_mail_pending()
                }
                Self::Change => is_to_come && is_invited && !is_told,
                Self::Cancellation => is_cancelled && is_invited && !is_told,
            }
    }

    fn subject(self, workshop: &Workshop) -> String {
        let day = long_date(workshop.held_at.with_timezone(&Paris).date_naive());
        match self {
            Self::Invitation => format!("Invitation à l’atelier du {day}"),
            Self::Reminder => format!("Rappel\u{a0}: votre réponse pour l’atelier du {day}"),
            Self::Change => format!("Changement\u{a0}: atelier du {day}"),
            Self::Cancellation => format!("Annulation de l’atelier du {day}"),
        }
    }
}

/// The letter to a guest; `link` is the address that answers.
pub fn letter(what: What, workshop: &Workshop, guest: &Guest, link: &str) -> Letter {
    let organiser = &workshop.organiser;
    let lead = match what {
        What::Invitation => format!(
            "{organiser} vous invite à un atelier de partage entre partenaires des entreprises du territoire."
        ),
        What::Reminder => "Vous n’avez pas encore répondu à cette invitation.".to_owned(),
        What::Change => "Cet atelier change. Voici ce qui vaut maintenant\u{a0}:".to_owned(),
        What::Cancellation => format!(
            "Cet atelier n’aura pas lieu. Motif\u{a0}: {}",
            workshop.cancel_motive.as_deref().unwrap_or_default()
        ),
    };
    let letter = Letter::new(what.subject(workshop), guest.person_name.as_str())
        .say(lead)
        .list(
            workshop.title.as_str(),
            facts(workshop, &guest.organisation),
        );
    let mut letter = if what == What::Cancellation {
        letter
    } else {
        letter
            .link("Répondre, sans compte ni mot de passe", link)
            .say("Ce qui est dit en atelier est confidentiel. Ne transférez pas cette adresse\u{a0}: elle répond en votre nom.")
    };
    letter.foot.push(Block::Paragraph(format!(
        "Une question\u{202f}? Écrivez à {organiser}, {}.",
        workshop.organiser_email
    )));
    letter
}

fn facts(workshop: &Workshop, organisation: &str) -> Vec<String> {
    let mut facts = vec![format!(
        "Quand\u{a0}: {}, pour {}\u{a0}minutes",
        long_instant(workshop.held_at),
        workshop.duration_minutes
    )];
    if !workshop.place.is_empty() {
        facts.push(format!("Où\u{a0}: {}", workshop.place));
    }
    if !workshop.video_url.is_empty() {
        facts.push(format!("Visioconférence\u{a0}: {}", workshop.video_url));
    }
    facts.push(format!("Organisme invité\u{a0}: {organisation}"));
    facts
}

/// The event of a workshop, the same for invitations and calendars.
pub fn event(
    (id, title): (Uuid, &str),
    (held_at, duration_minutes): (DateTime<Utc>, i32),
    (place, video_url): (&str, &str),
    sequence: i32,
) -> Event {
    let end = held_at + TimeDelta::minutes(duration_minutes.into());
    Event {
        uid: format!("workshop-{id}@vigie"),
        sequence: u32::try_from(sequence).unwrap_or_default(),
        when: When::Span(held_at, end),
        summary: title.to_owned(),
        description: video_url.to_owned(),
        location: if place.is_empty() { video_url } else { place }.to_owned(),
        url: String::new(),
    }
}

/// The file for the guest's calendar; none for a reminder.
pub fn calendar(
    what: What,
    workshop: &Workshop,
    guest: &Guest,
    now: DateTime<Utc>,
) -> Option<Attachment> {
    let method = match what {
        What::Reminder => return None,
        What::Cancellation => Method::Cancel,
        What::Invitation | What::Change => Method::Request,
    };
    let event = event(
        (workshop.id, &workshop.title),
        (workshop.held_at, workshop.duration_minutes),
        (&workshop.place, &workshop.video_url),
        workshop.sequence,
    );
    let organiser = Person {
        name: workshop.organiser.clone(),
        email: workshop.organiser_email.clone(),
    };
    let attendee = Person {
        name: guest.name().to_owned(),
        email: guest.person_email.clone(),
    };
    let (method, text) = icalendar::invitation(method, &event, &organiser, &[attendee], now);
    Some(Attachment::calendar("atelier.ics", method.word(), text))
}
