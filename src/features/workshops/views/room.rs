//! Pages of the room: who is there, what is said of a company, what is decided and what became of it.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{OVERTAKEN, refused};
use crate::features::workshops::forms::{DecisionForm, EntryForm, FollowForm};
use crate::features::workshops::model::{ENTRIES, words};
use crate::features::workshops::queries::agenda::AgendaRow;
use crate::features::workshops::queries::decisions::Decision;
use crate::features::workshops::queries::guests::Guest;
use crate::features::workshops::queries::room::Entry;
use crate::features::workshops::queries::{LastChange, Workshop};
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// The call.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/presence.html")]
pub struct PresencePage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// Path of the workshop.
    pub path: String,
    /// The guests.
    pub guests: Vec<Guest>,
}

impl Entry {
    /// What it is, in words.
    pub fn kind_words(&self) -> &str {
        words(&ENTRIES, &self.kind)
    }
}

/// A company, live.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/company.html")]
pub struct CompanyPage {
    /// Frame.
    pub shell: Shell,
    /// Path of the workshop.
    pub path: String,
    /// The company.
    pub company: AgendaRow,
    /// Rank and number of companies.
    pub rank: (usize, usize),
    /// The one before on the agenda.
    pub previous: Option<AgendaRow>,
    /// The one after.
    pub next: Option<AgendaRow>,
    /// What is said.
    pub entries: Vec<Entry>,
    /// What is decided here.
    pub taken: Vec<Decision>,
    /// What was decided before and is not done.
    pub before: Vec<Decision>,
    /// Who is not there.
    pub absent: Vec<String>,
    /// What an entry may be.
    pub kinds: Vec<Choice>,
    /// Who may be said to speak.
    pub voices: Vec<Choice>,
    /// What may be decided.
    pub decisions: Vec<Choice>,
    /// Who may do it.
    pub owners: Vec<Choice>,
    /// The entry that was typed.
    pub entry: EntryForm,
    /// The decision that was typed.
    pub decision: DecisionForm,
    /// What is wrong with the entry.
    pub entry_errors: FormErrors,
    /// What is wrong with the decision.
    pub decision_errors: FormErrors,
    /// Whether the visitor reads for the council, which runs the workshop.
    pub is_council: bool,
    /// Whether the workshop is cancelled: nothing is written any more.
    pub is_cancelled: bool,
    /// The day that decisions wait for.
    pub waits: Option<NaiveDate>,
    /// The reader's organisation: an adviser changes what it said.
    pub own_organisation: Uuid,
    /// Today.
    pub today: NaiveDate,
}

impl CompanyPage {
    /// Every error, for the summary.
    pub fn errors(&self) -> &FormErrors {
        if self.entry_errors.is_empty() {
            &self.decision_errors
        } else {
            &self.entry_errors
        }
    }

    /// What the council is told of its own entries.
    pub fn kind_help(&self) -> &'static str {
        if self.is_council {
            "«\u{a0}Réservé au Département\u{a0}» ne paraît ni dans le compte rendu, ni pour les partenaires."
        } else {
            ""
        }
    }

    /// Whether the visitor may change an entry.
    pub fn may_change(&self, entry: &Entry) -> bool {
        !self.is_cancelled && (self.is_council || entry.organisation_id == self.own_organisation)
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode) -> Response {
        self.shell = refused(self.shell, status);
        (status, self).into_response()
    }
}

/// An entry, to change.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/entry.html")]
pub struct EntryPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// What an entry may be.
    pub kinds: Vec<Choice>,
    /// Who may be said to speak.
    pub voices: Vec<Choice>,
    /// What was typed.
    pub form: EntryForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(Entry, Option<LastChange>)>,
}

impl EntryPage {
    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }

    /// The page again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: Entry, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// A decision, and what became of it.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/decision.html")]
pub struct DecisionPage {
    /// Frame.
    pub shell: Shell,
    /// The decision.
    pub decision: Decision,
    /// What may be said.
    pub states: Vec<Choice>,
    /// What was typed.
    pub form: FollowForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether the visitor may say it.
    pub may_follow: bool,
    /// Today.
    pub today: NaiveDate,
    /// Who said so first.
    pub change: Option<LastChange>,
}

impl DecisionPage {
    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }
}
