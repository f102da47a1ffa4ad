//! The page of an action, and the question that a change of status asks.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::{below_company, choices, may_run, organisations};
use crate::features::plans::model::{EFFECTS, PILLARS};
use crate::features::plans::parts::{CHANGES, FunderForm, NoteForm, StatusForm, StepForm};
use crate::features::plans::queries::Party;
use crate::features::plans::queries::actions::Action;
use crate::features::plans::queries::documents::Document;
use crate::features::plans::queries::parts::{Funder, Note, Parts, Step};
use crate::features::workshops::queries::LastChange;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// The frame of a page below an action's.
pub fn below(visit: &Visit, action: &Action) -> Shell {
    let plan = if action.is_closed() {
        format!("/plans/{}", action.plan_id)
    } else {
        super::plan_path(&action.siren)
    };
    below_company(visit, &action.title, &action.siren, action.company_name())
        .via("Plan d’actions", plan)
}

/// An action with everything that hangs from it.
#[derive(Template, WebTemplate)]
#[template(path = "plans/action.html")]
pub struct ActionPage {
    /// Frame.
    pub shell: Shell,
    /// The action.
    pub action: Action,
    /// Steps.
    pub steps: Vec<Step>,
    /// Notes.
    pub notes: Vec<Note>,
    /// Funders.
    pub funders: Vec<Funder>,
    /// Documents, those that were removed too.
    pub documents: Vec<Document>,
    /// Organisations that may pay.
    pub organisations: Vec<Choice>,
    /// A step as it was typed.
    pub step: StepForm,
    /// A note as it was typed.
    pub note: NoteForm,
    /// A funder as it was typed.
    pub funder: FunderForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether the visitor changes the action.
    pub may_run: bool,
    /// Whether the visitor says where it stands.
    pub may_follow: bool,
    /// Today.
    pub today: NaiveDate,
}

impl ActionPage {
    /// The page of this action.
    pub fn new(
        visit: &Visit,
        action: Action,
        (parts, documents): (Parts, Vec<Document>),
        parties: &[Party],
    ) -> Self {
        let may_run = may_run(visit) && !action.is_closed();
        Self {
            shell: below(visit, &action).at(action.title.as_str()),
            steps: parts.steps.0,
            notes: parts.notes.0,
            funders: parts.funders.0,
            documents,
            organisations: organisations(parties),
            step: StepForm::default(),
            note: NoteForm {
                date: visit.today.to_string(),
                ..NoteForm::default()
            },
            funder: FunderForm::default(),
            errors: FormErrors::default(),
            may_run,
            may_follow: may_follow(visit, &action),
            today: visit.today,
            action,
        }
    }

    /// Changes that the status allows: word of the address, button, whether it asks something first.
    pub fn changes(&self) -> Vec<(&'static str, &'static str, bool)> {
        CHANGES
            .iter()
            .filter(|(_, code, ..)| may_become(&self.action.status, code))
            .map(|(word, code, button, asks)| (*word, self.button(code, button), *asks))
            .collect()
    }

    fn button(&self, code: &str, button: &'static str) -> &'static str {
        match (self.action.status.as_str(), code) {
            ("blocked", "ongoing") => "Débloquer et continuer",
            ("blocked", "blocked") => "Modifier le blocage",
            ("done" | "dropped", "ongoing") => "Reprendre",
            _ => button,
        }
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// Whether the visitor says where an action stands: the council, or who carries it out.
pub fn may_follow(visit: &Visit, action: &Action) -> bool {
    let is_own = action.owner_organisation_id == visit.user.organisation_id;
    !action.is_closed() && (may_run(visit) || is_own)
}

/// Whether a status may follow another: what is ended is first taken again; what blocks may change.
pub fn may_become(from: &str, to: &str) -> bool {
    match from {
        "done" | "dropped" => to == "ongoing",
        _ => from != to || to == "blocked",
    }
}

/// What a change of status asks.
#[derive(Template, WebTemplate)]
#[template(path = "plans/status.html")]
pub struct StatusPage {
    /// Frame.
    pub shell: Shell,
    /// The action.
    pub action: Action,
    /// Word of the address.
    pub word: &'static str,
    /// Code of the new status.
    pub status: &'static str,
    /// The button.
    pub button: &'static str,
    /// Effects.
    pub effects: Vec<Choice>,
    /// What was typed.
    pub form: StatusForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Who said something meanwhile.
    pub change: Option<LastChange>,
}

impl StatusPage {
    /// The question about this action.
    pub fn new(
        visit: &Visit,
        action: Action,
        (word, status, button): (&'static str, &'static str, &'static str),
        form: StatusForm,
    ) -> Self {
        let page = format!("/actions/{}", action.id);
        Self {
            shell: below(visit, &action)
                .titled(format!("{button}\u{a0}: {}", action.title))
                .via(action.title.as_str(), page)
                .at(button),
            action,
            word,
            status,
            button,
            effects: choices(&EFFECTS),
            form,
            errors: FormErrors::default(),
            change: None,
        }
    }

    /// Effects seen: name of the field, pillar, what was typed.
    pub fn seen(&self) -> Vec<(&'static str, &'static str, &str)> {
        let fields = self.form.seen().into_iter();
        fields
            .zip(PILLARS)
            .map(|((field, typed), (_, pillar))| (field, pillar, typed))
            .collect()
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}
