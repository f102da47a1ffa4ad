//! The commentary, and what the service aims at.

use axum::http::StatusCode;
use axum::response::Response;

use super::PATH;
use crate::features::indicators::forms::{CommentForm, SettingsForm};
use crate::features::indicators::queries;
use crate::features::indicators::views::written::{CommentPage, SettingsPage};
use crate::web::forms::FormErrors;
use crate::web::{Db, Result, Submitted, Tx, Visit};

/// The commentary, to write.
pub async fn ask_comment(visit: Visit, mut db: Db) -> Result<CommentPage> {
    let known = queries::context(&mut db, visit.today).await?.comment;
    let form = CommentForm {
        commentaire: known.map(|comment| comment.text).unwrap_or_default(),
    };
    Ok(CommentPage::new(&visit, form))
}

/// Signs a commentary.
pub async fn comment(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<CommentForm>,
) -> Result<Response> {
    let page = CommentPage::new(&visit, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let text = match submitted.form.parse() {
        Ok(text) => text,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    queries::comment(&mut tx, &text, visit.user.id, visit.now).await?;
    let message = if text.is_empty() {
        "Commentaire retiré."
    } else {
        "Commentaire signé."
    };
    tx.finish(submitted.key, PATH, message).await
}

/// The settings, to change.
pub async fn edit(visit: Visit, mut db: Db) -> Result<SettingsPage> {
    let context = queries::context(&mut db, visit.today).await?;
    let form = SettingsForm::of(context.settings, context.version);
    Ok(SettingsPage::new(&visit, form))
}

/// Changes the settings.
pub async fn update(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<SettingsForm>,
) -> Result<Response> {
    let mut page = SettingsPage::new(&visit, submitted.form.clone());
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let settings = match submitted.form.parse() {
        Ok(settings) => settings,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let version = submitted.form.version.parse().unwrap_or_default();
    if !queries::set(&mut tx, version, settings).await? {
        let now = queries::context(&mut tx, visit.today).await?;
        page.form.version = now.version.to_string();
        page.theirs = Some(now.settings);
        let mut errors = FormErrors::new();
        errors.add_general(
            "Une autre personne a changé ces réglages pendant votre saisie. Comparez, puis enregistrez les vôtres.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    tx.finish(submitted.key, PATH, "Réglages enregistrés.")
        .await
}
