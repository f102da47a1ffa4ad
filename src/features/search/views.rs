//! The page of the search.

use askama::Template;
use askama_web::WebTemplate;

use super::model::{Group, Kind};
use super::queries::{PlaceRow, PublicCompany};
use crate::auth::Permission;
use crate::features::companies::model::misread_number;
use crate::features::companies::queries::list::CompanyRow;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::pager::Total;
use crate::web::shell::Shell;

/// Companies found.
#[derive(Debug)]
pub struct Companies {
    /// At most five, for those who read their pages.
    pub rows: Vec<CompanyRow>,
    /// At most five as the public register tells them, for the others.
    pub public: Vec<PublicCompany>,
    /// How many there are.
    pub total: Total,
    /// Nothing was close: these names only resemble the words.
    pub is_loose: bool,
}

impl Default for Companies {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            public: Vec::new(),
            total: Total::Exact(0),
            is_loose: false,
        }
    }
}

impl Companies {
    /// Those of the public register.
    pub fn public(public: Vec<PublicCompany>) -> Self {
        let found = public.first().map_or(0, |company| company.found);
        Self {
            public,
            total: Total::from_limited(found),
            ..Self::default()
        }
    }
}

/// What the words found.
#[derive(Template, WebTemplate)]
#[template(path = "search/index.html")]
pub struct SearchPage {
    /// Frame.
    pub shell: Shell,
    /// What was typed.
    pub text: String,
    /// Fewer than two letters.
    pub is_too_short: bool,
    /// Why a number is none.
    pub notice: Option<String>,
    /// The one kind asked for.
    pub only: Option<Kind>,
    /// Companies.
    pub companies: Companies,
    /// Territories that bear the name.
    pub territories: Vec<PlaceRow>,
    /// Communes that bear the name.
    pub communes: Vec<PlaceRow>,
    /// Records, by kind.
    pub groups: Vec<Group>,
    /// Whether the person can import.
    pub may_import: bool,
    /// Whether the person reads more than territories and public names.
    pub reads_companies: bool,
    errors: FormErrors,
}

impl SearchPage {
    /// A page without results yet.
    pub fn new(visit: &Visit, text: &str) -> Self {
        Self {
            shell: visit.shell("Recherche").via("Accueil", "/").at("Recherche"),
            text: text.to_owned(),
            is_too_short: false,
            notice: misread_number(text),
            only: None,
            companies: Companies::default(),
            territories: Vec::new(),
            communes: Vec::new(),
            groups: Vec::new(),
            may_import: visit.may(Permission::ManageImports),
            reads_companies: visit.may(Permission::ViewCompanies),
            errors: FormErrors::default(),
        }
    }

    /// Sorts places into territories and communes.
    pub fn set_places(&mut self, places: Vec<PlaceRow>) {
        (self.communes, self.territories) = places.into_iter().partition(|place| place.is_commune);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.companies.total.count() == 0
            && self.territories.is_empty()
            && self.communes.is_empty()
            && self.groups.is_empty()
    }

    /// The list of every company found.
    fn all_companies(&self) -> String {
        self.address("/entreprises", &[("etat", "toutes")])
    }

    /// This search in one kind only.
    fn alone(&self, kind: impl std::borrow::Borrow<Kind>) -> String {
        self.address("/recherche", &[("dans", kind.borrow().slug())])
    }

    /// This search over everything.
    fn everywhere(&self) -> String {
        self.address("/recherche", &[])
    }

    fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut pairs = vec![("q", self.text.as_str())];
        pairs.extend(more);
        match serde_html_form::to_string(pairs) {
            Ok(query) => format!("{path}?{query}"),
            Err(_) => path.to_owned(),
        }
    }

    /// What the field asks for.
    fn hint(&self) -> &'static str {
        if self.reads_companies {
            "Entreprise, SIREN, territoire, personne, ou un mot d’une rencontre, d’un atelier, d’une action"
        } else {
            "Entreprise, territoire ou commune"
        }
    }
}

/// How many places of this kind there are.
fn found(places: &[PlaceRow]) -> i64 {
    places.first().map_or(0, |place| place.found)
}
