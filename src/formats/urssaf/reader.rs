//! Rows of the three files.

use chrono::NaiveDate;

use super::{ContributionRow, DebtRow, DelayRow, Period, fields};
use crate::domain::Siret;
use crate::formats::file_error::FileError;
use crate::formats::record_reader::{Keep, RecordReader};
use crate::formats::records::{Built, Fields, Name, Records};
use crate::formats::rejection::{Cause, Rejection};
use crate::formats::table::Table;
use crate::formats::values;

/// Columns of `sigfaible_debits`, all of them needed, in the order in which rows are built.
pub const DEBT_COLUMNS: &[&str] = &[
    "siret",
    "num_cpte",
    "periode",
    "num_ecn",
    "num_hist_ecn",
    "dt_trt_ecn",
    "mt_po",
    "mt_pp",
];

/// Columns without which a table holds no contributions.
pub const REQUIRED_CONTRIBUTION_COLUMNS: &[&str] = CONTRIBUTION_COLUMNS.first_chunk::<4>().unwrap();

/// Columns of `sigfaible_cotisdues`; the first four are needed.
const CONTRIBUTION_COLUMNS: &[&str] = &[
    "siret",
    "compte",
    "periode",
    "cotis_due",
    "enc_direct",
    "mer",
];

/// Columns without which a table holds no payment plans.
pub const REQUIRED_DELAY_COLUMNS: &[&str] = DELAY_COLUMNS.first_chunk::<5>().unwrap();

/// Columns of `sigfaible_delais`; the first five are needed.
const DELAY_COLUMNS: &[&str] = &[
    "siret",
    "numero_compte_externe",
    "date_creation",
    "date_echeance",
    "montant_global_echeancier",
    "numero_structure",
    "duree_delai",
    "code_externe_stade",
    "code_externe_action",
];

/// Reader of `sigfaible_debits`.
pub type DebtReader = RecordReader<DebtRow, Siret>;
/// Reader of `sigfaible_cotisdues`.
pub type ContributionReader = RecordReader<ContributionRow, Siret>;
/// Reader of `sigfaible_delais`.
pub type DelayReader = RecordReader<DelayRow, Siret>;

impl DebtReader {
    /// Events after `as_of` are rejected.
    pub fn of_table(
        table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Siret) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let records = Records::of_table(table, DEBT_COLUMNS)?;
        Ok(Self::new(records, as_of, keep, debt))
    }
}

impl ContributionReader {
    /// Periods may lie ahead: `as_of` changes nothing, it is there for all readers to be alike.
    pub fn of_table(
        table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Siret) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let records = Records::of_table(table, CONTRIBUTION_COLUMNS)?;
        Ok(Self::new(records, as_of, keep, contribution))
    }
}

impl DelayReader {
    /// Plans created after `as_of` are rejected; they may end after it.
    pub fn of_table(
        table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Siret) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let records = Records::of_table(table, DELAY_COLUMNS)?;
        Ok(Self::new(records, as_of, keep, delay))
    }
}

const SIRET: Name = 0;
const ACCOUNT: Name = 1;
const PERIOD: Name = 2;

/// The establishment of a line, when its lines are wanted.
fn wanted(f: &mut Fields<'_>, keep: &mut Keep<Siret>) -> Built<Siret> {
    let siret = f.number(SIRET, values::siret)?;
    Ok(keep(siret).then_some(siret))
}

fn debt(f: &mut Fields<'_>, keep: &mut Keep<Siret>) -> Built<DebtRow> {
    let Some(siret) = wanted(f, keep)? else {
        return Ok(None);
    };
    let row = DebtRow {
        siret,
        account: account(f)?,
        period: period(f)?,
        gap: rank(f, 3)?,
        event: rank(f, 4)?,
        processed_on: processed(f, 5)?,
        employees: hundredths(f, 6)?,
        employer: hundredths(f, 7)?,
    };
    Ok(Some(row))
}

fn contribution(f: &mut Fields<'_>, keep: &mut Keep<Siret>) -> Built<ContributionRow> {
    let Some(siret) = wanted(f, keep)? else {
        return Ok(None);
    };
    let row = ContributionRow {
        siret,
        account: account(f)?,
        period: period(f)?,
        due: required_euros(f, 3)?,
        paid: euros(f, 4),
        claimed: euros(f, 5),
    };
    Ok(Some(row))
}

fn delay(f: &mut Fields<'_>, keep: &mut Keep<Siret>) -> Built<DelayRow> {
    let Some(siret) = wanted(f, keep)? else {
        return Ok(None);
    };
    let row = DelayRow {
        siret,
        account: account(f)?,
        created_on: f.required_date(2)?,
        ends_on: last_day(f, 3)?,
        amount: euros(f, 4),
        number: f.owned(5).unwrap_or_default(),
        days: days(f, 6),
        stage: f.owned(7),
        action: f.owned(8),
    };
    Ok(Some(row))
}

const EUROS: &str = "un montant en euros, par exemple 52310,50";

/// A rejection for a value that is missing or of another form.
fn reject(f: &Fields<'_>, name: Name, expected: &str) -> Rejection {
    let text = f.entry.text(name).unwrap_or_default();
    let cause = if text.is_empty() {
        Cause::Missing
    } else {
        Cause::NumberFormat
    };
    f.entry.reject(name, &text, cause, expected)
}

fn account(f: &Fields<'_>) -> Result<String, Rejection> {
    let expected = "le numéro de compte de l’établissement à l’Urssaf";
    f.owned(ACCOUNT).ok_or_else(|| reject(f, ACCOUNT, expected))
}

fn rank(f: &Fields<'_>, name: Name) -> Result<u32, Rejection> {
    let number = f.entry.text(name).and_then(|text| text.parse().ok());
    number.ok_or_else(|| reject(f, name, "un numéro d’ordre, par exemple 101"))
}

fn period(f: &Fields<'_>) -> Result<Period, Rejection> {
    let period = f.entry.text(PERIOD).and_then(|text| fields::period(&text));
    let expected = "une période AAAATM (trimestre, mois du trimestre), par exemple 202431";
    period.ok_or_else(|| reject(f, PERIOD, expected))
}

/// A past day in the writing of Urssaf.
fn processed(f: &Fields<'_>, name: Name) -> Result<NaiveDate, Rejection> {
    let expected = "une date passée de la forme (A)AAMMJJ, par exemple 1241018 pour le 18/10/2024";
    let text = f.entry.text(name).unwrap_or_default();
    let cause = match fields::day(&text) {
        Some(day) if day <= f.as_of => return Ok(day),
        Some(_) => Cause::DateImplausible,
        None if text.is_empty() => Cause::Missing,
        None => Cause::DateFormat,
    };
    Err(f.entry.reject(name, &text, cause, expected))
}

/// The end of a plan, which may lie ahead.
fn last_day(f: &Fields<'_>, name: Name) -> Result<NaiveDate, Rejection> {
    let text = f.entry.text(name).unwrap_or_default();
    let cause = if text.is_empty() {
        Cause::Missing
    } else {
        Cause::DateFormat
    };
    let expected = "une date, par exemple 05/09/2024";
    values::date(&text, false).ok_or_else(|| f.entry.reject(name, &text, cause, expected))
}

/// A whole number of hundredths of euro; decimals would mean that the file is in euros.
fn hundredths(f: &Fields<'_>, name: Name) -> Result<i64, Rejection> {
    let amount = f.entry.text(name).and_then(|text| text.parse().ok());
    amount.ok_or_else(|| reject(f, name, "un nombre entier de centimes, par exemple 412500"))
}

fn required_euros(f: &Fields<'_>, name: Name) -> Result<i64, Rejection> {
    let amount = f
        .entry
        .text(name)
        .and_then(|text| values::hundredths(&text).ok());
    amount.ok_or_else(|| reject(f, name, EUROS))
}

/// Euros; what cannot be read is unknown, with a warning, and blank is unknown.
fn euros(f: &mut Fields<'_>, name: Name) -> Option<i64> {
    let text = f.owned(name)?;
    values::hundredths(&text)
        .map_err(|cause| f.warn(name, &text, cause, EUROS))
        .ok()
}

fn days(f: &mut Fields<'_>, name: Name) -> Option<u32> {
    let text = f.owned(name)?;
    text.parse()
        .map_err(|_| {
            let expected = "un nombre de jours, par exemple 364";
            f.warn(name, &text, Cause::NumberFormat, expected);
        })
        .ok()
}
