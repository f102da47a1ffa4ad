//! The route of the card.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use super::measures;
use super::versions;
use super::views::CardPage;
use crate::auth::Access::{Needs, SignedIn};
use crate::auth::Permission;
use crate::features::risk::models;
use crate::web::{AppState, Error, Result, Routes, Visit};

/// Mounts the card.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/modele", SignedIn, show).get(
        versions::PATH,
        Needs(Permission::HandleAlerts),
        versions::show,
    )
}

async fn show(visit: Visit, State(state): State<AppState>) -> Result<Response> {
    let scorer = models::on(visit.today).ok_or(Error::NotFound)?;
    let measured = measures::read().map_err(Error::internal)?;
    let shell = visit
        .shell("Fiche du modèle")
        .via("Accueil", "/")
        .via("Aide", "/aide")
        .at("Fiche du modèle");
    let contact = state.config.organisation.contact_email.clone();
    let mut page = CardPage::new(shell, scorer.model(), &measured, contact);
    page.may_compare = visit.may(Permission::HandleAlerts);
    Ok(page.into_response())
}
