//! Public financial ratios: `ratios_inpi_bce` (ministry of the economy, from accounts of Inpi), as
//! CSV or as the JSON of the service, of any version.
//!
//! The key is (SIREN, closing date, kind of accounts). The published file repeats some keys: the
//! last line wins, hence the line of each row in [`super::Outcome::Row`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::file_error::FileError;
use super::input::TextFile;
use super::record_reader::{Keep, RecordReader};
use super::records::{Built, Fields, Name, Records};
use super::rejection::Cause;
use super::table::Table;
use super::{Confidentiality, values};
use crate::domain::Siren;

/// Columns without which a table holds no ratios.
pub const REQUIRED: [&str; 3] = ["siren", "date_cloture_exercice", "type_bilan"];

/// Which form the accounts follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountsKind {
    /// `C`: complete accounts (forms 2050 and following).
    Complete,
    /// `S`: simplified accounts (forms 2033-A and following).
    Simplified,
    /// `K`: consolidated accounts of a group.
    Consolidated,
    /// Blank, or a letter that is not known.
    Unknown,
}

impl AccountsKind {
    /// From the letter of a file.
    pub fn of(letter: &str) -> Self {
        match letter.trim() {
            "C" | "c" => Self::Complete,
            "S" | "s" => Self::Simplified,
            "K" | "k" => Self::Consolidated,
            _ => Self::Unknown,
        }
    }

    /// French name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Complete => "Comptes complets",
            Self::Simplified => "Comptes simplifiés",
            Self::Consolidated => "Comptes consolidés",
            Self::Unknown => "Comptes de forme inconnue",
        }
    }
}

/// Amounts of the income statement, in whole euros; an empty value is unknown, not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amounts {
    /// Turnover without tax.
    pub chiffre_d_affaires: Option<i64>,
    /// Gross margin.
    pub marge_brute: Option<i64>,
    /// Excédent brut d’exploitation.
    pub ebe: Option<i64>,
    /// Operating result.
    pub ebit: Option<i64>,
    /// Net result.
    pub resultat_net: Option<i64>,
}

/// The ratios under their published names, in percent unless said; nothing is recomputed here.
///
/// Three of them do not mean what their name says, see their notes. Extreme values are common:
/// whoever uses them clips them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Ratios {
    /// Debt over own funds.
    pub taux_d_endettement: Option<f64>,
    /// Current assets over short-term debts.
    pub ratio_de_liquidite: Option<f64>,
    /// Published bug: net over gross fixed assets, so that a high value means recent equipment,
    /// the reverse of wear.
    pub ratio_de_vetuste: Option<f64>,
    /// Own funds over the total of the balance sheet. Published bug: for simplified accounts it is
    /// (156 + 169) / 180, a debt ratio, of which a high value is bad.
    pub autonomie_financiere: Option<f64>,
    /// Operating working capital over turnover.
    pub poids_bfr_exploitation_sur_ca: Option<f64>,
    /// Published bug: financial charges over EBE, so that a high value is bad, the reverse of a
    /// coverage.
    pub couverture_des_interets: Option<f64>,
    /// Cash flow over turnover.
    pub caf_sur_ca: Option<f64>,
    /// Financial debts over cash flow, in years.
    pub capacite_de_remboursement: Option<f64>,
    /// EBE over turnover.
    pub marge_ebe: Option<f64>,
    /// Result before tax over turnover.
    pub resultat_courant_avant_impots_sur_ca: Option<f64>,
    /// Operating working capital, in days of turnover.
    pub poids_bfr_exploitation_sur_ca_jours: Option<f64>,
    /// Days of stock.
    pub rotation_des_stocks_jours: Option<f64>,
    /// Days of credit given to customers.
    pub credit_clients_jours: Option<f64>,
    /// Days of credit taken from suppliers.
    pub credit_fournisseurs_jours: Option<f64>,
}

/// The ratios of one set of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RatiosRow {
    /// The company.
    pub siren: Siren,
    /// Day on which the accounts were closed.
    pub closed_on: NaiveDate,
    /// Form of the accounts.
    pub kind: AccountsKind,
    /// How far they may be seen; confidential lines have few values.
    pub confidentiality: Confidentiality,
    /// Amounts, in euros.
    pub amounts: Amounts,
    /// Ratios.
    pub ratios: Ratios,
}

const NAMES: &[&str] = &[
    "siren",
    "date_cloture_exercice",
    "type_bilan",
    "confidentiality",
    "chiffre_d_affaires",
    "marge_brute",
    "ebe",
    "ebit",
    "resultat_net",
    "taux_d_endettement",
    "ratio_de_liquidite",
    "ratio_de_vetuste",
    "autonomie_financiere",
    "poids_bfr_exploitation_sur_ca",
    "couverture_des_interets",
    "caf_sur_ca",
    "capacite_de_remboursement",
    "marge_ebe",
    "resultat_courant_avant_impots_sur_ca",
    "poids_bfr_exploitation_sur_ca_jours",
    "rotation_des_stocks_jours",
    "credit_clients_jours",
    "credit_fournisseurs_jours",
];
const SIREN: Name = 0;
const CLOSED: Name = 1;
const KIND: Name = 2;
const CONFIDENTIALITY: Name = 3;
const FIRST_AMOUNT: Name = 4;
const FIRST_RATIO: Name = 9;

/// Reader of the public ratios.
pub type RatiosReader = RecordReader<RatiosRow, Siren>;

impl RatiosReader {
    /// From JSON. Accounts closed after `as_of` are rejected.
    pub fn of_json(
        text: TextFile,
        as_of: NaiveDate,
        keep: impl FnMut(Siren) -> bool + Send + 'static,
    ) -> Self {
        Self::new(Records::of_json(text, NAMES), as_of, keep, build)
    }

    /// From a table. Accounts closed after `as_of` are rejected.
    pub fn of_table(
        table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Siren) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let records = Records::of_table(table, NAMES)?;
        Ok(Self::new(records, as_of, keep, build))
    }
}

fn build(f: &mut Fields<'_>, keep: &mut Keep<Siren>) -> Built<RatiosRow> {
    let siren = f.number(SIREN, values::siren)?;
    if !keep(siren) {
        return Ok(None);
    }
    let row = RatiosRow {
        siren,
        closed_on: f.required_date(CLOSED)?,
        kind: kind(f),
        confidentiality: confidentiality(f),
        amounts: amounts(f),
        ratios: ratios(f),
    };
    Ok(Some(row))
}

fn kind(f: &mut Fields<'_>) -> AccountsKind {
    let text = f.owned(KIND).unwrap_or_default();
    let kind = AccountsKind::of(&text);
    if kind == AccountsKind::Unknown && !text.is_empty() {
        f.warn(KIND, &text, Cause::UnknownCode, "C, S ou K");
    }
    kind
}

fn confidentiality(f: &Fields<'_>) -> Confidentiality {
    Confidentiality::of(&f.entry.text(CONFIDENTIALITY).unwrap_or_default())
}

fn amounts(f: &mut Fields<'_>) -> Amounts {
    let mut at = FIRST_AMOUNT..;
    let mut next = || at.next().and_then(|name| amount(f, name));
    Amounts {
        chiffre_d_affaires: next(),
        marge_brute: next(),
        ebe: next(),
        ebit: next(),
        resultat_net: next(),
    }
}

fn ratios(f: &mut Fields<'_>) -> Ratios {
    let mut at = FIRST_RATIO..;
    let mut next = || at.next().and_then(|name| number(f, name));
    Ratios {
        taux_d_endettement: next(),
        ratio_de_liquidite: next(),
        ratio_de_vetuste: next(),
        autonomie_financiere: next(),
        poids_bfr_exploitation_sur_ca: next(),
        couverture_des_interets: next(),
        caf_sur_ca: next(),
        capacite_de_remboursement: next(),
        marge_ebe: next(),
        resultat_courant_avant_impots_sur_ca: next(),
        poids_bfr_exploitation_sur_ca_jours: next(),
        rotation_des_stocks_jours: next(),
        credit_clients_jours: next(),
        credit_fournisseurs_jours: next(),
    }
}

/// Whole euros; decimals are rounded.
fn amount(f: &mut Fields<'_>, name: Name) -> Option<i64> {
    let text = f.owned(name)?;
    values::hundredths(&text)
        .map(|cents| cents.saturating_add(50 * cents.signum()) / 100)
        .map_err(|cause| {
            let expected = "un montant en euros, par exemple -12500";
            f.warn(name, &text, cause, expected);
        })
        .ok()
}

/// A finite number, with a point or a comma.
fn number(f: &mut Fields<'_>, name: Name) -> Option<f64> {
    let text = f.owned(name)?;
    let number = text.replace(',', ".").parse::<f64>().ok();
    let finite = number.filter(|number| number.is_finite());
    if finite.is_none() {
        f.warn(
            name,
            &text,
            Cause::NumberFormat,
            "un nombre, par exemple 12.5",
        );
    }
    finite
}

#[cfg(test)]
#[path = "ratios_tests.rs"]
mod tests;
