//! Pages of plans and of their actions.

mod action;
mod documents;
mod edit;
mod list;
mod parts;
mod plan;
mod status;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::actions::{self, Action, Wanted};
use super::queries::{self, Plan};
use crate::auth::Access::Needs;
use crate::auth::Permission::{RunPlans, ViewPlans};
use crate::domain::Siren;
use crate::features::meetings::queries::{Company, Reader, company as find_company};
use crate::platform::limits;
use crate::web::{Error, Result, Routes, Visit};

/// The routes of plans.
pub fn routes(routes: Routes) -> Routes {
    let (view, run) = (Needs(ViewPlans), Needs(RunPlans));
    // The rest of the form beside the document.
    let most = limits::DOCUMENT_BYTES + limits::FORM_BYTES;
    let receive = documents::add.layer(DefaultBodyLimit::max(most));
    routes
        .get("/entreprises/{siren}/plan", view, plan::running)
        .post("/entreprises/{siren}/plan", run, plan::open)
        .get("/plans/{id}", view, plan::show)
        .get("/plans/{id}/modifier", run, plan::edit)
        .post("/plans/{id}/modifier", run, plan::update)
        .get("/plans/{id}/clore", run, plan::ask_close)
        .post("/plans/{id}/clore", run, plan::close)
        .get("/plans/{id}/reprendre", run, plan::ask_again)
        .post("/plans/{id}/reprendre", run, plan::again)
        .get("/entreprises/{siren}/plan/actions/nouvelle", run, edit::new)
        .post(
            "/entreprises/{siren}/plan/actions/nouvelle",
            run,
            edit::create,
        )
        .get("/besoins/{id}/action", run, edit::answer)
        .get("/actions", view, list::index)
        .get("/actions/export.csv", run, list::csv)
        .get("/actions/export.xlsx", run, list::xlsx)
        .get("/actions/{id}", view, action::show)
        .get("/actions/{id}/modifier", run, edit::form)
        .post("/actions/{id}/modifier", run, edit::update)
        .get("/actions/{id}/etat/{quoi}", view, status::ask)
        .post("/actions/{id}/etat/{quoi}", view, status::carry_out)
        .post("/actions/{id}/etapes", view, parts::add_step)
        .post("/etapes/{id}/cocher", view, parts::tick)
        .post("/actions/{id}/notes", view, parts::add_note)
        .post("/actions/{id}/documents", view, receive)
        .get("/documents/{id}", view, documents::read)
        .get("/documents/{id}/retirer", view, documents::ask)
        .post("/documents/{id}/retirer", view, documents::remove)
        .post("/actions/{id}/financeurs", run, parts::add_funder)
        .post("/financeurs/{id}/retirer", run, parts::remove_funder)
}

/// Actions of a plan that are shown, at most.
const MOST_ACTIONS: i64 = 300;

/// Said of a plan that is closed.
const CLOSED: &str =
    "Ce plan est clos\u{a0}: il ne change plus. Pour continuer, reprenez-le à partir d’une copie.";

/// Said when a form comes back after an expired session and its button has nothing to show again.
const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";

async fn company(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<Company> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    find_company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

/// The plan of an address, within the visitor's scope.
async fn plan_of(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Plan> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::plans(conn, Reader::of(visit), (None, Some(id)))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// The action of this key, if the visitor sees it.
async fn action_of(conn: &mut PgConnection, visit: &Visit, id: Uuid) -> Result<Action> {
    let wanted = Wanted {
        id: Some(id),
        ..Wanted::default()
    };
    actions::actions(conn, Reader::of(visit), &wanted, visit.today, (1, 0))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// The action of an address, if the visitor sees it.
async fn action_at(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Action> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    action_of(conn, visit, id).await
}

/// The actions of a plan that the visitor sees.
async fn actions_of(conn: &mut PgConnection, visit: &Visit, plan: Uuid) -> Result<Vec<Action>> {
    let wanted = Wanted {
        plan_id: Some(plan),
        ..Wanted::default()
    };
    let cut = (MOST_ACTIONS, 0);
    Ok(actions::actions(conn, Reader::of(visit), &wanted, visit.today, cut).await?)
}

/// A closed plan does not change; the answer leads to it.
fn closed_plan(id: Uuid) -> Error {
    Error::ConflictAt {
        advice: CLOSED,
        href: format!("/plans/{id}"),
        link: "Voir le plan clos",
    }
}

/// Refuses to change what is closed.
fn running(plan: Uuid, is_closed: bool) -> Result<()> {
    if is_closed {
        return Err(closed_plan(plan));
    }
    Ok(())
}

/// A plan closed while someone was writing in it: the schema refuses, and this says so.
fn closed_meanwhile(plan: Uuid) -> impl Fn(sqlx::Error) -> Error {
    move |error| {
        let is_closed = error
            .as_database_error()
            .and_then(|cause| cause.constraint())
            .is_some_and(|name| name == "action_plans_closed_stay_closed");
        if is_closed {
            closed_plan(plan)
        } else {
            error.into()
        }
    }
}
