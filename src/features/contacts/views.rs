//! Pages of contacts.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use super::forms::ContactForm;
use super::queries::{CompanyName, Contact, LastChange, OldContact};
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// What the record holds now, when someone else changed it first.
pub struct Theirs {
    /// The record.
    pub contact: Contact,
    /// Who changed it, and when.
    pub change: Option<LastChange>,
}

/// The form of a contact, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "contacts/form.html")]
pub struct FormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Page of the company.
    pub back: String,
    /// Name of the company.
    pub company: String,
    /// What was typed.
    pub form: ContactForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Theirs>,
    /// A known contact: address of its acts, and whether it left.
    pub known: Option<(String, bool)>,
    /// Whether the visitor tells and erases what is known of a person.
    pub may_handle_data: bool,
}

impl FormPage {
    /// The form of a new contact.
    pub fn new_contact(visit: &Visit, company: &CompanyName, form: ContactForm) -> Self {
        let below = format!("{}/contacts/nouveau", page_of(&company.siren));
        let company_name = shown_name(company.name.as_deref());
        Self {
            shell: shell(visit, "Ajouter un contact", &company.siren, company_name),
            action: below,
            back: page_of(&company.siren),
            company: company_name.to_owned(),
            form,
            errors: FormErrors::default(),
            theirs: None,
            known: None,
            may_handle_data: false,
        }
    }

    /// The form of a known contact.
    pub fn known(visit: &Visit, contact: &Contact, form: ContactForm) -> Self {
        let company_name = shown_name(contact.company.as_deref());
        let title = format!("Modifier le contact {}", contact.full_name);
        Self {
            shell: shell(visit, &title, &contact.siren, company_name),
            action: format!("/contacts/{}", contact.id),
            back: page_of(&contact.siren),
            company: company_name.to_owned(),
            form,
            errors: FormErrors::default(),
            theirs: None,
            known: Some((
                format!("/contacts/{}", contact.id),
                contact.archived_on.is_some(),
            )),
            may_handle_data: visit.may(Permission::HandlePersonalData),
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile; sending it again overwrites that.
    pub fn overtaken(mut self, theirs: Theirs) -> Response {
        self.form.version = theirs.contact.version.to_string();
        self.theirs = Some(theirs);
        let mut errors = FormErrors::new();
        errors.add_general(
            "Ce contact a été modifié pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux \
             versions ci-dessous, puis enregistrez la vôtre.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// Those nobody has spoken to for long.
#[derive(Template, WebTemplate)]
#[template(path = "contacts/anciens.html")]
pub struct OldPage {
    /// Frame.
    pub shell: Shell,
    /// Place in the list.
    pub page: Page,
    /// The rows.
    pub rows: Vec<OldContact>,
    /// Day before which nothing was said.
    pub before: NaiveDate,
}

impl OldPage {
    /// The page of these people.
    pub fn new(visit: &Visit, page: Page, rows: Vec<OldContact>, before: NaiveDate) -> Self {
        let shell = visit
            .shell(page.title("Coordonnées anciennes"))
            .via("Accueil", "/")
            .via("Partenaires", "/organismes")
            .at("Coordonnées anciennes");
        Self {
            shell,
            page,
            rows,
            before,
        }
    }
}

impl OldContact {
    /// Company or organisation.
    pub fn of_name(&self) -> &str {
        shown_name(self.of.as_deref())
    }

    /// Page of the company or of the organisation.
    pub fn of_href(&self) -> String {
        let list = if self.is_partner {
            "organismes"
        } else {
            "entreprises"
        };
        format!("/{list}/{}", self.of_key)
    }

    /// Address of the person.
    pub fn href(&self) -> String {
        let list = if self.is_partner {
            "personnes"
        } else {
            "contacts"
        };
        format!("/{list}/{}", self.id)
    }
}

/// The frame of a page below a company's, its title still to give.
pub fn below_company(visit: &Visit, siren: &str, company: &str) -> Shell {
    visit
        .shell("")
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(company, page_of(siren))
}

fn page_of(siren: &str) -> String {
    format!("/entreprises/{siren}")
}

fn shell(visit: &Visit, title: &str, siren: &str, company: &str) -> Shell {
    visit
        .shell(title)
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(company, page_of(siren))
        .at(title)
}
