//! Addresses of the five places, of the candidates, of impact and of its criteria.

mod candidates;
mod change;
mod choose;
mod impact;
mod replace;
mod territory;
mod weights;

use axum::http::StatusCode;
use uuid::Uuid;

use super::places::{Refusal, Signature};
use super::refusals::{explain, is_conflict};
use crate::auth::users::{StaffMember, active_staff};
use crate::auth::{Access, Permission};
use crate::web::extract::Visit;
use crate::web::forms::{Choice, FormErrors};
use crate::web::{Error, Result, Routes};
use sqlx::PgConnection;

/// The routes of this feature.
pub fn routes(routes: Routes) -> Routes {
    const COUNTS: Access = Access::Needs(Permission::ViewTerritories);
    const SEE: Access = Access::Needs(Permission::ViewCompanies);
    const ACT: Access = Access::Needs(Permission::ManageKeyCompanies);
    routes
        .get("/territoires/{siren}", COUNTS, territory::show)
        .get("/territoires/{siren}/vivier", SEE, candidates::index)
        .get("/territoires/{siren}/comparer", SEE, candidates::compare)
        .get("/territoires/{siren}/places/choisir", ACT, choose::new)
        .post("/territoires/{siren}/places/choisir", ACT, choose::create)
        .post(
            "/territoires/{siren}/places/remplacer",
            ACT,
            replace::create,
        )
        .get("/entreprises-cles/{id}/remplacer", ACT, replace::new)
        .get("/entreprises-cles/{id}/liberer", ACT, change::release_form)
        .post("/entreprises-cles/{id}/liberer", ACT, change::release)
        .get("/entreprises-cles/{id}/deplacer", ACT, change::move_form)
        .post("/entreprises-cles/{id}/deplacer", ACT, change::relocate)
        .get(
            "/entreprises-cles/{id}/referent",
            ACT,
            change::referent_form,
        )
        .post("/entreprises-cles/{id}/referent", ACT, change::referent)
        .get("/entreprises/{siren}/impact", SEE, impact::show)
        .get(
            "/etablissements/{siret}/impact/{critere}",
            ACT,
            impact::fact_form,
        )
        .post(
            "/etablissements/{siret}/impact/{critere}",
            ACT,
            impact::state_fact,
        )
        .get("/reglages/criteres", ACT, weights::edit)
        .post("/reglages/criteres", ACT, weights::update)
}

/// The visitor's signature under an act.
fn signature(visit: &Visit) -> Signature {
    Signature {
        actor_id: Some(visit.user.id),
        actor_name: visit.user.name.clone(),
        at: visit.now,
        today: visit.today,
    }
}

/// The id of an address; anything else leads nowhere.
fn key(id: &str) -> Result<Uuid> {
    id.parse().map_err(|_| Error::NotFound)
}

/// The SIREN or SIRET of an address; anything else leads nowhere.
fn number(text: &str) -> Result<&str> {
    let is_number = text.len() <= 14 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text).ok_or(Error::NotFound)
}

/// Who can be referent.
async fn staff(conn: &mut PgConnection) -> Result<Vec<Choice>> {
    let staff = active_staff(conn).await?;
    let choice = |person: StaffMember| Choice::new(person.id, person.full_name);
    Ok(staff.into_iter().map(choice).collect())
}

/// The status of a refusal, and the form's errors with its sentence.
fn refused(refusal: Refusal) -> Result<(StatusCode, FormErrors)> {
    let status = if is_conflict(&refusal) {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let (field, message) = explain(refusal)?;
    let mut errors = FormErrors::new();
    if field.is_empty() {
        errors.add_general(message);
    } else {
        errors.add(field, message);
    }
    Ok((status, errors))
}

/// The status of a form that was refused for what was typed, or that only came back.
fn refused_form(is_resumed: bool) -> StatusCode {
    if is_resumed {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
