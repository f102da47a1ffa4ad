//! Pages of signals and of views on the level.

mod level;
mod signals;

use sqlx::PgConnection;

use super::queries::Author;
use crate::auth::Access::Needs;
use crate::auth::Permission::{EditSignals, OverrideRisk};
use crate::domain::Siren;
use crate::features::companies::queries::identity::{self, CompanyName};
use crate::web::{Error, Result, Routes, Visit};

/// The routes of signals and of views on the level.
pub fn routes(routes: Routes) -> Routes {
    let (note, decide) = (Needs(EditSignals), Needs(OverrideRisk));
    routes
        .get("/entreprises/{siren}/signaux/nouveau", note, signals::new)
        .post(
            "/entreprises/{siren}/signaux/nouveau",
            note,
            signals::create,
        )
        .get("/signaux/{id}/retirer", note, signals::ask_withdraw)
        .post("/signaux/{id}/retirer", note, signals::withdraw)
        .get("/entreprises/{siren}/niveau", decide, level::show)
        .post("/entreprises/{siren}/niveau", decide, level::give)
        .post(
            "/entreprises/{siren}/niveau/retirer",
            decide,
            level::withdraw,
        )
}

async fn company(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<CompanyName> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    identity::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

fn author(visit: &Visit) -> Author<'_> {
    Author {
        id: visit.user.id,
        name: &visit.user.name,
    }
}

/// Where an act leads: the signals on the company's page.
fn section_of(siren: &str) -> String {
    format!("/entreprises/{siren}#signaux")
}
