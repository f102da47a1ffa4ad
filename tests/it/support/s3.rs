//! An S3-compatible store in the process: one bucket, whole objects, signatures that are verified, and the failures
//! that it is told to have.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use vigie::platform::bucket::Bucket;
use vigie::platform::config::Settings;

const BUCKET: &str = "essai";
const REGION: &str = "fr-par";
const ACCESS_KEY: &str = "VIGIEESSAI";
/// What signs; its text must show nowhere.
pub const SECRET_KEY: &str = "secret-de-l-essai";

/// How the store behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Does what it is asked.
    Accept,
    /// The key has no right here.
    Refuse,
    /// Fails by itself.
    Fail,
    /// Takes the request and says nothing.
    Hang,
    /// Keeps the object, and never says so.
    KeepAndHang,
}

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// The store; it ends with the test.
#[derive(Clone)]
pub struct S3 {
    address: SocketAddr,
    mode: Arc<Mutex<Mode>>,
    objects: Objects,
}

impl S3 {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let store = Self {
            address: listener.local_addr().expect("an address"),
            mode: Arc::new(Mutex::new(Mode::Accept)),
            objects: Objects::default(),
        };
        let router = Router::new().fallback(answer).with_state(store.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        store
    }

    /// Changes its behaviour from the next request on.
    pub fn set(&self, mode: Mode) {
        *self.mode.lock().expect("the mode") = mode;
    }

    /// What it holds, by path.
    pub fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        self.objects.lock().expect("the objects").clone()
    }

    /// Changes what it holds, as somebody else with a key would.
    pub fn tamper(&self, change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) {
        change(&mut self.objects.lock().expect("the objects"));
    }

    /// The settings that lead to it.
    pub fn settings(&self) -> Settings {
        Settings {
            documents_store: Some(format!("s3://{BUCKET}/dossier/documents")),
            s3_endpoint: Some(format!("http://{}", self.address)),
            s3_region: Some(REGION.to_owned()),
            s3_access_key: Some(ACCESS_KEY.to_owned()),
            s3_secret_key: Some(SECRET_KEY.to_owned()),
            ..Settings::default()
        }
    }

    /// The way to it, with little patience.
    pub fn bucket(&self) -> Bucket {
        bucket_of(&self.settings())
    }
}

/// The way to the store of these settings, with little patience.
pub fn bucket_of(settings: &Settings) -> Bucket {
    let config = settings.resolve(Some("/nonexistent".into()));
    let store = config.expect("the settings").documents_store;
    Bucket::patient(&store.expect("a store"), Duration::from_millis(900)).expect("a bucket")
}

async fn answer(
    State(store): State<S3>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Some(code) = unsigned(&method, &uri, &headers, &body) {
        return refusal(StatusCode::FORBIDDEN, code);
    }
    let mode = *store.mode.lock().expect("the mode");
    match mode {
        Mode::Refuse => return refusal(StatusCode::FORBIDDEN, "AccessDenied"),
        Mode::Fail => return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        Mode::Hang => return std::future::pending().await,
        Mode::Accept | Mode::KeepAndHang => {}
    }
    let Some(key) = uri.path().strip_prefix(&format!("/{BUCKET}/")) else {
        return refusal(StatusCode::NOT_FOUND, "NoSuchBucket");
    };
    let answer = store.carry_out(&method, key, &body);
    if mode == Mode::KeepAndHang {
        return std::future::pending().await;
    }
    answer
}

impl S3 {
    fn carry_out(&self, method: &Method, key: &str, body: &[u8]) -> Response {
        let mut objects = self.objects.lock().expect("the objects");
        match *method {
            Method::PUT => {
                objects.insert(key.to_owned(), body.to_vec());
                [(header::ETAG, "\"essai\"")].into_response()
            }
            Method::GET => objects.get(key).map_or_else(
                || refusal(StatusCode::NOT_FOUND, "NoSuchKey"),
                |content| {
                    let headers = [
                        (header::ETAG, "\"essai\""),
                        (header::LAST_MODIFIED, "Tue, 24 Nov 2026 09:00:00 GMT"),
                    ];
                    (headers, content.clone()).into_response()
                },
            ),
            Method::DELETE => {
                objects.remove(key);
                StatusCode::NO_CONTENT.into_response()
            }
            _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
        }
    }
}

fn refusal(status: StatusCode, code: &str) -> Response {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}

/// Why a request is not signed by the key of this store (AWS Signature Version 4); none when it is.
fn unsigned(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Option<&'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let authorization = header("authorization").unwrap_or_default();
    let Some(signed) = authorization.strip_prefix("AWS4-HMAC-SHA256 ") else {
        return Some("AccessDenied");
    };
    let part = |name: &str| {
        let parts = signed.split(", ").filter_map(|part| part.split_once('='));
        let mut found = parts.filter(|(known, _)| *known == name);
        found.next().map_or("", |(_, value)| value)
    };
    let time = header("x-amz-date").unwrap_or_default();
    let scope = format!("{}/{REGION}/s3/aws4_request", time.get(..8)?);
    if part("Credential") != format!("{ACCESS_KEY}/{scope}") {
        return Some("InvalidAccessKeyId");
    }
    let hash = hex(&Sha256::digest(body));
    if header("x-amz-content-sha256") != Some(&hash) {
        return Some("XAmzContentSHA256Mismatch");
    }
    let names = part("SignedHeaders");
    let lines: Vec<String> = names
        .split(';')
        .map(|name| format!("{name}:{}", header(name).unwrap_or_default().trim()))
        .collect();
    let lines = lines.join("\n");
    let query = uri.query().unwrap_or_default();
    let request = format!(
        "{method}\n{}\n{query}\n{lines}\n\n{names}\n{hash}",
        uri.path()
    );
    let request = hex(&Sha256::digest(request));
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{request}");
    let key = scope
        .split('/')
        .fold(format!("AWS4{SECRET_KEY}").into_bytes(), |key, part| {
            hmac(&key, part.as_bytes())
        });
    let signature = hex(&hmac(&key, text.as_bytes()));
    (part("Signature") != signature).then_some("SignatureDoesNotMatch")
}

/// HMAC-SHA-256 (RFC 2104) of a key that is no longer than a block.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded = |with: u8| {
        let mut block = [with; 64];
        block
            .iter_mut()
            .zip(key)
            .for_each(|(byte, key)| *byte ^= key);
        block
    };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text);
    let outer = Sha256::new().chain_update(padded(0x5c));
    outer.chain_update(inner.finalize()).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes it");
        text
    })
}
