//! Pages of organisations.

mod edit;

pub use edit::{FormPage, PersonPage, Theirs};

use askama::Template;
use askama_web::WebTemplate;
use uuid::Uuid;

use super::forms::{LIST, ListForm};
use super::matched::MatchLine;
use super::people::Person;
use super::queries::{Account, Organisation, OrganisationRow};
use super::routes::may_edit_people;
use crate::auth::Permission;
use crate::auth::directory::Status;
use crate::domain::{Dossier, OrganisationKind, Role};
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;
use crate::web::{Error, Result, Visit};

/// Page of an organisation.
pub fn page_of(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

fn kind_label(code: &str) -> &'static str {
    code.parse()
        .map_or("Autre organisme", OrganisationKind::label)
}

/// Labels of the dossiers, in the order of the plans.
fn dossier_labels(codes: &[String]) -> Vec<&'static str> {
    Dossier::ALL
        .into_iter()
        .filter(|dossier| codes.iter().any(|code| code == dossier.code()))
        .map(Dossier::label)
        .collect()
}

fn kinds() -> Vec<Choice> {
    OrganisationKind::ALL
        .map(|kind| Choice::new(kind.code(), kind.label()))
        .into()
}

fn dossiers() -> Vec<Choice> {
    Dossier::ALL
        .map(|dossier| Choice::new(dossier.code(), dossier.label()))
        .into()
}

impl OrganisationRow {
    /// The kind in words.
    pub fn kind_label(&self) -> &'static str {
        kind_label(&self.kind)
    }

    /// The dossiers in words.
    pub fn dossier_labels(&self) -> Vec<&'static str> {
        dossier_labels(&self.dossiers)
    }

    /// Where it works, shortened.
    pub fn where_in_words(&self) -> String {
        if self.covers_everywhere {
            return "Tous les territoires".to_owned();
        }
        match self.territories.as_slice() {
            [] => filters::UNKNOWN.to_owned(),
            [one] => one.clone(),
            [one, two] => format!("{one}, {two}"),
            [one, two, rest @ ..] => format!("{one}, {two} et {}\u{a0}de plus", rest.len()),
        }
    }
}

/// The list.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/index.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What was asked, tidied.
    pub form: ListForm,
    /// Place in the list.
    pub page: Page,
    /// The rows.
    pub rows: Vec<OrganisationRow>,
    /// Filters in force, as chips.
    pub chips: Vec<ActiveFilter>,
    /// Dossiers.
    pub dossiers: Vec<Choice>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Territories.
    pub territories: Vec<Choice>,
    /// Those set aside.
    pub states: Vec<Choice>,
    /// Whether the person adds organisations.
    pub may_edit: bool,
    /// Whether they tell and erase what is known of a person.
    pub may_handle_data: bool,
    errors: FormErrors,
}

impl ListPage {
    /// The page for these parameters.
    pub fn new(
        shell: Shell,
        form: ListForm,
        page: Page,
        rows: Vec<OrganisationRow>,
        territories: Vec<Choice>,
    ) -> Result<Self, Error> {
        let mut view = Self {
            shell,
            page,
            rows,
            chips: Vec::new(),
            dossiers: dossiers(),
            kinds: kinds(),
            territories,
            states: vec![Choice::new("archives", "Archivés")],
            may_edit: false,
            may_handle_data: false,
            errors: FormErrors::default(),
            form,
        };
        view.chips = view.active()?;
        Ok(view)
    }

    fn active(&self) -> Result<Vec<ActiveFilter>, Error> {
        type Clear = fn(&mut ListForm);
        let form = &self.form;
        let named = |choices: &[Choice], value: &str| {
            let found = choices.iter().find(|choice| choice.value == value);
            found.map_or_else(|| value.to_owned(), |choice| choice.label.clone())
        };
        let all: [(&str, String, Clear); 5] = [
            (&form.q, format!("Recherche\u{a0}: {}", form.q), |f| {
                f.q.clear();
            }),
            (
                &form.dossier,
                format!("Dossier\u{a0}: {}", named(&self.dossiers, &form.dossier)),
                |f| f.dossier.clear(),
            ),
            (
                &form.nature,
                format!("Nature\u{a0}: {}", named(&self.kinds, &form.nature)),
                |f| f.nature.clear(),
            ),
            (
                &form.territoire,
                format!(
                    "Territoire\u{a0}: {}",
                    named(&self.territories, &form.territoire)
                ),
                |f| f.territoire.clear(),
            ),
            (&form.etat, "Archivés".to_owned(), |f| f.etat.clear()),
        ];
        all.into_iter()
            .filter(|(value, ..)| !value.is_empty())
            .map(|(_, label, clear)| {
                Ok(ActiveFilter {
                    label,
                    remove_href: form.href_with(clear)?,
                })
            })
            .collect()
    }

    /// Whether a filter that the form folds away is in force.
    pub fn has_hidden_filter(&self) -> bool {
        let form = &self.form;
        [&form.dossier, &form.nature, &form.territoire, &form.etat]
            .into_iter()
            .any(|value| !value.is_empty())
    }
}

/// One dossier with the themes that an organisation masters in it.
pub struct Skill {
    /// The dossier.
    pub label: &'static str,
    /// Themes; none for the dossier at large.
    pub themes: Vec<String>,
}

/// The page of an organisation.
#[derive(Template, WebTemplate)]
#[template(path = "organisations/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent rights of the person who reads"
)]
pub struct ShowPage {
    /// Frame.
    pub shell: Shell,
    /// The organisation.
    pub organisation: Organisation,
    /// What it can bring, by dossier.
    pub skills: Vec<Skill>,
    /// People who are there.
    pub people: Vec<Person>,
    /// People who left.
    pub gone: Vec<Person>,
    /// Its accounts, for who sees them.
    pub accounts: Vec<Account>,
    /// Whether the visitor changes the organisation.
    pub may_edit: bool,
    /// Whether they change its people.
    pub may_edit_people: bool,
    /// Whether they tell and erase what is known of a person.
    pub may_handle_data: bool,
    /// Whether they read the note.
    pub may_note: bool,
    /// Whether accounts lead somewhere.
    pub may_manage_users: bool,
    /// Its needs, offers and introductions, for who reads some.
    pub matched: Option<Vec<MatchLine>>,
    /// Whether the visitor notes some.
    pub may_match: bool,
}

impl ShowPage {
    /// The page of this organisation.
    pub fn new(
        visit: &Visit,
        organisation: Organisation,
        people: Vec<Person>,
        accounts: Vec<Account>,
    ) -> Self {
        let (people, gone) = people.into_iter().partition(|p| p.archived_on.is_none());
        let name = organisation.name.clone();
        Self {
            shell: visit
                .shell(name.clone())
                .via("Accueil", "/")
                .via("Partenaires", LIST)
                .at(name),
            skills: skills(&organisation),
            people,
            gone,
            accounts,
            may_edit: visit.may(Permission::EditPartners),
            may_edit_people: may_edit_people(visit, organisation.id),
            may_handle_data: visit.may(Permission::HandlePersonalData),
            may_note: visit.may(Permission::ViewPartnerNotes),
            may_manage_users: visit.may(Permission::ManageUsers),
            matched: None,
            may_match: false,
            organisation,
        }
    }

    /// The kind in words.
    pub fn kind_label(&self) -> &'static str {
        kind_label(&self.organisation.kind)
    }

    /// An address below this page.
    pub fn below(&self, path: &str) -> String {
        format!("{}/{path}", page_of(self.organisation.id))
    }
}

fn skills(organisation: &Organisation) -> Vec<Skill> {
    Dossier::ALL
        .into_iter()
        .filter_map(|dossier| {
            let mut own = organisation
                .skills()
                .filter(|(code, _)| *code == dossier.code())
                .map(|(_, theme)| theme)
                .peekable();
            own.peek()?;
            Some(Skill {
                label: dossier.label(),
                themes: own.filter(|t| !t.is_empty()).map(str::to_owned).collect(),
            })
        })
        .collect()
}

impl Account {
    /// Role and status in words.
    pub fn in_words(&self) -> String {
        let role = self.role.parse().map_or("", Role::label);
        let status = Status::of_code(&self.status);
        format!("{role}, {}", status.label().to_lowercase())
    }
}
