//! Months and years as files of headcounts write them.

use chrono::{Datelike, NaiveDate};

use super::header::fold;
use super::rows::Granularity;
use super::values;

/// A period as the first day and its length.
pub type Period = (NaiveDate, Granularity);

/// `2024`, `2024-10`, `10/2024`, `202410`, or any day of the month.
pub fn period(text: &str, is_workbook: bool) -> Option<Period> {
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let month = |year: &str, month: &str| {
        let month = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
        Some((month, Granularity::Month))
    };
    if numeric(text) && text.len() == 4 {
        return Some((
            NaiveDate::from_ymd_opt(text.parse().ok()?, 1, 1)?,
            Granularity::Year,
        ));
    }
    if numeric(text) && text.len() == 6 {
        return month(&text[..4], &text[4..]);
    }
    if let Some((a, b)) = text.split_once(['-', '/'])
        && numeric(a)
        && numeric(b)
    {
        return match (a.len(), b.len()) {
            (4, 1 | 2) => month(a, b),
            (1 | 2, 4) => month(b, a),
            _ => None,
        };
    }
    let day = values::date(text, is_workbook)?;
    Some((day.with_day(1)?, Granularity::Month))
}

/// `eff202411`: October 2024 is the first month of the fourth quarter, `eff202441`. `62` is the
/// whole year; a month of zero, the whole quarter, is not a period that we keep.
pub fn urssaf_period(name: &str) -> Option<Period> {
    let name = fold(name);
    let digits = name
        .strip_prefix("eff")
        .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    if digits.len() != 6 {
        return None;
    }
    let year = digits[..4].parse().ok()?;
    if &digits[4..] == "62" {
        return Some((NaiveDate::from_ymd_opt(year, 1, 1)?, Granularity::Year));
    }
    let quarter: u32 = digits[4..5].parse().ok()?;
    let month: u32 = digits[5..].parse().ok()?;
    if !(1..=4).contains(&quarter) || !(1..=3).contains(&month) {
        return None;
    }
    Some((
        NaiveDate::from_ymd_opt(year, (quarter - 1) * 3 + month, 1)?,
        Granularity::Month,
    ))
}
