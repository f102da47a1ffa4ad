//! The routes of the card.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;

use super::measures;
use super::versions;
use super::views::CardPage;
use crate::auth::Access::{Needs, SignedIn};
use crate::auth::Permission;
use crate::auth::audit::{self, Act};
use crate::features::risk::models;
use crate::web::{AppState, Error, Result, Routes, Tx, Visit, download};

/// Mounts the card.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/modele", SignedIn, show)
        .get("/modele.pdf", SignedIn, pdf)
        .get(
            versions::PATH,
            Needs(Permission::HandleAlerts),
            versions::show,
        )
}

async fn show(visit: Visit, State(state): State<AppState>) -> Result<CardPage> {
    card(&visit, &state)
}

async fn pdf(visit: Visit, State(state): State<AppState>, mut tx: Tx) -> Result<Response> {
    if !state.pdf.is_available() {
        return Ok(Redirect::to("/modele").into_response());
    }
    let page = card(&visit, &state)?;
    let act = Act {
        verb: "export",
        object: ("model", &page.version),
        label: "la fiche du modèle",
        details: Some(json!({ "format": "pdf" })),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    download::pdf(&state, &visit, "fiche-du-modele.pdf", &page).await
}

fn card(visit: &Visit, state: &AppState) -> Result<CardPage> {
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
    page.has_pdf = state.pdf.is_available();
    Ok(page)
}
