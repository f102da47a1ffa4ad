//! Forms of the settings, as typed.

use chrono::{Months, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

use super::queries::NewActivation;
use crate::domain::text::one_line;
use crate::formats::values;
use crate::web::filters::long_date;
use crate::web::forms::FormErrors;

/// Shortest legal basis, as the table states it.
const SHORTEST_BASIS: usize = 20;
/// Shortest motive.
const SHORTEST_MOTIVE: usize = 10;
/// Longest text.
const LONGEST: usize = 1_000;
/// Longest activation.
const LONGEST_PERIOD: Months = Months::new(36);
/// Furthest entry into force.
const FURTHEST: Months = Months::new(12);

/// An activation as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActivationForm {
    /// The text that allows it.
    pub base: String,
    /// The agreement that applies it.
    pub reference: String,
    /// First day.
    pub debut: String,
    /// Last day.
    pub fin: String,
}

impl ActivationForm {
    /// The form as it first shows: from today, for a year.
    pub fn blank(today: NaiveDate) -> Self {
        let end = today.checked_add_months(Months::new(12)).unwrap_or(today);
        Self {
            debut: today.to_string(),
            fin: end.to_string(),
            ..Self::default()
        }
    }

    /// The activation, or what is wrong with it.
    pub fn parse(&self, today: NaiveDate) -> Result<NewActivation, FormErrors> {
        let mut errors = FormErrors::new();
        let legal_basis = one_line(&self.base);
        let reference = one_line(&self.reference);
        if legal_basis.chars().count() < SHORTEST_BASIS {
            errors.add(
                "base",
                "Citez le texte qui autorise le Département à recevoir ces données, en vingt caractères \
                 au moins.",
            );
        }
        if reference.chars().count() < 3 {
            errors.add(
                "reference",
                "Indiquez la convention ou la décision, par exemple «\u{a0}Convention Urssaf n°\u{a0}2026-12\u{a0}».",
            );
        }
        for (field, text) in [("base", &legal_basis), ("reference", &reference)] {
            refuse_long(field, text, &mut errors);
        }
        let valid_from = self.start(today, &mut errors);
        let valid_until = self.end(valid_from, today, &mut errors);
        errors.or(NewActivation {
            legal_basis,
            reference,
            valid_from,
            valid_until,
        })
    }

    fn start(&self, today: NaiveDate, errors: &mut FormErrors) -> NaiveDate {
        let latest = today.checked_add_months(FURTHEST).unwrap_or(today);
        let oldest = today.checked_sub_months(FURTHEST).unwrap_or(today);
        match values::date(self.debut.trim(), false) {
            Some(day) if day > latest || day < oldest => {
                errors.add("debut", "Indiquez une date à moins d’un an d’aujourd’hui.");
            }
            Some(day) => return day,
            None => errors.add(
                "debut",
                "Indiquez la date d’entrée en vigueur, par exemple 01/01/2027.",
            ),
        }
        today
    }

    fn end(
        &self,
        start: NaiveDate,
        today: NaiveDate,
        errors: &mut FormErrors,
    ) -> Option<NaiveDate> {
        if self.fin.trim().is_empty() {
            return None;
        }
        let latest = start.checked_add_months(LONGEST_PERIOD).unwrap_or(start);
        match values::date(self.fin.trim(), false) {
            Some(day) if day <= start || day < today => errors.add(
                "fin",
                "La fin vient après l’entrée en vigueur, et pas avant aujourd’hui.",
            ),
            Some(day) if day > latest => errors.add(
                "fin",
                format!(
                    "Trois ans au plus\u{a0}: indiquez le {} ou une date plus proche.",
                    long_date(latest)
                ),
            ),
            Some(day) => return Some(day),
            None => errors.add("fin", "Indiquez la date de fin, par exemple 31/12/2027."),
        }
        None
    }
}

/// A right as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReaderForm {
    /// `users.id`
    pub personne: String,
    /// Why this person needs it.
    pub motif: String,
}

impl ReaderForm {
    /// Who, and why.
    pub fn parse(&self) -> Result<(Uuid, String), FormErrors> {
        let mut errors = FormErrors::new();
        let person = self.personne.parse().ok();
        if person.is_none() {
            errors.add("personne", "Choisissez une personne dans la liste.");
        }
        let motive = motive(&self.motif, &mut errors);
        errors.or((person.unwrap_or_default(), motive))
    }
}

/// The end of an activation as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    /// Which activation.
    pub activation: String,
    /// Why.
    pub motif: String,
    /// « oui » once the deletion was read.
    pub effacer: String,
}

impl EndForm {
    /// Why.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = motive(&self.motif, &mut errors);
        if self.effacer != "oui" {
            errors.add(
                "effacer",
                "Cochez cette case\u{a0}: les données sont effacées en même temps.",
            );
        }
        errors.or(motive)
    }
}

fn motive(text: &str, errors: &mut FormErrors) -> String {
    let motive = one_line(text);
    if motive.chars().count() < SHORTEST_MOTIVE {
        errors.add("motif", "Écrivez le motif en dix caractères au moins.");
    }
    refuse_long("motif", &motive, errors);
    motive
}

fn refuse_long(field: &str, text: &str, errors: &mut FormErrors) {
    let length = text.chars().count();
    if length > LONGEST {
        errors.add(
            field,
            format!("Raccourcissez ce texte\u{a0}: {length} caractères, {LONGEST} au plus."),
        );
    }
}
