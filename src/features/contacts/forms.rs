//! The form of a contact.

use chrono::NaiveDate;
use serde::Deserialize;

use super::queries::{Contact, NewContact};
use crate::domain::text::one_line;
use crate::features::organisations::forms::{email, past_day, phone, refuse_long};
use crate::web::forms::FormErrors;

const LONGEST_NAME: usize = 120;
const LONGEST_NOTE: usize = 2000;

/// A contact as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ContactForm {
    /// First and last name.
    pub nom: String,
    /// Job title.
    pub fonction: String,
    /// Mail address.
    pub courriel: String,
    /// Telephone number.
    pub telephone: String,
    /// What to know before calling.
    pub note: String,
    /// Who gave these particulars.
    pub origine: String,
    /// Last exchange.
    pub dernier_echange: String,
    /// Version of the record that the form was filled from.
    pub version: String,
}

impl ContactForm {
    /// The form of a known contact.
    pub fn of(contact: &Contact) -> Self {
        Self {
            nom: contact.full_name.clone(),
            fonction: contact.job_title.clone(),
            courriel: contact.email.clone(),
            telephone: contact.phone.clone(),
            note: contact.note.clone(),
            origine: contact.source.clone(),
            dernier_echange: contact
                .last_contact_on
                .map(|day| day.to_string())
                .unwrap_or_default(),
            version: contact.version.to_string(),
        }
    }

    /// The version that the form was filled from; 0, which no record has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// The contact, or what is wrong with it.
    pub fn parse(&self, today: NaiveDate) -> Result<NewContact, FormErrors> {
        let mut errors = FormErrors::new();
        let full_name = one_line(&self.nom);
        if full_name.is_empty() {
            errors.add(
                "nom",
                "Indiquez le nom de la personne, par exemple «\u{a0}Claire Martin\u{a0}».",
            );
        }
        let contact = NewContact {
            full_name,
            job_title: one_line(&self.fonction),
            email: email(&mut errors, "courriel", &self.courriel),
            phone: phone(&mut errors, "telephone", &self.telephone),
            note: self.note.trim().replace("\r\n", "\n"),
            source: one_line(&self.origine),
            last_contact_on: past_day(&mut errors, "dernier_echange", &self.dernier_echange, today),
        };
        refuse_long(&mut errors, "nom", &contact.full_name, LONGEST_NAME);
        refuse_long(&mut errors, "fonction", &contact.job_title, LONGEST_NAME);
        refuse_long(&mut errors, "origine", &contact.source, LONGEST_NAME);
        refuse_long(&mut errors, "note", &contact.note, LONGEST_NOTE);
        errors.or(contact)
    }
}
