//! Pages of signals and of views on the level.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::forms::{SignalForm, ViewForm, WithdrawForm};
use super::model;
use super::queries::{LevelView, Signal};
use crate::features::companies::model::{direction_words, flag_label, shown_name};
use crate::features::companies::queries::identity::CompanyName;
use crate::web::Visit;
use crate::web::filters;
use crate::web::filters::long_date;
use crate::web::forms::{Choice, ChoiceGroup, FormErrors};
use crate::web::shell::{Shell, fresh_key};

/// The form of a signal.
#[derive(Template, WebTemplate)]
#[template(path = "signals/new.html")]
pub struct NewPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// What may be seen, under headings.
    pub groups: Vec<ChoiceGroup>,
    /// What was typed.
    pub form: SignalForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl NewPage {
    /// The form for this company.
    pub fn new(visit: &Visit, company: &CompanyName, form: SignalForm) -> Self {
        let name = shown_name(company.name.as_deref());
        Self {
            shell: shell(visit, "Noter un signal", &company.siren, name),
            siren: company.siren.clone(),
            company: name.to_owned(),
            groups: model::choices(),
            form,
            errors: FormErrors::default(),
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// The page that withdraws a signal.
#[derive(Template, WebTemplate)]
#[template(path = "signals/withdraw.html")]
pub struct WithdrawPage {
    /// Frame.
    pub shell: Shell,
    /// The signal.
    pub signal: Signal,
    /// Name of its company.
    pub company: String,
    /// What was typed.
    pub form: WithdrawForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl WithdrawPage {
    /// The question about this signal.
    pub fn new(visit: &Visit, signal: Signal, form: WithdrawForm) -> Self {
        let company = shown_name(signal.company.as_deref()).to_owned();
        Self {
            shell: shell(visit, "Retirer un signal", &signal.siren, &company),
            company,
            signal,
            form,
            errors: FormErrors::default(),
        }
    }

    /// What was seen, in French.
    fn label(&self) -> String {
        flag_label(&self.signal.kind)
    }

    /// Who withdrew it, when and why.
    fn withdrawal(&self) -> Option<String> {
        let day = self.signal.withdrawn_on?;
        let by = self.signal.withdrawn_by.as_deref().unwrap_or_default();
        let motive = self.signal.withdrawal_motive.as_deref().unwrap_or_default();
        Some(format!(
            "Ce signal a été retiré par {by} le {}. Motif\u{a0}: {motive}",
            long_date(day)
        ))
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The question again, since the signal changed meanwhile.
    pub fn overtaken(mut self) -> Response {
        self.form.version = self.signal.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(if self.signal.withdrawn_on.is_some() {
            "Ce signal vient d’être retiré par une autre personne\u{a0}: votre motif n’a pas été enregistré."
        } else {
            "Ce signal vient d’être modifié. Relisez-le, puis confirmez si vous voulez toujours le retirer."
        });
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// The view on the level: the one in force, or the form of a new one.
#[derive(Template, WebTemplate)]
#[template(path = "signals/level.html")]
pub struct LevelPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// The view in force.
    pub current: Option<LevelView>,
    /// Key of the form that withdraws it.
    pub withdraw_key: String,
    /// Why it is withdrawn, as typed.
    pub withdrawal: String,
    /// Which ways.
    pub directions: Vec<Choice>,
    /// The form of a new view; none while one is in force.
    pub form: Option<ViewForm>,
    /// Why a view has no effect on the level now.
    pub no_effect: Option<&'static str>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl LevelPage {
    /// The page of this company.
    pub fn new(
        visit: &Visit,
        company: &CompanyName,
        current: Option<LevelView>,
        form: Option<ViewForm>,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        Self {
            shell: shell(visit, "Avis sur le niveau", &company.siren, name),
            siren: company.siren.clone(),
            company: name.to_owned(),
            current,
            withdraw_key: fresh_key(),
            withdrawal: String::new(),
            directions: vec![
                Choice::new("up", "Plus fragile, un niveau de plus"),
                Choice::new("down", "Moins fragile, un niveau de moins"),
            ],
            form,
            no_effect: None,
            errors: FormErrors::default(),
        }
    }

    /// The page, where a view has no effect on the level for that reason.
    pub fn told(mut self, no_effect: Option<&'static str>) -> Self {
        self.no_effect = no_effect;
        self
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

impl LevelView {
    /// Which way, in French.
    pub fn words(&self) -> &'static str {
        direction_words(&self.direction)
    }
}

fn shell(visit: &Visit, title: &str, siren: &str, company: &str) -> Shell {
    visit
        .shell(title)
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(company, format!("/entreprises/{siren}"))
        .at(title)
}
