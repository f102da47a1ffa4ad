//! Dates, periods and amounts in the writing of Urssaf.

use chrono::NaiveDate;

use super::{Period, Span};

/// `1241018` or `991018`: the year since 1900, then month and day.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if !matches!(text.len(), 6 | 7) || !is_numeric(text) {
        return None;
    }
    let (year, rest) = text.split_at(text.len() - 4);
    let year = 1900 + year.parse::<i32>().ok()?;
    NaiveDate::from_ymd_opt(year, rest[..2].parse().ok()?, rest[2..].parse().ok()?)
}

/// `202431`: year, quarter, month of the quarter; a month of zero is the whole quarter, `62` the
/// whole year. With a year of two figures, below 50 is after 2000.
pub(super) fn period(text: &str) -> Option<Period> {
    if !matches!(text.len(), 4 | 6) || !is_numeric(text) {
        return None;
    }
    let (year, rest) = text.split_at(text.len() - 2);
    let year: i32 = match (year.len(), year.parse().ok()?) {
        (2, year @ ..50) => 2000 + year,
        (2, year) => 1900 + year,
        (_, year) => year,
    };
    let from = |month, span| {
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        Some(Period { start, span })
    };
    if rest == "62" {
        return from(1, Span::Year);
    }
    let quarter: u32 = rest[..1].parse().ok()?;
    let month: u32 = rest[1..].parse().ok()?;
    match (quarter, month) {
        (1..=4, 0) => from(quarter * 3 - 2, Span::Quarter),
        (1..=4, 1..=3) => from(quarter * 3 - 3 + month, Span::Month),
        _ => None,
    }
}

fn is_numeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_their_years_from_1900() {
        let read = |text| day(text).map(|d| d.to_string());
        assert_eq!(read("1180130").as_deref(), Some("2018-01-30"));
        assert_eq!(read("991231").as_deref(), Some("1999-12-31"));
        for text in ["1181330", "20180130", "118013", "", "é80130"] {
            assert_eq!(read(text).as_deref(), None, "{text}");
        }
    }

    #[test]
    fn periods_are_months_quarters_or_years() {
        let read = |text| period(text).map(|p| format!("{} {:?}", p.start, p.span));
        for (text, expected) in [
            ("202431", "2024-07-01 Month"),
            ("202443", "2024-12-01 Month"),
            ("202440", "2024-10-01 Quarter"),
            ("202462", "2024-01-01 Year"),
            ("1811", "2018-01-01 Month"),
            ("9820", "1998-04-01 Quarter"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["202444", "202451", "20241", "2024-1", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
