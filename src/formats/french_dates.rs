//! Dates in French letters, as clerks of court write them: « 1er janvier 2020 ».

use chrono::NaiveDate;

use super::header::fold;
use super::values;

const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// Reads `3 juin 2025` or `1er  Février 2020`, whatever the spaces between.
pub fn in_letters(text: &str) -> Option<NaiveDate> {
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || year.len() != 4 {
        return None;
    }
    let day = day.to_lowercase();
    let day = day.strip_suffix("er").unwrap_or(&day);
    let month = fold(month);
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = u32::try_from(month + 1).ok()?;
    NaiveDate::from_ymd_opt(year.parse().ok()?, month, day.parse().ok()?)
}

/// Reads a date in letters or in any of the forms of [`values::date`].
pub fn date(text: &str) -> Option<NaiveDate> {
    in_letters(text).or_else(|| values::date(text.trim(), false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_letters_are_read_whatever_their_spaces() {
        let read = |text| date(text).map(|d| d.to_string());
        for text in [
            "1er février 2020",
            "1er\u{a0}Fevrier\u{202f}2020",
            " 1  FÉVRIER 2020 ",
            "01/02/2020",
            "2020-02-01",
        ] {
            assert_eq!(read(text).as_deref(), Some("2020-02-01"), "{text}");
        }
        assert_eq!(read("31 décembre 1999").as_deref(), Some("1999-12-31"));
    }

    #[test]
    fn what_is_no_date_stays_unknown() {
        for text in [
            "30 février 2020",
            "1er fÃ©vrier 2020",
            "février 2020",
            "1 mars 20",
            "le 1er mars 2020",
            "",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
