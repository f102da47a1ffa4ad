//! Documents of an action: added, read, removed.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use super::action::page;
use super::status::may_say;
use super::{action_at, action_of, closed_meanwhile};
use crate::auth::audit::{self, Act};
use crate::domain::text::one_line;
use crate::features::plans::parts::RemovalForm;
use crate::features::plans::queries::actions::Action;
use crate::features::plans::queries::contents::{self, Kept};
use crate::features::plans::queries::documents::{self, Document, NewDocument};
use crate::features::plans::store::{self, NotPut};
use crate::features::plans::views::document::RemovalPage;
use crate::formats::attached;
use crate::platform::{limits, scan};
use crate::web::forms::FormErrors;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit, download};

/// Characters of a name that are kept.
const LONGEST_NAME: usize = 120;

/// What a form with a file held.
#[derive(Default)]
struct Received {
    key: Option<Uuid>,
    name: String,
    content: Vec<u8>,
}

/// Adds a document: what it is, whether it is clean, its content where new ones are kept, then its rights again.
pub async fn add(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response> {
    let action = action_at(&mut db, &visit, &id).await?;
    may_say(&visit, &action)?;
    // Not held while a slow visitor sends.
    drop(db);
    let parts = Multipart::from_request(request, &state)
        .await
        .map_err(|_| cut())?;
    let received = receive(parts).await?;
    let new = match check(&state, &received.name, &received.content).await? {
        Ok(new) => new,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return refused(&state, &visit, action, (status, errors)).await;
        }
    };
    let kept = match store::put(&state, received.content).await {
        Ok(kept) => kept,
        Err(NotPut::Database(error)) => return Err(error.into()),
        Err(NotPut::Bucket(error)) => {
            tracing::error!(%error, "a document was not kept");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let errors = not_kept();
            return refused(&state, &visit, action, (status, errors)).await;
        }
    };
    let written = write(&state, &visit, action.id, received.key, (&new, &kept)).await;
    if !matches!(written, Ok((_, true))) {
        store::take_back(&state, &kept).await;
    }
    written.map(|(answer, _)| answer)
}

/// Writes a document whose content is kept. Gives the answer, and whether the document is there: a form that was
/// sent twice is answered by what its twin did.
async fn write(
    state: &AppState,
    visit: &Visit,
    action: Uuid,
    key: Option<Uuid>,
    document: (&NewDocument, &Kept),
) -> Result<(Response, bool)> {
    let mut tx = Tx::begin(state, visit).await?;
    if let Some(done) = tx.already_done(key).await? {
        return Ok((done, false));
    }
    let action = action_of(&mut tx, visit, action).await?;
    may_say(visit, &action)?;
    documents::insert(&mut tx, action.id, document, visit.user.id, visit.now)
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    let location = format!("/actions/{}#documents", action.id);
    let answer = tx.finish(key, &location, "Document ajouté.").await?;
    Ok((answer, true))
}

/// The page of the action again, with what is wrong under the field.
async fn refused(
    state: &AppState,
    visit: &Visit,
    action: Action,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response> {
    let mut conn = state.pool.acquire().await?;
    let page = page(&mut conn, visit, action).await?;
    Ok(page.refused(status, errors))
}

fn not_kept() -> FormErrors {
    let mut errors = FormErrors::new();
    errors.add("document", store::NOT_KEPT);
    errors
}

fn cut() -> Error {
    Error::BadRequest("L’envoi s’est interrompu avant la fin. Rien n’est enregistré\u{a0}: déposez le document à nouveau.".to_owned())
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function of an error"
)]
fn unreceived(error: MultipartError) -> Error {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large()
    } else {
        cut()
    }
}

fn too_large() -> Error {
    Error::TooLarge(format!(
        "Ce document dépasse {}\u{a0}Mo. Réduisez-le, puis déposez-le à nouveau.",
        limits::DOCUMENT_BYTES >> 20
    ))
}

async fn receive(mut parts: Multipart) -> Result<Received> {
    let mut received = Received::default();
    while let Some(mut field) = parts.next_field().await.map_err(unreceived)? {
        match field.name().unwrap_or_default() {
            "_cle" => received.key = field.text().await.map_err(unreceived)?.parse().ok(),
            "document" => {
                received.name = shown(field.file_name().unwrap_or_default());
                while let Some(piece) = field.chunk().await.map_err(unreceived)? {
                    if received.content.len() + piece.len() > limits::DOCUMENT_BYTES {
                        return Err(too_large());
                    }
                    received.content.extend_from_slice(&piece);
                }
            }
            _ => {}
        }
    }
    Ok(received)
}

/// The last part of a name, with its end whatever its length.
fn shown(name: &str) -> String {
    let last = one_line(name.rsplit(['/', '\\']).next().unwrap_or_default());
    let excess = last.chars().count().saturating_sub(LONGEST_NAME);
    last.chars().skip(excess).collect()
}

async fn check(
    state: &AppState,
    name: &str,
    content: &[u8],
) -> Result<std::result::Result<NewDocument, FormErrors>> {
    let mut errors = FormErrors::new();
    if content.is_empty() {
        let advice = if name.is_empty() {
            "Choisissez un document."
        } else {
            "Ce fichier est vide\u{a0}: vérifiez-le, puis choisissez-le à nouveau."
        };
        errors.add("document", advice);
        return Ok(Err(errors));
    }
    let Some(media_type) = attached::media_type(name, content) else {
        errors.add(
            "document",
            format!(
                "Ce fichier n’est pas un document {}, ou son contenu n’est pas celui que son nom annonce.",
                attached::ADMITTED
            ),
        );
        return Ok(Err(errors));
    };
    let is_clean = scan::is_clean(state.config.scan_command.as_deref(), content)
        .await
        .map_err(|error| Error::Unavailable(error.to_string()))?;
    if !is_clean {
        tracing::warn!("an infected document was refused");
        errors.add(
            "document",
            "L’antivirus refuse ce fichier\u{a0}: il n’est pas enregistré. Prévenez qui vous l’a envoyé.",
        );
        return Ok(Err(errors));
    }
    Ok(Ok(NewDocument {
        name: name.to_owned(),
        media_type,
        size_bytes: i32::try_from(content.len()).map_err(Error::internal)?,
        sha256: store::digest(content),
    }))
}

/// The document of an address, if the visitor sees its action.
async fn document(conn: &mut PgConnection, id: &str) -> Result<Document> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    documents::documents(conn, (None, Some(id)))
        .await?
        .pop()
        .ok_or(Error::NotFound)
}

/// A document as a file to keep, never shown inside the site. Who takes it leaves a trace first, without its
/// name, which may say what only its readers know.
pub async fn read(
    State(state): State<AppState>,
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<Response> {
    let document = document(&mut tx, &id).await?;
    action_of(&mut tx, &visit, document.action_id).await?;
    let place = contents::place(&mut tx, document.id).await?;
    if document.removed_at.is_none() {
        let act = Act {
            verb: "export",
            object: ("action_documents", &document.id.to_string()),
            label: "un document",
            details: None,
        };
        audit::record(&mut tx, &visit.acting(), act).await?;
    }
    // Not held while a slow store answers.
    tx.commit().await?;
    let content = store::read(&state, place).await?;
    download::stored(&document.name, &document.media_type, content)
}

/// Asks why a document is removed.
pub async fn ask(visit: Visit, mut db: Db, Path(id): Path<String>) -> Result<RemovalPage> {
    let document = document(&mut db, &id).await?;
    let action = action_of(&mut db, &visit, document.action_id).await?;
    may_say(&visit, &action)?;
    kept(&document)?;
    Ok(RemovalPage::new(
        &visit,
        &action,
        document,
        RemovalForm::default(),
    ))
}

fn kept(document: &Document) -> Result<()> {
    if document.removed_at.is_some() {
        return Err(Error::Conflict("Ce document est déjà retiré.".to_owned()));
    }
    Ok(())
}

/// Removes a document.
pub async fn remove(
    visit: Visit,
    mut tx: Tx,
    Path(id): Path<String>,
    submitted: Submitted<RemovalForm>,
) -> Result<Response> {
    if !submitted.is_resumed
        && let Some(done) = tx.already_done(submitted.key).await?
    {
        return Ok(done);
    }
    let document = document(&mut tx, &id).await?;
    let action = action_of(&mut tx, &visit, document.action_id).await?;
    let key = document.id;
    if submitted.is_resumed {
        let page = RemovalPage::new(&visit, &action, document, submitted.form.clone());
        return Ok(page.refused(StatusCode::OK, submitted.first_errors()));
    }
    may_say(&visit, &action)?;
    kept(&document)?;
    let motive = match submitted.form.parse() {
        Ok(motive) => motive,
        Err(errors) => {
            let page = RemovalPage::new(&visit, &action, document, submitted.form.clone());
            return Ok(page.refused(StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    documents::remove(&mut tx, key, &motive, visit.user.id, visit.now)
        .await
        .map_err(closed_meanwhile(action.plan_id))?;
    let location = format!("/actions/{}#documents", action.id);
    tx.finish(submitted.key, &location, "Document retiré.")
        .await
}
