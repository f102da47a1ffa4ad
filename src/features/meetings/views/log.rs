//! The form of a meeting.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::below_company;
use crate::auth::Permission::ConductMeetings;
use crate::features::companies::model::shown_name;
use crate::features::meetings::forms::LogForm;
use crate::features::meetings::model::{self, Kind};
use crate::features::meetings::queries::people::ContactChoice;
use crate::features::meetings::queries::{Company, Meeting};
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// What the record holds now, when someone else changed it first.
pub struct Theirs {
    /// The meeting.
    pub meeting: Meeting,
    /// Its confidential part, for who may read it.
    pub confidential: Option<String>,
}

/// The form of a meeting, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/log.html")]
pub struct LogPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where one comes back without saving.
    pub back: String,
    /// Name of the company.
    pub company: String,
    /// How people met.
    pub kinds: Vec<Choice>,
    /// The five dossiers.
    pub dossiers: Vec<Choice>,
    /// When to come back.
    pub follow_ups: Vec<Choice>,
    /// People of the company.
    pub contacts: Vec<Choice>,
    /// Red flags.
    pub flags: Vec<Choice>,
    /// What was typed.
    pub form: LogForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Whether it is noted already: flags and follow-up are not asked again.
    pub is_known: bool,
    /// Whether the visitor writes for the council.
    pub by_council: bool,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Theirs>,
    /// The same meeting, noted already.
    pub twin: Option<Uuid>,
}

/// Contacts as choices.
pub fn choices(contacts: Vec<ContactChoice>) -> Vec<Choice> {
    contacts
        .into_iter()
        .map(|contact| {
            let label = if contact.job_title.is_empty() {
                contact.full_name
            } else {
                format!("{}, {}", contact.full_name, contact.job_title)
            };
            Choice::new(contact.id.to_string(), label)
        })
        .collect()
}

impl LogPage {
    /// The form of a new meeting.
    pub fn new(
        visit: &Visit,
        company: &Company,
        contacts: Vec<ContactChoice>,
        form: LogForm,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let page = format!("/entreprises/{}", company.siren);
        Self {
            shell: below_company(visit, "Noter une rencontre", &company.siren, name),
            action: format!("{page}/rencontres/nouvelle"),
            back: page,
            company: name.to_owned(),
            kinds: Kind::everyday(),
            dossiers: model::dossiers(),
            follow_ups: model::follow_ups(),
            contacts: choices(contacts),
            flags: model::flags(),
            form,
            errors: FormErrors::default(),
            is_known: false,
            by_council: visit.may(ConductMeetings),
            theirs: None,
            twin: None,
        }
    }

    /// The form of a known meeting.
    pub fn known(
        visit: &Visit,
        meeting: &Meeting,
        contacts: Vec<ContactChoice>,
        form: LogForm,
    ) -> Self {
        let mut page = Self::new(visit, &meeting.of_company(), contacts, form);
        let title = "Modifier la rencontre";
        page.shell = below_company(visit, title, &meeting.siren, &page.company);
        page.action = format!("/rencontres/{}/modifier", meeting.id);
        page.back = format!("/rencontres/{}", meeting.id);
        page.is_known = true;
        for person in &meeting.people {
            let Some(id) = person.contact_id.map(|id| id.to_string()) else {
                continue;
            };
            // Gone or erased since, they were there.
            if !page.contacts.iter().any(|choice| choice.value == id) {
                page.contacts.push(Choice::new(id, person.name.as_str()));
            }
        }
        page.kinds = Kind::choices_of(meeting.is_top_level());
        page
    }

    /// Where the same meeting is, when it was noted already.
    pub fn twin_href(&self) -> Option<String> {
        self.twin.map(|id| format!("/rencontres/{id}"))
    }

    /// Whether the fold is open.
    pub fn is_unfolded(&self) -> bool {
        self.is_known || self.form.has_more()
    }

    /// Who reads the confidential note.
    pub fn confidential_hint(&self) -> &'static str {
        if self.by_council {
            "Lue par le Département seul. Restez objectif\u{a0}: la personne peut la demander."
        } else {
            "Lue par votre organisme et par le Département. Restez objectif\u{a0}: la personne peut la demander."
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, since the same words were noted already.
    pub fn known_already(mut self, twin: Option<Uuid>) -> Response {
        self.twin = twin;
        let mut errors = FormErrors::new();
        errors.add_general(
            "Vous avez déjà noté cette rencontre\u{a0}: même jour, même format, mêmes mots. Rien n’a été ajouté.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }

    /// The form again, beside what someone else wrote meanwhile; sending it again overwrites that.
    pub fn overtaken(mut self, theirs: Theirs) -> Response {
        self.form.version = theirs.meeting.version.to_string();
        self.theirs = Some(theirs);
        let mut errors = FormErrors::new();
        errors.add_general(
            "Cette rencontre a été modifiée pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux \
             versions ci-dessous, puis enregistrez la vôtre.",
        );
        self.refused(StatusCode::CONFLICT, errors)
    }
}
