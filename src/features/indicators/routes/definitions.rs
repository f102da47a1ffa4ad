//! How each figure is counted, for the help.

use askama::Template;
use askama_web::WebTemplate;

use crate::features::indicators::queries;
use crate::features::indicators::words::{self, Definition};
use crate::web::levels::ALERTS_PROTECTED;
use crate::web::shell::Shell;
use crate::web::{Db, Result, Visit};

/// The definitions, with the settings in force.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/definitions.html")]
pub struct DefinitionsPage {
    shell: Shell,
    first: [(&'static str, String); 3],
    others: Vec<Definition>,
    protected: [&'static str; 2],
}

/// `GET /aide/indicateurs`.
pub async fn show(visit: Visit, mut db: Db) -> Result<DefinitionsPage> {
    let settings = queries::context(&mut db, visit.today).await?.settings;
    Ok(DefinitionsPage {
        shell: visit
            .shell("Aide\u{a0}: les indicateurs")
            .via("Accueil", "/")
            .via("Aide", "/aide")
            .at("Les indicateurs"),
        first: words::definitions(settings),
        others: words::others_defined(),
        protected: [words::ALERTS_TOGETHER, ALERTS_PROTECTED],
    })
}
