//! Pages of contacts.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::forms::ContactForm;
use super::queries::{CompanyName, Contact, LastChange};
use crate::features::companies::model::shown_name;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
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
    /// Where to delete the contact.
    pub delete: Option<String>,
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
            delete: None,
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
            delete: Some(format!("/contacts/{}/supprimer", contact.id)),
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

/// The page that asks before deleting.
#[derive(Template, WebTemplate)]
#[template(path = "contacts/delete.html")]
pub struct DeletePage {
    /// Frame.
    pub shell: Shell,
    /// The contact.
    pub contact: Contact,
    /// Name of its company.
    pub company: String,
    /// Page of its company.
    pub back: String,
    /// Why the first try was refused.
    pub errors: FormErrors,
}

impl DeletePage {
    /// The question about this contact.
    pub fn new(visit: &Visit, contact: Contact) -> Self {
        let company = shown_name(contact.company.as_deref()).to_owned();
        let title = format!("Supprimer le contact {}", contact.full_name);
        Self {
            shell: shell(visit, &title, &contact.siren, &company),
            back: page_of(&contact.siren),
            company,
            contact,
            errors: FormErrors::default(),
        }
    }

    /// The question again, since the contact changed meanwhile.
    pub fn overtaken(mut self) -> Response {
        self.shell.has_errors = true;
        self.errors.add_general(
            "Ce contact vient d’être modifié. Relisez-le, puis confirmez si vous voulez toujours le \
             supprimer.",
        );
        (StatusCode::CONFLICT, self).into_response()
    }
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
