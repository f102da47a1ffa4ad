//! Outgoing mail. Pages never wait for it: a job sends.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::jobs::{self, Registry};
use super::{config, limits};

const JOB: &str = "mail";

/// A mail in plain text; also the payload of its job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Address of the one recipient.
    pub to: String,
    /// Subject, in French.
    pub subject: String,
    /// Text, in French.
    pub text: String,
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
    #[error("the mail server refused or does not answer: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
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
    },
    Memory(Arc<Mutex<Vec<Mail>>>),
}

impl Mailer {
    /// The configured way, or none.
    pub fn new(settings: Option<&config::Mail>) -> Result<Self, Error> {
        let Some(settings) = settings else {
            return Ok(Self(Way::Disabled));
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.reveal())?
            .timeout(Some(limits::MAIL))
            .build();
        let from = mailbox(&settings.from)?;
        Ok(Self(Way::Smtp {
            transport: Box::new(transport),
            from,
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
    pub async fn send(&self, mail: &Mail, id: uuid::Uuid) -> Result<(), Error> {
        match &self.0 {
            Way::Disabled => Err(Error::Disabled),
            Way::Smtp { transport, from } => {
                transport.send(message(mail, from, id)?).await?;
                Ok(())
            }
            Way::Memory(sent) => {
                let from = mailbox("vigie@localhost")?;
                message(mail, &from, id)?;
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
            Way::Smtp { transport, .. } => Ok(transport.test_connection().await.map(|_| ())?),
        }
    }
}

/// Adds a mail to the queue, within the caller's transaction.
pub async fn enqueue(
    conn: &mut PgConnection,
    mail: &Mail,
    at: DateTime<Utc>,
) -> sqlx::Result<uuid::Uuid> {
    jobs::enqueue(conn, JOB, mail, at).await
}

/// Adds the handler that sends queued mails.
pub fn handle(registry: Registry, mailer: &Mailer) -> Registry {
    let mailer = mailer.clone();
    registry.on(JOB, move |id, mail: Mail| {
        let mailer = mailer.clone();
        async move { Ok(mailer.send(&mail, id).await?) }
    })
}

/// Whether a text is an address of a mail server.
pub fn check_url(url: &str) -> Result<(), Error> {
    Ok(AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map(|_| ())?)
}

fn mailbox(text: &str) -> Result<Mailbox, Error> {
    text.parse()
        .map_err(|_| Error::Unwritable("an address is wrong".to_owned()))
}

fn message(mail: &Mail, from: &Mailbox, id: uuid::Uuid) -> Result<Message, Error> {
    // A line break in a subject could add a recipient (ASVS 5.0, 1.3.11).
    if mail.subject.chars().any(char::is_control) {
        return Err(Error::Unwritable(
            "the subject holds a control character".to_owned(),
        ));
    }
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, mailbox(&mail.to)?.email))
        .subject(&mail.subject)
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.text.clone())
        .map_err(|error| Error::Unwritable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Bonjour".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_line_break_adds_neither_header_nor_recipient() {
        let mailer = Mailer::memory();
        let id = uuid::Uuid::nil();
        for bad in [
            mail("a@example.fr", "Bonjour\r\nBcc: b@example.fr"),
            mail("a@example.fr\r\nBcc: b@example.fr", "Bonjour"),
            mail("a@example.fr, b@example.fr", "Bonjour"),
        ] {
            assert!(
                matches!(mailer.send(&bad, id).await, Err(Error::Unwritable(_))),
                "{bad:?}"
            );
        }
        assert!(mailer.sent().is_empty());
    }

    #[test]
    fn the_same_job_gives_the_same_message_id_and_one_recipient() {
        let from = mailbox("Vigie <vigie@tarn.fr>").expect("a sender");
        let id = uuid::Uuid::from_u128(7);
        let text = message(&mail("a@example.fr", "Été"), &from, id)
            .expect("a mail")
            .formatted();
        let text = String::from_utf8_lossy(&text);
        assert!(text.contains(&format!("Message-ID: <{id}@tarn.fr>")));
        assert_eq!(text.matches("To: ").count(), 1);
    }
}
