//! A mail as the standards write it.

use lettre::Message;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment as File, Mailbox, MultiPart, SinglePart};
use uuid::Uuid;

use super::{Error, Mail};

/// An address, perhaps with a name.
pub(super) fn mailbox(text: &str) -> Result<Mailbox, Error> {
    text.parse()
        .map_err(|_| Error::Unwritable("an address is wrong".to_owned()))
}

/// The whole message, its identifier made of `id`.
pub(super) fn write(mail: &Mail, from: &Mailbox, id: Uuid) -> Result<Message, Error> {
    let mut headers = Message::builder()
        .from(from.clone())
        .to(recipient(mail)?)
        .subject(one_line(&mail.subject)?)
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        // No answer « I am away » is wanted (RFC 3834).
        .header(AutoSubmitted);
    if let Some(address) = &mail.unsubscribe {
        headers = headers
            .header(ListUnsubscribe(format!("<{}>", one_line(address)?)))
            .header(OneClick);
    }
    let unwritable = |error: lettre::error::Error| Error::Unwritable(error.to_string());
    if mail.attachments.is_empty() {
        return match body(mail) {
            Body::Text(part) => headers.singlepart(part),
            Body::Both(parts) => headers.multipart(parts),
        }
        .map_err(unwritable);
    }
    let mut whole = match body(mail) {
        Body::Text(part) => MultiPart::mixed().singlepart(part),
        Body::Both(parts) => MultiPart::mixed().multipart(parts),
    };
    for file in &mail.attachments {
        let content_type = ContentType::parse(&file.content_type)
            .map_err(|_| Error::Unwritable("a media type is wrong".to_owned()))?;
        let name = one_line(&file.file_name)?.to_owned();
        whole = whole.singlepart(File::new(name).body(file.content.clone(), content_type));
    }
    headers.multipart(whole).map_err(unwritable)
}

enum Body {
    Text(SinglePart),
    Both(MultiPart),
}

fn body(mail: &Mail) -> Body {
    if mail.html.is_empty() {
        return Body::Text(SinglePart::plain(mail.text.clone()));
    }
    Body::Both(MultiPart::alternative_plain_html(
        mail.text.clone(),
        mail.html.clone(),
    ))
}

fn recipient(mail: &Mail) -> Result<Mailbox, Error> {
    let name = one_line(&mail.to_name)?.trim();
    let address = mailbox(&mail.to)?.email;
    Ok(Mailbox::new(
        (!name.is_empty()).then(|| name.to_owned()),
        address,
    ))
}

/// A line break in a header could add a recipient (ASVS 5.0, 1.3.11).
fn one_line(text: &str) -> Result<&str, Error> {
    if text.chars().any(char::is_control) {
        return Err(Error::Unwritable(
            "a header holds a control character".to_owned(),
        ));
    }
    Ok(text)
}

macro_rules! header {
    ($type:ident $(($field:ty))?, $name:literal, |$self:ident| $value:expr) => {
        #[derive(Clone)]
        struct $type $(($field))?;

        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("written, never read".into())
            }

            fn display(&$self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value)
            }
        }
    };
}

header!(ListUnsubscribe(String), "List-Unsubscribe", |self| self
    .0
    .clone());
header!(OneClick, "List-Unsubscribe-Post", |self| {
    "List-Unsubscribe=One-Click".to_owned()
});
header!(AutoSubmitted, "Auto-Submitted", |self| "auto-generated"
    .to_owned());

#[cfg(test)]
mod tests {
    use super::super::Attachment;
    use super::*;

    fn mail(to: &str, subject: &str) -> Mail {
        Mail {
            to: to.to_owned(),
            subject: subject.to_owned(),
            text: "Bonjour".to_owned(),
            ..Mail::default()
        }
    }

    fn written(mail: &Mail) -> Result<String, Error> {
        let from = mailbox("Vigie <vigie@tarn.fr>").expect("a sender");
        let message = write(mail, &from, Uuid::from_u128(7))?;
        Ok(String::from_utf8_lossy(&message.formatted()).into_owned())
    }

    #[test]
    fn a_line_break_adds_neither_header_nor_recipient() {
        let named = Mail {
            to_name: "Claire\r\nBcc: b@example.fr".to_owned(),
            ..mail("a@example.fr", "Bonjour")
        };
        for bad in [
            mail("a@example.fr", "Bonjour\r\nBcc: b@example.fr"),
            mail("a@example.fr\r\nBcc: b@example.fr", "Bonjour"),
            mail("a@example.fr, b@example.fr", "Bonjour"),
            named,
        ] {
            assert!(
                matches!(written(&bad), Err(Error::Unwritable(_))),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn the_same_mail_has_the_same_message_id_and_one_recipient() {
        let text = written(&mail("a@example.fr", "Été")).expect("a mail");
        let id = Uuid::from_u128(7);
        assert!(text.contains(&format!("Message-ID: <{id}@tarn.fr>")));
        assert_eq!(text.matches("To: ").count(), 1);
        assert!(text.contains("Auto-Submitted: auto-generated"));
        assert!(!text.contains("List-Unsubscribe"));
    }

    #[test]
    fn text_html_and_files_travel_together() {
        let whole = Mail {
            html: "<p>Bonjour</p>".to_owned(),
            unsubscribe: Some("https://vigie.tarn.fr/courriels/arret/abc".to_owned()),
            attachments: vec![
                Attachment::calendar("rendez-vous.ics", "REQUEST", "BEGIN:VCALENDAR".to_owned()),
                Attachment::pdf("note.pdf", vec![1, 2, 3]),
            ],
            ..mail("a@example.fr", "Bonjour")
        };
        let text = written(&whole).expect("a mail");
        for expected in [
            "multipart/mixed",
            "multipart/alternative",
            "text/html; charset=utf-8",
            "method=REQUEST",
            "filename=\"note.pdf\"",
            "List-Unsubscribe: <https://vigie.tarn.fr/courriels/arret/abc>",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        ] {
            assert!(text.contains(expected), "{expected} in\n{text}");
        }
    }
}
