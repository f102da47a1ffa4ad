//! A mail that is read before it leaves: the page that shows it and its recipients, and the form that sends
//! it to those whom the page showed.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::filters::agree;
use super::forms::FormErrors;
use super::letter::Preview;
use super::shell::Shell;

/// A mail as it will leave, before it does.
#[derive(Template, WebTemplate)]
#[template(path = "sending.html")]
pub struct SendingPage {
    /// Frame; its last step says what the page is for.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Ne pas envoyer » leads.
    pub back: String,
    /// The mail; none when nobody is to get it.
    pub preview: Option<Preview>,
    /// Keys of the recipients.
    pub recipients: Vec<Uuid>,
    /// Names of those who have no address.
    pub unreachable: Vec<String>,
    /// Version of what the mail tells.
    pub version: i32,
    /// Digest of a text that moves without its version; empty when there is none.
    pub digest: String,
    /// Whether mails are only kept, for want of a server.
    pub is_kept: bool,
    /// What to know before sending.
    pub warning: Option<&'static str>,
    /// What is wrong.
    pub errors: FormErrors,
}

impl SendingPage {
    /// What the page is for, without what it is about.
    pub fn heading(&self) -> &str {
        let last = self.shell.breadcrumb.last();
        last.map_or(self.shell.title.as_str(), |crumb| &crumb.label)
    }

    /// The words of the button.
    pub fn button(&self) -> String {
        match self.recipients.len() {
            1 => "Envoyer ce courriel".to_owned(),
            many => format!("Envoyer ces {many} courriels"),
        }
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

/// A mail that was previewed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SendingForm {
    /// Keys of the recipients that the page showed.
    pub destinataires: Vec<Uuid>,
    /// Version of what the page told.
    pub version: String,
    /// Digest of the text that the page showed.
    pub empreinte: String,
}

/// What was done with this number of mails, in words.
pub fn departure(count: usize, is_enabled: bool) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let words = if is_enabled {
        agree(count, "courriel part", "courriels partent")
    } else {
        agree(
            count,
            "courriel est gardé, sans serveur de courriel",
            "courriels sont gardés, sans serveur de courriel",
        )
    };
    format!("{count}\u{a0}{words}.")
}
