//! The answer of a guest who phoned, noted for them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{alive, workshop};
use crate::features::workshops::forms::{self, AnswerForm};
use crate::features::workshops::queries::answers::{self, Answer};
use crate::features::workshops::queries::{Workshop, guests};
use crate::features::workshops::views::answers::NotedPage;
use crate::features::workshops::views::path_of;
use crate::web::forms::FormErrors;
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    known: Workshop,
    guest: &str,
) -> Result<NotedPage> {
    let id: Uuid = guest.parse().map_err(|_| Error::NotFound)?;
    let guest = guests::guests(conn, known.id)
        .await?
        .into_iter()
        .find(|guest| guest.id == id)
        .ok_or(Error::NotFound)?;
    let history = answers::history(conn, id).await?;
    Ok(NotedPage::new(visit, known, guest, history))
}

/// What the guest answered so far, and the form.
pub async fn ask(
    visit: Visit,
    mut db: Db,
    Path((id, guest)): Path<(String, String)>,
) -> Result<NotedPage> {
    let known = workshop(&mut db, &visit, &id).await?;
    page(&visit, &mut db, known, &guest).await
}

/// Notes the answer.
pub async fn note(
    visit: Visit,
    mut tx: Tx,
    Path((id, guest)): Path<(String, String)>,
    submitted: Submitted<AnswerForm>,
) -> Result<Response> {
    let known = workshop(&mut tx, &visit, &id).await?;
    let back = format!("{}/invites", path_of(&known));
    let mut page = page(&visit, &mut tx, known.clone(), &guest).await?;
    let current = page.form.version.clone();
    page.form = submitted.form.clone();
    if submitted.is_resumed {
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    alive(&known)?;
    if known.held_at <= visit.now {
        return Err(Error::Conflict(
            "Cet atelier a commencé\u{a0}: notez plutôt qui est présent.".to_owned(),
        ));
    }
    let (code, replacement, address) = match submitted.form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors)),
    };
    let new = Answer {
        code,
        replacement: &replacement,
        replacement_email: &address,
        noted: Some((visit.user.id, forms::version(&submitted.form.version))),
    };
    if !answers::answer(&mut tx, page.guest.id, new, visit.now).await? {
        page.form.version = current;
        let mut errors = FormErrors::new();
        errors.add_general(
            "Une autre réponse vient d’être enregistrée\u{a0}: lisez-la plus bas, puis notez la vôtre si elle vaut toujours.",
        );
        return Ok(page.refused(StatusCode::CONFLICT, errors));
    }
    let message = format!("Réponse notée\u{a0}: {}.", page.guest.name());
    tx.finish(submitted.key, &back, &message).await
}
