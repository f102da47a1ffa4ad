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

/// Numbers below a hundred that are one word, but for « vingt » after « quatre ».
const UNITS: [(&str, u32); 22] = [
    ("un", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("six", 6),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("treize", 13),
    ("quatorze", 14),
    ("quinze", 15),
    ("seize", 16),
    ("vingt", 20),
    ("vingts", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
];

/// Reads `3 juin 2025`, `1er  Février 2020` or `premier mars deux mille vingt-six`, whatever the
/// spaces between.
pub fn in_letters(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_month = |word: &&str| MONTHS.contains(&fold(word).as_str());
    let place = words.iter().position(is_month)?;
    let (day, month, year) = (&words[..place], fold(words[place]), &words[place + 1..]);
    let month = MONTHS.iter().position(|name| *name == month)?;
    let month = u32::try_from(month + 1).ok()?;
    NaiveDate::from_ymd_opt(year_of(year)?, month, day_of(day)?)
}

fn day_of(words: &[&str]) -> Option<u32> {
    let [word] = words else {
        return spelled(words);
    };
    let word = word.to_lowercase();
    match word.strip_suffix("er").unwrap_or(&word) {
        "premi" => Some(1),
        figures => figures.parse().ok().or_else(|| spelled(words)),
    }
}

fn year_of(words: &[&str]) -> Option<i32> {
    match words {
        [figures] if figures.len() == 4 && figures.bytes().all(|b| b.is_ascii_digit()) => {
            figures.parse().ok()
        }
        _ => spelled(words)
            .filter(|year| *year >= 1000)
            .and_then(|year| i32::try_from(year).ok()),
    }
}

/// A number in French words: « mil neuf cent quatre-vingt-dix-neuf ».
fn spelled(words: &[&str]) -> Option<u32> {
    let parts = words.iter().flat_map(|word| word.split(['-', '\u{2011}']));
    let (mut thousands, mut rest, mut is_empty) = (0, 0, true);
    for part in parts.map(fold) {
        match part.as_str() {
            "et" if !is_empty => continue,
            "mille" | "mil" if thousands == 0 && rest < 10 => {
                (thousands, rest) = (rest.max(1) * 1000, 0);
            }
            "cent" | "cents" if rest < 10 => rest = rest.max(1) * 100,
            "vingt" | "vingts" if rest % 100 == 4 => rest += 76,
            word => {
                let (_, value) = UNITS.iter().find(|(unit, _)| *unit == word)?;
                rest += fits(rest % 100, *value).then_some(*value)?;
            }
        }
        is_empty = false;
    }
    (!is_empty).then_some(thousands + rest)
}

/// Whether a word may follow what was said below a hundred: « soixante » takes « quinze », « trente »
/// takes « un » but not « onze ».
fn fits(said: u32, value: u32) -> bool {
    match value {
        1..=9 => {
            matches!(said, 0 | 20 | 30 | 40 | 50 | 60 | 80)
                || matches!(said, 10 | 70 | 90) && value > 6
        }
        10..=16 => matches!(said, 0 | 60 | 80),
        _ => said == 0,
    }
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
    fn dates_wholly_in_words_are_read() {
        for (text, day) in [
            ("premier mars deux mille vingt-six", "2026-03-01"),
            ("Vingt et un  JUIN deux mille dix-neuf", "2019-06-21"),
            ("trente-et-un décembre deux mille vingt", "2020-12-31"),
            (
                "dix-sept août mil neuf cent quatre-vingt-dix-neuf",
                "1999-08-17",
            ),
            ("trois mai mil neuf cent quatre-vingts", "1980-05-03"),
            ("seize avril mille neuf cent soixante et onze", "1971-04-16"),
            ("1er février deux mille vingt-cinq", "2025-02-01"),
            ("neuf octobre 2024", "2024-10-09"),
        ] {
            assert_eq!(
                date(text).map(|d| d.to_string()).as_deref(),
                Some(day),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_stays_unknown() {
        for text in [
            "30 février 2020",
            "1er fÃ©vrier 2020",
            "février 2020",
            "1 mars 20",
            "le 1er mars 2020",
            "deux trois mars deux mille vingt",
            "trente onze mars deux mille vingt",
            "trente et un février deux mille vingt",
            "premier mars vingt-six",
            "premier mars",
            "mars deux mille vingt",
            "",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
