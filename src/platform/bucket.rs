//! A folder of a bucket in an S3-compatible store, where the settings may ask that documents be kept. Its objects
//! are named by random keys, never by what people called their files, and are reached by this program alone: no
//! address of the store is ever given to a visitor.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStoreExt as _, PutPayload, RetryConfig};
use tokio::time::timeout;
use uuid::Uuid;

use super::{config, limits};

/// Tries after the first one, all of them within the patience of an exchange.
const MORE_TRIES: usize = 2;
/// What a probe writes.
const PROBE: &[u8] = b"Vigie: this object may be deleted.";

/// Why an object was not written, read or deleted. The texts hold no key of access and no name of a file.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store did not answer in time.
    #[error("the store of documents does not answer in time")]
    Silent,
    /// Nothing answers at this address, or not in a way that can be trusted.
    #[error("the store of documents cannot be reached: {0}")]
    Away(String),
    /// The store said no, by this code.
    #[error("the store of documents refuses: {0}")]
    Refused(String),
    /// There is no such object.
    #[error("the store of documents does not hold this object")]
    Missing,
    /// The object is larger than any document.
    #[error("an object of the store of documents is larger than any document")]
    TooLarge,
    /// What is read is not what was written.
    #[error("the store of documents gives back something else than what it was given")]
    Altered,
}

impl Error {
    /// What an operator does about it.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::Silent | Self::Away(_) => {
                "start the store, or correct VIGIE_S3_ENDPOINT; look at the network, the proxy and the certificate"
            }
            Self::Refused(code) => match code.as_str() {
                "NoSuchBucket" => "create the bucket, or correct VIGIE_DOCUMENTS_STORE",
                "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
                    "correct VIGIE_S3_ACCESS_KEY and VIGIE_S3_SECRET_KEY"
                }
                "AuthorizationHeaderMalformed" | "PermanentRedirect" => "correct VIGIE_S3_REGION",
                "RequestTimeTooSkewed" => "synchronise this machine's clock",
                _ => {
                    "give this key s3:PutObject, s3:GetObject and s3:DeleteObject on the folder; see the store's log"
                }
            },
            Self::Missing | Self::TooLarge | Self::Altered => {
                "make sure that nothing else writes in the folder of VIGIE_DOCUMENTS_STORE"
            }
        }
    }
}

/// The folder; cheap to clone.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<AmazonS3>,
    folder: Path,
    name: String,
    patience: Duration,
}

/// Without the settings of the library, which hold the secret.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.name).finish()
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Bucket {
    /// The folder of the settings. Nothing is sent yet: a store that is away does not prevent the start.
    pub fn new(settings: &config::Store) -> Result<Self, Error> {
        Self::patient(settings, limits::STORE)
    }

    /// A folder that is given this long for each exchange, further tries included (tests of silent stores).
    pub fn patient(settings: &config::Store, patience: Duration) -> Result<Self, Error> {
        // The library of https asks for one for the whole program; another part may have chosen this one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let options = ClientOptions::new()
            // `within` ends every exchange.
            .with_timeout_disabled()
            .with_allow_http(settings.is_plain_http());
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(settings.access_key.reveal())
            .with_secret_access_key(settings.secret_key.reveal())
            .with_virtual_hosted_style_request(!settings.is_path_style)
            // One plain DELETE for each object: not every store knows the request for many.
            .with_disable_bulk_delete(true)
            .with_client_options(options)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: MORE_TRIES,
                retry_timeout: patience,
            });
        if let Some(endpoint) = settings.bucket_endpoint() {
            builder = builder.with_endpoint(endpoint);
        }
        let store = builder.build().map_err(|error| told(&error))?;
        Ok(Self {
            store: Arc::new(store),
            folder: Path::from(settings.folder.as_str()),
            name: settings.to_string(),
            patience,
        })
    }

    /// Writes an object whole, or not at all. After an error nobody knows: it may still arrive.
    pub async fn put(&self, key: Uuid, content: Vec<u8>) -> Result<(), Error> {
        let path = self.path(key);
        let put = self.store.put(&path, PutPayload::from(content));
        self.within(put).await.map(|_| ())
    }

    /// Reads an object whole.
    pub async fn get(&self, key: Uuid) -> Result<Vec<u8>, Error> {
        let path = self.path(key);
        let content = self.within(async {
            let found = self.store.get(&path).await?;
            if found.meta.size > limits::DOCUMENT_BYTES as u64 {
                return Ok(None);
            }
            found.bytes().await.map(Some)
        });
        let content = content.await?.ok_or(Error::TooLarge)?;
        Ok(content.into())
    }

    /// Deletes an object; one that is not there is deleted already.
    pub async fn delete(&self, key: Uuid) -> Result<(), Error> {
        let path = self.path(key);
        match self.within(self.store.delete(&path)).await {
            Ok(()) | Err(Error::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Writes, reads and deletes an object of its own; else says which of the three failed, and why.
    pub async fn check(&self) -> Result<(), (&'static str, Error)> {
        let key = Uuid::new_v4();
        let put = self.put(key, PROBE.to_vec()).await;
        put.map_err(|error| ("writing", error))?;
        let read = match self.get(key).await {
            Ok(content) if content == PROBE => Ok(()),
            Ok(_) => Err(("reading", Error::Altered)),
            Err(error) => Err(("reading", error)),
        };
        // Also after a failed reading, so that no probe stays behind.
        let deleted = self.delete(key).await;
        read?;
        deleted.map_err(|error| ("deleting", error))
    }

    fn path(&self, key: Uuid) -> Path {
        self.folder.clone().join(key.to_string())
    }

    async fn within<T>(
        &self,
        exchange: impl Future<Output = object_store::Result<T>>,
    ) -> Result<T, Error> {
        match timeout(self.patience, exchange).await {
            Ok(done) => done.map_err(|error| told(&error)),
            Err(_) => Err(Error::Silent),
        }
    }
}

/// An error of the library in our words: its own text repeats addresses and whole answers.
fn told(error: &object_store::Error) -> Error {
    let text = error.to_string();
    let code = code_of(&text);
    match (error, code) {
        (object_store::Error::NotFound { .. }, None | Some("NoSuchKey")) => Error::Missing,
        (_, Some(code)) => Error::Refused(code.to_owned()),
        (_, None) => match status_of(&text) {
            Some(status) => Error::Refused(format!("HTTP {status}")),
            None => Error::Away(root_of(error)),
        },
    }
}

/// The code of an answer of S3, such as `AccessDenied`.
fn code_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_code = code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_code.then_some(code)
}

/// The status of an answer that is not of S3: a proxy's, another server's.
fn status_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("status code: ")?;
    rest.get(..3)
        .filter(|status| status.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The first cause, without the addresses that the causes above it repeat.
fn root_of(error: &object_store::Error) -> String {
    let mut root = error.source();
    while let Some(deeper) = root.and_then(std::error::Error::source) {
        root = Some(deeper);
    }
    root.map_or_else(|| error.to_string(), ToString::to_string)
}
