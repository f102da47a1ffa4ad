//! The settings: state first, then what may be done, then the history.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use crate::features::companies::model::shown_name;
use crate::features::social::forms::{ActivationForm, EndForm, ReaderForm};
use crate::features::social::queries::{Activation, Candidate, Kept, Reader, Reading};
use crate::web::Visit;
use crate::web::filters::{self, long_date};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// What the page tells.
pub struct Told {
    /// Every activation, the open one first.
    pub activations: Vec<Activation>,
    /// People who may read.
    pub readers: Vec<Reader>,
    /// Staff who may not.
    pub candidates: Vec<Candidate>,
    /// Last readings.
    pub readings: Vec<Reading>,
}

/// `templates/social/settings.html`
#[derive(Template, WebTemplate)]
#[template(path = "social/settings.html")]
pub struct SettingsPage {
    shell: Shell,
    today: NaiveDate,
    open: Option<Activation>,
    ended: Vec<Activation>,
    readers: Vec<Reader>,
    people: Vec<Choice>,
    readings: Vec<Reading>,
    form: ActivationForm,
    reader: ReaderForm,
    errors: FormErrors,
}

impl SettingsPage {
    /// The page as it first shows.
    pub fn new(visit: &Visit, told: Told) -> Self {
        let (open, ended): (Vec<_>, Vec<_>) = told
            .activations
            .into_iter()
            .partition(|one| one.ended_at.is_none());
        let people = told
            .candidates
            .into_iter()
            .map(|person| Choice::new(person.id.to_string(), person.name));
        Self {
            shell: visit
                .shell(TITLE)
                .via("Accueil", "/")
                .via("Utilisateurs", "/utilisateurs")
                .at(TITLE),
            today: visit.today,
            open: open.into_iter().next(),
            ended,
            readers: told.readers,
            people: people.collect(),
            readings: told.readings,
            form: ActivationForm::blank(visit.today),
            reader: ReaderForm::default(),
            errors: FormErrors::new(),
        }
    }

    /// With the activation that was typed.
    pub fn with(mut self, form: ActivationForm) -> Self {
        self.form = form;
        self
    }

    /// With the person who was chosen.
    pub fn naming(mut self, reader: ReaderForm) -> Self {
        self.reader = reader;
        self
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// Where things stand, in one sentence.
    fn state(&self) -> String {
        let Some(open) = &self.open else {
            return "Désactivées\u{a0}: aucun fichier n’est accepté, personne ne lit rien, rien n’est conservé."
                .to_owned();
        };
        let from = long_date(open.valid_from);
        let until = open.valid_until.map_or_else(
            || "sans date de fin".to_owned(),
            |until| format!("jusqu’au {}", long_date(until)),
        );
        if open.is_in_force(self.today) {
            format!("Activées depuis le {from}, {until}.")
        } else if self.today < open.valid_from {
            format!("Activées à partir du {from}, {until}. D’ici là, rien n’est accepté ni lu.")
        } else {
            format!("Arrivées à échéance, {until}\u{a0}: plus rien n’est accepté ni lu.")
        }
    }
}

const TITLE: &str = "Données sociales et fiscales";

impl Activation {
    /// « du 1er janvier 2027 au 31 décembre 2027 ».
    pub fn period(&self) -> String {
        let from = long_date(self.valid_from);
        match self.valid_until {
            Some(until) => format!("du {from} au {}", long_date(until)),
            None => format!("à partir du {from}"),
        }
    }

    /// Who ended it.
    pub fn ender(&self) -> &str {
        self.ended_by.as_deref().unwrap_or("Vigie")
    }
}

impl Reading {
    /// The company as it is named elsewhere.
    pub fn shown_company(&self) -> &str {
        shown_name(self.company.as_deref())
    }
}

/// `templates/social/end.html`
#[derive(Template, WebTemplate)]
#[template(path = "social/end.html")]
pub struct EndPage {
    shell: Shell,
    activation: Activation,
    kept: Kept,
    form: EndForm,
    errors: FormErrors,
}

impl EndPage {
    /// The question.
    pub fn new(visit: &Visit, activation: Activation, kept: Kept, form: EndForm) -> Self {
        let title = "Désactiver les données sociales";
        Self {
            shell: visit
                .shell(title)
                .via("Accueil", "/")
                .via("Utilisateurs", "/utilisateurs")
                .via(TITLE, super::super::SETTINGS_PATH)
                .at(title),
            activation,
            kept,
            form,
            errors: FormErrors::new(),
        }
    }

    /// The question again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    fn is_checked(&self) -> bool {
        self.form.effacer == "oui"
    }
}
