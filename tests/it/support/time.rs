//! Fixed instants.

use chrono::{DateTime, Utc};
use vigie::platform::clock::Clock;

/// A clock that stands still at this instant (RFC 3339).
pub fn clock_at(text: &str) -> Clock {
    Clock::fixed(text.parse::<DateTime<Utc>>().expect("an instant"))
}
