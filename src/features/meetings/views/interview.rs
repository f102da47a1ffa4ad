//! The structured interview.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use crate::auth::users::StaffMember;
use crate::features::companies::model::shown_name;
use crate::features::meetings::interview::InterviewForm;
use crate::features::meetings::model;
use crate::features::meetings::queries::needs::Need;
use crate::features::meetings::queries::{Meeting, StepRow};
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// The interview, theme by theme.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/interview.html")]
pub struct InterviewPage {
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub meeting: Meeting,
    /// Name of the company.
    pub company: String,
    /// What was typed.
    pub form: InterviewForm,
    /// Needs that are known already.
    pub needs: Vec<Need>,
    /// Steps that are known already.
    pub steps: Vec<StepRow>,
    /// Who may do the next step.
    pub staff: Vec<Choice>,
    /// Red flags.
    pub flags: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
    /// The essential of someone else.
    pub theirs: Option<String>,
    /// Day in France.
    pub today: NaiveDate,
}

impl InterviewPage {
    /// The form of this meeting.
    pub fn new(
        visit: &Visit,
        meeting: Meeting,
        mut form: InterviewForm,
        needs: Vec<Need>,
        steps: Vec<StepRow>,
        staff: Vec<StaffMember>,
    ) -> Self {
        let company = shown_name(meeting.company.as_deref()).to_owned();
        let raised = meeting.flags.clone();
        if form.owner.is_empty() {
            form.owner = visit.user.id.to_string();
        }
        let shell = visit
            .shell("Entretien")
            .via("Accueil", "/")
            .via(company.as_str(), format!("/entreprises/{}", meeting.siren))
            .via(
                super::show::title(&meeting),
                format!("/rencontres/{}", meeting.id),
            )
            .at("Entretien");
        Self {
            shell,
            company,
            meeting,
            form,
            needs,
            steps,
            staff: staff
                .into_iter()
                .map(|person| Choice::new(person.id.to_string(), person.full_name))
                .collect(),
            flags: model::flags()
                .into_iter()
                .filter(|flag| !raised.contains(&flag.value))
                .collect(),
            errors: FormErrors::default(),
            theirs: None,
            today: visit.today,
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// Name of a field of a theme or of a dossier.
fn field(part: &str, code: &str) -> String {
    format!("{part}_{code}")
}

/// Label of a part of a theme.
fn part(theme: &str, part: &str) -> String {
    format!("{theme}, {part}")
}
