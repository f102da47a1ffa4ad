//! Pages of companies.

mod export;
mod list;
mod show;

use crate::auth::Access::Needs;
use crate::auth::Permission::{ExportCompanies, ViewCompanies};
use crate::web::Routes;

/// The routes of companies.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/entreprises", Needs(ViewCompanies), list::index)
        .get(
            "/entreprises/export.csv",
            Needs(ExportCompanies),
            export::csv,
        )
        .get(
            "/entreprises/export.xlsx",
            Needs(ExportCompanies),
            export::xlsx,
        )
        .get("/entreprises/{siren}", Needs(ViewCompanies), show::show)
}
