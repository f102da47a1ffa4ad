//! What becomes of an introduction.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::{author, introduction_at};
use crate::features::matching::forms::{StepForm, version};
use crate::features::matching::model::{CHANGES, may_become};
use crate::features::matching::queries::introductions::{self, Introduction};
use crate::features::matching::queries::writing;
use crate::features::matching::views::introduction::{
    Change, IntroductionPage, StepPage, introduction_path,
};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The page of an introduction.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<IntroductionPage> {
    let found = introduction_at(&mut db, &visit, &id).await?;
    let events = introductions::events(&mut db, found.id).await?;
    Ok(IntroductionPage::new(&visit, found, events))
}

fn change_of(word: &str) -> Result<Change> {
    CHANGES
        .iter()
        .find(|(known, ..)| *known == word)
        .copied()
        .ok_or(Error::NotFound)
}

fn may_go(found: &Introduction, change: Change) -> Result<()> {
    if may_become(&found.state, change.1) {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "Cette mise en relation est déjà «\u{a0}{}\u{a0}»\u{a0}: elle n’y revient pas.",
        found.state_words().to_lowercase()
    )))
}

/// What the step asks.
pub async fn ask(
    visit: Visit,
    mut db: Db,
    Path((id, word)): Path<(String, String)>,
) -> Result<StepPage> {
    let change = change_of(&word)?;
    let found = introduction_at(&mut db, &visit, &id).await?;
    may_go(&found, change)?;
    let form = StepForm {
        jour: visit.today.to_string(),
        version: found.version.to_string(),
        ..StepForm::default()
    };
    Ok(StepPage::new(&visit, found, change, form))
}

/// Says where it stands.
pub async fn say(
    visit: Visit,
    mut tx: Tx,
    Path((id, word)): Path<(String, String)>,
    submitted: Submitted<StepForm>,
) -> Result<Response> {
    let change = change_of(&word)?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let found = introduction_at(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let page = StepPage::new(&visit, found, change, form);
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    may_go(&found, change)?;
    let key = (found.id, version(&form.version));
    if key.1 != found.version {
        return Ok(StepPage::new(&visit, found, change, form).overtaken());
    }
    let since = Some(found.state_on);
    let step = match form.parse(submitted.first_errors(), change.1, since, visit.today) {
        Ok(step) => step,
        Err(errors) => {
            let page = StepPage::new(&visit, found, change, form);
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    if !writing::follow(&mut tx, key, &step, author(&visit), visit.now).await? {
        let now = introduction_at(&mut tx, &visit, &id).await?;
        may_go(&now, change)?;
        return Ok(StepPage::new(&visit, now, change, form).overtaken());
    }
    let message = "C’est noté.";
    tx.finish(submitted.key, &introduction_path(key.0), message)
        .await
}
