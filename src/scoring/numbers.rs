//! Numbers as French readers write them: decimal comma, U+202F between thousands, U+00A0 before %, €
//! and units, U+2212 for minus (Unicode CLDR, locale fr).

use chrono::{Datelike, NaiveDate};

/// Narrow no-break space, between thousands.
const THOUSANDS: char = '\u{202f}';

/// A number with at most that many decimals, without useless zeros: 1 234,5.
pub fn decimal(number: f64, decimals: usize) -> String {
    let written = format!("{:.decimals$}", number.abs());
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let fraction = fraction.trim_end_matches('0');
    let zero = fraction.is_empty() && whole == "0";
    let sign = if number < 0.0 && !zero { "−" } else { "" };
    let comma = if fraction.is_empty() { "" } else { "," };
    format!("{sign}{}{comma}{fraction}", grouped(whole))
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(THOUSANDS);
        }
        out.push(digit);
    }
    out
}

/// A ratio as a percentage: 0.125 is 12,5 %. One decimal below ten, where it counts, none above.
pub fn percent(ratio: f64) -> String {
    percent_apart(ratio, &[])
}

/// Decimals beyond which two numbers may read the same.
const MOST_DECIMALS: usize = 6;

/// A number with as many decimals as it takes not to read as a bound that it is not. `usual` gives the
/// decimals that a number has by itself.
fn apart(
    number: f64,
    bounds: &[f64],
    usual: impl Fn(f64) -> usize,
    write: impl Fn(f64, usize) -> String,
) -> String {
    let mut decimals = usual(number);
    loop {
        let text = write(number, decimals);
        let is_mistaken = bounds
            .iter()
            .filter(|bound| bound.total_cmp(&number).is_ne())
            .any(|bound| {
                [usual(*bound), decimals]
                    .map(|d| write(*bound, d))
                    .contains(&text)
            });
        if !is_mistaken || decimals >= MOST_DECIMALS {
            return text;
        }
        decimals += 1;
    }
}

/// A ratio as a percentage that never reads as a bound that it is not: 0.0498 is 4,98 % where 0.05 is one.
pub fn percent_apart(ratio: f64, bounds: &[f64]) -> String {
    let usual = |ratio: f64| usize::from((ratio * 100.0).abs() < 9.95);
    let write = |ratio: f64, decimals| format!("{}\u{a0}%", decimal(ratio * 100.0, decimals));
    apart(ratio, bounds, usual, write)
}

/// A number of times, in the same way: 1,5 and, where 1.3 is a bound, 1,28.
pub fn times_apart(number: f64, bounds: &[f64]) -> String {
    apart(number, bounds, |_| 1, decimal)
}

/// A number of days, in the same way.
pub fn days_apart(number: f64, bounds: &[f64]) -> String {
    let write = |number: f64, decimals| {
        let plural = if number.abs() < 1.5 { "" } else { "s" };
        format!("{}\u{a0}jour{plural}", decimal(number, decimals))
    };
    apart(number, bounds, |_| 0, write)
}

/// Whole euros.
pub fn euros(amount: f64) -> String {
    format!("{}\u{a0}€", decimal(amount, 0))
}

/// Whole days.
pub fn days(number: f64) -> String {
    days_apart(number, &[])
}

/// A change in points, its sign always written.
pub fn signed(points: i32) -> String {
    let sign = if points > 0 { "+" } else { "" };
    format!("{sign}{}", decimal(f64::from(points), 0))
}

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

/// The month of a day: juillet.
pub fn month(day: NaiveDate) -> &'static str {
    MONTHS[day.month0() as usize]
}

/// A day in a sentence: 31 décembre 2024, 1er mars 2025.
pub fn long_date(day: NaiveDate) -> String {
    let first = if day.day() == 1 { "er" } else { "" };
    format!("{}{first} {} {}", day.day(), month(day), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_french_typography() {
        assert_eq!(decimal(1_234_567.26, 1), "1\u{202f}234\u{202f}567,3");
        assert_eq!(decimal(-1_000.0, 2), "−1\u{202f}000");
        assert_eq!(decimal(-0.001, 2), "0");
        assert_eq!(percent(0.126), "13\u{a0}%");
        assert_eq!(percent(0.075), "7,5\u{a0}%");
        assert_eq!(percent(-0.12), "−12\u{a0}%");
        assert_eq!(percent_apart(0.0498, &[0.05]), "4,98\u{a0}%");
        assert_eq!(percent_apart(0.05, &[0.05]), "5\u{a0}%");
        assert_eq!(times_apart(1.28, &[1.0, 1.3]), "1,28");
        assert_eq!(days_apart(364.6, &[365.0]), "364,6\u{a0}jours");
        assert_eq!(euros(12_500.0), "12\u{202f}500\u{a0}€");
        assert_eq!(days(1.0), "1\u{a0}jour");
        assert_eq!(days(180.4), "180\u{a0}jours");
        assert_eq!(signed(14), "+14");
        assert_eq!(signed(-6), "−6");
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(long_date(day("2025-03-01")), "1er mars 2025");
        assert_eq!(long_date(day("2024-12-31")), "31 décembre 2024");
    }
}
