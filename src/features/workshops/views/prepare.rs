//! Pages of the first two stages: the agenda, the sheets, the guests, what is sent to them.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

use super::{below, path_of, refused};
use crate::features::companies::model::shown_name;
use crate::features::workshops::forms::{AgendaForm, GuestsForm};
use crate::features::workshops::letters::What;
use crate::features::workshops::model::{REASONS, words};
use crate::features::workshops::queries::Workshop;
use crate::features::workshops::queries::agenda::{AgendaRow, Proposal, Sheet};
use crate::features::workshops::queries::guests::Guest;
use crate::web::Visit;
use crate::web::filters::{self, long_date};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

impl Proposal {
    /// Name, territory, why and since when.
    pub fn in_words(&self) -> String {
        let seen = match self.reviewed_on {
            Some(on) => format!("vue le {}", long_date(on)),
            None => "jamais vue en atelier".to_owned(),
        };
        format!(
            "{} ({}), {}, {seen}",
            shown_name(self.name.as_deref()),
            self.territory,
            words(&REASONS, &self.reason).to_lowercase()
        )
    }
}

/// The agenda, to write.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/agenda.html")]
pub struct AgendaPage {
    /// Frame.
    pub shell: Shell,
    /// Path of the workshop.
    pub path: String,
    /// The agenda.
    pub agenda: Vec<AgendaRow>,
    /// What is proposed.
    pub proposals: Vec<Choice>,
    /// What was typed.
    pub form: AgendaForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl AgendaPage {
    /// The page of this workshop.
    pub fn new(
        visit: &Visit,
        workshop: &Workshop,
        agenda: Vec<AgendaRow>,
        proposals: &[Proposal],
        form: AgendaForm,
    ) -> Self {
        Self {
            shell: below(visit, workshop, "Ordre du jour"),
            path: path_of(workshop),
            agenda,
            proposals: proposals
                .iter()
                .map(|one| Choice::new(one.siren.as_str(), one.in_words()))
                .collect(),
            form,
            errors: FormErrors::default(),
        }
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }
}

impl Sheet {
    /// Name, or what stands for it.
    pub fn shown(&self) -> &str {
        shown_name(self.name.as_deref())
    }
}

/// One sheet a company.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/sheets.html")]
pub struct SheetsPage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// The sheets.
    pub sheets: Vec<Sheet>,
}

/// The guests.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/guests.html")]
pub struct GuestsPage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// Path of the workshop.
    pub path: String,
    /// The guests.
    pub guests: Vec<Guest>,
    /// Who may be added.
    pub candidates: Vec<Choice>,
    /// What waits to be sent.
    pub due: Vec<(What, usize)>,
    /// Now.
    pub now: DateTime<Utc>,
    /// What was typed.
    pub form: GuestsForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl GuestsPage {
    /// Whether answers are still noted: neither once it began, nor when it is cancelled.
    pub fn may_note(&self) -> bool {
        self.workshop.cancelled_at.is_none() && self.workshop.held_at > self.now
    }

    /// Whether any guest may still be taken off the list.
    pub fn may_remove_any(&self) -> bool {
        self.guests.iter().any(Guest::may_be_removed)
    }

    /// Where the invitation of a guest stands.
    pub fn state_of(&self, guest: &Guest) -> &'static str {
        guest.state(self.workshop.sequence)
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }
}
