//! Pages of a link: which company, what is said, why it is over.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::forms::{EndForm, LinkForm, SIDES};
use super::queries::LastChange;
use crate::domain::supply::Degree;
use crate::features::companies::model::shown_name;
use crate::features::companies::queries::identity::CompanyName;
use crate::features::companies::queries::list::CompanyRow;
use crate::features::companies::supply::SupplyLine;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// Said when someone else was faster.
const OVERTAKEN: &str = "Une autre personne a enregistré pendant votre saisie. Rien n’est perdu\u{a0}: lisez ce qu’elle a écrit, puis enregistrez si votre réponse vaut toujours.";

/// Where the links of a company are shown.
pub fn section_of(siren: &str) -> String {
    format!("/entreprises/{siren}#clients-et-fournisseurs")
}

fn below(siren: &str, page: &str) -> String {
    format!("/entreprises/{siren}/clients-et-fournisseurs/{page}")
}

fn shell(visit: &Visit, company: &CompanyName, title: &'static str) -> Shell {
    let name = shown_name(company.name.as_deref());
    visit
        .shell(title)
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(name, format!("/entreprises/{}", company.siren))
        .at(title)
}

/// The company at the other end of a new link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Other {
    /// Its SIREN and its name.
    Known(String, String),
    /// Known by the name that the form holds.
    Named,
}

/// Which company is the customer or the supplier.
#[derive(Template, WebTemplate)]
#[template(path = "supply/choose.html")]
pub struct ChoosePage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Its name.
    pub company: String,
    /// What was searched.
    pub text: String,
    /// Those found.
    pub found: Vec<CompanyRow>,
    /// No field can be wrong.
    pub errors: FormErrors,
}

impl ChoosePage {
    /// The page of this company.
    pub fn new(visit: &Visit, company: &CompanyName, text: String, found: Vec<CompanyRow>) -> Self {
        // A company is not its own customer.
        let others = found.into_iter().filter(|row| row.siren != company.siren);
        Self {
            shell: shell(visit, company, "Noter un client ou un fournisseur"),
            siren: company.siren.clone(),
            company: shown_name(company.name.as_deref()).to_owned(),
            text,
            found: others.collect(),
            errors: FormErrors::default(),
        }
    }

    fn action(&self) -> String {
        below(&self.siren, "nouveau")
    }
}

/// The form of a link, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "supply/form.html")]
pub struct LinkPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// Where another company is chosen, for a new link.
    pub choose: Option<String>,
    /// Name of the company.
    pub company: String,
    /// Name of the other one; none when the form asks for it.
    pub other: Option<String>,
    /// What the other one is; empty when it is settled.
    pub sides: Vec<Choice>,
    /// Degrees of a dependence.
    pub degrees: Vec<Choice>,
    /// Who says so.
    pub bases: Vec<Choice>,
    /// What was typed.
    pub form: LinkForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(SupplyLine, Option<LastChange>)>,
}

impl LinkPage {
    fn new(visit: &Visit, company: &CompanyName, title: &'static str, form: LinkForm) -> Self {
        let unknown = Choice::new("", "Inconnue");
        let degrees = Degree::ALL.map(|degree| Choice::new(degree.code(), degree.label()));
        let bases = [
            ("supplier", "Le fournisseur"),
            ("customer", "Le client"),
            ("estimate", "C’est une estimation"),
        ];
        Self {
            shell: shell(visit, company, title),
            action: below(&company.siren, "nouveau"),
            back: section_of(&company.siren),
            choose: None,
            company: shown_name(company.name.as_deref()).to_owned(),
            other: None,
            sides: Vec::new(),
            degrees: std::iter::once(unknown).chain(degrees).collect(),
            bases: bases.map(|(code, words)| Choice::new(code, words)).into(),
            form,
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// A new link with this other company.
    pub fn add(visit: &Visit, company: &CompanyName, other: &Other, form: LinkForm) -> Self {
        let title = "Noter un client ou un fournisseur";
        let sides = SIDES.map(|(code, words)| Choice::new(code, words)).into();
        Self {
            choose: Some(below(&company.siren, "nouveau")),
            other: match other {
                Other::Known(_, name) => Some(name.clone()),
                Other::Named => None,
            },
            sides,
            ..Self::new(visit, company, title, form)
        }
    }

    /// A known link; its ends stay.
    pub fn known(visit: &Visit, company: &CompanyName, line: &SupplyLine, form: LinkForm) -> Self {
        Self {
            action: below(&company.siren, &format!("{}/modifier", line.id)),
            other: Some(line.other_name().to_owned()),
            ..Self::new(visit, company, "Modifier un lien", form)
        }
    }

    /// What the other one is, in words, when it is settled.
    fn side(&self) -> &'static str {
        if self.form.sens == SIDES[0].0 {
            "client"
        } else {
            "fournisseur"
        }
    }

    /// The form again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: SupplyLine, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// Asks why a link is over.
#[derive(Template, WebTemplate)]
#[template(path = "supply/end.html")]
pub struct EndPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Le garder » leads.
    pub back: String,
    /// Name of the company.
    pub company: String,
    /// Which link.
    pub line: SupplyLine,
    /// What was typed.
    pub form: EndForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl EndPage {
    /// The question.
    pub fn new(visit: &Visit, company: &CompanyName, line: SupplyLine, form: EndForm) -> Self {
        Self {
            shell: shell(visit, company, "Terminer un lien"),
            action: below(&company.siren, &format!("{}/terminer", line.id)),
            back: section_of(&company.siren),
            company: shown_name(company.name.as_deref()).to_owned(),
            line,
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

    /// The page again, under what someone else wrote meanwhile.
    pub fn overtaken(mut self) -> Response {
        self.form.version = self.line.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
