//! Where documents are kept when it is not in the database: a folder of a bucket.

use std::fmt;

use super::settings::{Reader, filled};
use super::{BaseUrl, Secret, Settings};

/// A folder of a bucket in an S3-compatible store.
#[derive(Clone, Debug)]
pub struct Store {
    /// Name of the bucket.
    pub bucket: String,
    /// Folder in it, without slashes around; empty for the bucket itself.
    pub folder: String,
    /// Address of the store, `https` unless it is this machine; none is that of Amazon.
    pub endpoint: Option<BaseUrl>,
    /// Region that requests are signed for.
    pub region: String,
    /// Key of access.
    pub access_key: Secret,
    /// The secret that signs.
    pub secret_key: Secret,
    /// Whether the bucket is the first part of the path, rather than of the name of the host.
    pub is_path_style: bool,
}

impl Store {
    /// Whether requests cross no network, and so need no encryption.
    pub fn is_plain_http(&self) -> bool {
        self.endpoint.as_ref().is_some_and(|url| !url.is_secure())
    }

    /// The address of the store, with the bucket when it belongs to the name of the host.
    pub fn bucket_endpoint(&self) -> Option<String> {
        let endpoint = self.endpoint.as_ref()?.to_string();
        if self.is_path_style {
            return Some(endpoint);
        }
        Some(endpoint.replacen("://", &format!("://{}.", self.bucket), 1))
    }
}

impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.folder.is_empty() {
            return Ok(());
        }
        write!(f, "/{}", self.folder)
    }
}

impl Settings {
    /// The store of documents; none is the database.
    pub(super) fn store(&self, reader: &mut Reader) -> Option<Store> {
        let place = filled(self.documents_store.as_ref())?;
        let Some((bucket, folder)) = split(place) else {
            let why = format!("`{place}` is not a place such as s3://bucket or s3://bucket/folder");
            reader.fault("VIGIE_DOCUMENTS_STORE", &why);
            return None;
        };
        let endpoint = filled(self.s3_endpoint.as_ref()).and_then(|text| {
            BaseUrl::parse(text)
                .map_err(|why| reader.fault("VIGIE_S3_ENDPOINT", &why))
                .ok()
        });
        let region = filled(self.s3_region.as_ref()).unwrap_or("us-east-1");
        if !region
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            let why = format!("`{region}` is not a region such as fr-par");
            reader.fault("VIGIE_S3_REGION", &why);
        }
        let access_key = self.s3_access_key.as_ref();
        let secret_key = self.s3_secret_key.as_ref();
        let path_style = self.s3_path_style.as_ref();
        Some(Store {
            bucket: bucket.to_owned(),
            folder: folder.to_owned(),
            endpoint,
            region: region.to_owned(),
            access_key: secret(reader, "VIGIE_S3_ACCESS_KEY", access_key),
            secret_key: secret(reader, "VIGIE_S3_SECRET_KEY", secret_key),
            is_path_style: reader
                .parsed("VIGIE_S3_PATH_STYLE", path_style, "true")
                .unwrap_or(true),
        })
    }
}

/// One half of the key of access, whose text is never repeated.
fn secret(reader: &mut Reader, name: &str, text: Option<&String>) -> Secret {
    let text = filled(text).unwrap_or_default();
    if text.is_empty() {
        reader.fault(name, "needed with VIGIE_DOCUMENTS_STORE");
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.fault(name, "holds a space or a letter that no key of access has");
    }
    Secret::new(text)
}

/// The bucket and the folder of `s3://bucket/folder`, by the rules of Amazon for the names of buckets; the folder
/// keeps to letters that need no encoding.
fn split(place: &str) -> Option<(&str, &str)> {
    let path = place.strip_prefix("s3://")?.trim_end_matches('/');
    let (bucket, folder) = path.split_once('/').unwrap_or((path, ""));
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_bucket = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|b| is_plain(b) || b"-.".contains(&b))
        && bucket.bytes().next().is_some_and(is_plain)
        && bucket.bytes().last().is_some_and(is_plain);
    let is_folder = folder.is_empty() || folder.split('/').all(is_folder_name);
    (is_bucket && is_folder).then_some((bucket, folder))
}

fn is_folder_name(name: &str) -> bool {
    let admits = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(admits)
}
