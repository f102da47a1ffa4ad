//! Routes of the sheet.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde_json::json;
use sqlx::PgConnection;

use super::accounts::Summary;
use super::views::{Reserved, SheetPage};
use crate::auth::Access::Needs;
use crate::auth::Permission::{ViewCompanies, ViewRisk};
use crate::auth::audit::{self, Act};
use crate::domain::Siren;
use crate::features::companies::queries::page;
use crate::features::companies::views::notes::Notes;
use crate::features::facts;
use crate::features::risk::models;
use crate::web::{AppState, Db, Error, Result, Routes, Tx, Visit, download};

/// Signals read; the sheet shows the first ones.
const SIGNALS: i64 = 50;
/// Accounts read: several kinds may close on one day.
const ACCOUNTS: i64 = 12;

/// Mounts the sheet.
pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/entreprises/{siren}/fiche", Needs(ViewCompanies), show)
        .get("/entreprises/{siren}/fiche.pdf", Needs(ViewCompanies), pdf)
}

async fn show(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    Path(siren): Path<String>,
) -> Result<SheetPage> {
    sheet(&visit, &state, &mut db, &siren).await
}

/// The trace first: a PDF that is not received to its end was still made.
async fn pdf(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    Path(siren): Path<String>,
) -> Result<Response> {
    let page = sheet(&visit, &state, &mut tx, &siren).await?;
    let company = &page.company;
    if !state.pdf.is_available() {
        let path = format!("/entreprises/{}/fiche", company.siren);
        return Ok(Redirect::to(&path).into_response());
    }
    let name = format!("fiche-{}-{}.pdf", company.siren, visit.today);
    let label = format!("la fiche de {}", company.shown_name());
    let act = Act {
        verb: "export",
        object: ("companies", &company.siren),
        label: &label,
        details: Some(json!({ "format": "pdf" })),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    download::pdf(&state, &visit, &name, &page).await
}

async fn sheet(
    visit: &Visit,
    state: &AppState,
    conn: &mut PgConnection,
    siren: &str,
) -> Result<SheetPage> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    let siren = siren.as_str();
    let may_view_risk = visit.may(ViewRisk);
    let company = page::detail(conn, visit.scope(), siren, may_view_risk)
        .await?
        .ok_or(Error::NotFound)?;
    let headcounts = page::headcounts(conn, siren, 1).await?;
    let contacts = page::contacts(conn, siren).await?;
    let reserved = if may_view_risk {
        let notes = page::notes(conn, siren, visit.today, SIGNALS).await?;
        let known = facts::queries::facts(conn, siren, Some("accounts"), (ACCOUNTS, 0)).await?;
        let scorer = models::on(visit.today);
        Some(Reserved {
            notes: Notes::new(visit, notes),
            accounts: scorer.and_then(|scorer| Summary::new(&known, scorer.model())),
        })
    } else {
        None
    };
    let mut page = SheetPage::new(visit, company, headcounts.first(), contacts, reserved);
    page.has_pdf = state.pdf.is_available();
    Ok(page)
}
