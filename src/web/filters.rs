//! Numbers, dates and identifiers as French readers expect them. No template formats anything by hand.
//!
//! Every filter also takes an `Option`: a missing value reads « Non communiqué », never a blank or a zero.
//! Spaces: U+202F between thousands, U+00A0 before %, € and inside identifiers (Unicode CLDR, locale fr).

#![expect(
    missing_docs,
    clippy::inline_always,
    reason = "`filter_fn` turns each documented function into an undocumented struct and its inlined method"
)]

use std::fmt::Display;

use askama::{Result, Values, filter_fn};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Paris;

/// Narrow no-break space, between thousands.
const NNBSP: char = '\u{202f}';
/// No-break space, before %, € and inside identifiers.
const NBSP: char = '\u{a0}';
/// What stands for a value that nobody gave.
pub const UNKNOWN: &str = "Non communiqué";

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A value that may be missing, read as `T`.
pub trait Given<T> {
    /// The value, if somebody gave it.
    fn given(&self) -> Option<T>;
}

impl<T, G: Given<T> + ?Sized> Given<T> for &G {
    fn given(&self) -> Option<T> {
        (**self).given()
    }
}

macro_rules! given {
    ($($from:ty => $to:ty),* $(,)?) => {$(
        impl Given<$to> for $from {
            fn given(&self) -> Option<$to> {
                Some(<$to>::try_from(*self).unwrap_or(<$to>::MAX))
            }
        }
        impl Given<$to> for Option<$from> {
            fn given(&self) -> Option<$to> {
                self.as_ref().and_then(Given::given)
            }
        }
    )*};
}
given! { i16 => i64, i32 => i64, i64 => i64, u8 => i64, u16 => i64, u32 => i64, usize => i64 }

macro_rules! given_copy {
    ($($from:ty => $to:ty),* $(,)?) => {$(
        impl Given<$to> for $from {
            fn given(&self) -> Option<$to> {
                Some((*self).into())
            }
        }
        impl Given<$to> for Option<$from> {
            fn given(&self) -> Option<$to> {
                self.as_ref().and_then(Given::given)
            }
        }
    )*};
}
given_copy! { f32 => f64, f64 => f64, i32 => f64, NaiveDate => NaiveDate, DateTime<Utc> => DateTime<Utc> }

fn or_unknown<T>(value: &impl Given<T>, show: impl FnOnce(T) -> String) -> String {
    value.given().map_or_else(|| UNKNOWN.to_owned(), show)
}

/// Whole number: 12 500.
#[filter_fn]
pub fn nombre(value: impl Given<i64>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, group_thousands))
}

/// Number with one decimal at most: 12,5 and 12 (never 12,0).
#[filter_fn]
pub fn decimal(value: impl Given<f64>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, |number| show_decimal(number, 1)))
}

/// A ratio (0.125) as a percentage: 12,5 %.
#[filter_fn]
pub fn pourcent(ratio: impl Given<f64>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&ratio, show_percent))
}

/// A ratio (0.125) as a percentage of one decimal: « 12,5 % ». Something is never shown as nothing:
/// what rounds to zero is « moins de 0,1 % ».
pub fn show_percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    if percent > 0.0 && percent < 0.05 {
        return format!("moins de 0,1{NBSP}%");
    }
    format!("{}{NBSP}%", show_decimal(percent, 1))
}

/// Words as the start of a sentence: their first letter in upper case.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A sentence that goes on after a colon: its first letter in lower case.
#[filter_fn]
pub fn minuscule_initiale(text: &str, _: &dyn Values) -> Result<String> {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_lowercase);
    Ok(first.into_iter().flatten().chain(letters).collect())
}

/// Whole euros: 12 500 €.
#[filter_fn]
pub fn euros(value: impl Given<i64>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, |amount| {
        format!("{}{NBSP}€", group_thousands(amount))
    }))
}

/// Date in a sentence: 3 mars 2026, 1er mars 2026.
#[filter_fn]
pub fn date_longue(value: impl Given<NaiveDate>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, long_date))
}

/// Date in a table: 27/03/2026.
#[filter_fn]
pub fn date_courte(value: impl Given<NaiveDate>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, |date| {
        date.format("%d/%m/%Y").to_string()
    }))
}

/// Hour in France of an instant: 14 h 30.
#[filter_fn]
pub fn heure(value: impl Given<DateTime<Utc>>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, |instant| french_hour(&instant)))
}

/// Date and hour in France of an instant: 3 mars 2026 à 14 h 30.
#[filter_fn]
pub fn date_heure(value: impl Given<DateTime<Utc>>, _: &dyn Values) -> Result<String> {
    Ok(or_unknown(&value, long_instant))
}

/// Value of the `datetime` attribute of `<time>`, for a date. Not for the screen.
#[filter_fn]
pub fn date_machine(value: &NaiveDate, _: &dyn Values) -> Result<String> {
    Ok(value.format("%Y-%m-%d").to_string())
}

/// Value of the `datetime` attribute of `<time>`, for an instant. Not for the screen.
#[filter_fn]
pub fn instant_machine(value: &DateTime<Utc>, _: &dyn Values) -> Result<String> {
    Ok(value.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// Distance of an instant from `now`, past or future: il y a 3 jours, dans 2 heures, à l’instant.
#[filter_fn]
pub fn il_y_a(value: &DateTime<Utc>, _: &dyn Values, now: &DateTime<Utc>) -> Result<String> {
    Ok(distance(*now - *value))
}

/// Distance of a day from `today` in words: aujourd’hui, demain, en retard de 10 jours, dans 3 semaines.
#[filter_fn]
pub fn echeance_en_mots(value: &NaiveDate, _: &dyn Values, today: &NaiveDate) -> Result<String> {
    Ok(due_in_words((*value - *today).num_days()))
}

/// SIREN in groups: 812 345 678. Anything that is not nine digits is shown as it is.
#[filter_fn]
pub fn siren(value: impl Display, _: &dyn Values) -> Result<String> {
    Ok(grouped(&value.to_string(), &[3, 3, 3]))
}

/// SIRET in groups: 812 345 678 00012.
#[filter_fn]
pub fn siret(value: impl Display, _: &dyn Values) -> Result<String> {
    Ok(grouped(&value.to_string(), &[3, 3, 3, 5]))
}

/// French telephone number by pairs: 05 63 00 00 00.
#[filter_fn]
pub fn tel(value: impl Display, _: &dyn Values) -> Result<String> {
    let text = value.to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("33") {
        Some(rest) if rest.len() == 9 && text.trim_start().starts_with('+') => format!("0{rest}"),
        _ => digits,
    };
    let shown = grouped(&national, &[2, 2, 2, 2, 2]);
    Ok(if shown.contains(NBSP) { shown } else { text })
}

/// Count and noun that agree: `{{ n|pluriel("entreprise clé", "entreprises clés") }}`; plural from 2 (French usage).
#[filter_fn]
pub fn pluriel(count: impl Given<i64>, _: &dyn Values, one: &str, many: &str) -> Result<String> {
    Ok(or_unknown(&count, |count| {
        format!(
            "{}{NBSP}{}",
            group_thousands(count),
            agree(count, one, many)
        )
    }))
}

/// The value, or « Non communiqué » when it is missing or blank.
#[filter_fn]
pub fn ou_non_communique<T: Display>(value: &Option<T>, _: &dyn Values) -> Result<String> {
    let text = value
        .as_ref()
        .map(ToString::to_string)
        .filter(|text| !text.trim().is_empty());
    Ok(text.unwrap_or_else(|| UNKNOWN.to_owned()))
}

/// Singular below 2, plural from 2.
pub fn agree<'a>(count: i64, one: &'a str, many: &'a str) -> &'a str {
    if count.abs() < 2 { one } else { many }
}

/// 12500 gives 12 500, with a true minus sign when negative.
pub fn group_thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 8);
    if number < 0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(NNBSP);
        }
        text.push(digit);
    }
    text
}

/// A number with at most `places` decimals, without useless zeros. Not finite reads as missing.
pub fn show_decimal(number: f64, places: usize) -> String {
    if !number.is_finite() {
        return UNKNOWN.to_owned();
    }
    let rounded = format!("{:.places$}", number.abs());
    let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
    let fraction = fraction.trim_end_matches('0');
    let mut text = whole
        .parse()
        .map_or_else(|_| whole.to_owned(), group_thousands);
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    if number < 0.0 && text != "0" {
        format!("−{text}")
    } else {
        text
    }
}

/// 3 mars 2026; the first of the month is « 1er ».
pub fn long_date(date: NaiveDate) -> String {
    let month = MONTHS[date.month0() as usize];
    let rank = if date.day() == 1 { "er" } else { "" };
    format!("{}{rank}{NBSP}{month} {}", date.day(), date.year())
}

/// 3 mars 2026 à 14 h 30, in France.
pub fn long_instant(instant: DateTime<Utc>) -> String {
    let day = long_date(instant.with_timezone(&Paris).date_naive());
    format!("{day} à {}", french_hour(&instant))
}

/// Hour in France of an instant: 14 h 30.
pub fn french_hour(instant: &DateTime<Utc>) -> String {
    let local = instant.with_timezone(&Paris);
    format!("{}{NBSP}h{NBSP}{:02}", local.hour(), local.minute())
}

fn distance(elapsed: TimeDelta) -> String {
    let seconds = elapsed.num_seconds();
    let (count, one, many) = match seconds.unsigned_abs() {
        0..60 => return "à l’instant".to_owned(),
        s @ 60..3_600 => (s / 60, "minute", "minutes"),
        s @ 3_600..86_400 => (s / 3_600, "heure", "heures"),
        s @ 86_400..5_184_000 => (s / 86_400, "jour", "jours"),
        s @ 5_184_000..63_072_000 => (s / 2_629_800, "mois", "mois"),
        s => (s / 31_557_600, "an", "ans"),
    };
    let noun = if count < 2 { one } else { many };
    let lead = if seconds < 0 { "dans" } else { "il y a" };
    format!("{lead} {count}{NBSP}{noun}")
}

/// Days from today to a due date, in words; negative means late.
pub fn due_in_words(days: i64) -> String {
    match days {
        ..=-1 => format!(
            "en retard de {}{NBSP}{}",
            -days,
            agree(days, "jour", "jours")
        ),
        0 => "aujourd’hui".to_owned(),
        1 => "demain".to_owned(),
        2..=20 => format!("dans {days}{NBSP}jours"),
        21..=62 => format!("dans {}{NBSP}semaines", days / 7),
        _ => format!("dans {}{NBSP}mois", days * 10 / 304),
    }
}

/// Cuts digits into groups when their number is exactly right, else gives the text back unchanged.
fn grouped(text: &str, groups: &[usize]) -> String {
    if text.len() != groups.iter().sum::<usize>() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut rest = text;
    let mut parts = Vec::with_capacity(groups.len());
    for &length in groups {
        let (part, tail) = rest.split_at(length);
        parts.push(part);
        rest = tail;
    }
    parts.join(&NBSP.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::filters;
    use askama::{NO_VALUES, Template};

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a date")
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn thousands_are_narrow_and_minus_is_a_minus() {
        assert_eq!(group_thousands(12_500), "12\u{202f}500");
        assert_eq!(group_thousands(-1_234_567), "−1\u{202f}234\u{202f}567");
        assert_eq!(group_thousands(999), "999");
        assert_eq!(
            group_thousands(i64::MIN)
                .chars()
                .filter(char::is_ascii_digit)
                .count(),
            19
        );
    }

    #[test]
    fn decimals_take_a_comma_and_drop_useless_zeros() {
        assert_eq!(show_decimal(12.5, 1), "12,5");
        assert_eq!(show_decimal(12.04, 1), "12");
        assert_eq!(show_decimal(-0.04, 1), "0");
        assert_eq!(show_decimal(1234.56, 1), "1\u{202f}234,6");
        assert_eq!(show_decimal(f64::NAN, 1), UNKNOWN);
    }

    #[test]
    fn a_share_has_one_decimal_and_a_small_one_is_not_zero() {
        assert_eq!(show_percent(0.02504), "2,5\u{a0}%");
        assert_eq!(show_percent(0.0004), "moins de 0,1\u{a0}%");
        assert_eq!(show_percent(0.0), "0\u{a0}%");
    }

    #[test]
    fn the_first_day_of_a_month_is_premier() {
        assert_eq!(long_date(day(2026, 3, 1)), "1er\u{a0}mars 2026");
        assert_eq!(long_date(day(2026, 8, 3)), "3\u{a0}août 2026");
    }

    #[test]
    fn hours_are_those_of_france_in_winter_and_in_summer() {
        assert_eq!(
            french_hour(&instant("2026-01-15T13:05:00Z")),
            "14\u{a0}h\u{a0}05"
        );
        assert_eq!(
            french_hour(&instant("2026-07-15T13:05:00Z")),
            "15\u{a0}h\u{a0}05"
        );
    }

    #[test]
    fn distances_agree_in_number_and_know_the_future() {
        let now = instant("2026-03-27T12:00:00Z");
        let ago = |text| distance(now - instant(text));
        assert_eq!(ago("2026-03-27T11:59:30Z"), "à l’instant");
        assert_eq!(ago("2026-03-27T11:00:00Z"), "il y a 1\u{a0}heure");
        assert_eq!(ago("2026-03-24T12:00:00Z"), "il y a 3\u{a0}jours");
        assert_eq!(ago("2024-01-27T12:00:00Z"), "il y a 2\u{a0}ans");
        assert_eq!(ago("2026-03-27T14:00:00Z"), "dans 2\u{a0}heures");
    }

    #[test]
    fn due_dates_are_said_in_words() {
        assert_eq!(due_in_words(-1), "en retard de 1\u{a0}jour");
        assert_eq!(due_in_words(-10), "en retard de 10\u{a0}jours");
        assert_eq!(due_in_words(0), "aujourd’hui");
        assert_eq!(due_in_words(1), "demain");
        assert_eq!(due_in_words(30), "dans 4\u{a0}semaines");
        assert_eq!(due_in_words(91), "dans 2\u{a0}mois");
    }

    #[test]
    fn identifiers_are_grouped_only_when_they_are_whole() {
        assert_eq!(grouped("812345678", &[3, 3, 3]), "812\u{a0}345\u{a0}678");
        assert_eq!(grouped("81234567", &[3, 3, 3]), "81234567");
        assert_eq!(grouped("81234567é", &[3, 3, 3]), "81234567é");
    }

    /// Filters through a template, with values and with missing ones.
    #[derive(Template)]
    #[template(
        source = "{{ n|nombre }} {{ missing|nombre }} {{ ratio|pourcent }} {{ n|euros }} {{ one|pluriel(\"clé\", \"clés\") }} \
                  {{ date|date_courte }} {{ no_date|date_longue }} {{ phone|tel }} {{ text|ou_non_communique }} {{ siret|siret }} \
                  {{ at|date_heure }} {{ at|il_y_a(now) }} {{ date|echeance_en_mots(today) }} {{ date|date_machine }} {{ at|instant_machine }} {{ at|heure }}",
        ext = "txt"
    )]
    struct Every<'a> {
        n: i32,
        missing: Option<i64>,
        ratio: f64,
        one: usize,
        date: NaiveDate,
        no_date: Option<NaiveDate>,
        phone: &'a str,
        text: Option<String>,
        siret: String,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
        today: NaiveDate,
    }

    #[test]
    fn filters_show_values_and_name_what_is_missing() {
        let page = Every {
            n: 12_500,
            missing: None,
            ratio: 0.125,
            one: 1,
            date: day(2026, 3, 27),
            no_date: None,
            phone: "+33563000000",
            text: Some("  ".to_owned()),
            siret: "81234567800012".to_owned(),
            at: instant("2026-03-01T13:30:00Z"),
            now: instant("2026-03-02T13:30:00Z"),
            today: day(2026, 3, 28),
        };
        let text = page.render_with_values(NO_VALUES).expect("renders");
        let plain = text.replace(['\u{a0}', '\u{202f}'], "_");
        assert_eq!(
            plain,
            "12_500 Non communiqué 12,5_% 12_500_€ 1_clé 27/03/2026 Non communiqué 05_63_00_00_00 Non communiqué \
             812_345_678_00012 1er_mars 2026 à 14_h_30 il y a 1_jour en retard de 1_jour 2026-03-27 \
             2026-03-01T13:30:00Z 14_h_30"
        );
    }

    #[test]
    fn a_foreign_or_odd_telephone_is_left_alone() {
        let show = |text: &str| tel::default().execute(text, NO_VALUES).expect("shows");
        assert_eq!(show("+44 20 7946 0000"), "+44 20 7946 0000");
        assert_eq!(show("05.63.00.00.00"), "05\u{a0}63\u{a0}00\u{a0}00\u{a0}00");
    }

    /// Text of a template: what is neither a tag nor askama code, each replaced by a bar.
    fn visible(source: &str) -> String {
        let mut text = String::new();
        let mut rest = source;
        while let Some(at) = rest.find(['<', '{']) {
            text.push_str(&rest[..at]);
            text.push('|');
            let end = match rest.as_bytes()[at..] {
                [b'{', b'#', ..] => rest[at..].find("#}").map(|n| n + 2),
                [b'{', b'%', ..] => rest[at..].find("%}").map(|n| n + 2),
                [b'{', b'{', ..] => rest[at..].find("}}").map(|n| n + 2),
                [b'<', ..] => tag_end(&rest[at..]),
                _ => Some(1),
            };
            rest = &rest[at + end.unwrap_or(rest.len() - at)..];
        }
        text + rest
    }

    /// End of a tag, past any `>` that an askama expression inside it may hold.
    fn tag_end(tag: &str) -> Option<usize> {
        let mut depth = 0_i32;
        for (at, byte) in tag.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                b'>' if depth == 0 => return Some(at + 1),
                _ => {}
            }
        }
        None
    }

    fn templates(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
        {
            let path = entry.path();
            if path.is_dir() {
                templates(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    #[test]
    fn templates_follow_french_typography() {
        let mut files = Vec::new();
        templates(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"),
            &mut files,
        );
        assert!(files.len() > 5);
        for file in files {
            let source = std::fs::read_to_string(&file).expect("a template");
            let text = visible(&source);
            for wrong in [" ;", " !", " ?", " :", "« ", " »", "n° ", " %", " €"] {
                let near = text
                    .find(wrong)
                    .map(|at| text[..at].chars().rev().take(30).collect::<String>());
                assert_eq!(
                    near,
                    None,
                    "{}: plain space in «{wrong}» (text before it, reversed)",
                    file.display()
                );
            }
            let letters: Vec<char> = text.chars().collect();
            let straight = letters
                .windows(3)
                .any(|w| w[1] == '\'' && w[0].is_alphabetic() && w[2].is_alphabetic());
            assert!(!straight, "{}: straight apostrophe", file.display());
        }
    }
}
