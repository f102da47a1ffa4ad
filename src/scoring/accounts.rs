//! A company's annual accounts: what a line is worth, how long the exercise lasted, and which of
//! several accounts of one closing date is the one to read, beside its previous year.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

pub use super::codes::Kind;
use super::codes::{self, Code, Nature, Signed, Sum, WhenAbsent};

/// What the blanks of a statement may hide before they stop counting as zero: this share of the
/// volume of its lines, and never less than ten euros of rounding.
const ROUNDING: f64 = 0.005;
const ROUNDING_EUROS: f64 = 10.0;
/// Exercises that annualise: a shorter one says little of a year (season, start), and the law knows
/// none longer than the first exercise of a company, closed at the end of the year after its creation.
const ANNUALISED: std::ops::RangeInclusive<u8> = 3..=24;
/// Mean length of a month, in days.
const MONTH: f64 = 30.4375;

/// The accounts of one exercise, as filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// Last day of the exercise.
    pub closing: NaiveDate,
    /// Months of the exercise, if the accounts say it.
    pub months: Option<u8>,
    /// Complete, simplified or consolidated.
    pub kind: Kind,
    /// Where they come from, for the reader.
    pub source: String,
    /// Amount of each line in whole euros, by code; asset lines net of depreciation when their
    /// depreciation code is absent (see [`codes`]).
    pub lines: BTreeMap<String, i64>,
    /// The column of the previous year, in the same codes; empty if the source has none.
    pub previous_lines: BTreeMap<String, i64>,
    /// Whether the company asked that they be not published.
    pub confidential: bool,
    /// Whether it asked so of its income statement alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential_income: bool,
}

/// What a line is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// Whole euros.
    pub euros: i64,
    /// Whether the line was left empty and counts as zero.
    pub assumed: bool,
}

impl Accounts {
    /// The line as filed; the total of a sales row also under the code that the registry gives it.
    pub fn line(&self, code: &str) -> Option<i64> {
        let filed = |code: &str| self.lines.get(code).copied();
        filed(code).or_else(|| {
            let (row, export) = codes::row_total(code)?;
            filed(row).filter(|_| filed(export).is_none())
        })
    }

    /// What a line is worth, an empty one included where it must be zero.
    pub fn amount(&self, code: &Code) -> Option<Amount> {
        if let Some(euros) = self.line(code.code) {
            return Some(Amount {
                euros,
                assumed: false,
            });
        }
        let any = |codes: &[&str]| codes.iter().any(|code| self.line(code).is_some());
        let zero = match code.absent {
            WhenAbsent::Unknown => false,
            WhenAbsent::Zero => true,
            WhenAbsent::ZeroIfAddsUp(sum) => self.adds_up(sum),
            WhenAbsent::ZeroIfPresent(codes) => any(codes),
            WhenAbsent::ZeroIfPresentOrNil(codes, nil) => {
                any(codes) || self.worth(nil).is_some_and(|euros| euros == 0)
            }
        };
        zero.then_some(Amount {
            euros: 0,
            assumed: true,
        })
    }

    /// Whether the lines that are present give the total of their statement, so that those left
    /// empty hide nothing.
    pub fn adds_up(&self, sum: Sum) -> bool {
        let (total, details) = sum.lines();
        let Some(total) = total
            .iter()
            .map(|(code, sign)| Some(euros(self.worth(code)?) * f64::from(*sign)))
            .sum::<Option<f64>>()
        else {
            return false;
        };
        let present = |(code, sign): &Signed| Some((euros(self.line(code)?), f64::from(*sign)));
        let (found, volume) = details
            .iter()
            .filter_map(present)
            .fold((0.0, 0.0), |(found, volume), (amount, sign)| {
                (found + sign * amount, volume + amount.abs())
            });
        (total - found).abs() <= (ROUNDING * volume).max(ROUNDING_EUROS)
    }

    /// Whether the company asked that this line be not seen: then it is not used either, whatever a file
    /// holds (article L.232-25 of the code de commerce).
    pub fn hides(&self, code: &Code) -> bool {
        self.confidential || (self.confidential_income && code.nature == Nature::Flow)
    }

    fn worth(&self, code: &str) -> Option<i64> {
        let code = codes::find(self.kind, code)?;
        Some(self.amount(code)?.euros)
    }

    /// Whether anything can be read in them.
    fn readable(&self) -> bool {
        !self.confidential && !self.lines.is_empty()
    }
}

/// Euros in the floating numbers of ratios.
#[expect(
    clippy::cast_precision_loss,
    reason = "amounts of accounts stay far below 2^53 euros"
)]
pub(super) fn euros(amount: i64) -> f64 {
    amount as f64
}

/// How long an exercise lasted, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Duration {
    /// Twelve months, said by the accounts.
    Twelve,
    /// Another number of months: flows are multiplied by 12 / months.
    Annualised(u8),
    /// Not said, and nothing says otherwise: taken for twelve months.
    TwelveAssumed,
    /// Not said and not twelve, or beyond what annualises: flows are not known.
    Unknown,
}

impl Duration {
    /// What a flow is multiplied by to stand for a year.
    pub fn factor(self) -> Option<f64> {
        match self {
            Self::Twelve | Self::TwelveAssumed => Some(1.0),
            Self::Annualised(months) => Some(12.0 / f64::from(months)),
            Self::Unknown => None,
        }
    }

    fn of(accounts: &Accounts, earlier: Option<&Accounts>) -> Self {
        match accounts.months {
            Some(12) => Self::Twelve,
            Some(months) if ANNUALISED.contains(&months) => Self::Annualised(months),
            Some(_) => Self::Unknown,
            None => {
                match earlier.map(|earlier| months_between(earlier.closing, accounts.closing)) {
                    None | Some(12) => Self::TwelveAssumed,
                    Some(_) => Self::Unknown,
                }
            }
        }
    }
}

/// Where the amounts of a year were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// In its own accounts.
    Filed,
    /// In the column of the previous year of the next accounts.
    PreviousColumn,
}

/// One year of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// Its accounts.
    pub accounts: Accounts,
    /// How long it lasted.
    pub duration: Duration,
    /// Where they were read.
    pub origin: Origin,
}

/// A year and the one before it: all that a formula looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exercise {
    /// The year.
    pub current: Year,
    /// The year before, if its amounts are known.
    pub previous: Option<Year>,
    /// Other accounts of the same closing date, not read.
    pub set_aside: Vec<Kind>,
}

/// Whose accounts are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The company alone: complete accounts, else simplified ones, never consolidated ones.
    Company,
    /// The group that it heads: consolidated accounts only.
    Group,
}

impl View {
    /// Rank of a kind in this view, best first; none if it has no place in it.
    fn rank(self, kind: Kind) -> Option<u8> {
        match (self, kind) {
            (Self::Company, Kind::Complete) | (Self::Group, Kind::Consolidated) => Some(0),
            (Self::Company, Kind::Simplified) => Some(1),
            _ => None,
        }
    }
}

/// The exercises of a company, oldest first, one for each closing date. Of several accounts of one
/// date, those that can be read come first, then the kind (complete, simplified), then the last given.
pub fn exercises(accounts: &[Accounts], view: View) -> Vec<Exercise> {
    fullest_exercises(accounts, view, |_| 0)
}

/// The same, where of several accounts of one date those that lack the least come first, before their
/// kind: what `lack` gives is 0 for accounts that are complete enough.
pub fn fullest_exercises(
    accounts: &[Accounts],
    view: View,
    lack: impl Fn(&Accounts) -> u32,
) -> Vec<Exercise> {
    let chosen = choose(accounts, view, lack);
    let years: Vec<&Accounts> = chosen.values().map(|(best, _)| *best).collect();
    chosen
        .values()
        .enumerate()
        .map(|(index, (best, set_aside))| exercise(best, &years[..index], set_aside.clone()))
        .collect()
}

type Choice<'a> = (&'a Accounts, Vec<Kind>);

fn choose(
    accounts: &[Accounts],
    view: View,
    lack: impl Fn(&Accounts) -> u32,
) -> BTreeMap<NaiveDate, Choice<'_>> {
    let mut chosen: BTreeMap<NaiveDate, Choice<'_>> = BTreeMap::new();
    let merit = |accounts: &Accounts| {
        let rank = view.rank(accounts.kind);
        (!accounts.readable(), lack(accounts), rank)
    };
    for candidate in accounts.iter().filter(|a| view.rank(a.kind).is_some()) {
        let Some((best, set_aside)) = chosen.get_mut(&candidate.closing) else {
            chosen.insert(candidate.closing, (candidate, Vec::new()));
            continue;
        };
        let worse = if merit(candidate) <= merit(best) {
            std::mem::replace(best, candidate)
        } else {
            candidate
        };
        set_aside.push(worse.kind);
    }
    chosen
}

fn exercise(accounts: &Accounts, earlier: &[&Accounts], set_aside: Vec<Kind>) -> Exercise {
    Exercise {
        current: year(accounts, earlier),
        previous: previous(accounts, earlier),
        set_aside,
    }
}

fn year(accounts: &Accounts, earlier: &[&Accounts]) -> Year {
    Year {
        accounts: accounts.clone(),
        duration: Duration::of(accounts, earlier.last().copied()),
        origin: Origin::Filed,
    }
}

/// The year before: its own accounts if they end where these begin, else the column of these.
fn previous(accounts: &Accounts, earlier: &[&Accounts]) -> Option<Year> {
    let adjoining = earlier.split_last().filter(|(last, _)| {
        let expected = i64::from(accounts.months.unwrap_or(12));
        (months_between(last.closing, accounts.closing) - expected).abs() <= 1
    });
    match adjoining {
        Some((last, before)) if last.readable() => Some(year(last, before)),
        _ => previous_column(accounts, adjoining.map(|(last, before)| year(last, before))),
    }
}

fn previous_column(accounts: &Accounts, adjoining: Option<Year>) -> Option<Year> {
    if accounts.previous_lines.is_empty() {
        return None;
    }
    let start = u32::from(accounts.months.unwrap_or(12));
    let (closing, months, duration) = match adjoining {
        Some(year) => (year.accounts.closing, year.accounts.months, year.duration),
        None => (
            months_before(accounts.closing, start)?,
            None,
            Duration::TwelveAssumed,
        ),
    };
    Some(Year {
        accounts: Accounts {
            closing,
            months,
            lines: accounts.previous_lines.clone(),
            previous_lines: BTreeMap::new(),
            ..accounts.clone()
        },
        duration,
        origin: Origin::PreviousColumn,
    })
}

/// Whole months between two closing dates, to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "days of a calendar"
)]
pub(super) fn months_between(from: NaiveDate, to: NaiveDate) -> i64 {
    ((to - from).num_days() as f64 / MONTH).round() as i64
}

/// The closing date that many months before: a last day of month stays one.
fn months_before(closing: NaiveDate, months: u32) -> Option<NaiveDate> {
    let next = closing.succ_opt()?;
    if next.day() == 1 {
        next.checked_sub_months(Months::new(months))?.pred_opt()
    } else {
        closing.checked_sub_months(Months::new(months))
    }
}

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod tests;
