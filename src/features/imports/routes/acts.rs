//! Confirming, giving up, taking back.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::{desk, find, keep_and_work, path_of};
use crate::features::imports::model::Status;
use crate::features::imports::queries::records::{self, ImportRow};
use crate::features::imports::queries::{reverse, staging};
use crate::features::imports::writing;
use crate::web::shell::Shell;
use crate::web::{AppState, Db, Result, Submitted, Tx, Visit};

/// A form of one button.
#[derive(Debug, Deserialize)]
pub struct Button {}

/// Moves the import in the caller's transaction; twice does no more than once.
async fn take(tx: &mut Tx, row: &ImportRow, from: &str, to: &str) -> Result<bool> {
    Ok(records::step(tx, row.id, from, to).await?)
}

pub async fn confirm(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<Button>,
) -> Result {
    let row = find(&mut tx, &id).await?;
    let location = path_of(row.id);
    let is_wanted = !submitted.is_resumed && row.counts.is_worth_confirming();
    if !is_wanted || !take(&mut tx, &row, "ready", "applying").await? {
        // Confirmed already, no longer to be confirmed or without effect: its page says so.
        return Ok(Redirect::to(&location).into_response());
    }
    let desk = desk(&state, &visit);
    keep_and_work(tx.commit(), async move {
        // Why it ended is written in the import, for its page.
        let _ = writing::confirm(&desk, row.id).await;
    })
    .await?;
    Ok(Redirect::to(&location).into_response())
}

pub async fn discard(Path(id): Path<String>, mut tx: Tx, submitted: Submitted<Button>) -> Result {
    let row = find(&mut tx, &id).await?;
    if submitted.is_resumed || !take(&mut tx, &row, "ready", "discarded").await? {
        return Ok(Redirect::to(&path_of(row.id)).into_response());
    }
    staging::clear(&mut tx, row.id).await?;
    let message = if row.has_no_effect() {
        "Import fermé. Tout était déjà à jour, ou à corriger\u{a0}: rien n’a été enregistré."
    } else {
        "L’import est abandonné. Rien n’a été enregistré."
    };
    tx.finish(None, super::PATH, message).await
}

#[derive(Template, WebTemplate)]
#[template(path = "imports/undo.html")]
pub struct UndoPage {
    shell: Shell,
    import: ImportRow,
    obstacles: Vec<String>,
}

impl UndoPage {
    fn path(&self) -> String {
        path_of(self.import.id)
    }
}

async fn undo_page(
    visit: &Visit,
    conn: &mut sqlx::PgConnection,
    import: ImportRow,
) -> Result<UndoPage> {
    let dependents = reverse::dependents(conn, import.id).await?;
    let shell = visit
        .shell("Annuler un import")
        .via("Accueil", "/")
        .via("Imports", super::PATH)
        .via(import.label.clone(), path_of(import.id))
        .at("Annuler");
    Ok(UndoPage {
        shell,
        import,
        obstacles: dependents.iter().map(writing::in_words).collect(),
    })
}

pub async fn ask_undo(visit: Visit, Path(id): Path<String>, mut db: Db) -> Result {
    let import = find(&mut db, &id).await?;
    if import.status() != Status::Applied || import.is_forgotten {
        return Ok(Redirect::to(&path_of(import.id)).into_response());
    }
    Ok(undo_page(&visit, &mut db, import).await?.into_response())
}

pub async fn undo(
    State(state): State<AppState>,
    visit: Visit,
    Path(id): Path<String>,
    mut tx: Tx,
    submitted: Submitted<Button>,
) -> Result {
    let row = find(&mut tx, &id).await?;
    let location = path_of(row.id);
    if row.is_forgotten {
        // Nothing is left to take back: its page says so.
        return Ok(Redirect::to(&location).into_response());
    }
    let page = undo_page(&visit, &mut tx, row.clone()).await?;
    if submitted.is_resumed {
        return Ok(page.into_response());
    }
    if row.status() == Status::Applied && !page.obstacles.is_empty() {
        return Ok((StatusCode::CONFLICT, page).into_response());
    }
    if !take(&mut tx, &row, "applied", "undoing").await? {
        return Ok(Redirect::to(&location).into_response());
    }
    let desk = desk(&state, &visit);
    keep_and_work(tx.commit(), async move {
        let _ = writing::undo(&desk, row.id).await;
    })
    .await?;
    Ok(Redirect::to(&location).into_response())
}
