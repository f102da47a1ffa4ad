//! Values as people and programs write them: dates, counts, numbers that lost their zeros.

use chrono::{Datelike, NaiveDate};

use super::rejection::Cause;
use crate::domain::{IdentifierError, InseeCode, Siren, Siret};

/// Zeros that may have been lost at the front of a number: more would make any number valid.
const LOST_ZEROS: usize = 4;

/// No company is older (the oldest French company that still trades was founded in 1665).
const OLDEST_YEAR: i32 = 1600;

/// The mark that Insee puts in place of a value that may not be shown.
pub const NOT_DISCLOSED: &[u8] = b"[ND]";

/// What is wrong with a SIREN or a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Digits were lost when a spreadsheet showed it as `8,12346E+13`.
    Rounded,
    /// It breaks the rules of the identifier.
    Invalid(IdentifierError),
}

/// Reads a SIREN, giving back the zeros that a spreadsheet took away.
pub fn siren(text: &str) -> Result<Siren, NumberFault> {
    Siren::parse(&restored(text, 9)?).map_err(NumberFault::Invalid)
}

/// Reads a SIRET, giving back the zeros that a spreadsheet took away.
pub fn siret(text: &str) -> Result<Siret, NumberFault> {
    Siret::parse(&restored(text, 14)?).map_err(NumberFault::Invalid)
}

/// Reads the code of a commune; `1004` is `01004`.
pub fn insee_code(text: &str) -> Result<InseeCode, IdentifierError> {
    let text = text.trim();
    let lost = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if lost {
        InseeCode::parse(&format!("0{text}"))
    } else {
        InseeCode::parse(text)
    }
}

fn restored(text: &str, length: usize) -> Result<String, NumberFault> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let digits = match compact.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => match expanded(mantissa, exponent) {
            Expanded::Digits(digits) => digits,
            Expanded::Rounded => return Err(NumberFault::Rounded),
            Expanded::NotANumber => compact,
        },
        None => compact
            .strip_suffix(".0")
            .map_or(compact.clone(), str::to_owned),
    };
    let lost = length.saturating_sub(digits.len());
    let numeric = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if numeric && (1..=LOST_ZEROS).contains(&lost) {
        return Ok(format!("{digits:0>length$}"));
    }
    Ok(digits)
}

enum Expanded {
    Digits(String),
    Rounded,
    NotANumber,
}

/// `8.12345678E8` → `812345678`. With fewer digits than the exponent says, some are lost: a SIRET
/// may end with a few zeros of its own, no more.
fn expanded(mantissa: &str, exponent: &str) -> Expanded {
    const OWN_ZEROS: usize = 3;
    let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let Ok(exponent) = exponent.trim_start_matches('+').parse::<usize>() else {
        return Expanded::NotANumber;
    };
    if whole.len() != 1 || !numeric(whole) || !numeric(decimals) || exponent > 14 {
        return Expanded::NotANumber;
    }
    if decimals.len() > exponent || decimals.len() + OWN_ZEROS < exponent {
        return Expanded::Rounded;
    }
    Expanded::Digits(format!("{whole}{decimals:0<exponent$}"))
}

/// Reads a date: `2024-03-31`, the same with a time, `31/03/2024`, `31-03-2024`, `20240331`, or
/// in a workbook a number of days since 1900.
pub fn date(text: &str, is_workbook: bool) -> Option<NaiveDate> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    if is_workbook && day.len() == 5 && day.bytes().all(|b| b.is_ascii_digit()) {
        return serial(day.parse().ok()?);
    }
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return ymd(&day[..4], &day[4..6], &day[6..]);
    }
    let mut parts = day.split(['-', '/', '.']);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if a.len() == 4 {
        ymd(a, b, c)
    } else {
        (c.len() == 4).then(|| ymd(c, b, a))?
    }
}

/// Excel counts days from 1900 and believes in 29 February 1900, hence the base.
fn serial(days: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(u64::from(days)))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !(numeric(year) && numeric(month) && numeric(day)) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Reads a date that has already happened: later than `as_of` or before 1600 is implausible.
pub fn past_date(text: &str, as_of: NaiveDate, is_workbook: bool) -> Result<NaiveDate, Cause> {
    let date = date(text, is_workbook).ok_or(Cause::DateFormat)?;
    if date.year() < OLDEST_YEAR || date > as_of {
        return Err(Cause::DateImplausible);
    }
    Ok(date)
}

/// Reads a count of people: `1 204`, `54`, `54.0`, `54,00`. Never negative, never a fraction.
pub fn count(text: &str) -> Result<i32, Cause> {
    const MOST: i64 = 1_000_000;
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{202f}')
        .collect();
    let (sign, digits) = match compact.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, compact.as_str()),
    };
    let whole = match digits.split_once(['.', ',']) {
        Some((whole, decimals)) if !decimals.is_empty() && decimals.bytes().all(|b| b == b'0') => {
            whole
        }
        Some(_) => return Err(Cause::NumberFormat),
        None => digits,
    };
    if whole.is_empty() || !whole.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Cause::NumberFormat);
    }
    let value = sign * whole.parse::<i64>().map_err(|_| Cause::NumberTooLarge)?;
    match value {
        ..0 => Err(Cause::NumberNegative),
        0..=MOST => i32::try_from(value).map_err(|_| Cause::NumberTooLarge),
        _ => Err(Cause::NumberTooLarge),
    }
}

/// Reads an amount as whole hundredths: `1 204,5` is 120450, `-12.345` is -1235 (rounded, halves
/// away from zero). Spaces between thousands are left out; at most 15 digits before the point.
pub fn hundredths(text: &str) -> Result<i64, Cause> {
    const MOST_DIGITS: usize = 15;
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, digits) = match compact.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, compact.strip_prefix('+').unwrap_or(&compact)),
    };
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let numeric = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !(numeric(whole) && numeric(decimals)) {
        return Err(Cause::NumberFormat);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > MOST_DIGITS {
        return Err(Cause::NumberTooLarge);
    }
    let thousandths = format!("{whole}{decimals:0<3}");
    let kept = whole.len() + 3;
    let value: i64 = thousandths[..kept]
        .parse()
        .map_err(|_| Cause::NumberTooLarge)?;
    Ok(sign * ((value + 5) / 10))
}

/// A NAF code with its point: `2562B` → `25.62B`. Text that is no such code comes back as it is.
pub fn naf(text: &str) -> String {
    let upper = text.trim().to_uppercase();
    let bytes = upper.as_bytes();
    let bare = bytes.len() == 5
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4].is_ascii_uppercase();
    if bare {
        format!("{}.{}", &upper[..2], &upper[2..])
    } else {
        upper
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn lost_zeros_come_back() {
        assert_eq!(siren("81018").unwrap().as_str(), "000081018");
        assert_eq!(siren("81018.0").unwrap().as_str(), "000081018");
        assert_eq!(siret("8101800012").unwrap().as_str(), "00008101800012");
        assert_eq!(siren("7.22034592E8").unwrap().as_str(), "722034592");
        assert_eq!(siret("7,22034592E+08"), siret("722034592"));
        assert_eq!(insee_code("1004").unwrap().as_str(), "01004");
    }

    #[test]
    fn a_rounded_number_is_never_guessed() {
        assert_eq!(siret("7.22035E+13"), Err(NumberFault::Rounded));
        assert!(
            matches!(siren("1018"), Err(NumberFault::Invalid(_))),
            "five zeros are too many"
        );
        assert!(matches!(siren("8E"), Err(NumberFault::Invalid(_))));
    }

    #[test]
    fn dates_are_read_as_written_in_france() {
        for text in [
            "2024-03-31",
            "31/03/2024",
            "20240331",
            "2024-03-31T10:12:33.000",
            "31-03-2024",
        ] {
            assert_eq!(date(text, false), Some(day(2024, 3, 31)), "{text}");
        }
        assert_eq!(date("45382", true), Some(day(2024, 3, 31)));
        assert_eq!(date("45382", false), None);
        for text in [
            "31/31/2024",
            "2024-02-30",
            "hier",
            "",
            "31/03/24",
            "+024-03-31",
        ] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }

    #[test]
    fn absurd_dates_are_named_as_such() {
        let as_of = day(2026, 1, 1);
        assert_eq!(
            past_date("0008-01-01", as_of, false),
            Err(Cause::DateImplausible)
        );
        assert_eq!(
            past_date("2026-01-02", as_of, false),
            Err(Cause::DateImplausible)
        );
        assert_eq!(past_date("1665-10-01", as_of, false), Ok(day(1665, 10, 1)));
    }

    #[test]
    fn counts_accept_thousands_and_refuse_the_rest() {
        assert_eq!(count("1 204"), Ok(1204));
        assert_eq!(count("1\u{202f}204,00"), Ok(1204));
        assert_eq!(count("-3"), Err(Cause::NumberNegative));
        assert_eq!(count("2,5"), Err(Cause::NumberFormat));
        assert_eq!(count("12 salariés"), Err(Cause::NumberFormat));
        assert_eq!(count("99999999999999999999"), Err(Cause::NumberTooLarge));
    }

    #[test]
    fn amounts_become_whole_hundredths() {
        assert_eq!(hundredths("52310.00"), Ok(5_231_000));
        assert_eq!(hundredths("50870,5"), Ok(5_087_050));
        assert_eq!(hundredths("-1 204\u{202f}000,125"), Ok(-120_400_013));
        assert_eq!(hundredths("000000000007622"), Ok(762_200));
        assert_eq!(hundredths("-000"), Ok(0));
        for text in ["", "-", "12e3", "1.2.3", "NaN", ".5", "12."] {
            assert_eq!(hundredths(text), Err(Cause::NumberFormat), "{text}");
        }
        assert_eq!(hundredths("9999999999999999"), Err(Cause::NumberTooLarge));
    }

    #[test]
    fn naf_codes_get_their_point() {
        assert_eq!(naf("2562b"), "25.62B");
        assert_eq!(naf("17.2A"), "17.2A");
    }
}
