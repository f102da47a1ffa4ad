//! The diagnosis of a company's model.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::below_company;
use crate::features::companies::model::shown_name;
use crate::features::meetings::diagnosis::DiagnosisForm;
use crate::features::meetings::queries::Company;
use crate::features::meetings::queries::top::Diagnosis;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;

/// The last version in a form, and those before.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/diagnosis.html")]
pub struct DiagnosisPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Page of the company.
    pub back: String,
    /// Name of the company.
    pub company: String,
    /// Every version, the newest first.
    pub versions: Vec<Diagnosis>,
    /// What was typed.
    pub form: DiagnosisForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether someone added a version meanwhile: it is then shown first.
    pub is_overtaken: bool,
}

impl DiagnosisPage {
    /// The page of this company.
    pub fn new(
        visit: &Visit,
        company: &Company,
        versions: Vec<Diagnosis>,
        form: DiagnosisForm,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let back = format!("/entreprises/{}", company.siren);
        Self {
            shell: below_company(visit, "Diagnostic du modèle", &company.siren, name),
            action: format!("{back}/diagnostic"),
            back,
            company: name.to_owned(),
            versions,
            form,
            errors: FormErrors::default(),
            is_overtaken: false,
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside the version that someone else added.
    pub fn overtaken(mut self) -> Response {
        self.is_overtaken = true;
        if let Some(last) = self.versions.first() {
            self.form.version = last.rank.to_string();
        }
        let mut errors = FormErrors::new();
        errors.add_general(
            "Une autre version a été enregistrée pendant votre saisie. Rien n’est perdu\u{a0}: comparez-la à la \
             vôtre, puis enregistrez.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }
}

impl Diagnosis {
    /// Its parts: heading, text.
    pub fn parts(&self) -> [(&'static str, &str); 5] {
        [
            ("Stratégie", self.strategy.as_str()),
            ("Technique", self.technical.as_str()),
            ("Effectif, l’état", self.workforce_state.as_str()),
            ("Effectif, le projet", self.workforce_project.as_str()),
            ("Effectif, l’aide souhaitée", self.workforce_help.as_str()),
        ]
    }
}
