//! Social contributions as Urssaf gives them to those who may have them: debts, contributions due
//! and payment plans (`sigfaible_debits`, `sigfaible_cotisdues`, `sigfaible_delais`).
//!
//! All three are tables with `;`. Debts are written in hundredths of euro, the rest in euros with a
//! point or a comma; every amount here is in hundredths.

mod debt;
mod fields;
mod reader;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use debt::{MonthlyDebt, monthly_debt};
pub use reader::{
    ContributionReader, DEBT_COLUMNS, DebtReader, DelayReader, REQUIRED_CONTRIBUTION_COLUMNS,
    REQUIRED_DELAY_COLUMNS,
};

use crate::domain::Siret;

/// Length of the time that a contribution is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// One month.
    Month,
    /// Three months.
    Quarter,
    /// One year.
    Year,
}

/// What a contribution is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub start: NaiveDate,
    /// Length.
    pub span: Span,
}

/// One event in the life of a debt: an « écart négatif » after one more operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebtRow {
    /// The establishment.
    pub siret: Siret,
    /// Account of the establishment at Urssaf.
    pub account: String,
    /// Number of the gap inside the account and the period.
    pub gap: u32,
    /// Number of the event inside the gap; the greatest one tells where the gap stands.
    pub event: u32,
    /// What the contributions were due for.
    pub period: Period,
    /// Day of the event.
    pub processed_on: NaiveDate,
    /// What is left to pay of the part of the employees, in hundredths of euro.
    pub employees: i64,
    /// What is left to pay of the part of the employer, in hundredths of euro.
    pub employer: i64,
}

/// Contributions due for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributionRow {
    /// The establishment.
    pub siret: Siret,
    /// Account of the establishment at Urssaf.
    pub account: String,
    /// What they are due for.
    pub period: Period,
    /// What is due, in hundredths of euro.
    pub due: i64,
    /// What was paid directly, in hundredths of euro.
    pub paid: Option<i64>,
    /// What Urssaf claims (« mise en recouvrement »), in hundredths of euro.
    pub claimed: Option<i64>,
}

/// A payment plan (« délai ») asked for by an establishment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelayRow {
    /// The establishment.
    pub siret: Siret,
    /// Account of the establishment at Urssaf.
    pub account: String,
    /// Number of the plan.
    pub number: String,
    /// First day.
    pub created_on: NaiveDate,
    /// Last day; it may lie ahead.
    pub ends_on: NaiveDate,
    /// Length in days, as Urssaf counts it.
    pub days: Option<u32>,
    /// Whole amount of the plan, in hundredths of euro.
    pub amount: Option<i64>,
    /// Where the request stands, as written (`APPROB`, `REFUS`…).
    pub stage: Option<String>,
    /// What is done, as written.
    pub action: Option<String>,
}

#[cfg(test)]
mod tests;
