//! Turned on, given by name, turned off.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::SETTINGS_PATH;
use crate::features::social::forms::{ActivationForm, EndForm, ReaderForm};
use crate::features::social::queries::{self, Activation};
use crate::features::social::run;
use crate::features::social::views::settings::{EndPage, SettingsPage, Told};
use crate::web::filters::{agree, group_thousands, long_date};
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Readings that the page shows.
const READINGS: i64 = 50;

async fn told(conn: &mut PgConnection) -> Result<Told> {
    Ok(Told {
        activations: queries::activations(conn).await?,
        readers: queries::readers(conn).await?,
        candidates: queries::candidates(conn).await?,
        readings: queries::readings(conn, READINGS).await?,
    })
}

/// Where things stand, and what may be done.
pub async fn show(visit: Visit, mut db: Db) -> Result<SettingsPage> {
    let told = told(&mut db).await?;
    Ok(SettingsPage::new(&visit, told))
}

/// Turns on.
pub async fn activate(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<ActivationForm>,
) -> Result<Response> {
    if submitted.is_resumed {
        let page = SettingsPage::new(&visit, told(&mut tx).await?).with(submitted.form.clone());
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(visit.today) {
        Ok(new) => new,
        Err(errors) => {
            let page = SettingsPage::new(&visit, told(&mut tx).await?).with(submitted.form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    run::expire(&mut tx, visit.today, visit.now).await?;
    crate::auth::audit::sign(&mut tx, &visit.acting()).await?;
    if !queries::activate(&mut tx, &new, visit.user.id, visit.now).await? {
        return Err(Error::Conflict(ONE_OPEN.to_owned()));
    }
    let message = format!(
        "Données sociales activées à partir du {}.",
        long_date(new.valid_from)
    );
    tx.finish(submitted.key, SETTINGS_PATH, &message).await
}

const ONE_OPEN: &str = "Les données sociales viennent d’être activées par une autre personne. Rouvrez la page \
     pour lire la base qu’elle a inscrite\u{a0}; rien n’a été changé.";
const NONE_OPEN: &str = "Les données sociales ne sont plus activées\u{a0}: une autre personne vient d’y mettre fin, ou leur \
     période est finie. Rouvrez la page pour voir où elles en sont.";

async fn open(conn: &mut PgConnection) -> Result<Activation> {
    let found = queries::open(conn).await?;
    found.ok_or_else(|| Error::Conflict(NONE_OPEN.to_owned()))
}

/// Asks why, and says what will be deleted.
pub async fn ask_end(visit: Visit, mut db: Db) -> Result<Response> {
    let Some(activation) = queries::open(&mut db).await? else {
        return Ok(Redirect::to(SETTINGS_PATH).into_response());
    };
    let kept = queries::kept(&mut db).await?;
    let form = EndForm {
        activation: activation.id.to_string(),
        ..EndForm::default()
    };
    Ok(EndPage::new(&visit, activation, kept, form).into_response())
}

/// Turns off: the rights end and the facts go in the same transaction.
pub async fn end(visit: Visit, mut tx: Tx, submitted: Submitted<EndForm>) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let Some(activation) = queries::open(&mut tx).await? else {
        if submitted.is_resumed {
            return Ok(Redirect::to(SETTINGS_PATH).into_response());
        }
        return Err(Error::Conflict(NONE_OPEN.to_owned()));
    };
    if submitted.form.activation != activation.id.to_string() && !submitted.is_resumed {
        return Err(Error::Conflict(NONE_OPEN.to_owned()));
    }
    let (id, parsed) = (activation.id, submitted.form.parse());
    let (status, errors) = match parsed {
        _ if submitted.is_resumed => (StatusCode::OK, submitted.first_errors()),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors),
        Ok(motive) => {
            let ended = queries::end(&mut tx, id, Some(visit.user.id), &motive, visit.now).await?;
            let facts = ended.ok_or_else(|| Error::Conflict(NONE_OPEN.to_owned()))?;
            let message = format!(
                "Données sociales désactivées\u{a0}: {}\u{a0}{}.",
                group_thousands(facts),
                agree(facts, "fait effacé", "faits effacés")
            );
            return tx.finish(submitted.key, SETTINGS_PATH, &message).await;
        }
    };
    let kept = queries::kept(&mut tx).await?;
    Ok(EndPage::new(&visit, activation, kept, submitted.form).refused(status, errors))
}

/// Gives the right to a person.
pub async fn grant(visit: Visit, mut tx: Tx, submitted: Submitted<ReaderForm>) -> Result<Response> {
    if submitted.is_resumed {
        let page = SettingsPage::new(&visit, told(&mut tx).await?).naming(submitted.form.clone());
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let activation = open(&mut tx).await?;
    let refusal = match submitted.form.parse() {
        Err(errors) => errors,
        Ok((person, motive)) => {
            let right = (activation.id, person);
            if queries::grant(&mut tx, right, &motive, visit.user.id, visit.now).await? {
                let message = "Droit de lecture donné. Chaque lecture sera inscrite au journal.";
                return tx.finish(submitted.key, SETTINGS_PATH, message).await;
            }
            let mut errors = FormErrors::new();
            errors.add("personne", NOT_STAFF);
            errors
        }
    };
    let page = SettingsPage::new(&visit, told(&mut tx).await?).naming(submitted.form);
    Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, refusal))
}

const NOT_STAFF: &str = "Cette personne lit déjà ces données, ou n’est pas un compte actif de la Direction du \
     Développement\u{a0}: choisissez quelqu’un de la liste.";

/// A form of one button.
#[derive(Debug, Deserialize)]
pub struct Button {}

/// Takes a right back.
pub async fn revoke(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<Button>,
) -> Result<Response> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    if submitted.is_resumed {
        return Ok(Redirect::to(SETTINGS_PATH).into_response());
    }
    let Some(name) = queries::revoke(&mut tx, id, visit.user.id, visit.now).await? else {
        return Ok(Redirect::to(SETTINGS_PATH).into_response());
    };
    let message = format!("Droit de lecture retiré à {name}.");
    tx.finish(submitted.key, SETTINGS_PATH, &message).await
}
