//! The rule of the score on social debts. Pure.

use chrono::{Datelike as _, Months, NaiveDate};

use crate::formats::urssaf::{ContributionRow, DebtRow, MonthlyDebt, Span, monthly_debt};

/// Months over which a debt is compared.
const OVER: u32 = 3;
/// Months of contributions that make the usual one.
const USUAL: u32 = 12;
/// Share of a usual month of contributions that a rise must pass, in hundredths.
pub const SHARE: i64 = 20;

/// A debt that rose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// First month at the end of which it had passed the share.
    pub since: NaiveDate,
    /// More than three months before, in hundredths of euro.
    pub amount: i64,
    /// A usual month of contributions, in hundredths of euro.
    pub usual_month: i64,
}

impl Rise {
    /// The rise, in hundredths of a usual month.
    pub fn share(&self) -> i64 {
        self.amount.saturating_mul(100) / self.usual_month.max(1)
    }
}

/// Whether the debt of a company rose, over the last three months, by more than a fifth of a usual
/// month of contributions: the expert rule of Signaux Faibles, here over the whole company, the usual
/// month being the mean of the last twelve that are known. Nothing is said without contributions. What
/// was processed after the day is not known.
pub fn rise(debts: &[DebtRow], contributions: &[ContributionRow], on: NaiveDate) -> Option<Rise> {
    let month = first_of(on);
    let base = month.checked_sub_months(Months::new(OVER))?;
    let usual_month = usual_month(contributions, on).filter(|usual| *usual > 0)?;
    let by_month = monthly(debts, base, on);
    let owed = |month: NaiveDate| {
        let found = by_month.iter().find(|debt| debt.month == month);
        found.map_or(0, total)
    };
    let before = owed(base);
    let is_high = |amount: i64| amount.saturating_mul(100) > usual_month.saturating_mul(SHARE);
    let amount = owed(month) - before;
    if !is_high(amount) {
        return None;
    }
    let since = (1..=OVER)
        .filter_map(|months| base.checked_add_months(Months::new(months)))
        .find(|month| is_high(owed(*month) - before))?;
    Some(Rise {
        since,
        amount,
        usual_month,
    })
}

/// What the whole company owes at the end of each month, oldest first.
pub fn monthly(debts: &[DebtRow], from: NaiveDate, on: NaiveDate) -> Vec<MonthlyDebt> {
    let known: Vec<DebtRow> = debts
        .iter()
        .filter(|row| row.processed_on <= on)
        .cloned()
        .collect();
    let mut months: Vec<MonthlyDebt> = Vec::new();
    for debt in monthly_debt(&known, from, on).into_values().flatten() {
        match months.iter_mut().find(|month| month.month == debt.month) {
            Some(month) => {
                month.employees += debt.employees;
                month.employer += debt.employer;
            }
            None => months.push(debt),
        }
    }
    months.sort_by_key(|month| month.month);
    months
}

/// Both parts of a debt.
pub fn total(debt: &MonthlyDebt) -> i64 {
    debt.employees + debt.employer
}

/// The mean month of the last twelve of which contributions are known.
fn usual_month(contributions: &[ContributionRow], on: NaiveDate) -> Option<i64> {
    let mut due: std::collections::BTreeMap<NaiveDate, i64> = std::collections::BTreeMap::new();
    for row in contributions.iter().filter(|row| row.period.start <= on) {
        let months = match row.period.span {
            Span::Month => 1,
            Span::Quarter => 3,
            Span::Year => 12,
        };
        for month in 0..months {
            let month = row.period.start.checked_add_months(Months::new(month))?;
            *due.entry(first_of(month)).or_default() += row.due / i64::from(months);
        }
    }
    let oldest = first_of(on).checked_sub_months(Months::new(USUAL + OVER))?;
    let known: Vec<i64> = due
        .into_iter()
        .rev()
        .filter(|(month, _)| *month >= oldest && *month <= on)
        .take(12)
        .map(|(_, due)| due)
        .collect();
    let months = i64::try_from(known.len())
        .ok()
        .filter(|months| *months > 0)?;
    Some(known.iter().sum::<i64>() / months)
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
