//! A link is noted, changed, ended, from the page of one of its ends.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::forms::{EndForm, LinkForm, OtherForm, other_name};
use super::queries::{self, Author, End};
use super::views::{ChoosePage, EndPage, LinkPage, Other, section_of};
use crate::auth::Access::Needs;
use crate::auth::Permission::{ConductMeetings, LinkSupply};
use crate::domain::Siren;
use crate::features::companies::model::{self, shown_name};
use crate::features::companies::queries::identity::{self, CompanyName};
use crate::features::companies::queries::list as companies;
use crate::features::companies::supply::SupplyLine;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Routes, Submitted, Tx, Visit};

/// Companies found by name.
const FOUND: i64 = 8;

/// Said of a link that is over.
const ENDED: &str =
    "Ce lien est terminé\u{a0}: il ne change plus. Notez-en un nouveau s’il a repris.";

/// Said of a link that another organisation noted.
const OTHERS: &str =
    "Un autre organisme a noté ce lien\u{a0}: lui seul, ou le Département, peut le changer.";

/// The routes of links between suppliers and customers.
pub fn routes(routes: Routes) -> Routes {
    let all = Needs(LinkSupply);
    routes
        .get(
            "/entreprises/{siren}/clients-et-fournisseurs/nouveau",
            all,
            new,
        )
        .post(
            "/entreprises/{siren}/clients-et-fournisseurs/nouveau",
            all,
            create,
        )
        .get(
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/modifier",
            all,
            edit,
        )
        .post(
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/modifier",
            all,
            update,
        )
        .get(
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/terminer",
            all,
            ask_end,
        )
        .post(
            "/entreprises/{siren}/clients-et-fournisseurs/{id}/terminer",
            all,
            end,
        )
}

async fn company(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<CompanyName> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    identity::company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)
}

/// The company at the other end: chosen within the scope, or named; none when neither was given.
async fn other(
    conn: &mut PgConnection,
    visit: &Visit,
    (siren, name): (&str, &str),
) -> Result<Option<Other>> {
    if !siren.is_empty() {
        let found = company(conn, visit, siren).await?;
        let name = shown_name(found.name.as_deref()).to_owned();
        return Ok(Some(Other::Known(found.siren, name)));
    }
    Ok((!name.trim().is_empty()).then_some(Other::Named))
}

async fn new(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(asked): Query<OtherForm>,
) -> Result<Response> {
    let company = company(&mut db, &visit, &siren).await?;
    if let Some(other) = other(&mut db, &visit, (&asked.avec, &asked.nom)).await? {
        let form = LinkForm::blank(&asked, visit.today);
        return Ok(LinkPage::add(&visit, &company, &other, form).into_response());
    }
    let text = model::clean(&asked.q);
    let found = companies::nearest(&mut db, visit.scope(), &text, FOUND).await?;
    Ok(ChoosePage::new(&visit, &company, text, found).into_response())
}

async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<LinkForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let form = submitted.form.clone();
    let other = other(&mut tx, &visit, (&form.avec, &form.nom)).await?;
    let page = LinkPage::add(
        &visit,
        &company,
        other.as_ref().unwrap_or(&Other::Named),
        form.clone(),
    );
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let mut errors = FormErrors::new();
    let end = match other {
        Some(Other::Known(siren, _)) => End::Known(siren),
        _ => End::Named(other_name(&mut errors, &form.nom)),
    };
    let new = match form.parse(errors, visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let written = queries::insert(
        &mut tx,
        (&company.siren, &end),
        &new,
        author(&visit),
        visit.now,
    )
    .await;
    if let Err(error) = written {
        let (status, errors) = explain(error)?;
        return Ok(page.refused(status, errors));
    }
    tx.finish(submitted.key, &section_of(&company.siren), "Lien noté.")
        .await
}

fn author(visit: &Visit) -> Author<'_> {
    Author {
        id: visit.user.id,
        name: &visit.user.name,
        organisation: visit.user.organisation_id,
        council: visit.may(ConductMeetings),
    }
}

/// What the schema refuses, in a sentence.
fn explain(error: sqlx::Error) -> Result<(StatusCode, FormErrors)> {
    let constraint = error.as_database_error().and_then(|e| e.constraint());
    let mut errors = FormErrors::new();
    match constraint {
        Some("supply_links_once_current") => {
            errors.add_general(
                "Un lien en cours est déjà noté dans ce sens entre ces deux entreprises\u{a0}: modifiez-le, ou \
                 terminez-le avant d’en noter un autre.",
            );
            Ok((StatusCode::CONFLICT, errors))
        }
        Some("supply_links_not_with_itself") => {
            errors.add_general(
                "Une entreprise n’est pas son propre client\u{a0}: choisissez-en une autre.",
            );
            Ok((StatusCode::UNPROCESSABLE_ENTITY, errors))
        }
        _ => Err(error.into()),
    }
}

/// A link of a company within the scope.
async fn line(
    conn: &mut PgConnection,
    visit: &Visit,
    company: &CompanyName,
    id: &str,
) -> Result<SupplyLine> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    queries::link(conn, visit.scope(), &company.siren, id)
        .await?
        .ok_or(Error::NotFound)
}

/// Refuses to change what is over, and what another organisation noted.
fn changeable(visit: &Visit, line: &SupplyLine) -> Result<()> {
    if line.ended_on.is_some() {
        return Err(Error::Conflict(ENDED.to_owned()));
    }
    if !line.is_changed_by(visit.may(ConductMeetings), visit.user.organisation_id) {
        return Err(Error::Conflict(OTHERS.to_owned()));
    }
    Ok(())
}

async fn edit(
    visit: Visit,
    mut db: Db,
    Path((siren, id)): Path<(String, String)>,
) -> Result<LinkPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let line = line(&mut db, &visit, &company, &id).await?;
    changeable(&visit, &line)?;
    let form = LinkForm::of(&line);
    Ok(LinkPage::known(&visit, &company, &line, form))
}

async fn update(
    visit: Visit,
    mut tx: Tx,
    Path((siren, id)): Path<(String, String)>,
    submitted: Submitted<LinkForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let company = company(&mut tx, &visit, &siren).await?;
    let known = line(&mut tx, &visit, &company, &id).await?;
    // Which one supplies the other stays.
    let form = LinkForm {
        sens: LinkForm::of(&known).sens,
        ..submitted.form.clone()
    };
    let page = LinkPage::known(&visit, &company, &known, form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    changeable(&visit, &known)?;
    let new = match form.parse(FormErrors::new(), visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let seen = (known.id, form.version());
    if !queries::update(&mut tx, seen, &new, visit.user.organisation_id).await? {
        let change = queries::last_change(&mut tx, known.id).await?;
        let now = line(&mut tx, &visit, &company, &id).await?;
        changeable(&visit, &now)?;
        return Ok(page.overtaken(now, change));
    }
    tx.finish(submitted.key, &section_of(&company.siren), "Lien modifié.")
        .await
}

async fn ask_end(
    visit: Visit,
    mut db: Db,
    Path((siren, id)): Path<(String, String)>,
) -> Result<EndPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let line = line(&mut db, &visit, &company, &id).await?;
    changeable(&visit, &line)?;
    let form = EndForm {
        fin: visit.today.to_string(),
        version: line.version.to_string(),
        ..EndForm::default()
    };
    Ok(EndPage::new(&visit, &company, line, form))
}

async fn end(
    visit: Visit,
    mut tx: Tx,
    Path((siren, id)): Path<(String, String)>,
    submitted: Submitted<EndForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let company = company(&mut tx, &visit, &siren).await?;
    let known = line(&mut tx, &visit, &company, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = EndPage::new(&visit, &company, known, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    changeable(&visit, &known)?;
    let ending = match form.parse(known.seen_since, visit.today) {
        Ok(ending) => ending,
        Err(errors) => {
            let page = EndPage::new(&visit, &company, known, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let seen = (known.id, form.version());
    if !queries::end(&mut tx, seen, &ending, &visit.user.name).await? {
        let now = line(&mut tx, &visit, &company, &id).await?;
        changeable(&visit, &now)?;
        return Ok(EndPage::new(&visit, &company, now, form).overtaken());
    }
    let message = "Lien terminé\u{a0}: l’historique le garde, avec sa raison.";
    tx.finish(submitted.key, &section_of(&company.siren), message)
        .await
}
