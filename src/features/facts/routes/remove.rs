//! Typed accounts removed, with why.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;

use super::company;
use crate::features::companies::queries::identity::CompanyName;
use crate::features::facts::form::RemoveForm;
use crate::features::facts::lines::Regime;
use crate::features::facts::views::RemovePage;
use crate::features::imports::typed::{self, Author, TypedAccounts};
use crate::formats::values;
use crate::web::filters::long_date;
use crate::web::submitted::Submitted;
use crate::web::{Db, Error, Result, Tx, Visit};

/// Where typed accounts are removed.
pub const PATH: &str = "/entreprises/{siren}/comptes/{regime}/{cloture}/supprimer";

type Asked = Path<(String, String, String)>;

/// The accounts that the address names, with their company and their key.
struct Found {
    company: CompanyName,
    key: String,
    regime: Regime,
    typed: Option<TypedAccounts>,
}

async fn find(conn: &mut PgConnection, visit: &Visit, Path(asked): Asked) -> Result<Found> {
    let (siren, regime, closing) = asked;
    let (siren, company) = company(conn, visit, &siren).await?;
    let regime = Regime::from_code(&regime).ok_or(Error::NotFound)?;
    let closed_on = values::date(&closing, false).ok_or(Error::NotFound)?;
    let key = typed::key(siren, closed_on, regime.kind());
    let typed = typed::find(conn, &key).await?;
    Ok(Found {
        company,
        key,
        regime,
        typed,
    })
}

/// Asks to confirm, and why.
pub async fn ask(visit: Visit, mut db: Db, asked: Asked) -> Result<RemovePage> {
    let found = find(&mut db, &visit, asked).await?;
    let typed = found.typed.ok_or(Error::NotFound)?;
    let form = RemoveForm::of(&typed.version);
    Ok(RemovePage::new(
        &visit,
        &found.company,
        found.regime,
        typed,
        form,
    ))
}

/// Removes the accounts.
pub async fn remove(
    visit: Visit,
    mut tx: Tx,
    asked: Asked,
    submitted: Submitted<RemoveForm>,
) -> Result<Response> {
    let found = find(&mut tx, &visit, asked).await?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let typed = found
        .typed
        .ok_or_else(|| Error::Conflict(GONE.to_owned()))?;
    let (current, closed_on) = (typed.version.clone(), typed.content.closed_on);
    let mut form = submitted.form.clone();
    let is_overtaken = form.version != current;
    form.version.clone_from(&current);
    let page = RemovePage::new(&visit, &found.company, found.regime, typed, form);
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let motive = match submitted.form.parse() {
        Ok(motive) => motive,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let author = Author {
        id: visit.user.id,
        name: &visit.user.name,
    };
    let seen = (found.key.as_str(), submitted.form.version.as_str());
    if is_overtaken || !typed::remove(&mut tx, seen, &motive, author, visit.now).await? {
        return Ok(page.overtaken());
    }
    let location = format!("/entreprises/{}/faits", found.company.siren);
    let message = format!("Comptes saisis au {} supprimés.", long_date(closed_on));
    tx.finish(submitted.key, &location, &message).await
}

const GONE: &str = "Ces comptes saisis n’existent plus\u{a0}: une autre personne vient de les supprimer. \
     L’historique de l’entreprise dit qui et pourquoi.";
