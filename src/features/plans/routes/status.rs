//! Where an action stands, said by buttons.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;

use super::{NOTHING_DONE, action_at, closed_meanwhile, running};
use crate::features::plans::forms::version;
use crate::features::plans::parts::{CHANGES, StatusForm};
use crate::features::plans::queries::actions::Action;
use crate::features::plans::queries::writing;
use crate::features::plans::views::action::{StatusPage, may_become, may_follow};
use crate::features::workshops::queries::last_change;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

type Change = (&'static str, &'static str, &'static str);

fn change_of(word: &str) -> Result<(Change, bool)> {
    CHANGES
        .iter()
        .find(|(known, ..)| *known == word)
        .map(|(word, code, button, asks)| ((*word, *code, *button), *asks))
        .ok_or(Error::NotFound)
}

/// Refuses those who neither run the plan nor carry the action out.
pub fn may_say(visit: &Visit, action: &Action) -> Result<()> {
    running(action.plan_id, action.is_closed())?;
    if may_follow(visit, action) {
        return Ok(());
    }
    Err(Error::Conflict(
        "Cette action est suivie par un autre organisme\u{a0}: lui seul, ou le Département, dit où elle en est."
            .to_owned(),
    ))
}

fn may_change(visit: &Visit, action: &Action, status: &str) -> Result<()> {
    may_say(visit, action)?;
    if may_become(&action.status, status) {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "Cette action est déjà «\u{a0}{}\u{a0}».",
        action.status_words().to_lowercase()
    )))
}

/// What the change asks.
pub async fn ask(
    visit: Visit,
    mut db: Db,
    Path((id, word)): Path<(String, String)>,
) -> Result<StatusPage> {
    let (change, _) = change_of(&word)?;
    let action = action_at(&mut db, &visit, &id).await?;
    may_change(&visit, &action, change.1)?;
    let spent = action.spent_euros.map(|n| n.to_string());
    let form = StatusForm {
        motif: action.reason.clone(),
        qui: action.unblocker.clone(),
        jour: visit.today.to_string(),
        depense: spent.unwrap_or_default(),
        version: action.version.to_string(),
        ..StatusForm::default()
    };
    Ok(StatusPage::new(&visit, action, change, form))
}

/// Says where it stands: the council, or the organisation that carries it out.
pub async fn carry_out(
    visit: Visit,
    mut tx: Tx,
    Path((id, word)): Path<(String, String)>,
    submitted: Submitted<StatusForm>,
) -> Result<Response> {
    let (change, asks) = change_of(&word)?;
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let action = action_at(&mut tx, &visit, &id).await?;
    let (known, since, location) = (
        (action.id, version(&submitted.form.version)),
        action.starts_on,
        format!("/actions/{}", action.id),
    );
    if submitted.is_resumed && !asks {
        return tx.finish(None, &location, NOTHING_DONE).await;
    }
    if submitted.is_resumed {
        let page = StatusPage::new(&visit, action, change, submitted.form.clone());
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    may_say(&visit, &action)?;
    if known.1 != action.version {
        return overtaken(&mut tx, &visit, action, change, submitted.form).await;
    }
    may_change(&visit, &action, change.1)?;
    let new = match submitted.form.parse(change.1, since, visit.today) {
        Ok(new) => new,
        Err(errors) => {
            let page = StatusPage::new(&visit, action, change, submitted.form.clone());
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    if !writing::follow(&mut tx, known, &new)
        .await
        .map_err(closed_meanwhile(action.plan_id))?
    {
        let now = action_at(&mut tx, &visit, &id).await?;
        return overtaken(&mut tx, &visit, now, change, submitted.form).await;
    }
    let message = match change.1 {
        "done" => "Action faite.",
        "blocked" => "Blocage signalé.",
        "dropped" => "Action abandonnée.",
        "ongoing" => "Action en cours.",
        _ => "Action remise à faire.",
    };
    tx.finish(submitted.key, &location, message).await
}

/// The question again, under where the action stands now.
async fn overtaken(
    conn: &mut PgConnection,
    visit: &Visit,
    now: Action,
    change: Change,
    form: StatusForm,
) -> Result<Response> {
    let last = last_change(conn, "actions", now.id).await?;
    let form = StatusForm {
        version: now.version.to_string(),
        ..form
    };
    let mut page = StatusPage::new(visit, now, change, form);
    page.change = last;
    let mut errors = FormErrors::new();
    errors.add_general(
        "Une autre personne vient de modifier cette action\u{a0}: lisez-la plus haut, puis enregistrez si votre réponse vaut toujours.",
    );
    Ok(page.refused(StatusCode::CONFLICT, errors))
}
