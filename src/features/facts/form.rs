//! Accounts as they were typed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::checks;
use super::lines::{Regime, label};
use crate::domain::Siren;
use crate::formats::annual_accounts::{AccountsRow, Line};
use crate::formats::{Confidentiality, values};
use crate::web::forms::FormErrors;

/// Largest amount, in euros: beyond, a digit was typed twice.
const LARGEST: i64 = 1_000_000_000_000;
/// Months of an exercise, at most.
const LONGEST: u32 = 24;
/// Accounts closed before are of no use.
const OLDEST_YEAR: i32 = 1990;

/// The fields, as typed: two for each line, named after its code.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct AccountsForm(Vec<(String, String)>);

impl AccountsForm {
    /// An empty form: twelve months.
    pub fn blank(regime: Regime) -> Self {
        let mut form = Self::default();
        form.set("regime", regime.code());
        form.set("duree", "12");
        form
    }

    /// The form of known accounts.
    pub fn of(accounts: &AccountsRow, version: &str) -> Self {
        let regime = Regime::of(accounts.kind);
        let mut form = Self::blank(regime);
        form.set("cloture", &accounts.closed_on.to_string());
        form.set("version", version);
        if let Some(months) = accounts.months {
            form.set("duree", &months.to_string());
        }
        for (code, line) in &accounts.lines {
            for (name, amount) in [(current(code), line.n), (previous(code), line.previous)] {
                if let Some(amount) = amount {
                    form.set(&name, &amount.to_string());
                }
            }
        }
        form
    }

    /// What was typed in a field; the last word counts.
    pub fn get(&self, name: &str) -> &str {
        let typed = self.0.iter().rev().find(|(field, _)| field == name);
        typed.map_or("", |(_, value)| value)
    }

    /// Fills a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// The tax return that is typed.
    pub fn regime(&self) -> Regime {
        Regime::from_code(self.get("regime")).unwrap_or(Regime::Complete)
    }

    /// Whether known accounts are corrected: then their closing date stays.
    pub fn is_correction(&self) -> bool {
        !self.get("version").is_empty()
    }

    /// The closing date as far as it can be read.
    pub fn closed_on(&self) -> Option<NaiveDate> {
        values::date(self.get("cloture").trim(), false)
    }

    /// The accounts, or what is wrong with them.
    pub fn parse(&self, siren: Siren, today: NaiveDate) -> Result<AccountsRow, FormErrors> {
        let mut errors = FormErrors::new();
        let regime = self.regime();
        let closed_on = self.closing(today, &mut errors);
        let months = self.months(&mut errors);
        let mut lines = BTreeMap::new();
        for code in regime.codes() {
            let line = Line {
                n: self.amount(&current(code), code, &mut errors),
                previous: self.amount(&previous(code), code, &mut errors),
            };
            if line != Line::default() {
                lines.insert(code.to_owned(), line);
            }
        }
        let total = current(regime.total());
        let is_known = lines
            .get(regime.total())
            .is_some_and(|line| line.n.is_some());
        if !is_known && errors.get(&total).is_none() {
            errors.add(
                &total,
                "Indiquez au moins le total du bilan de l’exercice, par exemple 850\u{202f}000.",
            );
        }
        for (field, why) in checks::refusals(regime, &lines) {
            errors.add(&field, why);
        }
        errors.or(AccountsRow {
            siren,
            closed_on,
            deposited_on: None,
            kind: regime.kind(),
            confidentiality: Confidentiality::Unknown,
            deleted: false,
            months: Some(months),
            previous_months: None,
            lines,
        })
    }

    fn closing(&self, today: NaiveDate, errors: &mut FormErrors) -> NaiveDate {
        let oldest = NaiveDate::from_ymd_opt(OLDEST_YEAR, 1, 1).unwrap_or(NaiveDate::MIN);
        match self.closed_on() {
            Some(day) if day > today => errors.add(
                "cloture",
                "Cette date est à venir\u{a0}: indiquez la clôture d’un exercice terminé.",
            ),
            Some(day) if day >= oldest => return day,
            _ => errors.add(
                "cloture",
                "Indiquez la date de clôture de l’exercice, par exemple 31/12/2025.",
            ),
        }
        today
    }

    fn months(&self, errors: &mut FormErrors) -> u32 {
        let typed = self.get("duree").trim().parse().ok();
        typed
            .filter(|months| (1..=LONGEST).contains(months))
            .unwrap_or_else(|| {
                errors.add(
                    "duree",
                    "Indiquez la durée de l’exercice en mois, de 1 à 24, par exemple 12.",
                );
                12
            })
    }

    fn amount(&self, field: &str, code: &str, errors: &mut FormErrors) -> Option<i64> {
        euros(self.get(field)).unwrap_or_else(|NotEuros| {
            errors.add(
                field,
                format!(
                    "{} ({code})\u{a0}: écrivez des euros entiers, par exemple 125\u{202f}000 ou -5\u{202f}000.",
                    label(code)
                ),
            );
            None
        })
    }
}

/// Name of the field of a line, for the year.
pub fn current(code: &str) -> String {
    format!("n_{code}")
}

/// Name of the field of a line, for the year before.
pub fn previous(code: &str) -> String {
    format!("p_{code}")
}

#[derive(Debug, PartialEq, Eq)]
struct NotEuros;

/// Whole euros as people write them; nothing when nothing was typed.
fn euros(text: &str) -> Result<Option<i64>, NotEuros> {
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€')
        .map(|c| if c == '−' || c == '–' { '-' } else { c })
        .collect();
    if compact.is_empty() {
        return Ok(None);
    }
    let digits = compact.strip_prefix('-').unwrap_or(&compact);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotEuros);
    }
    let amount: i64 = compact.parse().map_err(|_| NotEuros)?;
    (amount.abs() <= LARGEST)
        .then_some(Some(amount))
        .ok_or(NotEuros)
}

/// Why typed accounts are removed, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RemoveForm {
    /// Why.
    pub motif: String,
    /// Version of the accounts that the person saw.
    pub version: String,
}

impl RemoveForm {
    /// The form as it first shows.
    pub fn of(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            ..Self::default()
        }
    }

    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = self.motif.trim().replace("\r\n", "\n");
        match motive.chars().count() {
            ..SHORTEST_MOTIVE => {
                errors.add("motif", "Écrivez le motif en dix caractères au moins.");
            }
            length @ LONGEST_MOTIVE.. => errors.add(
                "motif",
                format!(
                    "Raccourcissez ce texte\u{a0}: {length} caractères, {} au plus.",
                    LONGEST_MOTIVE - 1
                ),
            ),
            _ => {}
        }
        errors.or(motive)
    }
}

/// Shortest motive, as the table states it.
const SHORTEST_MOTIVE: usize = 10;
/// First length that is too long.
const LONGEST_MOTIVE: usize = 2_001;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn euros_are_read_as_people_write_them() {
        for (text, amount) in [
            ("", None),
            (" \u{a0}", None),
            ("0", Some(0)),
            ("1 234", Some(1_234)),
            ("1\u{202f}234\u{a0}€", Some(1_234)),
            ("-5 000", Some(-5_000)),
            ("−5000", Some(-5_000)),
        ] {
            assert_eq!(euros(text), Ok(amount), "{text}");
        }
        for text in [
            "12,50",
            "1.5",
            "abc",
            "-",
            "--5",
            "5-",
            "9999999999999",
            "1e3",
            "99999999999999999999",
        ] {
            assert_eq!(euros(text), Err(NotEuros), "{text}");
        }
    }
}
