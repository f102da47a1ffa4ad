//! Files written while they are sent: memory stays small whatever their size.

use std::fmt::Write as _;
use std::io::{self, Write};

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{AppState, Error, Visit, printed};
use crate::platform::pdf;
use crate::web::filters::long_date;

/// Bytes gathered before they are sent.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for a slow reader.
const WAITING: usize = 4;

/// A file being sent: what is written to it goes to the visitor.
pub struct Sending {
    buffer: Vec<u8>,
    chunks: mpsc::Sender<io::Result<Bytes>>,
}

impl Sending {
    fn send(&mut self, chunk: io::Result<Bytes>) -> io::Result<()> {
        self.chunks
            .blocking_send(chunk)
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::take(&mut self.buffer);
        self.send(Ok(chunk.into()))
    }
}

/// Answers with a file that `write` writes on a thread of its own. When it fails the answer is cut
/// short, so that nobody takes half a file for a whole one.
pub fn attachment<F>(name: &str, media_type: &'static str, write: F) -> Result<Response, Error>
where
    F: FnOnce(&mut Sending) -> io::Result<()> + Send + 'static,
{
    let (chunks, received) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut sending = Sending {
            buffer: Vec::with_capacity(CHUNK),
            chunks,
        };
        let done = write(&mut sending).and_then(|()| sending.flush());
        if let Err(error) = done {
            tracing::warn!(%error, "a file was not sent to its end");
            // The visitor may be gone: nothing more can be told.
            let _ = sending.send(Err(error));
        }
    });
    let body = Body::from_stream(stream::unfold(received, |mut received| async {
        received.recv().await.map(|chunk| (chunk, received))
    }));
    file(body, name, media_type)
}

/// Said where no program makes PDF.
pub const NO_PDF: &str = "Ce serveur ne sait pas faire de PDF\u{a0}: imprimez cette page, ou demandez à l’administration d’y installer Chromium.";

/// Answers with a page as a PDF, signed at the foot of each of its pages. The caller has recorded the
/// export, and made sure that there is a printer.
pub async fn pdf(
    state: &AppState,
    visit: &Visit,
    name: &str,
    page: &impl Template,
) -> Result<Response, Error> {
    let foot = format!(
        "Exporté de Vigie le {} par {}",
        long_date(visit.today),
        visit.user.name
    );
    let page = printed::whole(&page.render()?, &foot)?;
    let printed = state.pdf.print(&page, &state.shutdown).await;
    let pdf = printed.map_err(|error| match error {
        pdf::Error::TooSlow | pdf::Error::Stopping => Error::Unavailable(error.to_string()),
        _ => Error::internal(error),
    })?;
    file(Body::from(pdf), name, "application/pdf")
}

/// Answers with a file that someone deposited under this name: to be kept, never shown inside the site.
pub fn stored(name: &str, media_type: &str, content: Vec<u8>) -> Result<Response, Error> {
    let end = name.rsplit_once('.').map_or("bin", |(_, end)| end);
    let end = Some(end).filter(|end| end.bytes().all(|b| b.is_ascii_alphanumeric()));
    let disposition = format!(
        "attachment; filename=\"document.{}\"; filename*=UTF-8''{}",
        end.unwrap_or("bin"),
        encoded(name)
    );
    let mut response = Body::from(content).into_response();
    let headers = response.headers_mut();
    for (header, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_DISPOSITION, &disposition),
    ] {
        let value = HeaderValue::from_str(value).map_err(Error::internal)?;
        headers.insert(header, value);
    }
    Ok(response)
}

/// A name in the form that a header takes (RFC 8187).
fn encoded(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn file(body: Body, name: &str, media_type: &'static str) -> Result<Response, Error> {
    let mut response = body.into_response();
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(Error::internal)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}
