//! Keeps and reads the contents of documents: in the database, or in the bucket when the settings name one. Each
//! document is read from where it is, so another setting loses none.
//!
//! An object is announced in the database, then put, then given to its document in the transaction that writes it.
//! Whatever stops on the way leaves an announced object that nothing holds, and the sweep deletes it.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::queries::contents::{self, Kept, Place};
use crate::platform::bucket::{self, Bucket};
use crate::web::{AppState, Error, Result};

const AWAY: &str = "L’espace de stockage des documents ne répond pas. Aucun document n’est perdu\u{a0}: réessayez dans quelques minutes et, si cela dure, prévenez l’administration de Vigie.";
const NOT_SET: &str = "Ce document est dans un espace de stockage que ce serveur n’utilise plus. Il n’est pas perdu\u{a0}: demandez à l’administration de Vigie de rétablir le réglage VIGIE_DOCUMENTS_STORE.";
const LOST: &str = "Le contenu de ce document n’est plus dans l’espace de stockage. Prévenez l’administration de Vigie, qui peut le reprendre d’une sauvegarde.";
const ALTERED: &str = "Le contenu de ce document n’est plus celui qui a été déposé\u{a0}: il n’est pas envoyé. Prévenez l’administration de Vigie, qui peut le reprendre d’une sauvegarde.";

/// Said under the field of a document that could not be put in the bucket.
pub const NOT_KEPT: &str = "L’espace de stockage des documents ne répond pas\u{a0}: ce fichier n’est pas enregistré. Déposez-le à nouveau dans quelques minutes et, si cela dure, prévenez l’administration de Vigie.";

/// Why a content was not put.
#[derive(Debug, thiserror::Error)]
pub enum NotPut {
    /// The bucket did not take it.
    #[error(transparent)]
    Bucket(#[from] bucket::Error),
    /// The database did not take its announcement.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// SHA-256 of a content.
pub fn digest(content: &[u8]) -> Vec<u8> {
    Sha256::digest(content).to_vec()
}

/// Puts a content where new documents are kept. No connection is held meanwhile.
pub async fn put(state: &AppState, content: Vec<u8>) -> Result<Kept, NotPut> {
    let Some(bucket) = &state.bucket else {
        return Ok(Kept::Here(content));
    };
    let key = Uuid::new_v4();
    let mut conn = state.pool.acquire().await?;
    contents::announce(&mut conn, key, state.clock.now()).await?;
    drop(conn);
    // What fails may still arrive: the announcement stays for the sweep.
    bucket.put(key, content).await?;
    Ok(Kept::Object(key))
}

/// Deletes what was put for a document that is not there in the end; what cannot be deleted now is swept later.
pub async fn take_back(state: &AppState, kept: &Kept) {
    let (Kept::Object(key), Some(bucket)) = (kept, &state.bucket) else {
        return;
    };
    if let Err(error) = delete_given_up(state, bucket, *key).await {
        tracing::warn!(%error, "an object without a document waits for the sweep");
    }
}

async fn delete_given_up(state: &AppState, bucket: &Bucket, key: Uuid) -> Result<(), NotPut> {
    let mut conn = state.pool.acquire().await?;
    // A transaction whose end nobody heard of may have been kept after all.
    if !contents::give_up(&mut conn, key, state.clock.now()).await? {
        return Ok(());
    }
    drop(conn);
    bucket.delete(key).await?;
    contents::forget(&mut *state.pool.acquire().await?, &[key]).await?;
    Ok(())
}

/// The content of a document, from where it is, if it is what was deposited.
pub async fn read(state: &AppState, place: Place) -> Result<Vec<u8>> {
    let content = match (place.content, place.object) {
        (Some(content), _) => content,
        (None, Some(key)) => fetch(state.bucket.as_ref(), key).await?,
        (None, None) => {
            return Err(Error::Gone(
                "Ce document a été retiré\u{a0}: la page de son action dit pourquoi.".to_owned(),
            ));
        }
    };
    if place.sha256.is_some_and(|known| known != digest(&content)) {
        return Err(outside(
            "the content of a document is not what was deposited",
            ALTERED,
        ));
    }
    Ok(content)
}

async fn fetch(bucket: Option<&Bucket>, key: Uuid) -> Result<Vec<u8>> {
    let Some(bucket) = bucket else {
        let cause = "a document is in a bucket, and VIGIE_DOCUMENTS_STORE is not set";
        return Err(outside(cause, NOT_SET));
    };
    bucket.get(key).await.map_err(|error| {
        let advice = match error {
            bucket::Error::Missing => LOST,
            bucket::Error::TooLarge | bucket::Error::Altered => ALTERED,
            _ => AWAY,
        };
        outside(format!("object {key}: {error}"), advice)
    })
}

fn outside(cause: impl Into<String>, advice: &'static str) -> Error {
    Error::Outside {
        cause: cause.into(),
        advice,
    }
}

/// Deletes the objects that no document holds any more: those of removed documents at once, those whose document
/// was never written after a day. Says how many; a store that is away is asked again at the next upkeep.
pub async fn sweep(state: &AppState) -> sqlx::Result<usize> {
    let Some(bucket) = &state.bucket else {
        return Ok(0);
    };
    let now = state.clock.now();
    let keys = contents::deletable(&mut *state.pool.acquire().await?, now).await?;
    let mut deleted = Vec::new();
    for key in keys {
        if let Err(error) = bucket.delete(key).await {
            tracing::warn!(%error, "objects without a document wait for the next sweep");
            break;
        }
        deleted.push(key);
    }
    contents::forget(&mut *state.pool.acquire().await?, &deleted).await?;
    Ok(deleted.len())
}
