//! What those invited to a meeting at the highest level are told by mail: where, when and with whom.
//! Never a level, an essential or a confidential part.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::side_label;
use super::queries::invitations::Invited;
use super::queries::{Meeting, Person};
use crate::domain::text::one_line;
use crate::features::companies::model::shown_name;
use crate::formats::icalendar::{self, Event, Method, When};
use crate::platform::mail::Attachment;
use crate::web::filters::{french_hour, long_date, long_instant};
use crate::web::letter::{Block, Letter};

/// How long a meeting at the highest level takes, unless its end is known.
pub const USUAL: TimeDelta = TimeDelta::hours(1);

const QUESTION: &str = "Une question\u{202f}? Écrivez";

/// Why a mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// First time.
    Invitation,
    /// Another date, place or people.
    Change,
    /// They are not to come.
    Cancellation,
}

impl What {
    /// The last part of its address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Change => "changement",
            Self::Cancellation => "annulation",
        }
    }

    /// Title of the page that asks before sending.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Invitation => "Inviter au rendez-vous",
            Self::Change => "Prévenir du changement",
            Self::Cancellation => "Prévenir de l’annulation",
        }
    }

    /// Those who were invited and are to be told this now.
    pub fn due<'a>(
        self,
        meeting: &Meeting,
        invited: &'a [Invited],
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &'a Invited> + use<'a> {
        let (status, sequence) = (meeting.status.clone(), meeting.sequence);
        let is_future = meeting.planned_at.is_some_and(|at| at > now);
        invited.iter().filter(move |one| {
            let is_reachable = !one.address.is_empty() && !one.is_unreached();
            let is_off = one.is_removed || status == "cancelled";
            // What was held is told even late: their calendar holds another day.
            let is_told_now = is_future || status == "held";
            is_reachable
                && match self {
                    Self::Invitation => false,
                    Self::Change => {
                        !is_off && is_told_now && (one.told_sequence < sequence || one.is_bounced())
                    }
                    Self::Cancellation => {
                        is_future && is_off && (one.called_off_at.is_none() || one.is_bounced())
                    }
                }
        })
    }
}

/// Whom a mail is for.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// First and last name.
    pub name: &'a str,
    /// Mail address.
    pub address: &'a str,
    /// Whether somebody else comes in their place.
    pub is_removed: bool,
}

/// « 1er décembre 2026 à 14 h 30 ».
fn when(meeting: &Meeting) -> String {
    meeting
        .planned_at
        .filter(|_| !meeting.is_held_elsewhen())
        .map_or_else(|| long_date(meeting.held_on), long_instant)
}

fn person(person: &Person) -> String {
    let role = one_line(&person.role);
    let role = if role.is_empty() {
        side_label(&person.side).to_owned()
    } else {
        role
    };
    format!("{}, {role}", one_line(&person.name))
}

fn subject(what: What, meeting: &Meeting, to: Recipient<'_>) -> String {
    let when = when(meeting);
    match what {
        What::Invitation => format!("Rendez-vous avec le Département, le {when}"),
        What::Change if meeting.status == "held" => {
            format!("Date tenue\u{a0}: rendez-vous avec le Département, le {when}")
        }
        What::Change => format!("Changement\u{a0}: rendez-vous avec le Département, le {when}"),
        // The date may be another one than theirs.
        What::Cancellation if to.is_removed => {
            "Annulation de votre rendez-vous avec le Département".to_owned()
        }
        What::Cancellation => format!("Annulation du rendez-vous avec le Département du {when}"),
    }
}

fn lead((what, meeting): (What, &Meeting), company: &str, to: Recipient<'_>) -> String {
    match what {
        What::Invitation => format!(
            "Le Département souhaite rencontrer {company} pour parler de ses projets et de ce qui peut les aider."
        ),
        What::Change if meeting.status == "held" => format!(
            "Le rendez-vous entre le Département et {company} a eu lieu. Voici ce qui remplace ce que dit votre agenda\u{a0}:"
        ),
        What::Change => format!(
            "Le rendez-vous entre le Département et {company} change. Voici ce qui vaut maintenant\u{a0}:"
        ),
        What::Cancellation if to.is_removed => format!(
            "Vous n’avez plus à venir au rendez-vous entre le Département et {company}\u{a0}: une autre personne y est attendue à votre place."
        ),
        What::Cancellation => {
            format!("Le rendez-vous entre le Département et {company} n’aura pas lieu.")
        }
    }
}

/// The letter. Its subject is one line whatever the names hold, and names no company.
pub fn letter(what: What, meeting: &Meeting, to: Recipient<'_>) -> Letter {
    let company = one_line(shown_name(meeting.company.as_deref()));
    let mut letter = Letter::new(subject(what, meeting, to), one_line(to.name)).say(lead(
        (what, meeting),
        &company,
        to,
    ));
    let ask = if what == What::Cancellation {
        QUESTION
    } else {
        let hours = if meeting.is_held_elsewhen() {
            String::new()
        } else {
            let until = meeting.ends_at.map_or_else(String::new, |end| {
                format!(", jusqu’à {}", french_hour(&end))
            });
            format!("{until} (heure de Paris)")
        };
        let facts = vec![
            format!("Date\u{a0}: le {}{hours}", when(meeting)),
            format!("Lieu\u{a0}: {}", one_line(&meeting.place)),
        ];
        let people = meeting.people.iter().map(person).collect();
        letter = letter
            .list("Rendez-vous", facts)
            .list("Participants", people);
        if meeting.status == "held" {
            QUESTION
        } else {
            "Pour confirmer votre présence ou proposer une autre date, écrivez"
        }
    };
    letter.foot.push(Block::Paragraph(format!(
        "{ask} à {}, {}.",
        one_line(&meeting.author_name),
        meeting.author_email
    )));
    letter
}

/// The event of a meeting, the same for invitations and calendars.
pub fn event(
    (id, sequence): (Uuid, i32),
    (at, ends_at): (DateTime<Utc>, Option<DateTime<Utc>>),
    (company, place): (&str, &str),
) -> Event {
    Event {
        uid: format!("meeting-{id}@vigie"),
        sequence: u32::try_from(sequence).unwrap_or_default(),
        when: When::Span(at, ends_at.unwrap_or(at + USUAL)),
        summary: format!("Rendez-vous\u{a0}: {}", one_line(company)),
        description: String::new(),
        location: one_line(place),
        url: String::new(),
    }
}

/// The file for the calendar of the recipient.
pub fn calendar(
    what: What,
    meeting: &Meeting,
    to: Recipient<'_>,
    now: DateTime<Utc>,
) -> Option<Attachment> {
    let company = shown_name(meeting.company.as_deref());
    let mut event = event(
        (meeting.id, meeting.sequence),
        (meeting.planned_at?, meeting.ends_at),
        (company, &meeting.place),
    );
    if meeting.is_held_elsewhen() {
        event.when = When::Day(meeting.held_on);
    }
    let organizer = icalendar::Person {
        name: one_line(&meeting.author_name),
        email: meeting.author_email.clone(),
    };
    let attendee = icalendar::Person {
        name: one_line(to.name),
        email: to.address.to_owned(),
    };
    let method = if what == What::Cancellation {
        Method::Cancel
    } else {
        Method::Request
    };
    let (method, text) = icalendar::invitation(method, &event, &organizer, &[attendee], now);
    Some(Attachment::calendar("rendez-vous.ics", method.word(), text))
}
