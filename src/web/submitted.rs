//! A posted form, as it was typed.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::forms::FormErrors;
use super::{AppState, Error};

/// Said on top of a form that comes back after an expired session.
pub const RESUMED: &str =
    "Votre session avait expiré\u{a0}: votre saisie est revenue. Vérifiez-la, puis enregistrez.";

/// A posted form.
#[derive(Debug)]
pub struct Submitted<T> {
    /// The fields, as typed.
    pub form: T,
    /// Key of what was sent: this rendering of the form, its address and its answers. The same sent twice is
    /// carried out once; one that was changed after « page précédente » is another.
    pub key: Option<Uuid>,
    /// The form comes back after an expired session: show it again, do not carry it out.
    pub is_resumed: bool,
}

#[derive(Deserialize)]
struct Marks {
    #[serde(rename = "_cle", default)]
    key: String,
    #[serde(rename = "_reprise", default)]
    resumed: String,
}

fn key_of(rendering: Uuid, path: &str, body: &[u8]) -> Uuid {
    let mut digest = Sha256::new();
    for part in [rendering.as_bytes().as_slice(), path.as_bytes(), &[0], body] {
        digest.update(part);
    }
    let mut key = [0; 16];
    key.copy_from_slice(&digest.finalize()[..16]);
    Uuid::from_bytes(key)
}

impl<T: DeserializeOwned> FromRequest<AppState> for Submitted<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Error> {
        let path = request.uri().path().to_owned();
        let body = Bytes::from_request(request, state).await.map_err(|_| {
            Error::TooLarge("L’envoi dépasse la taille admise. Raccourcissez le texte.".to_owned())
        })?;
        Self::parse(&path, &body)
    }
}

impl<T: DeserializeOwned> Submitted<T> {
    /// Reads the body of an `application/x-www-form-urlencoded` request. Unknown fields are
    /// ignored; a NUL character, which no text column can hold, is refused.
    pub fn parse(path: &str, body: &[u8]) -> Result<Self, Error> {
        let malformed = || {
            Error::BadRequest(
                "Le formulaire est arrivé incomplet. Revenez à la page précédente et renvoyez-le."
                    .to_owned(),
            )
        };
        if body.windows(3).any(|triple| triple == b"%00") || body.contains(&0) {
            return Err(malformed());
        }
        let form = serde_html_form::from_bytes(body).map_err(|_| malformed())?;
        let marks: Marks = serde_html_form::from_bytes(body).map_err(|_| malformed())?;
        Ok(Self {
            form,
            key: marks.key.parse().ok().map(|key| key_of(key, path, body)),
            is_resumed: !marks.resumed.is_empty(),
        })
    }

    /// The errors to start from: none, or the word on the expired session.
    pub fn first_errors(&self) -> FormErrors {
        let mut errors = FormErrors::default();
        if self.is_resumed {
            errors.add_general(RESUMED);
        }
        errors
    }
}
