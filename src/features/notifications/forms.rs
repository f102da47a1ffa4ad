//! The form of what one wants to be told.

use serde::Deserialize;

use super::queries::Choices;
use crate::web::forms::{Choice, FormErrors};

const DAYS: [(&str, &str); 6] = [
    ("1", "Lundi"),
    ("2", "Mardi"),
    ("3", "Mercredi"),
    ("4", "Jeudi"),
    ("5", "Vendredi"),
    ("jamais", "Jamais"),
];

/// The choices as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChoicesForm {
    /// ISO day, or `jamais`.
    pub jour: String,
    /// An alert given by someone else.
    pub confiee: String,
    /// A level that changes.
    pub niveau: String,
    /// An action that is due.
    pub action: String,
    /// Version that the form was filled from.
    pub version: String,
}

/// The days on offer.
pub fn days() -> Vec<Choice> {
    DAYS.iter()
        .map(|(value, label)| Choice::new(*value, *label))
        .collect()
}

impl ChoicesForm {
    /// The form of known choices.
    pub fn of(choices: &Choices) -> Self {
        let ticked = |on: bool| if on { "oui" } else { "" }.to_owned();
        Self {
            jour: choices
                .digest_day
                .map_or_else(|| "jamais".to_owned(), |day| day.to_string()),
            confiee: ticked(choices.on_assigned),
            niveau: ticked(choices.on_level),
            action: ticked(choices.on_action),
            version: choices.version.to_string(),
        }
    }

    /// The choices, or what is wrong. What the page does not offer stays as it is.
    pub fn parse(
        &self,
        known: &Choices,
        (offers_assigned, offers_level, offers_action): (bool, bool, bool),
    ) -> Result<Choices, FormErrors> {
        let mut errors = FormErrors::new();
        if !DAYS.iter().any(|(value, _)| *value == self.jour) {
            errors.add("jour", "Choisissez un jour, ou «\u{a0}Jamais\u{a0}».");
        }
        let ticked = |value: &str| value == "oui";
        errors.or(Choices {
            digest_day: self.jour.parse().ok(),
            on_assigned: if offers_assigned {
                ticked(&self.confiee)
            } else {
                known.on_assigned
            },
            on_level: if offers_level {
                ticked(&self.niveau)
            } else {
                known.on_level
            },
            on_action: if offers_action {
                ticked(&self.action)
            } else {
                known.on_action
            },
            version: self.version.parse().unwrap_or(-1),
        })
    }
}
