//! Forms of organisations and of their people, with what someone else wrote meanwhile.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::{dossiers, kind_label, kinds, page_of, skills};
use crate::auth::Permission;
use crate::features::organisations::forms::{LIST, OrganisationForm, PersonForm};
use crate::features::organisations::people::Person;
use crate::features::organisations::queries::{LastChange, Organisation, Twin};
use crate::web::Visit;
use crate::web::filters::{self, long_date};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// What the record holds now, when someone else changed it first.
pub struct Theirs {
    /// Who changed it, and when.
    pub change: Option<LastChange>,
    /// Field and value.
    pub lines: Vec<(&'static str, String)>,
}

impl Theirs {
    /// Of an organisation.
    pub fn organisation(now: &Organisation, change: Option<LastChange>, may_note: bool) -> Self {
        let skills = skills(now)
            .into_iter()
            .map(|skill| match skill.themes.as_slice() {
                [] => skill.label.to_owned(),
                themes => format!("{}\u{a0}: {}", skill.label, themes.join(", ")),
            })
            .collect::<Vec<_>>();
        let mut lines = vec![
            ("Nom", now.name.clone()),
            ("Nature", kind_label(&now.kind).to_owned()),
            ("SIREN", now.siren.clone().unwrap_or_default()),
            ("Compétences", skills.join("\u{202f}; ")),
            (
                "Territoires",
                if now.covers_everywhere {
                    "Tous les territoires".to_owned()
                } else {
                    now.territories.join(", ")
                },
            ),
            ("Courriel", now.email.clone()),
            ("Téléphone", now.phone.clone()),
            ("Site internet", now.website.clone()),
        ];
        if may_note {
            lines.push(("Note", now.note.clone()));
        }
        Self { change, lines }
    }

    /// Of a person.
    pub fn person(now: &Person, change: Option<LastChange>) -> Self {
        let lines = vec![
            ("Nom", now.full_name.clone()),
            ("Fonction", now.job_title.clone()),
            ("Téléphone", now.phone.clone()),
            ("Courriel", now.email.clone()),
            ("Origine des coordonnées", now.source.clone()),
            (
                "Dernier échange",
                now.last_contact_on.map(long_date).unwrap_or_default(),
            ),
        ];
        Self { change, lines }
    }
}

const OVERTAKEN: &str = "Cette fiche a été modifiée pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux \
     versions ci-dessous, puis enregistrez la vôtre.";

/// The form of an organisation, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/form.html")]
pub struct FormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where to go instead.
    pub back: String,
    /// What was typed.
    pub form: OrganisationForm,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Dossiers.
    pub dossiers: Vec<Choice>,
    /// Territories.
    pub territories: Vec<Choice>,
    /// Organisations that look like this one.
    pub twins: Vec<Twin>,
    /// Whether they may all the same be two.
    pub may_force: bool,
    /// Whether the visitor writes the note.
    pub may_note: bool,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Theirs>,
}

impl FormPage {
    fn new(
        visit: &Visit,
        shell: Shell,
        action: String,
        back: String,
        territories: Vec<Choice>,
        form: OrganisationForm,
    ) -> Self {
        Self {
            shell,
            action,
            back,
            form,
            kinds: kinds(),
            dossiers: dossiers(),
            territories,
            twins: Vec::new(),
            may_force: false,
            may_note: visit.may(Permission::ViewPartnerNotes),
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// The form of one more organisation.
    pub fn new_one(visit: &Visit, territories: Vec<Choice>, form: OrganisationForm) -> Self {
        let title = "Ajouter un organisme";
        let shell = visit
            .shell(title)
            .via("Accueil", "/")
            .via("Partenaires", LIST)
            .at(title);
        let action = format!("{LIST}/nouveau");
        Self::new(visit, shell, action, LIST.to_owned(), territories, form)
    }

    /// The form of a known one.
    pub fn known(
        visit: &Visit,
        territories: Vec<Choice>,
        known: &Organisation,
        form: OrganisationForm,
    ) -> Self {
        let back = page_of(known.id);
        let shell = visit
            .shell(format!("Modifier {}", known.name))
            .via("Accueil", "/")
            .via("Partenaires", LIST)
            .via(known.name.clone(), back.clone())
            .at("Modifier");
        let action = format!("{back}/modifier");
        Self::new(visit, shell, action, back, territories, form)
    }

    /// The form beside what is there already.
    pub fn with_twins(mut self, twins: Vec<Twin>, may_force: bool) -> Self {
        self.twins = twins;
        self.may_force = may_force;
        self
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote; sending it again overwrites that.
    pub fn overtaken(mut self, theirs: Theirs, version: i32) -> Response {
        self.form.version = version.to_string();
        self.theirs = Some(theirs);
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

/// The form of a person, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/person.html")]
pub struct PersonPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where to go instead.
    pub back: String,
    /// Name of the organisation.
    pub organisation: String,
    /// What was typed.
    pub form: PersonForm,
    /// Accounts that can be named, for those who may.
    pub accounts: Option<Vec<Choice>>,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Theirs>,
    /// A known person: address of their acts, and whether they left.
    pub known: Option<(String, bool)>,
    /// Whether the visitor tells and erases what is known of a person.
    pub may_handle_data: bool,
}

impl PersonPage {
    /// The form of one more person.
    pub fn new_one(
        visit: &Visit,
        organisation: &Organisation,
        accounts: Option<Vec<Choice>>,
        form: PersonForm,
    ) -> Self {
        let title = "Ajouter une personne";
        let back = page_of(organisation.id);
        Self {
            shell: visit
                .shell(title)
                .via("Accueil", "/")
                .via("Partenaires", LIST)
                .via(organisation.name.clone(), back.clone())
                .at(title),
            action: format!("{back}/personnes/nouvelle"),
            back,
            organisation: organisation.name.clone(),
            form,
            accounts,
            errors: FormErrors::default(),
            theirs: None,
            known: None,
            may_handle_data: false,
        }
    }

    /// The form of a known person.
    pub fn known(
        visit: &Visit,
        person: &Person,
        accounts: Option<Vec<Choice>>,
        form: PersonForm,
    ) -> Self {
        let back = page_of(person.organisation_id);
        let path = format!("/personnes/{}", person.id);
        Self {
            shell: visit
                .shell(format!("Modifier {}", person.full_name))
                .via("Accueil", "/")
                .via("Partenaires", LIST)
                .via(person.organisation.clone(), back.clone())
                .at(person.full_name.clone()),
            action: path.clone(),
            back,
            organisation: person.organisation.clone(),
            form,
            accounts,
            errors: FormErrors::default(),
            theirs: None,
            known: Some((path, person.archived_on.is_some())),
            may_handle_data: visit.may(Permission::HandlePersonalData),
        }
    }

    /// The form again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote; sending it again overwrites that.
    pub fn overtaken(mut self, theirs: Theirs, version: i32) -> Response {
        self.form.version = version.to_string();
        self.theirs = Some(theirs);
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
