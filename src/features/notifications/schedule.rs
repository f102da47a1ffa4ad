//! When digests leave: at nine in Paris, whatever the season. Pure.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Europe::Paris;

/// The day of those who chose none.
pub const DEFAULT_DAY: Weekday = Weekday::Tue;

/// A moment at which digests leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its day in France.
    pub day: NaiveDate,
    /// The moment.
    pub at: DateTime<Utc>,
}

impl Slot {
    fn of(day: NaiveDate) -> Self {
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        // The hour changes at night: nine in the morning is there once, every day.
        let at = day
            .and_time(nine)
            .and_local_timezone(Paris)
            .earliest()
            .map_or_else(|| day.and_time(nine).and_utc(), |at| at.with_timezone(&Utc));
        Self { day, at }
    }

    /// The week that its digest tells: one a week, even for who changes day.
    pub fn key(self) -> String {
        let week = self.day.iso_week();
        format!("digest:{}-W{:02}", week.year(), week.week())
    }

    /// ISO number of its day of the week.
    pub fn weekday(self) -> i16 {
        i16::try_from(self.day.weekday().number_from_monday()).unwrap_or_default()
    }
}

/// The last moment at which digests left: today's, or yesterday's before nine. A node that was away at
/// that moment catches up within a day.
pub fn latest(now: DateTime<Utc>) -> Slot {
    let today = Slot::of(now.with_timezone(&Paris).date_naive());
    if today.at <= now {
        today
    } else {
        Slot::of(
            today
                .day
                .checked_sub_days(Days::new(1))
                .unwrap_or(today.day),
        )
    }
}

/// The next digest of someone who chose this day.
pub fn next(now: DateTime<Utc>, weekday: Weekday) -> Slot {
    let last = latest(now).day;
    last.iter_days()
        .skip(1)
        .take(7)
        .find(|day| day.weekday() == weekday)
        .map_or_else(|| Slot::of(last), Slot::of)
}

/// Which question about an action due on that day belongs to this one: a week before, the day itself, then
/// each month.
pub fn question(due_on: NaiveDate, day: NaiveDate) -> Option<String> {
    if due_on.checked_sub_days(Days::new(7)) == Some(day) {
        return Some("avant".to_owned());
    }
    let months = (day.year() - due_on.year()) * 12 + day.month().cast_signed()
        - due_on.month().cast_signed();
    let months = u32::try_from(months).ok()?;
    // The 31st becomes the last day of a shorter month.
    (due_on.checked_add_months(Months::new(months)) == Some(day)).then(|| format!("m{months}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn nine_in_paris_is_eight_or_seven_in_universal_time() {
        // Clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October 2026.
        for (now, expected) in [
            ("2026-03-23T12:00:00Z", "2026-03-24T08:00:00Z"),
            ("2026-03-24T08:00:00Z", "2026-03-31T07:00:00Z"),
            ("2026-03-29T00:59:59Z", "2026-03-31T07:00:00Z"),
            ("2026-03-29T01:00:00Z", "2026-03-31T07:00:00Z"),
            ("2026-10-20T07:00:00Z", "2026-10-27T08:00:00Z"),
            ("2026-10-25T00:30:00Z", "2026-10-27T08:00:00Z"),
            ("2026-10-25T01:30:00Z", "2026-10-27T08:00:00Z"),
        ] {
            let slot = next(at(now), Weekday::Tue);
            assert_eq!(slot.at, at(expected), "after {now}");
            assert_eq!(slot.day.weekday(), Weekday::Tue);
        }
    }

    #[test]
    fn the_days_of_both_changes_have_one_moment_each() {
        for (now, expected) in [
            ("2026-03-29T06:59:59Z", "2026-03-28T08:00:00Z"),
            ("2026-03-29T07:00:00Z", "2026-03-29T07:00:00Z"),
            ("2026-10-25T07:59:59Z", "2026-10-24T07:00:00Z"),
            ("2026-10-25T08:00:00Z", "2026-10-25T08:00:00Z"),
        ] {
            assert_eq!(latest(at(now)).at, at(expected), "at {now}");
        }
    }

    #[test]
    fn an_action_is_asked_about_a_week_before_that_day_and_each_month() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let asked = |on: &str| question(day("2026-12-31"), day(on));
        assert_eq!(asked("2026-12-24").as_deref(), Some("avant"));
        assert_eq!(asked("2026-12-31").as_deref(), Some("m0"));
        assert_eq!(asked("2027-02-28").as_deref(), Some("m2"));
        assert_eq!(asked("2027-12-31").as_deref(), Some("m12"));
        for none in ["2026-11-30", "2026-12-25", "2027-01-01", "2027-03-01"] {
            assert_eq!(asked(none), None, "{none}");
        }
    }

    #[test]
    fn a_digest_is_of_its_week_whatever_the_day() {
        assert_eq!(latest(at("2026-11-24T09:00:00Z")).key(), "digest:2026-W48");
        assert_eq!(latest(at("2026-11-27T09:00:00Z")).key(), "digest:2026-W48");
        assert_eq!(latest(at("2027-01-01T09:00:00Z")).key(), "digest:2026-W53");
        assert_eq!(latest(at("2026-11-24T09:00:00Z")).weekday(), 2);
    }
}
