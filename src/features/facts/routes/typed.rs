//! Accounts typed by hand.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::company;
use crate::domain::Siren;
use crate::features::facts::checks;
use crate::features::facts::form::AccountsForm;
use crate::features::facts::lines::Regime;
use crate::features::facts::views::AccountsPage;
use crate::features::imports::typed::{self, Author, TypedAccounts};
use crate::formats::values;
use crate::web::filters::long_date;
use crate::web::submitted::Submitted;
use crate::web::{Db, Result, Tx, Visit};

/// Which accounts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    regime: String,
    cloture: String,
}

/// The form; filled when the accounts of that exercise were typed before.
pub async fn new(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<AccountsPage> {
    let (siren, company) = company(&mut db, &visit, &siren).await?;
    let regime = Regime::from_code(&asked.regime).unwrap_or(Regime::Complete);
    let known = known(&mut db, siren, regime, &asked.cloture).await?;
    let form = match &known {
        Some(known) => AccountsForm::of(&known.content, &known.version),
        None => AccountsForm::blank(regime),
    };
    let mut page = AccountsPage::new(&visit, &company, form);
    page.doubts = known.map_or_else(Vec::new, |known| checks::doubts(&known.content));
    Ok(page)
}

async fn known(
    conn: &mut sqlx::PgConnection,
    siren: Siren,
    regime: Regime,
    closing: &str,
) -> Result<Option<TypedAccounts>> {
    let Some(closed_on) = values::date(closing.trim(), false) else {
        return Ok(None);
    };
    let key = typed::key(siren, closed_on, regime.kind());
    Ok(typed::find(conn, &key).await?)
}

/// Keeps the accounts.
pub async fn save(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<AccountsForm>,
) -> Result<Response> {
    let (siren, company) = company(&mut tx, &visit, &siren).await?;
    let page = AccountsPage::new(&visit, &company, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let accounts = match submitted.form.parse(siren, visit.today) {
        Ok(accounts) => accounts,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let author = Author {
        id: visit.user.id,
        name: &visit.user.name,
    };
    let version = submitted.form.get("version");
    if !typed::save(&mut tx, &accounts, author, visit.today, version).await? {
        let key = typed::key(siren, accounts.closed_on, accounts.kind);
        let theirs = typed::find(&mut tx, &key)
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        return Ok(page.overtaken(&accounts, theirs));
    }
    let location = format!("/entreprises/{}/faits", company.siren);
    let day = long_date(accounts.closed_on);
    let doubts = checks::doubts(&accounts).len();
    let check = match doubts {
        0 => String::new(),
        _ => " Des totaux ne concordent pas\u{a0}: vérifiez-les ci-dessous.".to_owned(),
    };
    let message = format!("Comptes au {day} enregistrés.{check}");
    tx.finish(submitted.key, &location, &message).await
}
