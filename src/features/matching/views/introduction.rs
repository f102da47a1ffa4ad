//! An introduction: proposed, read, followed.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::{OVERTAKEN, below_list};
use crate::features::matching::forms::StepForm;
use crate::features::matching::model::{CHANGES, may_become, says_outcome};
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::introductions::{Event, Introduction};
use crate::features::matching::queries::suggestions::{Organisation, Suggestion};
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, ChoiceGroup, FormErrors};
use crate::web::shell::Shell;

/// The path of an introduction.
pub fn introduction_path(id: Uuid) -> String {
    format!("/mises-en-relation/{id}")
}

/// Asks with whom a need or an offer is introduced.
#[derive(Template, WebTemplate)]
#[template(path = "matching/propose.html")]
pub struct ProposePage {
    /// Frame.
    pub shell: Shell,
    /// The need or offer.
    pub entry: Entry,
    /// Those suggested with their reason, then the others.
    pub parties: Vec<ChoiceGroup>,
    /// What was typed.
    pub form: StepForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ProposePage {
    /// The question.
    pub fn new(
        visit: &Visit,
        entry: Entry,
        suggested: &[Suggestion],
        others: &[Organisation],
        form: StepForm,
    ) -> Self {
        let suggested = suggested.iter().map(|one| {
            let words = format!("{} ({})", one.shown_name(), one.reason());
            Choice::new(one.key(), words)
        });
        let others = others
            .iter()
            .map(|one| Choice::new(one.key(), one.name.as_str()));
        Self {
            shell: below_list(visit, "Proposer une mise en relation")
                .via(entry.side_words(), entry.href())
                .at("Proposer"),
            parties: ChoiceGroup::ranked([
                ("Proposés par la règle", suggested.collect()),
                ("Autres organismes", others.collect()),
            ]),
            entry,
            form,
            errors: FormErrors::default(),
        }
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// An introduction with its steps.
#[derive(Template, WebTemplate)]
#[template(path = "matching/introduction.html")]
pub struct IntroductionPage {
    /// Frame.
    pub shell: Shell,
    /// The introduction.
    pub found: Introduction,
    /// Its steps, in their order.
    pub events: Vec<Event>,
}

impl IntroductionPage {
    /// The page.
    pub fn new(visit: &Visit, found: Introduction, events: Vec<Event>) -> Self {
        Self {
            shell: below_list(visit, found.between()).at("Mise en relation"),
            found,
            events,
        }
    }

    /// What may be said of it: word of the address, button.
    pub fn changes(&self) -> Vec<(&'static str, &'static str)> {
        CHANGES
            .iter()
            .filter(|(_, code, _)| may_become(&self.found.state, code))
            .map(|(word, _, button)| (*word, *button))
            .collect()
    }
}

/// Word of the address, code of the state, button.
pub type Change = (&'static str, &'static str, &'static str);

/// Asks what a step has to say.
#[derive(Template, WebTemplate)]
#[template(path = "matching/step.html")]
pub struct StepPage {
    /// Frame.
    pub shell: Shell,
    /// The introduction.
    pub found: Introduction,
    /// Word of the address, code of the state, button.
    pub change: Change,
    /// What was typed.
    pub form: StepForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl StepPage {
    /// The question.
    pub fn new(visit: &Visit, found: Introduction, change: Change, form: StepForm) -> Self {
        Self {
            shell: below_list(visit, change.2)
                .via(found.between(), found.href())
                .at(change.2),
            found,
            change,
            form,
            errors: FormErrors::default(),
        }
    }

    /// Whether it ends the introduction.
    pub fn is_end(&self) -> bool {
        says_outcome(self.change.1)
    }

    /// Label of what is said.
    pub fn label(&self) -> &'static str {
        match self.change.1 {
            "pursued" => "Ce qui suit",
            "dropped" => "Pourquoi",
            _ => "Ce qui a été dit",
        }
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The page again, under where the introduction stands now.
    pub fn overtaken(mut self) -> Response {
        self.form.version = self.found.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
