//! Who is invited, and who came.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::agenda::NoField;
use super::{NOTHING_DONE, alive, begun, due, workshop};
use crate::features::workshops::forms::{GuestsForm, PresenceForm};
use crate::features::workshops::queries::{Workshop, guests};
use crate::features::workshops::views::prepare::GuestsPage;
use crate::features::workshops::views::room::PresencePage;
use crate::features::workshops::views::{below, path_of};
use crate::web::filters::agree;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// The guests, and who may be added.
pub async fn show(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<GuestsPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    page(&visit, &mut db, known, GuestsForm::default()).await
}

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    workshop: Workshop,
    form: GuestsForm,
) -> Result<GuestsPage> {
    let guests = guests::guests(conn, workshop.id).await?;
    let candidates =
        guests::candidates(conn, workshop.id, workshop.territory_siren.as_deref()).await?;
    Ok(GuestsPage {
        shell: below(visit, &workshop, "Invités"),
        path: path_of(&workshop),
        due: due(&workshop, &guests, visit.now),
        now: visit.now,
        guests,
        candidates,
        workshop,
        form,
        errors: FormErrors::default(),
    })
}

/// Adds those who are ticked.
pub async fn add(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<GuestsForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let form = submitted.form.clone();
    if submitted.is_resumed {
        let errors = submitted.first_errors();
        let page = page(&visit, &mut tx, known, form).await?;
        return Ok(page.refused(StatusCode::OK, errors));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    if form.invites.is_empty() {
        let mut errors = FormErrors::new();
        errors.add("invites", "Cochez au moins un organisme ou une personne.");
        let page = page(&visit, &mut tx, known, form).await?;
        return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
    }
    let added = guests::add(&mut tx, known.id, &form.invites, visit.now).await?;
    let (added, asked) = (
        count(added),
        i64::try_from(form.invites.len()).unwrap_or(i64::MAX),
    );
    let mut message = format!(
        "{added}\u{a0}{}",
        agree(added, "invité ajouté", "invités ajoutés")
    );
    if added < asked {
        message.push_str(", les autres y étaient déjà");
    }
    message.push_str(". Personne n’a encore reçu de courriel.");
    let location = format!("{}/invites", path_of(&known));
    tx.finish(submitted.key, &location, &message).await
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Takes a guest off the list.
pub async fn remove(
    visit: Visit,
    mut tx: Tx,
    Path((id, guest)): Path<(String, String)>,
    submitted: Submitted<NoField>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let guest: Uuid = guest.parse().map_err(|_| Error::NotFound)?;
    let back = format!("{}/invites", path_of(&known));
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if !guests::remove(&mut tx, known.id, guest).await? {
        return Err(Error::Conflict(
            "Cet invité a déjà reçu son invitation, ou n’est plus dans la liste\u{a0}: il y reste."
                .to_owned(),
        ));
    }
    tx.finish(submitted.key, &back, "Invité retiré de la liste.")
        .await
}

/// The call.
pub async fn call(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<PresencePage> {
    let workshop = workshop(&mut db, &visit, &id).await?;
    alive(&workshop)?;
    begun(&workshop, &visit)?;
    let guests = guests::guests(&mut db, workshop.id).await?;
    Ok(PresencePage {
        shell: below(&visit, &workshop, "Présences"),
        path: path_of(&workshop),
        guests,
        workshop,
    })
}

/// Ticks a guest, or takes the tick back.
pub async fn tick(
    visit: Visit,
    mut tx: Tx,
    Path((id, guest)): Path<(String, String)>,
    submitted: Submitted<PresenceForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let guest: Uuid = guest.parse().map_err(|_| Error::NotFound)?;
    let back = format!("{}/presences", path_of(&known));
    if submitted.is_resumed {
        return tx.finish(None, &back, NOTHING_DONE).await;
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    begun(&known, &visit)?;
    let attended = match submitted.form.presence.as_str() {
        "oui" => Some(true),
        "non" => Some(false),
        _ => None,
    };
    if !guests::tick(&mut tx, known.id, guest, attended).await? {
        return Err(Error::NotFound);
    }
    let message = match attended {
        Some(true) => "Présence notée.",
        Some(false) => "Absence notée.",
        None => "C’est effacé.",
    };
    let location = format!("{back}#i-{guest}");
    tx.finish(submitted.key, &location, message).await
}
