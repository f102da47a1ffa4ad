//! Minutes: what was recorded and shared. Never a confidential entry, an alert or a level, nor why a
//! company was on the agenda.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::{OVERTAKEN, refused};
use crate::features::workshops::forms::MinutesForm;
use crate::features::workshops::queries::agenda::AgendaRow;
use crate::features::workshops::queries::decisions::Decision;
use crate::features::workshops::queries::guests::Guest;
use crate::features::workshops::queries::room::Entry;
use crate::features::workshops::queries::{LastChange, Workshop};
use crate::web::filters::{self, long_date};
use crate::web::forms::FormErrors;
use crate::web::letter::Letter;
use crate::web::shell::Shell;

/// What was said of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name.
    pub company: String,
    /// Who said what, and what was decided: organisations by name, no person.
    pub lines: Vec<String>,
}

/// Minutes as they are kept: no person by name, for a person may ask to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// Title of the workshop.
    pub title: String,
    /// When and where.
    pub when: String,
    /// Before what was recorded.
    pub intro: String,
    /// Organisations that came.
    pub present: Vec<String>,
    /// Those that did not.
    pub absent: Vec<String>,
    /// Those of whom nobody noted whether they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmarked: Vec<String>,
    /// Company by company.
    pub chapters: Vec<Chapter>,
    /// After what was recorded.
    pub remarks: String,
}

fn organisations(guests: &[Guest], attended: Option<bool>) -> Vec<String> {
    let mut names: Vec<String> = guests
        .iter()
        .filter(|guest| guest.attended == attended)
        .map(|guest| guest.organisation.clone())
        .collect();
    names.dedup();
    names
}

impl Minutes {
    /// The minutes of a workshop.
    pub fn new(
        workshop: &Workshop,
        agenda: &[AgendaRow],
        entries: &[Entry],
        decisions: &[Decision],
        guests: &[Guest],
    ) -> Self {
        let chapters = agenda
            .iter()
            .map(|company| Chapter {
                company: company.shown().to_owned(),
                lines: lines(&company.siren, entries, decisions),
            })
            .collect();
        let present = organisations(guests, Some(true));
        let mut absent = organisations(guests, Some(false));
        absent.retain(|name| !present.contains(name));
        let mut unmarked = organisations(guests, None);
        unmarked.retain(|name| !present.contains(name) && !absent.contains(name));
        Self {
            title: workshop.title.clone(),
            when: format!("{}, {}", workshop.when(), workshop.where_at()),
            intro: workshop.minutes_intro.clone(),
            present,
            absent,
            unmarked,
            chapters,
            remarks: workshop.minutes_remarks.clone(),
        }
    }

    /// The letter that carries them.
    pub fn letter(&self, subject: String, to_name: &str, link: String) -> Letter {
        let mut letter = Letter::new(subject, to_name)
            .say(format!(
                "Voici, ci-dessous et en PDF, le compte rendu de l’atelier «\u{a0}{}\u{a0}», {}.",
                self.title, self.when
            ))
            .say(REMINDER);
        if !self.intro.is_empty() {
            letter = letter.say(self.intro.as_str());
        }
        letter = letter
            .list("Présents", self.present.clone())
            .list("Absents", self.absent.clone());
        if !self.unmarked.is_empty() {
            letter = letter.list("Présence non notée", self.unmarked.clone());
        }
        for chapter in &self.chapters {
            let lines = if chapter.lines.is_empty() {
                vec!["Rien n’a été noté.".to_owned()]
            } else {
                chapter.lines.clone()
            };
            letter = letter.list(chapter.company.as_str(), lines);
        }
        if !self.remarks.is_empty() {
            letter = letter.say(self.remarks.as_str());
        }
        letter.link("Lire dans Vigie, avec un compte", link)
    }
}

/// Said on every sheet and on the minutes.
pub const REMINDER: &str =
    "Confidentiel\u{a0}: ce qui est dit en atelier ne sort pas du cercle des participants.";

fn lines(siren: &str, entries: &[Entry], decisions: &[Decision]) -> Vec<String> {
    let said = |kind: &'static str, verb: &'static str| {
        entries
            .iter()
            .filter(move |entry| entry.siren == siren && entry.kind == kind)
            .map(move |entry| format!("{verb}, {}\u{a0}: {}", entry.organisation, entry.text))
    };
    let decided = decisions
        .iter()
        .filter(|decision| decision.siren == siren)
        .map(|decision| {
            format!(
                "Décision, {}\u{a0}: {} ({}, pour le {})",
                decision.kind_words().to_lowercase(),
                decision.text,
                decision.owner_organisation,
                long_date(decision.due_on)
            )
        });
    said("shared", "Partagé")
        .chain(said("position", "Position"))
        .chain(decided)
        .collect()
}

/// The minutes as they are printed: organisations, no person.
#[derive(Template)]
#[template(path = "workshops/document.html")]
pub struct Document {
    /// Frame.
    pub shell: Shell,
    /// The minutes.
    pub minutes: Minutes,
    /// Whether they were sent, and by whom.
    pub state: String,
}

impl Document {
    /// These minutes, titled by their workshop.
    pub fn new(shell: Shell, minutes: Minutes, state: String) -> Self {
        Self {
            shell: shell.titled(format!("Compte rendu, {}", minutes.title)),
            minutes,
            state,
        }
    }
}

/// What a line is and who says it, then what is said.
pub fn parts(line: &str) -> (&str, &str) {
    line.split_once("\u{a0}: ").unwrap_or(("", line))
}

/// What a visitor may do with minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Read them.
    Read,
    /// Write what the council adds.
    Review,
    /// Send them too: the day of the workshop is there.
    Send,
}

/// The page of the minutes.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/minutes.html")]
pub struct MinutesPage {
    /// Frame.
    pub shell: Shell,
    /// Path of the workshop.
    pub path: String,
    /// Title and moment of the workshop.
    pub line: String,
    /// The minutes; none for a partner before they are sent.
    pub minutes: Option<Minutes>,
    /// People who came, by name.
    pub people: Vec<String>,
    /// Whether they changed since they were sent: for those who run workshops.
    pub has_changed: bool,
    /// When they were sent last, and to how many.
    pub sent: Option<String>,
    /// Mails that wait for their PDF, in words.
    pub waiting: Option<String>,
    /// Whether they can be had as a PDF.
    pub has_pdf: bool,
    /// What the visitor may do with them.
    pub right: Right,
    /// What was typed.
    pub form: MinutesForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile: before, after, who and when.
    pub theirs: Option<(MinutesForm, Option<LastChange>)>,
}

impl MinutesPage {
    /// Whether the visitor reviews them.
    pub fn may_review(&self) -> bool {
        self.right >= Right::Review
    }

    /// Whether the visitor may send them now.
    pub fn may_send(&self) -> bool {
        self.right == Right::Send
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }

    /// The page again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: MinutesForm, change: Option<LastChange>) -> Response {
        self.form.version.clone_from(&theirs.version);
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
