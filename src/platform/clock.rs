//! The only door to the time of day: passed in, so that tests choose it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Europe::Paris;

/// A source of time; cheap to clone, clones of a fixed clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`].
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// The present instant.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the machine's clock"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            Source::System => Utc::now(),
            Source::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Today's date for people in mainland France.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&Paris).date_naive()
    }

    /// Moves a fixed clock; does nothing to the machine's clock.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    #[test]
    fn today_is_the_date_in_paris_in_winter_and_summer() {
        let winter = Clock::fixed(at("2026-01-31T23:00:00Z"));
        assert_eq!(winter.today().to_string(), "2026-02-01");
        let summer = Clock::fixed(at("2026-06-30T21:59:59Z"));
        assert_eq!(summer.today().to_string(), "2026-06-30");
        summer.advance(Duration::seconds(1));
        assert_eq!(summer.today().to_string(), "2026-07-01");
    }

    #[test]
    fn clones_of_a_fixed_clock_move_together() {
        let clock = Clock::fixed(at("2026-03-29T00:59:58Z"));
        clock.clone().advance(Duration::hours(1));
        assert_eq!(clock.now(), at("2026-03-29T01:59:58Z"));
    }
}
