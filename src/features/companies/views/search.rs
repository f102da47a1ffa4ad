//! The search of the header.

use askama::Template;
use askama_web::WebTemplate;

use crate::features::companies::model;
use crate::features::companies::queries::list::CompanyRow;
use crate::features::companies::queries::search::PlaceRow;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::pager::Total;
use crate::web::shell::Shell;

/// What the words found.
#[derive(Template, WebTemplate)]
#[template(path = "companies/search.html")]
pub struct SearchPage {
    /// Frame.
    pub shell: Shell,
    /// What was typed.
    pub text: String,
    /// Fewer than two letters.
    pub is_too_short: bool,
    /// Why a number is none.
    pub notice: Option<String>,
    /// At most five companies.
    pub companies: Vec<CompanyRow>,
    /// How many there are.
    pub total: Total,
    /// Nothing was close: these names only resemble the words.
    pub is_loose: bool,
    /// The whole list.
    pub all_href: String,
    /// Territories that bear the name.
    pub territories: Vec<PlaceRow>,
    /// Communes that bear the name.
    pub communes: Vec<PlaceRow>,
    /// Whether the person can import.
    pub may_import: bool,
    errors: FormErrors,
}

impl SearchPage {
    /// A page without results yet.
    pub fn new(shell: Shell, text: &str, may_import: bool) -> Self {
        Self {
            shell,
            text: text.to_owned(),
            is_too_short: false,
            notice: model::misread_number(text),
            companies: Vec::new(),
            total: Total::Exact(0),
            is_loose: false,
            all_href: String::new(),
            territories: Vec::new(),
            communes: Vec::new(),
            may_import,
            errors: FormErrors::default(),
        }
    }

    /// Sorts places into territories and communes.
    pub fn set_places(&mut self, places: Vec<PlaceRow>) {
        (self.communes, self.territories) = places.into_iter().partition(|place| place.is_commune);
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.companies.is_empty() && self.territories.is_empty() && self.communes.is_empty()
    }
}
