//! What left by mail, waits, was kept or refused, and the jobs behind it: for the administrator.
//!
//! Writes no table: `platform::mail::outbox` and `platform::jobs` own theirs. A mail that tells of
//! companies, or that opens an account, shows here without its text.

mod queries;
mod routes;
mod tasks;
mod words;

use crate::auth::{Access, Permission};
use crate::web::Routes;

/// Every route of the feature.
pub fn routes(routes: Routes) -> Routes {
    let admin = Access::Needs(Permission::Administer);
    routes
        .get("/reglages/courriels", admin, routes::index)
        .post("/reglages/courriels/envoyer", admin, routes::send_kept)
        .get("/reglages/courriels/{id}", admin, routes::show)
        .post(
            "/reglages/courriels/{id}/renvoyer",
            admin,
            routes::send_again,
        )
        .get("/reglages/taches", admin, tasks::index)
        .post("/reglages/taches/{id}/relancer", admin, tasks::restart)
        .get(
            "/reglages/taches/{id}/abandonner",
            admin,
            tasks::ask_abandon,
        )
        .post("/reglages/taches/{id}/abandonner", admin, tasks::abandon)
}

/// Said when a button was pressed after the end of the session.
const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";
