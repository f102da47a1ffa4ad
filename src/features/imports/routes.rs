//! Addresses of imports.

mod acts;
mod deposit;
mod list;
mod rejects;
mod show;

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::queries::originals;
use super::queries::records::{self, ImportRow};
use super::{Desk, spool, writing};
use crate::auth::audit::Acting;
use crate::auth::{Access, Permission};
use crate::web::{AppState, Error, Result, Routes, Visit};

/// Short work is done before the answer; longer work is waited for on the page of the import.
const PATIENCE: Duration = Duration::from_secs(5);

/// Path of the list.
pub const PATH: &str = "/imports";

/// The pages and acts of imports.
pub fn routes(routes: Routes) -> Routes {
    let door = Access::Needs(Permission::ManageImports);
    // The size of a deposit is counted while it is received, against the limit of the settings.
    let receive = deposit::create.layer(DefaultBodyLimit::disable());
    routes
        .get(PATH, door, list::index)
        .get("/imports/nouveau", door, deposit::new)
        .post("/imports/nouveau", door, receive)
        .get("/imports/modele.csv", door, deposit::model_csv)
        .get("/imports/modele.xlsx", door, deposit::model_xlsx)
        .get("/imports/{id}", door, show::show)
        .get("/imports/{id}/rejets.csv", door, rejects::faults)
        .get("/imports/{id}/rejets/{file}", door, rejects::lines)
        .post("/imports/{id}/confirmer", door, acts::confirm)
        .post("/imports/{id}/abandonner", door, acts::discard)
        .get("/imports/{id}/annuler", door, acts::ask_undo)
        .post("/imports/{id}/annuler", door, acts::undo)
}

/// On start: imports that a dead process left half-way are told so, and their files removed.
pub async fn recover(state: &AppState) {
    spool::sweep(&state.config.data_dir).await;
    let desk = Desk {
        pool: state.pool.clone(),
        clock: state.clock.clone(),
        department: state.config.department.clone(),
        acting: Acting::system(),
    };
    match writing::recover_interrupted(&desk).await {
        Ok(0) => {}
        Ok(imports) => tracing::warn!(imports, "interrupted imports were put right"),
        // The next start tries again: nothing of them was written.
        Err(error) => tracing::error!(%error, "interrupted imports could not be looked for"),
    }
}

/// Every minute: imports whose worker died while the program went on. Else their page would say
/// « en cours » for ever.
pub async fn tell_interrupted(conn: &mut sqlx::PgConnection) -> sqlx::Result<usize> {
    writing::recover_left(conn).await
}

/// Every hour: forgets the rejected lines of old imports.
pub async fn purge(conn: &mut sqlx::PgConnection, now: DateTime<Utc>) -> sqlx::Result<u64> {
    originals::purge(conn, now).await
}

/// The desk of this visit.
fn desk(state: &AppState, visit: &Visit) -> Desk {
    Desk {
        pool: state.pool.clone(),
        clock: state.clock.clone(),
        department: state.config.department.clone(),
        acting: visit.acting(),
    }
}

/// Keeps an act and does its work, in a task of their own: whoever hangs up between the two stops
/// neither, and whoever waits too long is answered.
async fn keep_and_work(
    keep: impl Future<Output = Result<()>> + Send + 'static,
    work: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let task = tokio::spawn(async move {
        keep.await?;
        work.await;
        Ok(())
    });
    match tokio::time::timeout(PATIENCE, task).await {
        Ok(Ok(kept)) => kept,
        Ok(Err(stopped)) => Err(Error::internal(stopped)),
        Err(_) => Ok(()),
    }
}

/// The import of an address; anything that is no key leads nowhere.
async fn find(conn: &mut sqlx::PgConnection, id: &str) -> Result<ImportRow> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    records::find(conn, id).await?.ok_or(Error::NotFound)
}

fn path_of(id: Uuid) -> String {
    format!("{PATH}/{id}")
}
