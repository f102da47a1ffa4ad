//! Pages of meetings.

pub mod choose;
pub mod diagnosis;
pub mod interview;
pub mod list;
pub mod log;
pub mod needs;
pub mod send;
pub mod show;
pub mod top;

use crate::web::Visit;
use crate::web::shell::Shell;

/// The frame of a page below a company's.
pub fn below_company(visit: &Visit, title: &str, siren: &str, company: &str) -> Shell {
    visit
        .shell(title)
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(company, format!("/entreprises/{siren}"))
        .at(title)
}

/// Where the meetings of a company are.
pub fn section_of(siren: &str) -> String {
    format!("/entreprises/{siren}#rencontres")
}
