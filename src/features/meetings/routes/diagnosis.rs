//! The diagnosis of a company's model, in versions.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::{author, company};
use crate::features::meetings::diagnosis::DiagnosisForm;
use crate::features::meetings::queries::top;
use crate::features::meetings::views::diagnosis::DiagnosisPage;
use crate::web::{Db, Result, Submitted, Tx, Visit};

/// The last version in a form, and those before.
pub async fn show(visit: Visit, mut db: Db, Path(siren): Path<String>) -> Result<DiagnosisPage> {
    let company = company(&mut db, &visit, &siren).await?;
    let versions = top::diagnoses(&mut db, &company.siren).await?;
    let form = versions.first().map(DiagnosisForm::of).unwrap_or_default();
    Ok(DiagnosisPage::new(&visit, &company, versions, form))
}

/// Adds a version.
pub async fn add(
    visit: Visit,
    mut tx: Tx,
    Path(siren): Path<String>,
    submitted: Submitted<DiagnosisForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let company = company(&mut tx, &visit, &siren).await?;
    let versions = top::diagnoses(&mut tx, &company.siren).await?;
    let unchanged = versions.first().map(DiagnosisForm::of);
    let page = DiagnosisPage::new(&visit, &company, versions, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    let new = match submitted.form.parse(unchanged.as_ref()) {
        Ok(new) => new,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let after = (company.siren.as_str(), submitted.form.rank());
    if !top::add_diagnosis(&mut tx, after, &new, author(&visit), visit.now).await? {
        return Ok(page.overtaken());
    }
    let location = format!("/entreprises/{}/diagnostic", company.siren);
    let message = format!("Diagnostic enregistré, version\u{a0}{}.", after.1 + 1);
    tx.finish(submitted.key, &location, &message).await
}
