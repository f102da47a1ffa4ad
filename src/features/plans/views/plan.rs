//! The plan of a company, and what is done with it as a whole.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

use super::{OVERTAKEN, below_company, budget, choices, may_run, plan_path};
use crate::domain::Dossier;
use crate::features::companies::model::shown_name;
use crate::features::meetings::queries::Company;
use crate::features::meetings::queries::top::Diagnosis;
use crate::features::plans::forms::{CloseForm, PlanForm};
use crate::features::plans::model::OUTCOMES;
use crate::features::plans::queries::Plan;
use crate::features::plans::queries::actions::Action;
use crate::features::workshops::queries::LastChange;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::pager::Total;
use crate::web::shell::Shell;

/// The actions of a dossier; none is said too.
#[derive(Debug)]
pub struct Section {
    /// Which.
    pub dossier: Dossier,
    /// Late and blocked ones first.
    pub actions: Vec<Action>,
}

/// A plan by dossier, or what to do when none runs.
#[derive(Template, WebTemplate)]
#[template(path = "plans/show.html")]
pub struct PlanPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Its name.
    pub company: String,
    /// The plan that is shown.
    pub plan: Option<Plan>,
    /// The closed ones besides it.
    pub closed: Vec<Plan>,
    /// Late and blocked actions of all the dossiers.
    pub pressing: Vec<Action>,
    /// The five dossiers.
    pub sections: Vec<Section>,
    /// The last diagnosis, for the council.
    pub diagnosis: Option<Diagnosis>,
    /// Counts in one sentence.
    pub counts: String,
    /// Budget of the whole plan.
    pub budget: Option<String>,
    /// What was typed to open a plan.
    pub form: PlanForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether the visitor writes plans.
    pub may_run: bool,
    /// Today.
    pub today: NaiveDate,
}

impl PlanPage {
    /// The page of this company, for this plan among its plans.
    pub fn new(
        visit: &Visit,
        company: &Company,
        (plan, closed): (Option<Plan>, Vec<Plan>),
        actions: Vec<Action>,
        diagnosis: Option<Diagnosis>,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let title = match &plan {
            Some(plan) if plan.closed_on.is_some() => "Plan d’actions clos",
            _ => "Plan d’actions",
        };
        let sum = |of: fn(&Action) -> Option<i64>| {
            let known: Vec<i64> = actions.iter().filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum())
        };
        // What is dropped will not cost; what it cost already was spent.
        let planned = sum(|a| a.planned_euros.filter(|_| a.status != "dropped"));
        let kept = actions.iter().filter(|a| a.status != "dropped");
        let funded = kept.map(|action| action.funded_euros).sum();
        let presses = |action: &&Action| {
            action.is_awaited() && (action.is_late(&visit.today) || action.status == "blocked")
        };
        Self {
            shell: below_company(visit, title, &company.siren, name).at(title),
            siren: company.siren.clone(),
            company: name.to_owned(),
            closed,
            pressing: actions.iter().filter(presses).cloned().collect(),
            counts: counts(&actions, visit.today),
            budget: budget(planned, funded, sum(|a| a.spent_euros)),
            sections: sections(actions),
            diagnosis,
            form: PlanForm::default(),
            errors: FormErrors::default(),
            may_run: may_run(visit),
            today: visit.today,
            plan,
        }
    }

    /// Whether the visitor may change the plan that is shown.
    pub fn may_change(&self) -> bool {
        self.may_run && self.plan.as_ref().is_some_and(|p| p.closed_on.is_none())
    }

    /// Whether the visitor may take the plan that is shown again.
    pub fn may_take_again(&self) -> bool {
        self.may_run && self.plan.as_ref().is_some_and(|p| p.closed_on.is_some())
    }

    /// Where an action is added.
    pub fn add_href(&self, section: &Section) -> String {
        format!(
            "{}/actions/nouvelle?dossier={}",
            plan_path(&self.siren),
            section.dossier.code()
        )
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

fn sections(actions: Vec<Action>) -> Vec<Section> {
    let mut sections: Vec<Section> = Dossier::ALL
        .map(|dossier| Section {
            dossier,
            actions: Vec::new(),
        })
        .into();
    for action in actions {
        let of = sections
            .iter_mut()
            .find(|section| section.dossier.code() == action.dossier);
        if let Some(section) = of {
            section.actions.push(action);
        }
    }
    sections
}

/// « 5 actions : 2 en retard, 1 bloquée, 1 faite ».
fn counts(actions: &[Action], today: NaiveDate) -> String {
    let count = |of: &dyn Fn(&Action) -> bool| actions.iter().filter(|a| of(a)).count();
    let words = |n: usize, one: &str, many: &str| {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        Total::Exact(n).in_words(one, many)
    };
    if actions.is_empty() {
        return "Aucune action".to_owned();
    }
    let parts: Vec<String> = [
        (count(&|a| a.is_late(&today)), "en retard", "en retard"),
        (count(&|a| a.status == "blocked"), "bloquée", "bloquées"),
        (count(&|a| a.status == "ongoing"), "en cours", "en cours"),
        (count(&|a| a.status == "done"), "faite", "faites"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .map(|(n, one, many)| words(n, one, many))
    .collect();
    let all = words(actions.len(), "action", "actions");
    if parts.is_empty() {
        all
    } else {
        format!("{all}, dont {}", parts.join(", "))
    }
}

/// What a plan is for, to change; or a closed plan, to take again.
#[derive(Template, WebTemplate)]
#[template(path = "plans/form.html")]
pub struct PlanFormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// What was typed.
    pub form: PlanForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Actions that may be taken again.
    pub actions: Vec<Choice>,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(Plan, Option<LastChange>)>,
}

impl PlanFormPage {
    /// The objective of this plan.
    pub fn edit(visit: &Visit, plan: &Plan, form: PlanForm) -> Self {
        Self::new(
            visit,
            plan,
            ("Modifier l’objectif", "modifier"),
            Vec::new(),
            form,
        )
    }

    /// This plan, to take again with some of its actions.
    pub fn again(visit: &Visit, plan: &Plan, actions: Vec<Choice>, form: PlanForm) -> Self {
        Self::new(
            visit,
            plan,
            ("Reprendre ce plan", "reprendre"),
            actions,
            form,
        )
    }

    fn new(
        visit: &Visit,
        plan: &Plan,
        (title, word): (&str, &str),
        actions: Vec<Choice>,
        form: PlanForm,
    ) -> Self {
        Self {
            shell: below_company(visit, title, &plan.siren, plan.company_name())
                .via("Plan d’actions", plan.href())
                .at(title),
            action: format!("/plans/{}/{word}", plan.id),
            back: plan.href(),
            form,
            errors: FormErrors::default(),
            actions,
            theirs: None,
        }
    }

    /// The form again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: Plan, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// Asks what came of a plan.
#[derive(Template, WebTemplate)]
#[template(path = "plans/close.html")]
pub struct ClosePage {
    /// Frame.
    pub shell: Shell,
    /// The plan.
    pub plan: Plan,
    /// Actions that are not ended.
    pub open: usize,
    /// Outcomes.
    pub outcomes: Vec<Choice>,
    /// What was typed.
    pub form: CloseForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ClosePage {
    /// The question about this plan.
    pub fn new(visit: &Visit, plan: Plan, open: usize, form: CloseForm) -> Self {
        Self {
            shell: below_company(visit, "Clore le plan", &plan.siren, plan.company_name())
                .via("Plan d’actions", plan.href())
                .at("Clore le plan"),
            plan,
            open,
            outcomes: choices(&OUTCOMES),
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
