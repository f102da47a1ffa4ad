//! Calendars as RFC 5545 writes them: feeds, invitations, and their cancellation.
//!
//! Instants are written in UTC, which needs no table of time zones; days stay days.

use chrono::{DateTime, Days, NaiveDate, Utc};

/// Octets of a content line, at most (RFC 5545, 3.1).
const LINE: usize = 75;

/// What a calendar is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A feed that one reads.
    Publish,
    /// An invitation, or its new version.
    Request,
    /// The end of an invitation.
    Cancel,
}

impl Method {
    /// The word of the standard; also that of the media type of the file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// When something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// A whole day.
    Day(NaiveDate),
    /// From an instant to another one.
    Span(DateTime<Utc>, DateTime<Utc>),
}

/// Someone who invites or is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First and last name; empty when unknown.
    pub name: String,
    /// Mail address.
    pub email: String,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for every version of the event, for ever.
    pub uid: String,
    /// Moves with each version that is sent.
    pub sequence: u32,
    /// When.
    pub when: When,
    /// Title. Never a level of risk: calendars show on locked screens and shared desks.
    pub summary: String,
    /// More words; empty for none.
    pub description: String,
    /// Place; empty for none.
    pub location: String,
    /// Page of the event; empty for none.
    pub url: String,
}

/// The calendar of a feed.
pub fn feed(name: &str, events: &[Event], stamp: DateTime<Utc>) -> String {
    let mut text = Text::new(Method::Publish);
    text.line("X-WR-CALNAME", &escape(name));
    text.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for event in events {
        text.begin(event, stamp);
        // A date to remember takes nobody's time.
        text.line("TRANSP", "TRANSPARENT");
        text.line("END", "VEVENT");
    }
    text.end()
}

/// An invitation from someone to people, or its cancellation; and what it is then. Who invites is not asked to
/// answer themselves: for them alone it is a date to keep.
pub fn invitation(
    method: Method,
    event: &Event,
    organizer: &Person,
    attendees: &[Person],
    stamp: DateTime<Utc>,
) -> (Method, String) {
    let is_organizer = |person: &Person| {
        person.email.trim().to_lowercase() == organizer.email.trim().to_lowercase()
    };
    let attendees: Vec<&Person> = attendees
        .iter()
        .filter(|person| !is_organizer(person))
        .collect();
    let method = match method {
        Method::Request if attendees.is_empty() => Method::Publish,
        method => method,
    };
    let mut text = Text::new(method);
    text.begin(event, stamp);
    let status = if method == Method::Cancel {
        "CANCELLED"
    } else {
        "CONFIRMED"
    };
    text.line("STATUS", status);
    text.line(
        &format!("ORGANIZER{}", named(organizer)),
        &address(organizer),
    );
    for person in attendees {
        let name = format!(
            "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE{}",
            named(person)
        );
        text.line(&name, &address(person));
    }
    text.line("END", "VEVENT");
    (method, text.end())
}

struct Text(String);

impl Text {
    fn new(method: Method) -> Self {
        let mut text = Self(String::new());
        text.line("BEGIN", "VCALENDAR");
        text.line("VERSION", "2.0");
        text.line("PRODID", "-//Vigie//Vigie//FR");
        text.line("CALSCALE", "GREGORIAN");
        text.line("METHOD", method.word());
        text
    }

    fn begin(&mut self, event: &Event, stamp: DateTime<Utc>) {
        self.line("BEGIN", "VEVENT");
        self.line("UID", &escape(&event.uid));
        self.line("DTSTAMP", &instant(stamp));
        self.line("SEQUENCE", &event.sequence.to_string());
        match event.when {
            When::Day(day) => {
                self.line("DTSTART;VALUE=DATE", &date(day));
                let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
                self.line("DTEND;VALUE=DATE", &date(next));
            }
            When::Span(from, until) => {
                self.line("DTSTART", &instant(from));
                self.line("DTEND", &instant(until));
            }
        }
        self.line("SUMMARY", &escape(&event.summary));
        for (name, value) in [
            ("DESCRIPTION", &event.description),
            ("LOCATION", &event.location),
        ] {
            if !value.is_empty() {
                self.line(name, &escape(value));
            }
        }
        if !event.url.is_empty() {
            self.line("URL", &one_line(&event.url));
        }
    }

    fn end(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.0
    }

    /// Writes a content line, folded so that no line is longer than 75 octets and no letter is cut.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value (RFC 5545, 3.3.11): marks are escaped, line breaks written, other control characters
/// left out.
fn escape(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' => escaped.push_str("\\n"),
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}

fn one_line(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// The parameter that names a person: quoted, so without the quotation mark itself.
fn named(person: &Person) -> String {
    let name = one_line(&person.name).replace('"', "’");
    if name.trim().is_empty() {
        return String::new();
    }
    format!(";CN=\"{}\"", name.trim())
}

fn address(person: &Person) -> String {
    format!("mailto:{}", one_line(person.email.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn event(summary: &str) -> Event {
        Event {
            uid: "alert-7@vigie.tarn.fr".into(),
            sequence: 0,
            when: When::Day("2026-11-24".parse().expect("a day")),
            summary: summary.into(),
            description: String::new(),
            location: String::new(),
            url: String::new(),
        }
    }

    /// What a reader sees: folds undone.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "")
            .split_terminator("\r\n")
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_feed_is_lines_of_75_octets_and_whole_letters() {
        let long = "Échéance où l’été s’achève à Pâques ".repeat(12);
        let text = feed("Vigie", &[event(&long)], at("2026-11-24T09:00:00Z"));
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(unfolded(&text).contains(&format!("SUMMARY:{long}")));
    }

    #[test]
    fn marks_are_escaped_and_nothing_adds_a_line() {
        let bad = "Martin, fils; 50\\50\r\nATTENDEE:mailto:x@y.fr\u{0}\u{7}\nfin";
        let lines = unfolded(&feed("V", &[event(bad)], at("2026-11-24T09:00:00Z")));
        let expected = "SUMMARY:Martin\\, fils\\; 50\\\\50\\nATTENDEE:mailto:x@y.fr\\nfin";
        assert!(lines.contains(&expected.to_owned()), "{lines:?}");
        assert!(!lines.iter().any(|line| line.starts_with("ATTENDEE")));
    }

    #[test]
    fn a_day_ends_the_next_day_and_an_instant_is_universal() {
        let lines = unfolded(&feed("V", &[event("Jour")], at("2026-11-24T09:00:00Z")));
        for expected in [
            "DTSTART;VALUE=DATE:20261124",
            "DTEND;VALUE=DATE:20261125",
            "DTSTAMP:20261124T090000Z",
            "UID:alert-7@vigie.tarn.fr",
            "METHOD:PUBLISH",
        ] {
            assert!(lines.contains(&expected.to_owned()), "{expected}");
        }
        // Across the night of 25 October 2026, when France goes back one hour.
        let span = Event {
            when: When::Span(at("2026-10-24T22:00:00Z"), at("2026-10-25T02:00:00Z")),
            ..event("Nuit")
        };
        let lines = unfolded(&feed("V", &[span], at("2026-10-01T09:00:00Z")));
        assert!(lines.contains(&"DTSTART:20261024T220000Z".to_owned()));
        assert!(lines.contains(&"DTEND:20261025T020000Z".to_owned()));
    }

    #[test]
    fn an_invitation_names_its_people_and_its_cancellation_keeps_the_identifier() {
        let organizer = Person {
            name: "Claire \"la\" Martin\r\nX:1".into(),
            email: "claire@tarn.fr".into(),
        };
        let guest = Person {
            name: String::new(),
            email: "paul@exemple.fr\r\nX:2".into(),
        };
        let moved = Event {
            sequence: 2,
            ..event("Rendez-vous")
        };
        let stamp = at("2026-11-24T09:00:00Z");
        for (method, status) in [
            (Method::Request, "STATUS:CONFIRMED"),
            (Method::Cancel, "STATUS:CANCELLED"),
        ] {
            let guests = std::slice::from_ref(&guest);
            let lines = unfolded(&invitation(method, &moved, &organizer, guests, stamp).1);
            for expected in [
                &format!("METHOD:{}", method.word()),
                status,
                "UID:alert-7@vigie.tarn.fr",
                "SEQUENCE:2",
                "ORGANIZER;CN=\"Claire ’la’ MartinX:1\":mailto:claire@tarn.fr",
                "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:paul@exemple.frX:2",
            ] {
                assert!(
                    lines.contains(&expected.to_owned()),
                    "{expected} in {lines:#?}"
                );
            }
        }
        let themselves = Person {
            email: " Claire@tarn.fr".into(),
            ..organizer.clone()
        };
        let (method, text) = invitation(Method::Request, &moved, &organizer, &[themselves], stamp);
        assert_eq!(method, Method::Publish);
        assert!(text.contains("METHOD:PUBLISH") && text.contains("ORGANIZER"));
        assert!(!text.contains("ATTENDEE"), "{text}");
    }
}
