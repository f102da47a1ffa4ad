//! Outgoing mail. An act writes it in the outbox, within its own transaction; a job sends it, so
//! that pages never wait for a mail server.

mod message;
pub mod outbox;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use uuid::Uuid;

use super::{config, limits};

/// A mail as it leaves, to one recipient, as text and as HTML that say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// Address of the recipient.
    pub to: String,
    /// Name of the recipient; empty when unknown.
    pub to_name: String,
    /// Subject, in French.
    pub subject: String,
    /// Text, in French.
    pub text: String,
    /// The same as an HTML document; empty for a mail of text alone.
    pub html: String,
    /// Address that stops such mails without signing in (RFC 8058).
    pub unsubscribe: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Name, in plain letters.
    pub file_name: String,
    /// Media type, with its parameters.
    pub content_type: String,
    /// Bytes.
    pub content: Vec<u8>,
}

impl Attachment {
    /// A PDF document.
    pub fn pdf(file_name: &str, content: Vec<u8>) -> Self {
        Self::new(file_name, "application/pdf", content)
    }

    /// A calendar file; `method` is that of the calendar itself (`REQUEST`, `CANCEL`).
    pub fn calendar(file_name: &str, method: &str, content: String) -> Self {
        let content_type = format!("text/calendar; charset=utf-8; method={method}");
        Self::new(file_name, &content_type, content.into_bytes())
    }

    fn new(file_name: &str, content_type: &str, content: Vec<u8>) -> Self {
        Self {
            file_name: file_name.to_owned(),
            content_type: content_type.to_owned(),
            content,
        }
    }
}

/// Why a mail was not sent. The texts hold no address.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No mail server is configured.
    #[error("no mail server is configured")]
    Disabled,
    /// The recipient, the sender or the subject cannot be written in a header.
    #[error("the mail cannot be written: {0}")]
    Unwritable(String),
    /// The mail server is away or refuses.
    #[error("the mail server refused or does not answer ({})", code_of(.0))]
    Smtp(#[from] smtp::Error),
    /// The mail server stopped answering.
    #[error("the mail server stopped answering")]
    Silent,
}

impl Error {
    /// A short code without any address: `550`, `connection`, `silent`…
    pub fn code(&self) -> String {
        match self {
            Self::Disabled => "disabled".to_owned(),
            Self::Unwritable(_) => "unwritable".to_owned(),
            Self::Silent => "silent".to_owned(),
            Self::Smtp(error) => code_of(error),
        }
    }

    /// Whether another try would meet the same refusal. A refused password is the installation's
    /// fault, not the mail's: it is tried again.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Unwritable(_) => true,
            Self::Smtp(error) => {
                error.is_permanent() && !matches!(&*code_of(error), "530" | "534" | "535" | "538")
            }
            Self::Disabled | Self::Silent => false,
        }
    }
}

fn code_of(error: &smtp::Error) -> String {
    if let Some(code) = error.status() {
        code.to_string()
    } else if error.is_timeout() {
        "silent".to_owned()
    } else {
        "connection".to_owned()
    }
}

/// The way out; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer(Way);

#[derive(Clone, Debug)]
enum Way {
    Disabled,
    Smtp {
        transport: Box<AsyncSmtpTransport<Tokio1Executor>>,
        from: Mailbox,
        patience: Duration,
    },
    Memory(Arc<Mutex<Vec<Mail>>>),
}

impl Mailer {
    /// The configured way, or none.
    pub fn new(settings: Option<&config::Mail>) -> Result<Self, Error> {
        settings.map_or(Ok(Self(Way::Disabled)), |settings| {
            Self::patient(settings, limits::MAIL)
        })
    }

    /// A mail server that is given this long for a whole exchange (tests of silent servers).
    pub fn patient(settings: &config::Mail, patience: Duration) -> Result<Self, Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.reveal())?
            .timeout(Some(patience))
            .build();
        let from = message::mailbox(&settings.from)?;
        Ok(Self(Way::Smtp {
            transport: Box::new(transport),
            from,
            patience,
        }))
    }

    /// Keeps mails instead of sending them (tests).
    pub fn memory() -> Self {
        Self(Way::Memory(Arc::default()))
    }

    /// Whether mails leave. When not, one-time links are shown on screen instead.
    pub fn is_enabled(&self) -> bool {
        !matches!(self.0, Way::Disabled)
    }

    /// Sends. The same `id` gives the same `Message-ID`, so that a mail sent twice after a crash is
    /// recognised as one by the recipient's software.
    pub async fn send(&self, mail: &Mail, id: Uuid) -> Result<(), Error> {
        match &self.0 {
            Way::Disabled => Err(Error::Disabled),
            Way::Smtp {
                transport,
                from,
                patience,
            } => {
                let message = message::write(mail, from, id)?;
                // The library's own limit covers the connection only: a server that accepts and then
                // says nothing would hold the job for ever.
                match tokio::time::timeout(*patience, transport.send(message)).await {
                    Ok(answer) => Ok(answer.map(|_| ())?),
                    Err(_) => Err(Error::Silent),
                }
            }
            Way::Memory(sent) => {
                message::write(mail, &message::mailbox("vigie@localhost")?, id)?;
                sent.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(mail.clone());
                Ok(())
            }
        }
    }

    /// Mails kept by [`Mailer::memory`], oldest first.
    pub fn sent(&self) -> Vec<Mail> {
        match &self.0 {
            Way::Memory(sent) => sent.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            _ => Vec::new(),
        }
    }

    /// Whether the mail server answers.
    pub async fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Way::Disabled => Err(Error::Disabled),
            Way::Memory(_) => Ok(()),
            Way::Smtp {
                transport,
                patience,
                ..
            } => match tokio::time::timeout(*patience, transport.test_connection()).await {
                Ok(answer) => Ok(answer.map(|_| ())?),
                Err(_) => Err(Error::Silent),
            },
        }
    }
}

/// Whether a text is an address of a mail server.
pub fn check_url(url: &str) -> Result<(), Error> {
    Ok(AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(|_| ())?)
}
