//! Pages of workshops.

pub mod answers;
pub mod minutes;
pub mod prepare;
pub mod room;

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::again;
use super::forms::{CancelForm, ListForm, WorkshopForm};
use super::letters::What;
use super::model::{self, ANSWERS, Task, words};
use super::queries::agenda::AgendaRow;
use super::queries::decisions::Decision;
use super::queries::guests::Guest;
use super::queries::{LastChange, Workshop};
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::web::Visit;
use crate::web::filters::{self, long_instant};
use crate::web::forms::{Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// Path of the list.
pub const LIST: &str = "/ateliers";

/// Path of a workshop.
pub fn path_of(workshop: &Workshop) -> String {
    format!("{LIST}/{}", workshop.id)
}

/// The frame of a page below a workshop's.
pub fn below(visit: &Visit, workshop: &Workshop, title: &str) -> Shell {
    visit
        .shell(format!("{title}, {}", workshop.title))
        .via("Accueil", "/")
        .via("Ateliers", LIST)
        .via(workshop.title.as_str(), path_of(workshop))
        .at(title)
}

/// A table of codes as choices.
pub fn choices(table: &[(&str, &str)]) -> Vec<Choice> {
    table
        .iter()
        .map(|(code, words)| Choice::new(*code, *words))
        .collect()
}

/// Gives a page that comes back with its errors.
pub fn refused(mut shell: Shell, status: StatusCode) -> Shell {
    shell.has_errors = status != StatusCode::OK;
    shell
}

impl Workshop {
    /// Territory in words.
    pub fn where_for(&self) -> &str {
        self.territory.as_deref().unwrap_or("Département")
    }

    /// When, in words.
    pub fn when(&self) -> String {
        long_instant(self.held_at)
    }

    /// Title and moment.
    pub fn line(&self) -> String {
        again::dated(&self.title, &self.when())
    }

    /// Place in words.
    pub fn where_at(&self) -> &str {
        if self.place.is_empty() {
            "En visioconférence"
        } else {
            &self.place
        }
    }

    /// How far it is, in one line of the list.
    pub fn state(&self, today: NaiveDate) -> String {
        if self.cancelled_at.is_some() {
            return "Annulé".to_owned();
        }
        let tasks = self.tasks(today);
        match model::next(&tasks) {
            Some(task) => format!("{}\u{a0}: {}", task.label, task.state),
            None if tasks.iter().any(|task| task.waits) => "Prêt".to_owned(),
            None => "Terminé".to_owned(),
        }
    }

    /// Whether it took place: somebody was noted present or absent, or its minutes left.
    pub fn is_held(&self) -> bool {
        self.counts().ticked > 0 || self.sent_at.is_some()
    }

    /// The five lines, that day.
    pub fn tasks(&self, today: NaiveDate) -> [Task; 5] {
        let to_come = model::still_to_come(self.held_at, today);
        model::tasks(self.counts(), self.sent_at, to_come)
    }

    /// Its page.
    pub fn href(&self) -> String {
        path_of(self)
    }
}

impl Guest {
    /// What they answered, in words.
    pub fn answer_words(&self) -> String {
        if self.answer == "replaced" {
            return format!("Remplacé par {}", self.replacement_name);
        }
        words(&ANSWERS, &self.answer).to_owned()
    }

    /// Where their invitation stands.
    pub fn state(&self, sequence: i32) -> &'static str {
        match (self.person_email.is_empty(), self.invited_at.is_some()) {
            (true, _) => "Sans adresse\u{a0}: à prévenir autrement",
            (false, false) => "À inviter",
            _ if self.mail_status.as_deref() == Some("failed") && self.is_reached => {
                "Dernier courriel non parti\u{a0}: à prévenir de nouveau"
            }
            _ if self.mail_status.as_deref() == Some("failed") => {
                "Courriel non parti\u{a0}: à inviter de nouveau"
            }
            _ if self.is_bounced() => "Courriel refusé\u{a0}: corriger l’adresse ou relancer",
            _ if self.told_sequence < sequence => "À prévenir du changement",
            _ if self.mail_status.as_deref() == Some("waiting") => "Courriel en attente d’envoi",
            _ if self.mail_status.as_deref() == Some("kept") => "Courriel gardé, sans serveur",
            _ if self.reminded_at.is_some() => "Relancé",
            _ => "Invité",
        }
    }
}

impl AgendaRow {
    /// Name, or what stands for it.
    pub fn shown(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Whether nothing was noted of it: then it may leave the agenda.
    pub fn is_untouched(&self) -> bool {
        self.entries + self.decisions == 0
    }

    /// Why it is on the agenda.
    pub fn reason_words(&self) -> &str {
        words(&model::REASONS, &self.reason)
    }
}

impl Decision {
    /// Name of the company.
    pub fn company_name(&self) -> &str {
        shown_name(self.company.as_deref())
    }

    /// What was decided, in one word.
    pub fn kind_words(&self) -> &str {
        words(&model::DECISIONS, &self.kind)
    }

    /// Where it stands.
    pub fn status_words(&self) -> &str {
        words(&model::STATUSES, &self.status)
    }

    /// Who does it.
    pub fn who(&self) -> String {
        match &self.owner {
            Some(name) => format!("{name}, {}", self.owner_organisation),
            None => self.owner_organisation.clone(),
        }
    }
}

/// The list.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/index.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What is asked.
    pub form: ListForm,
    /// Territories to choose from.
    pub territories: Vec<Choice>,
    /// Those to come.
    pub next: Vec<Workshop>,
    /// Those that are over.
    pub past: Vec<Workshop>,
    /// Place in the latter.
    pub page: Page,
    /// Whether the visitor prepares workshops.
    pub may_run: bool,
    /// Today.
    pub today: NaiveDate,
    /// No error: for the macro of fields.
    pub errors: FormErrors,
}

impl ListPage {
    /// The last workshop that was held, to be taken again.
    pub fn last_held(&self) -> Option<&Workshop> {
        let mut held = self.past.iter().filter(|one| one.cancelled_at.is_none());
        held.next()
            .filter(|_| self.may_run && self.page.number == 1)
    }
}

/// A workshop, new or known, to write.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/form.html")]
pub struct FormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// Territories to choose from.
    pub territories: Vec<Choice>,
    /// What was typed.
    pub form: WorkshopForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Guests invited already, who will have to be told.
    pub invited: i64,
    /// Guests of the workshop that this one takes again.
    pub taken_again: Option<i64>,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(Workshop, Option<LastChange>)>,
}

impl FormPage {
    /// The form of a workshop; none for a new one.
    pub fn new(
        visit: &Visit,
        known: Option<&Workshop>,
        territories: Vec<Choice>,
        form: WorkshopForm,
    ) -> Self {
        let (shell, action, back) = match known {
            Some(known) => (
                below(visit, known, "Modifier"),
                format!("{}/modifier", path_of(known)),
                path_of(known),
            ),
            None => (
                visit
                    .shell("Préparer un atelier")
                    .via("Accueil", "/")
                    .via("Ateliers", LIST)
                    .at("Préparer un atelier"),
                format!("{LIST}/nouveau"),
                LIST.to_owned(),
            ),
        };
        Self {
            shell,
            action,
            back,
            territories,
            form,
            errors: FormErrors::default(),
            invited: known.map_or(0, |known| known.counts().invited),
            taken_again: None,
            theirs: None,
        }
    }

    /// The form again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: Workshop, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// Said when someone else was faster.
pub const OVERTAKEN: &str = "Une autre personne a enregistré pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux \
     versions ci-dessous, puis enregistrez la vôtre.";

/// The page of a workshop.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/show.html")]
pub struct ShowPage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// The five lines.
    pub tasks: [Task; 5],
    /// Agenda.
    pub agenda: Vec<AgendaRow>,
    /// Guests.
    pub guests: Vec<Guest>,
    /// Decisions of the workshops before, not done.
    pub before: Vec<Decision>,
    /// Decisions taken here.
    pub taken: Vec<Decision>,
    /// Mails that wait for the organiser.
    pub due: Vec<(What, usize)>,
    /// Today.
    pub today: NaiveDate,
    /// Whether the visitor runs it.
    pub may_run: bool,
    /// The visitor's organisation.
    pub own_organisation: uuid::Uuid,
}

impl ShowPage {
    /// The page below this one.
    pub fn below(&self, page: &str) -> String {
        format!("{}/{page}", path_of(&self.workshop))
    }

    /// The next thing to do.
    pub fn next(&self) -> Option<&Task> {
        model::next(&self.tasks).filter(|_| self.may_change())
    }

    /// Whether everything that may be done before the day is done.
    pub fn is_ready(&self) -> bool {
        self.may_change()
            && model::next(&self.tasks).is_none()
            && self.tasks.iter().any(|task| task.waits)
    }

    /// Whether the visitor changes this workshop.
    pub fn may_change(&self) -> bool {
        self.may_run && self.workshop.cancelled_at.is_none()
    }

    /// Whether the visitor may say what became of a decision.
    pub fn may_follow(&self, decision: &Decision) -> bool {
        self.may_run || decision.owner_organisation_id == self.own_organisation
    }
}

/// Asks why a workshop is cancelled.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/cancel.html")]
pub struct CancelPage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// What was typed.
    pub form: CancelForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl CancelPage {
    /// The page of this workshop.
    pub fn new(visit: &Visit, workshop: Workshop, form: CancelForm) -> Self {
        Self {
            shell: below(visit, &workshop, "Annuler"),
            workshop,
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

/// Whether the visitor prepares and holds workshops.
pub fn may_run(visit: &Visit) -> bool {
    visit.may(Permission::RunWorkshops)
}
