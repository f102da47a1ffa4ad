//! A signal: noted, withdrawn.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{author, company, section_of};
use crate::auth::Permission::{EditSignals, OverrideRisk};
use crate::features::companies::model::flag_label;
use crate::features::signals::forms::{SignalForm, WithdrawForm};
use crate::features::signals::queries::{self, Signal};
use crate::features::signals::views::{NewPage, WithdrawPage};
use crate::web::submitted::Submitted;
use crate::web::{Db, Error, Result, Tx, Visit};

/// The form of a signal.
pub async fn new(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<NewPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let form = SignalForm::blank(visit.today);
    Ok(NewPage::new(&visit, &company, form))
}

/// Notes a signal.
pub async fn create(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<SignalForm>,
) -> Result<Response> {
    let company = company(&mut tx, &visit, &siren).await?;
    let page = NewPage::new(&visit, &company, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let new = match submitted.form.parse(visit.today) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    queries::insert(&mut tx, &company.siren, &new, author(&visit), visit.now).await?;
    let message = format!("Signal noté\u{a0}: {}.", flag_label(new.flag.code()));
    tx.finish(submitted.key, &section_of(&company.siren), &message)
        .await
}

/// The signal that this person may withdraw: their own, or anybody's for who decides of levels.
async fn signal(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<Signal> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let signal = queries::find(conn, visit.scope(), id)
        .await?
        .ok_or(Error::NotFound)?;
    if signal.author_id == visit.user.id || visit.may(OverrideRisk) {
        Ok(signal)
    } else {
        Err(Error::Forbidden(EditSignals))
    }
}

/// Asks why.
pub async fn ask_withdraw(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<WithdrawPage> {
    let signal = signal(&mut db, &visit, &id).await?;
    let form = WithdrawForm {
        version: signal.version.to_string(),
        ..WithdrawForm::default()
    };
    Ok(WithdrawPage::new(&visit, signal, form))
}

/// Withdraws a signal.
pub async fn withdraw(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<WithdrawForm>,
) -> Result<Response> {
    let found = signal(&mut tx, &visit, &id).await?;
    let (form, parsed) = (submitted.form.clone(), submitted.form.parse());
    if submitted.is_resumed {
        let page = WithdrawPage::new(&visit, found, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let motive = match parsed {
        Ok(motive) => motive,
        Err(errors) => {
            let page = WithdrawPage::new(&visit, found, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let seen = (found.id, form.version());
    if !queries::withdraw(&mut tx, seen, &motive, &visit.user.name, visit.today).await? {
        let now = signal(&mut tx, &visit, &id).await?;
        return Ok(WithdrawPage::new(&visit, now, form).overtaken());
    }
    let message = format!("Signal retiré\u{a0}: {}.", flag_label(&found.kind));
    tx.finish(submitted.key, &section_of(&found.siren), &message)
        .await
}
