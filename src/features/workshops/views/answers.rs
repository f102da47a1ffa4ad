//! Pages of answers: the guest's own, without an account, and what is noted for them.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{LIST, path_of, refused};
use crate::features::workshops::forms::AnswerForm;
use crate::features::workshops::model::{ANSWERS, words};
use crate::features::workshops::queries::Workshop;
use crate::features::workshops::queries::answers::{Given, Invitation};
use crate::features::workshops::queries::guests::Guest;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;
use crate::web::{Visit, Visitor};

/// An invitation, to answer without an account.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/invitation.html")]
pub struct InvitationPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// The invitation.
    pub invitation: Invitation,
    /// What may be answered.
    pub answers: Vec<Choice>,
    /// What was typed.
    pub form: AnswerForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl InvitationPage {
    /// The page of an invitation.
    pub fn new(visitor: &Visitor, token: &str, invitation: Invitation, form: AnswerForm) -> Self {
        Self {
            shell: visitor.shell("Votre invitation"),
            action: format!("/invitation/{token}"),
            invitation,
            answers: vec![
                Choice::new("yes", "Oui, je viens"),
                Choice::new("no", "Non"),
                Choice::new("replaced", "Une autre personne vient"),
            ],
            form,
            errors: FormErrors::default(),
        }
    }

    /// Whether the guest answered it.
    pub fn is_answered(&self) -> bool {
        self.invitation.answer != "none" && !self.invitation.is_noted
    }

    /// The answer in words.
    pub fn answer_words(&self) -> String {
        match self.invitation.answer.as_str() {
            "replaced" => format!("{} vient à votre place", self.invitation.replacement_name),
            "yes" => "vous venez".to_owned(),
            "no" => "vous ne venez pas".to_owned(),
            code => words(&ANSWERS, code).to_owned(),
        }
    }

    /// The page once the guest answered.
    #[must_use]
    pub fn answered(mut self, code: &str, replacement: String) -> Self {
        code.clone_into(&mut self.invitation.answer);
        self.invitation.replacement_name = replacement;
        self.invitation.is_noted = false;
        self
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell = refused(self.shell, status);
        self.errors = errors;
        (status, self).into_response()
    }
}

impl Given {
    /// The answer, and who gave or noted it.
    pub fn in_words(&self) -> String {
        let answer = match self.answer.as_str() {
            "replaced" => "Se fait remplacer",
            code => words(&ANSWERS, code),
        };
        match &self.noted_by {
            Some(name) => format!("{answer}, au téléphone. Noté par {name}"),
            None => format!("{answer}, par son lien"),
        }
    }
}

/// The answer of a guest, to note for them.
#[derive(Template, WebTemplate)]
#[template(path = "workshops/answer.html")]
pub struct NotedPage {
    /// Frame.
    pub shell: Shell,
    /// The workshop.
    pub workshop: Workshop,
    /// The guest.
    pub guest: Guest,
    /// Where the form goes.
    pub action: String,
    /// The list of guests.
    pub back: String,
    /// What may be answered.
    pub answers: Vec<Choice>,
    /// What was answered so far.
    pub history: Vec<Given>,
    /// What was typed.
    pub form: AnswerForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NotedPage {
    /// The page of a guest.
    pub fn new(visit: &Visit, workshop: Workshop, guest: Guest, history: Vec<Given>) -> Self {
        let path = path_of(&workshop);
        let back = format!("{path}/invites");
        Self {
            shell: visit
                .shell(format!("Noter une réponse, {}", guest.name()))
                .via("Accueil", "/")
                .via("Ateliers", LIST)
                .via(workshop.title.as_str(), path)
                .via("Invités", back.as_str())
                .at(guest.name()),
            action: format!("{back}/{}", guest.id),
            back,
            answers: vec![
                Choice::new("yes", "Vient"),
                Choice::new("no", "Ne vient pas"),
                Choice::new("replaced", "Se fait remplacer"),
            ],
            form: AnswerForm {
                version: guest.version.to_string(),
                ..AnswerForm::default()
            },
            workshop,
            guest,
            history,
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
