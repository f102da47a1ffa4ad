//! The forms of signals and of views on the level, as typed.

use chrono::NaiveDate;
use serde::Deserialize;

use super::model;
use super::queries::{NewSignal, NewView};
use crate::formats::values;
use crate::scoring::flags::RedFlag;
use crate::scoring::retained::Shift;
use crate::web::filters::long_date;
use crate::web::forms::FormErrors;

/// Shortest motive, as the tables state it.
const SHORTEST: usize = 10;
/// Longest motive.
const LONGEST: usize = 2_000;

/// A signal as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignalForm {
    /// Code of a [`RedFlag`].
    pub signal: String,
    /// What shows it.
    pub motif: String,
    /// Day on which it was seen.
    pub date: String,
    /// Day on which it ends.
    pub echeance: String,
}

impl SignalForm {
    /// The form as it first shows.
    pub fn blank(today: NaiveDate) -> Self {
        Self {
            date: today.to_string(),
            echeance: model::usual_expiry(today).to_string(),
            ..Self::default()
        }
    }

    /// The signal, or what is wrong with it.
    pub fn parse(&self, today: NaiveDate) -> Result<NewSignal, FormErrors> {
        let mut errors = FormErrors::new();
        let flag = RedFlag::from_code(&self.signal);
        if flag.is_none() {
            errors.add(
                "signal",
                "Choisissez ce que vous avez constaté, par exemple «\u{a0}Retard de paiement\u{a0}».",
            );
        }
        let motive = motive("motif", &self.motif, &mut errors);
        let observed_on = observation(&self.date, today, &mut errors);
        let latest = model::latest_expiry(today);
        let expires_on = expiry(&self.echeance, today, latest, &mut errors);
        errors.or(NewSignal {
            flag: flag.unwrap_or(RedFlag::Other),
            motive,
            observed_on,
            expires_on,
        })
    }
}

/// Why a signal is withdrawn, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WithdrawForm {
    /// Why.
    pub motif: String,
    /// Version of the signal that the person saw.
    pub version: String,
}

impl WithdrawForm {
    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = motive("motif", &self.motif, &mut errors);
        errors.or(motive)
    }

    /// The version that the form was filled from; 0, which no row has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }
}

/// Why a view is withdrawn, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WithdrawViewForm {
    /// `risk_overrides.id`
    pub avis: String,
    /// Why; another name than the motive of a new view, whose form may be on the same page.
    pub motif_retrait: String,
}

impl WithdrawViewForm {
    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = motive("motif_retrait", &self.motif_retrait, &mut errors);
        errors.or(motive)
    }
}

/// A view on the level as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ViewForm {
    /// « up » or « down ».
    pub sens: String,
    /// Why.
    pub motif: String,
    /// Day on which it ends.
    pub echeance: String,
}

impl ViewForm {
    /// The form as it first shows.
    pub fn blank(today: NaiveDate) -> Self {
        Self {
            echeance: model::latest_view(today).to_string(),
            ..Self::default()
        }
    }

    /// The view, or what is wrong with it.
    pub fn parse(&self, today: NaiveDate) -> Result<NewView, FormErrors> {
        let mut errors = FormErrors::new();
        let shift = match self.sens.as_str() {
            "up" => Some(Shift::Up),
            "down" => Some(Shift::Down),
            _ => None,
        };
        if shift.is_none() {
            errors.add(
                "sens",
                "Choisissez si l’entreprise vous paraît plus fragile ou moins fragile.",
            );
        }
        let motive = motive("motif", &self.motif, &mut errors);
        let expires_on = expiry(
            &self.echeance,
            today,
            model::latest_view(today),
            &mut errors,
        );
        errors.or(NewView {
            shift: shift.unwrap_or(Shift::Up),
            motive,
            expires_on,
        })
    }
}

fn motive(field: &str, text: &str, errors: &mut FormErrors) -> String {
    let motive = text.trim().replace("\r\n", "\n");
    let length = motive.chars().count();
    if length < SHORTEST {
        errors.add(field, "Écrivez le motif en dix caractères au moins.");
    } else if length > LONGEST {
        errors.add(
            field,
            format!("Raccourcissez ce texte\u{a0}: {length} caractères, {LONGEST} au plus."),
        );
    }
    motive
}

fn observation(text: &str, today: NaiveDate, errors: &mut FormErrors) -> NaiveDate {
    let oldest = model::oldest_observation(today);
    match values::date(text.trim(), false) {
        None => errors.add(
            "date",
            "Indiquez la date du constat, par exemple 27/03/2026.",
        ),
        Some(day) if day > today => errors.add(
            "date",
            "Cette date est à venir\u{a0}: indiquez celle d’aujourd’hui ou une date passée.",
        ),
        Some(day) if day < oldest => errors.add(
            "date",
            format!(
                "Ce constat est trop ancien\u{a0}: indiquez le {} ou une date plus récente.",
                long_date(oldest)
            ),
        ),
        Some(day) => return day,
    }
    today
}

fn expiry(text: &str, today: NaiveDate, latest: NaiveDate, errors: &mut FormErrors) -> NaiveDate {
    match values::date(text.trim(), false) {
        None => errors.add(
            "echeance",
            "Indiquez la date de fin, par exemple 27/03/2027.",
        ),
        Some(day) if day <= today => errors.add(
            "echeance",
            "Cette date est passée\u{a0}: indiquez une date à venir.",
        ),
        Some(day) if day > latest => errors.add(
            "echeance",
            format!(
                "Cette date est trop lointaine\u{a0}: indiquez le {} ou une date plus proche.",
                long_date(latest)
            ),
        ),
        Some(day) => return day,
    }
    latest
}
