//! Pages of meetings.

mod choose;
mod diagnosis;
mod edit;
mod interview;
mod list;
mod log;
pub mod needs;
mod replan;
mod send;
mod show;
mod tell;
mod top;

pub use list::{LIST, SILENT};

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::log::Author;
use super::queries::{self, Company, Meeting, Reader};
use crate::auth::Access::Needs;
use crate::auth::Permission::{ConductMeetings, LogMeetings};
use crate::auth::audit::{self, Act};
use crate::domain::Siren;
use crate::features::companies::model::shown_name;
use crate::web::{Error, Result, Routes, Visit};

/// The routes of meetings.
pub fn routes(routes: Routes) -> Routes {
    let (log, conduct) = (Needs(LogMeetings), Needs(ConductMeetings));
    routes
        .get("/rencontres", log, list::index)
        .get("/rencontres/a-faire", log, list::silent)
        .get("/rencontres/nouvelle", log, choose::index)
        .get("/entreprises/{siren}/rencontres/nouvelle", log, log::new)
        .post("/entreprises/{siren}/rencontres/nouvelle", log, log::create)
        .get("/rencontres/{id}", log, show::show)
        .get("/rencontres/{id}/confidentiel", log, show::confidential)
        .get("/rencontres/{id}/modifier", log, edit::form)
        .post("/rencontres/{id}/modifier", log, edit::update)
        .post("/rencontres/{id}/annuler", log, log::undo)
        .post("/suites/{id}/faite", log, show::finish_step)
        .get(
            "/entreprises/{siren}/rencontres/plus-haut-niveau",
            conduct,
            top::new,
        )
        .post(
            "/entreprises/{siren}/rencontres/plus-haut-niveau",
            conduct,
            top::plan,
        )
        .get("/rencontres/{id}/inviter", conduct, send::ask)
        .post("/rencontres/{id}/inviter", conduct, send::carry_out)
        .get("/rencontres/{id}/replanifier", conduct, replan::form)
        .post("/rencontres/{id}/replanifier", conduct, replan::update)
        .get("/rencontres/{id}/prevenir/{quoi}", conduct, tell::ask)
        .post("/rencontres/{id}/prevenir/{quoi}", conduct, tell::carry_out)
        .post("/rencontres/{id}/decommander", conduct, top::cancel)
        .get("/rencontres/{id}/preparation", conduct, top::prepare)
        .post("/rencontres/{id}/preparation", conduct, top::ask)
        .get("/rencontres/{id}/preparation.pdf", conduct, top::print)
        .get("/rencontres/{id}/entretien", conduct, interview::show)
        .post("/rencontres/{id}/entretien", conduct, interview::save)
        .get("/besoins/{id}/abandonner", conduct, needs::ask)
        .post("/besoins/{id}/abandonner", conduct, needs::set_aside)
        .post("/besoins/{id}/reprendre", conduct, needs::take_back)
        .get("/entreprises/{siren}/diagnostic", conduct, diagnosis::show)
        .post("/entreprises/{siren}/diagnostic", conduct, diagnosis::add)
}

async fn company(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<Company> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    queries::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

async fn meeting(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Meeting> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::find(conn, Reader::of(visit), id)
        .await?
        .ok_or(Error::NotFound)
}

/// The meeting, if this person may change it: the council, or its author while still of the organisation
/// that wrote it. Who may not read its confidential part would erase it.
async fn own_meeting(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Meeting> {
    let meeting = meeting(conn, visit, id).await?;
    let is_own = meeting.author_id == visit.user.id && meeting.is_of_reader;
    if is_own || visit.may(ConductMeetings) {
        Ok(meeting)
    } else {
        Err(Error::Forbidden(ConductMeetings))
    }
}

fn author(visit: &Visit) -> Author<'_> {
    Author {
        id: visit.user.id,
        name: &visit.user.name,
        organisation: visit.user.organisation_id,
        by_council: visit.may(ConductMeetings),
    }
}

/// Whoever opens a confidential part leaves a trace.
async fn leave_a_trace(conn: &mut PgConnection, visit: &Visit, meeting: &Meeting) -> Result<()> {
    let id = meeting.id.to_string();
    let act = Act {
        verb: "read_confidential",
        object: ("meetings", &id),
        label: shown_name(meeting.company.as_deref()),
        details: None,
    };
    Ok(audit::record(conn, &visit.acting(), act).await?)
}
