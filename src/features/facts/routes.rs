//! Pages of facts and of typed accounts.

mod index;
mod remove;
mod typed;

use sqlx::PgConnection;

use crate::auth::Access::Needs;
use crate::auth::Permission::{EditAccounts, ViewRisk};
use crate::domain::Siren;
use crate::features::companies::queries::identity::{self, CompanyName};
use crate::web::{Error, Result, Routes, Visit};

/// The routes of facts.
pub fn routes(routes: Routes) -> Routes {
    let edit = Needs(EditAccounts);
    routes
        .get("/entreprises/{siren}/faits", Needs(ViewRisk), index::show)
        .get("/entreprises/{siren}/comptes/nouveau", edit, typed::new)
        .post("/entreprises/{siren}/comptes/nouveau", edit, typed::save)
        .get(remove::PATH, edit, remove::ask)
        .post(remove::PATH, edit, remove::remove)
}

async fn company(
    conn: &mut PgConnection,
    visit: &Visit,
    siren: &str,
) -> Result<(Siren, CompanyName)> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    let company = identity::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((siren, company))
}
