//! Addresses of workshops.

mod again;
mod agenda;
mod answer;
mod decisions;
mod guests;
mod minutes;
mod noted;
mod plan;
mod room;
mod send;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::letters::What;
use super::model;
use super::queries::guests::Guest;
use super::queries::{self, Seen, Wanted, Workshop};
use crate::auth::Access::{Needs, Public};
use crate::auth::Permission::{RunWorkshops, ViewWorkshops};
use crate::web::filters::long_date;
use crate::web::{Error, Result, Routes, Visit};

/// The routes of workshops.
pub fn routes(routes: Routes) -> Routes {
    let (view, run) = (Needs(ViewWorkshops), Needs(RunWorkshops));
    routes
        .get("/ateliers", view, plan::index)
        .get("/ateliers/nouveau", run, plan::new)
        .post("/ateliers/nouveau", run, plan::create)
        .get("/ateliers/{id}", view, plan::show)
        .get("/ateliers/{id}/modifier", run, plan::edit)
        .post("/ateliers/{id}/modifier", run, plan::update)
        .get("/ateliers/{id}/annuler", run, plan::ask_cancel)
        .post("/ateliers/{id}/annuler", run, plan::cancel)
        .get("/ateliers/{id}/reprendre", run, again::ask)
        .post("/ateliers/{id}/reprendre", run, again::carry_out)
        .get("/ateliers/{id}/ordre-du-jour", run, agenda::show)
        .post("/ateliers/{id}/ordre-du-jour", run, agenda::add)
        .post(
            "/ateliers/{id}/ordre-du-jour/{siren}/{geste}",
            run,
            agenda::change,
        )
        .get("/ateliers/{id}/fiches", run, agenda::sheets)
        .get("/ateliers/{id}/invites", run, guests::show)
        .post("/ateliers/{id}/invites", run, guests::add)
        .get("/ateliers/{id}/invites/{guest}", run, noted::ask)
        .post("/ateliers/{id}/invites/{guest}", run, noted::note)
        .post(
            "/ateliers/{id}/invites/{guest}/retirer",
            run,
            guests::remove,
        )
        .get("/ateliers/{id}/envoyer/{quoi}", run, send::ask)
        .post("/ateliers/{id}/envoyer/{quoi}", run, send::carry_out)
        .get("/ateliers/{id}/presences", run, guests::call)
        .post("/ateliers/{id}/presences/{guest}", run, guests::tick)
        .get("/ateliers/{id}/decider", view, room::first)
        .get("/ateliers/{id}/entreprises/{siren}", view, room::show)
        .post(
            "/ateliers/{id}/entreprises/{siren}/saisies",
            view,
            room::say,
        )
        .post(
            "/ateliers/{id}/entreprises/{siren}/decisions",
            run,
            room::decide,
        )
        .get("/ateliers/{id}/saisies/{entry}", view, room::edit)
        .post("/ateliers/{id}/saisies/{entry}", view, room::update)
        .get("/ateliers/{id}/compte-rendu", view, minutes::show)
        .post("/ateliers/{id}/compte-rendu", run, minutes::review)
        .get("/ateliers/{id}/compte-rendu.pdf", view, minutes::print)
        .get("/ateliers/{id}/compte-rendu/envoyer", run, minutes::ask)
        .post(
            "/ateliers/{id}/compte-rendu/envoyer",
            run,
            minutes::carry_out,
        )
        .get("/decisions/{id}", view, decisions::show)
        .post("/decisions/{id}", view, decisions::follow)
        .get("/invitation/{token}", Public, answer::ask)
        .post("/invitation/{token}", Public, answer::carry_out)
}

/// The workshop of an address, if the visitor sees it.
async fn workshop(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Workshop> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let wanted = Wanted {
        id: Some(id),
        ..Wanted::default()
    };
    queries::workshops(conn, Seen::by(visit), &wanted, visit.now, (1, 0))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// Mails that wait, and for how many.
fn due(workshop: &Workshop, guests: &[Guest], now: DateTime<Utc>) -> Vec<(What, usize)> {
    [
        What::Invitation,
        What::Change,
        What::Cancellation,
        What::Reminder,
    ]
    .into_iter()
    .map(|what| {
        let count = guests
            .iter()
            .filter(|guest| what.is_due(workshop, guest, now))
            .count();
        (what, count)
    })
    .filter(|(_, count)| *count > 0)
    .collect()
}

/// Said when a form comes back after an expired session and its button has nothing to show again.
const NOTHING_DONE: &str =
    "Votre session avait expiré\u{a0}: rien n’a été fait. Recommencez si vous le voulez toujours.";

/// Said when a workshop is not to be changed any more.
const CANCELLED: &str = "Cet atelier est annulé\u{a0}: il ne change plus.";

/// Refuses what a cancelled workshop does not take.
fn alive(workshop: &Workshop) -> Result<()> {
    if workshop.cancelled_at.is_some() {
        return Err(Error::Conflict(CANCELLED.to_owned()));
    }
    Ok(())
}

/// Refuses what belongs to the day of a workshop before that day.
fn begun(workshop: &Workshop, visit: &Visit) -> Result<()> {
    let Some(day) = model::still_to_come(workshop.held_at, visit.today) else {
        return Ok(());
    };
    Err(Error::Conflict(format!(
        "Cet atelier se tient le {}\u{a0}: présences, décisions et compte rendu attendent ce jour. S’il \
         se tient plus tôt, changez d’abord sa date.",
        long_date(day)
    )))
}
