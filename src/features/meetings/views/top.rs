//! The meeting at the highest level: planned, prepared on one page.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use super::below_company;
use crate::domain::text::shortened;
use crate::features::companies::model::shown_name;
use crate::features::companies::queries::page::CompanyDetail;
use crate::features::meetings::model;
use crate::features::meetings::planning::{PlanForm, functions};
use crate::features::meetings::queries::list::Last;
use crate::features::meetings::queries::needs::Need;
use crate::features::meetings::queries::people::ContactChoice;
use crate::features::meetings::queries::top::Pending;
use crate::features::meetings::queries::{Company, Meeting};
use crate::scoring::explanation::Explanation;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::levels::Level;
use crate::web::shell::Shell;

/// The form of a meeting to come.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/plan.html")]
pub struct PlanPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// The button of the form.
    pub button: &'static str,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Meeting>,
    /// Page of the company, or of the meeting.
    pub back: String,
    /// Name of the company.
    pub company: String,
    /// People of the company.
    pub contacts: Vec<Choice>,
    /// Functions of the representative.
    pub functions: Vec<Choice>,
    /// What was typed.
    pub form: PlanForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl PlanPage {
    /// The form for this company.
    pub fn new(
        visit: &Visit,
        company: &Company,
        contacts: Vec<ContactChoice>,
        form: PlanForm,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let title = "Prévoir un rendez-vous au plus haut niveau";
        Self {
            shell: below_company(visit, title, &company.siren, name),
            action: format!("/entreprises/{}/rencontres/plus-haut-niveau", company.siren),
            button: "Prévoir ce rendez-vous",
            theirs: None,
            back: format!("/entreprises/{}", company.siren),
            company: name.to_owned(),
            contacts: super::log::choices(contacts),
            functions: functions(),
            form,
            errors: FormErrors::default(),
        }
    }

    /// The form of a known meeting.
    pub fn known(
        visit: &Visit,
        meeting: &Meeting,
        contacts: Vec<ContactChoice>,
        form: PlanForm,
    ) -> Self {
        let mut page = Self::new(visit, &meeting.of_company(), contacts, form);
        let title = "Modifier le rendez-vous";
        page.shell = below_company(visit, title, &meeting.siren, &page.company);
        page.back = format!("/rencontres/{}", meeting.id);
        page.action = format!("{}/replanifier", page.back);
        page.button = "Enregistrer";
        let head = meeting.guest("company");
        if let Some((id, head)) = head.and_then(|head| Some((head.contact_id?.to_string(), head)))
            && !page.contacts.iter().any(|choice| choice.value == id)
        {
            // Gone or erased since, they are still expected.
            page.contacts.push(Choice::new(id, head.name.as_str()));
        }
        page
    }

    /// The form again, beside what someone else wrote meanwhile; sending it again overwrites that.
    pub fn overtaken(mut self, theirs: Meeting) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some(theirs);
        let mut errors = FormErrors::new();
        errors.add_general(
            "Ce rendez-vous a été modifié pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux versions \
             ci-dessous, puis enregistrez la vôtre.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// Lines of a list of the note, which stays on one page whatever is known.
const LINES: usize = 4;
/// Questions of the note.
const QUESTIONS: usize = 8;
/// Letters of a line that people wrote.
const LETTERS: usize = 120;

/// The first lines, none longer than the note can hold, and how many are left out.
fn first<T: AsRef<str>>(lines: impl Iterator<Item = T>, most: usize) -> (Vec<String>, usize) {
    let mut kept: Vec<String> = lines.map(|line| cut(line.as_ref())).collect();
    let more = kept.len().saturating_sub(most);
    kept.truncate(most);
    (kept, more)
}

/// A text, cut when it is long.
pub fn cut(text: &str) -> String {
    shortened(text, LETTERS)
}

/// What the note tells.
pub struct Prepared {
    /// The meeting.
    pub meeting: Meeting,
    /// The company, with its risk.
    pub company: CompanyDetail,
    /// Its last accounts, one sentence each.
    pub accounts: Vec<String>,
    /// What it needs.
    pub needs: Vec<Need>,
    /// What was promised and is not done.
    pub steps: Vec<Pending>,
    /// People of the company.
    pub contacts: Vec<ContactChoice>,
    /// The last meetings.
    pub last: Vec<Last>,
    /// Its jobs in words, with their source.
    pub headcount: String,
    /// What to ask, one a line.
    pub questions: String,
}

/// The preparation of a meeting on one page.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/preparation.html")]
pub struct PreparationPage {
    /// Frame.
    pub shell: Shell,
    /// What it tells.
    pub prepared: Prepared,
    /// Day in France.
    pub today: NaiveDate,
    /// Who prints it.
    pub reader: String,
    /// Whether it can be had as a PDF.
    pub has_pdf: bool,
    /// What is wrong.
    pub errors: FormErrors,
    /// The questions of someone else.
    pub theirs: Option<String>,
}

impl PreparationPage {
    /// The note.
    pub fn new(visit: &Visit, prepared: Prepared) -> Self {
        let company = prepared.company.shown_name();
        let meeting = &prepared.meeting;
        let shell = visit
            .shell("Préparer le rendez-vous")
            .via("Accueil", "/")
            .via(company, format!("/entreprises/{}", meeting.siren))
            .via(
                super::show::title(meeting),
                format!("/rencontres/{}", meeting.id),
            )
            .at("Préparer le rendez-vous");
        Self {
            shell,
            today: visit.today,
            reader: visit.user.name.clone(),
            has_pdf: false,
            errors: FormErrors::default(),
            theirs: None,
            prepared,
        }
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The level of the company.
    pub fn level(&self) -> Option<Level> {
        let risk = self.prepared.company.risk.as_ref()?;
        Some(Level::from_code(risk.0.shown.as_deref()))
    }

    /// Why.
    pub fn explanation(&self) -> Option<&Explanation> {
        let risk = self.prepared.company.risk.as_ref()?;
        Some(&risk.0.explanation)
    }

    /// What to ask, and how many questions are left out.
    pub fn questions(&self) -> (Vec<String>, usize) {
        let lines = self.prepared.questions.lines().map(str::trim);
        first(lines.filter(|line| !line.is_empty()), QUESTIONS)
    }

    /// What was promised: words, who and when, and how many are left out.
    pub fn steps(&self) -> (&[Pending], usize) {
        let all = &self.prepared.steps;
        let shown = all.len().min(LINES);
        (&all[..shown], all.len() - shown)
    }

    /// What it needs, and how many are left out.
    pub fn needs(&self) -> (Vec<String>, usize) {
        let all = self.prepared.needs.iter();
        first(
            all.map(|need| format!("{}\u{a0}: {}", need.dossier_label(), need.need)),
            LINES,
        )
    }
}

impl Last {
    /// How it took place.
    pub fn how(&self) -> &'static str {
        model::kind_label(&self.kind)
    }
}
