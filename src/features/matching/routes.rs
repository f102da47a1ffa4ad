//! Pages of needs, offers and introductions.

mod entry;
mod follow;
mod introduce;
mod list;
mod note;

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries::entries::{self, Entry};
use super::queries::introductions::{self, Introduction};
use super::queries::writing::Author;
use super::views::is_council;
use crate::auth::Access::Needs;
use crate::auth::Permission::{MatchNeeds, RunPlans};
use crate::features::meetings::queries::Reader;
use crate::web::{Error, Result, Routes, Visit};

/// The routes of the matching.
pub fn routes(routes: Routes) -> Routes {
    let (all, council) = (Needs(MatchNeeds), Needs(RunPlans));
    routes
        .get("/mises-en-relation", all, list::index)
        .get("/mises-en-relation/export.csv", council, list::csv)
        .get("/mises-en-relation/{id}", all, follow::show)
        .get("/mises-en-relation/{id}/etat/{quoi}", all, follow::ask)
        .post("/mises-en-relation/{id}/etat/{quoi}", all, follow::say)
        .get("/besoins/{id}/chercher", council, note::search)
        .get(
            "/entreprises/{siren}/besoins-et-offres/nouveau",
            all,
            note::of_company,
        )
        .post(
            "/entreprises/{siren}/besoins-et-offres/nouveau",
            all,
            note::by_company,
        )
        .get(
            "/organismes/{id}/besoins-et-offres/nouveau",
            all,
            note::of_organisation,
        )
        .post(
            "/organismes/{id}/besoins-et-offres/nouveau",
            all,
            note::by_organisation,
        )
        .get("/besoins-et-offres/{id}", all, entry::show)
        .get("/besoins-et-offres/{id}/modifier", all, entry::edit)
        .post("/besoins-et-offres/{id}/modifier", all, entry::update)
        .get("/besoins-et-offres/{id}/clore", all, entry::ask_close)
        .post("/besoins-et-offres/{id}/clore", all, entry::close)
        .get("/besoins-et-offres/{id}/proposer", all, introduce::ask)
        .post("/besoins-et-offres/{id}/proposer", all, introduce::propose)
}

/// Said of a need or an offer that is closed.
const CLOSED: &str =
    "C’est clos\u{a0}: notez un nouveau besoin ou une nouvelle offre pour continuer.";

/// The need or offer of this key, if the visitor sees it.
async fn entry_of(conn: &mut PgConnection, visit: &Visit, id: Uuid) -> Result<Entry> {
    let wanted = entries::Wanted {
        id: Some(id),
        ..entries::Wanted::default()
    };
    entries::entries(conn, Reader::of(visit), &wanted, (1, 0))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// The need or offer of an address, if the visitor sees it.
async fn entry_at(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Entry> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    entry_of(conn, visit, id).await
}

/// The introduction of an address, if the visitor sees it.
async fn introduction_at(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Introduction> {
    let wanted = introductions::Wanted {
        id: Some(id.parse().map_err(|_| Error::NotFound)?),
        ..introductions::Wanted::default()
    };
    introductions::introductions(conn, Reader::of(visit), &wanted, (1, 0))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

fn author(visit: &Visit) -> Author<'_> {
    Author {
        id: visit.user.id,
        name: &visit.user.name,
        organisation: visit.user.organisation_id,
        council: is_council(visit),
    }
}

/// Refuses to change what is closed.
fn open(entry: &Entry) -> Result<()> {
    if entry.closed_on.is_some() {
        return Err(Error::Conflict(CLOSED.to_owned()));
    }
    Ok(())
}
