//! Which company was met.

use askama::Template;
use askama_web::WebTemplate;

use crate::features::companies::model::shown_name;
use crate::features::companies::queries::list::CompanyRow;
use crate::features::meetings::queries::list::Choosable;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;

/// The last companies and a search.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/choose.html")]
pub struct ChoosePage {
    /// Frame.
    pub shell: Shell,
    /// What was searched.
    pub text: String,
    /// The last companies.
    pub recent: Vec<Choosable>,
    /// Those found.
    pub found: Vec<CompanyRow>,
    /// No field can be wrong.
    pub errors: FormErrors,
}

impl ChoosePage {
    /// The page of these companies.
    pub fn new(visit: &Visit, text: String, recent: Vec<Choosable>) -> Self {
        Self {
            shell: visit
                .shell("Noter une rencontre")
                .via("Accueil", "/")
                .via("Rencontres", "/rencontres")
                .at("Noter une rencontre"),
            text,
            recent,
            found: Vec::new(),
            errors: FormErrors::default(),
        }
    }
}
