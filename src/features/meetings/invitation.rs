//! What those invited to a meeting at the highest level are told by mail: where, when and with whom.
//! Never a level, an essential or a confidential part.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::model::side_label;
use super::queries::{Meeting, Person};
use crate::domain::text::one_line;
use crate::features::companies::model::shown_name;
use crate::formats::icalendar::{self, Event, Method, When};
use crate::platform::mail::Attachment;
use crate::web::filters::{long_date, long_instant};
use crate::web::letter::{Block, Letter};

/// How long a meeting at the highest level takes.
const USUAL: TimeDelta = TimeDelta::hours(1);

/// Whom a mail is for.
#[derive(Debug, Clone, Copy)]
pub struct Recipient<'a> {
    /// First and last name.
    pub name: &'a str,
    /// Mail address.
    pub address: &'a str,
}

fn when(meeting: &Meeting) -> String {
    meeting
        .planned_at
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

/// The letter. Its subject is one line whatever the names hold, and names no company.
pub fn letter(meeting: &Meeting, to_name: &str) -> Letter {
    let company = one_line(shown_name(meeting.company.as_deref()));
    let facts = vec![
        format!("Date\u{a0}: le {} (heure de Paris)", when(meeting)),
        format!("Lieu\u{a0}: {}", one_line(&meeting.place)),
    ];
    let subject = format!("Rendez-vous avec le Département, le {}", when(meeting));
    let mut letter = Letter::new(subject, one_line(to_name))
        .say(format!(
            "Le Département souhaite rencontrer {company} pour parler de ses projets et de ce qui peut les aider."
        ))
        .list("Rendez-vous", facts)
        .list("Participants", meeting.people.iter().map(person).collect());
    letter.foot.push(Block::Paragraph(format!(
        "Pour confirmer votre présence ou proposer une autre date, écrivez à {}, {}.",
        one_line(&meeting.author_name),
        meeting.author_email
    )));
    letter
}

/// The event of a meeting, the same for invitations and calendars.
pub fn event(
    (id, sequence): (Uuid, i32),
    at: DateTime<Utc>,
    (company, place): (&str, &str),
) -> Event {
    Event {
        uid: format!("meeting-{id}@vigie"),
        sequence: u32::try_from(sequence).unwrap_or_default(),
        when: When::Span(at, at + USUAL),
        summary: format!("Rendez-vous\u{a0}: {}", one_line(company)),
        description: String::new(),
        location: one_line(place),
        url: String::new(),
    }
}

/// The file for the calendar of the recipient.
pub fn calendar(meeting: &Meeting, to: Recipient<'_>, now: DateTime<Utc>) -> Option<Attachment> {
    let company = shown_name(meeting.company.as_deref());
    let event = event(
        (meeting.id, meeting.sequence),
        meeting.planned_at?,
        (company, &meeting.place),
    );
    let organizer = icalendar::Person {
        name: one_line(&meeting.author_name),
        email: meeting.author_email.clone(),
    };
    let attendee = icalendar::Person {
        name: one_line(to.name),
        email: to.address.to_owned(),
    };
    let method = Method::Request;
    let text = icalendar::invitation(method, &event, &organizer, &[attendee], now);
    Some(Attachment::calendar("rendez-vous.ics", method.word(), text))
}
