//! Addresses of the indicators.

mod definitions;
mod lists;
mod page;
mod settings;
mod snapshots;

use crate::auth::Access::Needs;
use crate::auth::Permission::{
    ManageIndicators, ViewCompanies, ViewIndicators, ViewRisk, ViewSnapshots,
};
use crate::web::Routes;

/// Path of the page.
pub const PATH: &str = "/indicateurs";
/// Path of the snapshots.
pub const SNAPSHOTS: &str = "/indicateurs/arretes";

/// The routes of the indicators. Lists name companies: elected officials read figures only.
pub fn routes(routes: Routes) -> Routes {
    let (view, manage) = (Needs(ViewIndicators), Needs(ManageIndicators));
    let kept = Needs(ViewSnapshots);
    routes
        .get(PATH, view, page::show)
        .get("/aide/indicateurs", view, definitions::show)
        .get("/indicateurs/rapport", view, page::report)
        .get("/indicateurs/rapport.pdf", view, page::pdf)
        .get("/indicateurs/classeur.xlsx", view, page::xlsx)
        .get("/indicateurs/diaporama.odp", view, page::odp)
        .get(
            "/indicateurs/identifiees",
            Needs(ViewCompanies),
            lists::identified,
        )
        .get(
            "/indicateurs/maintenues",
            Needs(ViewRisk),
            lists::maintained,
        )
        .get("/indicateurs/commentaire", manage, settings::ask_comment)
        .post("/indicateurs/commentaire", manage, settings::comment)
        .get("/indicateurs/reglages", manage, settings::edit)
        .post("/indicateurs/reglages", manage, settings::update)
        .get(SNAPSHOTS, kept, snapshots::index)
        .post(SNAPSHOTS, manage, snapshots::take)
        .get("/indicateurs/arretes/{id}", kept, snapshots::show)
        .get(
            "/indicateurs/arretes/{id}/rapport.pdf",
            kept,
            snapshots::pdf,
        )
        .get(
            "/indicateurs/arretes/{id}/classeur.xlsx",
            kept,
            snapshots::xlsx,
        )
        .get(
            "/indicateurs/arretes/{id}/diaporama.odp",
            kept,
            snapshots::odp,
        )
}
