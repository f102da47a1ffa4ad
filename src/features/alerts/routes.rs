//! Addresses of alerts.

mod change;
mod queue;
mod show;

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::page::{self, AlertDetail};
use crate::auth::Access::Needs;
use crate::auth::Permission::HandleAlerts;
use crate::web::{Error, Result, Routes, Visit};

/// The routes of alerts.
pub fn routes(routes: Routes) -> Routes {
    let access = Needs(HandleAlerts);
    routes
        .get("/alertes", access, queue::index)
        .post("/alertes/confier", access, queue::entrust)
        .get("/alertes/{id}", access, show::show)
        .post("/alertes/{id}/prendre", access, change::take)
        .post("/alertes/{id}/confier", access, change::entrust)
        .post("/alertes/{id}/attendre", access, change::wait)
        .post("/alertes/{id}/classer", access, change::close)
        .post("/alertes/{id}/rattacher", access, change::merge)
        .post("/alertes/{id}/rouvrir", access, change::reopen)
        .post("/alertes/{id}/avis", access, change::give_feedback)
}

/// The alert of an address, within the visitor's scope.
async fn alert(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<AlertDetail> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    page::find(conn, visit.scope(), id, visit.user.id)
        .await?
        .ok_or(Error::NotFound)
}
