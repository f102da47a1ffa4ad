//! The invitation to a meeting at the highest level, as mail will carry it.

use std::fmt::Write as _;

use super::model::side_label;
use super::queries::Meeting;
use crate::domain::text::one_line;
use crate::features::companies::model::shown_name;
use crate::web::filters::{long_date, long_instant};

/// Subject and text of the invitation. The subject is one line whatever the names hold, and tells nothing of
/// the company's situation; the text holds nothing that is confidential.
pub fn invitation(meeting: &Meeting) -> (String, String) {
    let company = one_line(shown_name(meeting.company.as_deref()));
    let when = meeting
        .planned_at
        .map_or_else(|| long_date(meeting.held_on), long_instant);
    let subject = format!("Rendez-vous avec le Département, le {when}");
    let mut text = format!(
        "Madame, Monsieur,\n\nLe Département souhaite rencontrer {company} pour parler de ses projets \
         et de ce qui peut les aider.\n\nDate\u{a0}: le {when} (heure de Paris)\nLieu\u{a0}: {}\n\nParticipants\u{a0}:\n",
        one_line(&meeting.place)
    );
    for person in &meeting.people {
        let name = one_line(&person.name);
        let role = one_line(&person.role);
        let role = if role.is_empty() {
            side_label(&person.side).to_owned()
        } else {
            role
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "- {name}, {role}");
    }
    text.push_str(
        "\nMerci de confirmer votre présence en répondant à ce message.\n\nLa Direction du Développement\n",
    );
    (subject, text)
}
