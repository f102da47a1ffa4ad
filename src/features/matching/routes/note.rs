//! A need or an offer, noted for a company or an organisation.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::author;
use crate::domain::Siren;
use crate::features::companies::model::shown_name;
use crate::features::matching::forms::EntryForm;
use crate::features::matching::model::DOSSIERS;
use crate::features::matching::queries::{self, Bearer, writing};
use crate::features::matching::views::entry::EntryFormPage;
use crate::features::matching::views::{entry_path, is_council};
use crate::features::meetings::queries::company;
use crate::features::plans::queries::{Need, need};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// A company within the scope.
async fn company_at(conn: &mut PgConnection, visit: &Visit, siren: &str) -> Result<Bearer> {
    let siren = Siren::parse(siren).map_err(|_| Error::NotFound)?;
    let found = company(conn, visit.scope(), siren.as_str())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Bearer {
        name: shown_name(found.name.as_deref()).to_owned(),
        siren: Some(found.siren),
        organisation_id: None,
    })
}

/// Any organisation for the council, else one's own.
async fn organisation_at(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Bearer> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if !is_council(visit) && id != visit.user.organisation_id {
        return Err(Error::NotFound);
    }
    let name = queries::organisation_name(conn, id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Bearer {
        siren: None,
        organisation_id: Some(id),
        name,
    })
}

/// A need heard at a meeting, of a dossier in which needs and offers meet.
async fn need_at(conn: &mut PgConnection, id: &str) -> Result<Need> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let is_matched = |need: &Need| DOSSIERS.iter().any(|one| one.code() == need.dossier);
    need(conn, id)
        .await?
        .filter(is_matched)
        .ok_or(Error::NotFound)
}

async fn blank(conn: &mut PgConnection, visit: &Visit, bearer: &Bearer) -> Result<EntryFormPage> {
    let themes = queries::themes(conn).await?;
    let form = EntryForm {
        dit_le: visit.today.to_string(),
        ..EntryForm::default()
    };
    Ok(EntryFormPage::add(visit, bearer, &themes, form))
}

/// An empty form for a company.
pub async fn of_company(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
) -> Result<EntryFormPage> {
    let bearer = company_at(&mut db, &visit, &siren).await?;
    blank(&mut db, &visit, &bearer).await
}

/// An empty form for an organisation.
pub async fn of_organisation(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<EntryFormPage> {
    let bearer = organisation_at(&mut db, &visit, &id).await?;
    blank(&mut db, &visit, &bearer).await
}

/// The form filled from a need heard at a meeting; one that was noted already leads there.
pub async fn search(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<Response> {
    let need = need_at(&mut db, &id).await?;
    if let Some(id) = queries::heard(&mut db, need.id).await? {
        return Ok(Redirect::to(&entry_path(id)).into_response());
    }
    let bearer = company_at(&mut db, &visit, &need.siren).await?;
    let themes = queries::themes(&mut db).await?;
    let form = EntryForm {
        besoin: need.id.to_string(),
        sens: "need".to_owned(),
        texte: need.need,
        dit_le: visit.today.to_string(),
        ..EntryForm::default()
    };
    Ok(EntryFormPage::add(&visit, &bearer, &themes, form).into_response())
}

/// Notes a need or an offer of a company.
pub async fn by_company(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    let bearer = company_at(&mut tx, &visit, &siren).await?;
    note(visit, tx, bearer, submitted).await
}

/// Notes a need or an offer of an organisation.
pub async fn by_organisation(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    let bearer = organisation_at(&mut tx, &visit, &id).await?;
    note(visit, tx, bearer, submitted).await
}

/// The heard need that the form names, for the council: one of this company.
async fn heard(
    conn: &mut PgConnection,
    visit: &Visit,
    bearer: &Bearer,
    form: &EntryForm,
) -> Result<Option<Need>> {
    if form.besoin.is_empty() || !is_council(visit) {
        return Ok(None);
    }
    let need = need_at(conn, &form.besoin).await?;
    if bearer.siren.as_deref() != Some(need.siren.as_str()) {
        return Err(Error::NotFound);
    }
    Ok(Some(need))
}

async fn note(
    visit: Visit,
    mut tx: Tx,
    bearer: Bearer,
    submitted: Submitted<EntryForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let mut form = submitted.form.clone();
    let heard = heard(&mut tx, &visit, &bearer, &form).await?;
    if heard.is_some() {
        // What was heard as a need stays one.
        "need".clone_into(&mut form.sens);
    }
    let themes = queries::themes(&mut tx).await?;
    let page = EntryFormPage::add(&visit, &bearer, &themes, form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let new = match form.parse(&themes, is_council(&visit), visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let heard = heard.map(|need| need.id);
    let id = writing::insert(&mut tx, &bearer, &new, heard, author(&visit), visit.now)
        .await?
        .ok_or_else(|| {
            Error::Conflict(
                "Ce besoin est déjà noté\u{a0}: la page de sa rencontre y mène.".to_owned(),
            )
        })?;
    let message = if new.side == "need" {
        "Besoin noté. Voici qui pourrait y répondre."
    } else {
        "Offre notée. Voici qui pourrait en avoir besoin."
    };
    tx.finish(submitted.key, &entry_path(id), message).await
}
