//! The form of an action, new or known.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{OVERTAKEN, below_company, choices, organisations, owners, plan_path};
use crate::features::companies::model::shown_name;
use crate::features::meetings::queries::Company;
use crate::features::plans::forms::ActionForm;
use crate::features::plans::model::{self, EFFECTS, PILLARS};
use crate::features::plans::queries::Party;
use crate::features::plans::queries::actions::Action;
use crate::features::workshops::queries::LastChange;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, ChoiceGroup, FormErrors};
use crate::web::shell::Shell;

/// An action, to write.
#[derive(Template, WebTemplate)]
#[template(path = "plans/action_form.html")]
pub struct ActionFormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// Whether the action opens a plan.
    pub opens: bool,
    /// The need that it answers.
    pub need: Option<String>,
    /// Measures under their dossiers.
    pub measures: Vec<ChoiceGroup>,
    /// Who may carry it out.
    pub owners: Vec<ChoiceGroup>,
    /// Who may help.
    pub partners: Vec<Choice>,
    /// Effects.
    pub effects: Vec<Choice>,
    /// What was typed.
    pub form: ActionForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(Action, Option<LastChange>)>,
}

impl ActionFormPage {
    /// A new action of a company's plan; `opens` when no plan runs.
    pub fn add(
        visit: &Visit,
        company: &Company,
        parties: &[Party],
        opens: bool,
        form: ActionForm,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let plan = plan_path(&company.siren);
        Self::new(
            below_company(visit, "Ajouter une action", &company.siren, name)
                .via("Plan d’actions", plan.as_str())
                .at("Ajouter une action"),
            (format!("{plan}/actions/nouvelle"), plan),
            parties,
            (opens, form),
        )
    }

    /// A known action.
    pub fn edit(visit: &Visit, known: &Action, parties: &[Party], form: ActionForm) -> Self {
        let page = format!("/actions/{}", known.id);
        Self::new(
            below_company(
                visit,
                "Modifier l’action",
                &known.siren,
                known.company_name(),
            )
            .via("Plan d’actions", plan_path(&known.siren))
            .via(known.title.as_str(), page.as_str())
            .at("Modifier"),
            (format!("{page}/modifier"), page),
            parties,
            (false, form),
        )
    }

    fn new(
        shell: Shell,
        (action, back): (String, String),
        parties: &[Party],
        (opens, form): (bool, ActionForm),
    ) -> Self {
        Self {
            shell,
            action,
            back,
            opens,
            need: None,
            measures: model::measures(),
            owners: owners(parties),
            partners: organisations(parties),
            effects: choices(&EFFECTS),
            form,
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// Expected effects: name of the field, pillar, what was typed.
    pub fn expected(&self) -> Vec<(&'static str, &'static str, &str)> {
        let fields = self.form.expected().into_iter();
        fields
            .zip(PILLARS)
            .map(|((field, typed), (_, pillar))| (field, pillar, typed))
            .collect()
    }

    /// The form again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: Action, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
