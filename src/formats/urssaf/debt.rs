//! What an establishment owes at the end of each month.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::{DebtRow, Period};
use crate::domain::Siret;

/// Urssaf closes its month on this day: an event processed later counts in the next month.
const CLOSING_DAY: u32 = 20;

/// What is owed at the end of a month, in hundredths of euro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyDebt {
    /// First day of the month.
    pub month: NaiveDate,
    /// Part of the employees.
    pub employees: i64,
    /// Part of the employer.
    pub employer: i64,
}

/// A gap: what was missing for one period in one account.
type Gap<'a> = (&'a str, Period, u32);

/// What each establishment owes at the end of every month from `from` to `to`, days being taken as
/// their months. Each gap counts by its last event known then, and goes on until another comes;
/// months before the first event are left out. The order of the rows does not matter.
///
/// Source: the way Signaux Faibles computes debts from `sigfaible_debits`.
pub fn monthly_debt(
    rows: &[DebtRow],
    from: NaiveDate,
    to: NaiveDate,
) -> BTreeMap<Siret, Vec<MonthlyDebt>> {
    let mut by_place: BTreeMap<Siret, Vec<&DebtRow>> = BTreeMap::new();
    for row in rows {
        by_place.entry(row.siret).or_default().push(row);
    }
    let months = months(from, to);
    let debts = by_place
        .into_iter()
        .map(|(siret, rows)| (siret, of_place(rows, &months)));
    debts.filter(|(_, debts)| !debts.is_empty()).collect()
}

fn of_place(mut rows: Vec<&DebtRow>, months: &[NaiveDate]) -> Vec<MonthlyDebt> {
    rows.sort_by_key(|row| counted_in(row.processed_on));
    let mut coming = rows.into_iter().peekable();
    let mut gaps: BTreeMap<Gap<'_>, &DebtRow> = BTreeMap::new();
    let mut debts = Vec::new();
    for month in months {
        while let Some(row) = coming.next_if(|row| counted_in(row.processed_on) <= *month) {
            let last = gaps
                .entry((&row.account, row.period, row.gap))
                .or_insert(row);
            if rank(row) > rank(last) {
                *last = row;
            }
        }
        if !gaps.is_empty() {
            debts.push(MonthlyDebt {
                month: *month,
                employees: gaps.values().map(|row| row.employees).sum(),
                employer: gaps.values().map(|row| row.employer).sum(),
            });
        }
    }
    debts
}

/// The event with the greatest number wins; the rest only settles events that share a number.
fn rank(row: &DebtRow) -> (u32, NaiveDate, i64, i64) {
    (row.event, row.processed_on, row.employees, row.employer)
}

/// The month in which an event counts, as its first day.
fn counted_in(day: NaiveDate) -> NaiveDate {
    let month = first_of(day);
    if day.day() <= CLOSING_DAY {
        month
    } else {
        month + Months::new(1)
    }
}

fn months(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let next = |month: &NaiveDate| month.checked_add_months(Months::new(1));
    let all = std::iter::successors(Some(first_of(from)), next);
    all.take_while(|month| *month <= to).collect()
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}
