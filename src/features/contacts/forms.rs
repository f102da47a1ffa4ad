//! The form of a contact.

use serde::Deserialize;

use super::queries::{Contact, NewContact};
use crate::domain::reach;
use crate::domain::text::one_line;
use crate::web::forms::FormErrors;

const LONGEST_NAME: usize = 120;
const LONGEST_EMAIL: usize = 254;
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
            version: contact.version.to_string(),
        }
    }

    /// The version that the form was filled from; 0, which no record has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// The contact, or what is wrong with it.
    pub fn parse(&self) -> Result<NewContact, FormErrors> {
        let mut errors = FormErrors::new();
        let contact = NewContact {
            full_name: one_line(&self.nom),
            job_title: one_line(&self.fonction),
            email: self.courriel.trim().to_owned(),
            phone: reach::phone(&self.telephone).unwrap_or_default(),
            note: self.note.trim().replace("\r\n", "\n"),
        };
        if contact.full_name.is_empty() {
            errors.add(
                "nom",
                "Indiquez le nom de la personne, par exemple «\u{a0}Claire Martin\u{a0}».",
            );
        }
        refuse_long(&mut errors, "nom", &contact.full_name, LONGEST_NAME);
        refuse_long(&mut errors, "fonction", &contact.job_title, LONGEST_NAME);
        refuse_long(&mut errors, "note", &contact.note, LONGEST_NOTE);
        let email = &contact.email;
        if !email.is_empty() && (!reach::is_email(email) || email.chars().count() > LONGEST_EMAIL) {
            errors.add(
                "courriel",
                "Écrivez l’adresse entière, par exemple c.martin@exemple.fr.",
            );
        }
        if contact.phone.is_empty() && !self.telephone.trim().is_empty() {
            errors.add(
                "telephone",
                "Écrivez les 10\u{a0}chiffres, par exemple 05\u{a0}63\u{a0}00\u{a0}00\u{a0}00, \
                 ou un numéro étranger commençant par +.",
            );
        }
        errors.or(contact)
    }
}

fn refuse_long(errors: &mut FormErrors, field: &str, text: &str, longest: usize) {
    let length = text.chars().count();
    if length > longest {
        errors.add(
            field,
            format!("Raccourcissez ce texte\u{a0}: {length} caractères, {longest} au plus."),
        );
    }
}
