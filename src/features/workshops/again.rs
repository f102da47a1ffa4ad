//! The next workshop of a group, its day and its title; and how a title is told with its day. Pure.

use chrono::{Days, NaiveDate};

use crate::web::filters::long_date;

/// From one workshop to the next, in weeks: the same day of the week, three months later.
const WEEKS: u64 = 13;

/// The day that is proposed: the first one to come, week after week, once three months have passed.
pub fn next_day(held_on: NaiveDate, today: NaiveDate) -> NaiveDate {
    let mut day = held_on + Days::new(7 * WEEKS);
    while day <= today {
        day = day + Days::new(7);
    }
    day
}

/// The title with another date: in the place of the old one, or at its end.
pub fn title(title: &str, old: NaiveDate, new: NaiveDate) -> String {
    let (plain, old, new) = (plain(title), plain(&long_date(old)), plain(&long_date(new)));
    if plain.contains(&old) {
        plain.replace(&old, &new)
    } else {
        format!("{plain}, {new}")
    }
}

/// A title and a moment that begins with its day, which is said once.
pub fn dated(title: &str, when: &str) -> String {
    let (day, hour) = when.split_at(when.find(" à ").unwrap_or(0));
    if !day.is_empty() && plain(title).ends_with(&plain(day)) {
        format!("{title}{hour}")
    } else {
        format!("{title}, {when}")
    }
}

/// Whether two titles differ by their spaces at most.
pub fn is_same(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_next_day_is_the_same_of_the_week_and_to_come() {
        let held_on = day("2026-12-03");
        assert_eq!(next_day(held_on, day("2026-12-10")), day("2027-03-04"));
        assert_eq!(next_day(held_on, day("2027-03-04")), day("2027-03-11"));
        assert_eq!(next_day(held_on, day("2028-06-01")), day("2028-06-08"));
    }

    #[test]
    fn a_title_carries_one_date_however_often_it_is_taken_again() {
        let (first, second) = (day("2026-12-03"), day("2027-03-04"));
        let once = title("Atelier de la vallée", first, second);
        assert_eq!(once, "Atelier de la vallée, 4 mars 2027");
        assert_eq!(
            title(&once, second, day("2027-06-01")),
            "Atelier de la vallée, 1er juin 2027"
        );
        assert_eq!(
            title("Atelier du 3\u{a0}décembre 2026, Albi", first, second),
            "Atelier du 4 mars 2027, Albi"
        );
        let when = "4\u{a0}mars 2027 à 14\u{a0}h\u{a0}30, Albi";
        assert_eq!(
            dated("Atelier, 4 mars 2027", when),
            "Atelier, 4 mars 2027 à 14\u{a0}h\u{a0}30, Albi"
        );
        assert_eq!(dated("Atelier", when), format!("Atelier, {when}"));
        assert!(is_same("Le 3\u{a0}mars", "Le 3 mars") && !is_same("Le 3 mars", "Le 4 mars"));
    }
}
