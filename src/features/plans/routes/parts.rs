//! Steps, notes and funders of an action.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::action::page;
use super::status::may_say;
use super::{NOTHING_DONE, action_at, action_of, closed_meanwhile, running};
use crate::features::plans::parts::{FunderForm, NoteForm, StepForm, TickForm};
use crate::features::plans::queries::{self, parts};
use crate::features::plans::views::euros;
use crate::web::forms::FormErrors;
use crate::web::{Error, Result, Submitted, Tx, Visit};

fn at(action: Uuid, part: &str) -> String {
    format!("/actions/{action}#{part}")
}

/// Adds a step.
pub async fn add_step(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<StepForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let action = action_at(&mut tx, &visit, &id).await?;
    let key = action.id;
    let parsed = if submitted.is_resumed {
        Err(submitted.first_errors())
    } else {
        may_say(&visit, &action)?;
        submitted.form.parse()
    };
    let title = match parsed {
        Ok(title) => title,
        Err(errors) => {
            let mut page = page(&mut tx, &visit, action).await?;
            page.step = submitted.form.clone();
            return Ok(page.refused(status(submitted.is_resumed), errors));
        }
    };
    parts::add_step(&mut tx, key, &title)
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    tx.finish(submitted.key, &at(key, "etapes"), "Étape ajoutée.")
        .await
}

const fn status(is_resumed: bool) -> StatusCode {
    if is_resumed {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// Ticks a step, or takes its tick back.
pub async fn tick(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<TickForm>,
) -> Result<Response> {
    let step: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let action = parts::action_of_step(&mut tx, step)
        .await?
        .ok_or(Error::NotFound)?;
    let action = action_of(&mut tx, &visit, action).await?;
    let location = at(action.id, "etapes");
    if submitted.is_resumed {
        return tx.finish(None, &location, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    may_say(&visit, &action)?;
    let is_done = !submitted.form.faite.is_empty();
    parts::tick(&mut tx, step, is_done.then_some(visit.today))
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    let message = if is_done {
        "Étape faite."
    } else {
        "Étape à refaire."
    };
    tx.finish(submitted.key, &location, message).await
}

/// Keeps a note.
pub async fn add_note(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<NoteForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let action = action_at(&mut tx, &visit, &id).await?;
    let key = action.id;
    let parsed = if submitted.is_resumed {
        Err(submitted.first_errors())
    } else {
        may_say(&visit, &action)?;
        submitted.form.parse(visit.today)
    };
    let new = match parsed {
        Ok(new) => new,
        Err(errors) => {
            let mut page = page(&mut tx, &visit, action).await?;
            page.note = submitted.form.clone();
            return Ok(page.refused(status(submitted.is_resumed), errors));
        }
    };
    let user = &visit.user;
    let author = (user.id, user.name.as_str(), user.organisation_id);
    parts::add_note(&mut tx, key, &new, author, visit.now)
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    tx.finish(submitted.key, &at(key, "notes"), "Note ajoutée.")
        .await
}

/// Adds a funder.
pub async fn add_funder(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<FunderForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let action = action_at(&mut tx, &visit, &id).await?;
    let key = action.id;
    let parsed = if submitted.is_resumed {
        Err(submitted.first_errors())
    } else {
        running(action.plan_id, action.is_closed())?;
        let parties = queries::parties(&mut tx, None).await?;
        submitted.form.parse(&parties)
    };
    let (errors, status) = match parsed {
        Ok(new) => {
            if parts::add_funder(&mut tx, key, &new)
                .await
                .map_err(closed_meanwhile(action.plan_id))?
            {
                let message = format!("Financeur ajouté\u{a0}: {}.", euros(new.amount));
                return tx.finish(submitted.key, &at(key, "budget"), &message).await;
            }
            (twice(&new.typed_name), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(errors) => (errors, status(submitted.is_resumed)),
    };
    let mut page = page(&mut tx, &visit, action).await?;
    page.funder = submitted.form.clone();
    Ok(page.refused(status, errors))
}

fn twice(typed_name: &str) -> FormErrors {
    let mut errors = FormErrors::new();
    let field = if typed_name.is_empty() {
        "organisme"
    } else {
        "nom"
    };
    errors.add(
        field,
        "Ce financeur est déjà dans la liste\u{a0}: retirez-le d’abord si son montant change.",
    );
    errors
}

/// Removes a funder.
pub async fn remove_funder(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<TickForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let funder: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let action = parts::action_of_funder(&mut tx, funder)
        .await?
        .ok_or(Error::NotFound)?;
    let action = action_of(&mut tx, &visit, action).await?;
    let location = at(action.id, "budget");
    if submitted.is_resumed {
        return tx.finish(None, &location, NOTHING_DONE).await;
    }
    running(action.plan_id, action.is_closed())?;
    parts::remove_funder(&mut tx, funder)
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    tx.finish(submitted.key, &location, "Financeur retiré.")
        .await
}
