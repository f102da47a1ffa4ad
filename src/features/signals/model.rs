//! Dates and headings of signals.

use chrono::{Months, NaiveDate};

use crate::scoring::flags::{FLAG_MONTHS, RedFlag};
use crate::scoring::retained::OVERRIDE_MONTHS;
use crate::web::filters::sentence_case;
use crate::web::forms::{Choice, ChoiceGroup};

/// Months that a signal may last.
const LONGEST: Months = Months::new(24);
/// Months after which what was seen belongs to the past.
const OLDEST: Months = Months::new(24);

/// Red flags under their headings, in the order of the form.
const GROUPS: [(&str, &[RedFlag]); 3] = [
    (
        "Activité",
        &[
            RedFlag::ClientLoss,
            RedFlag::FewerOrders,
            RedFlag::Supplier,
            RedFlag::Disaster,
        ],
    ),
    (
        "Finances",
        &[RedFlag::PaymentDelay, RedFlag::Bank, RedFlag::Dispute],
    ),
    (
        "Entreprise",
        &[
            RedFlag::ManagerLeaving,
            RedFlag::UnpreparedSuccession,
            RedFlag::Layoffs,
            RedFlag::Compliance,
            RedFlag::Pollution,
            RedFlag::Other,
        ],
    ),
];

/// The choices of the form.
pub fn choices() -> Vec<ChoiceGroup> {
    ChoiceGroup::ranked(GROUPS.map(|(legend, flags)| {
        let choice = |flag: &RedFlag| Choice::new(flag.code(), sentence_case(flag.label()));
        (legend, flags.iter().map(choice).collect())
    }))
}

/// The day on which a signal noted today ends, unless the person says otherwise.
pub fn usual_expiry(today: NaiveDate) -> NaiveDate {
    after(today, Months::new(FLAG_MONTHS))
}

/// The last day on which a signal noted today may end.
pub fn latest_expiry(today: NaiveDate) -> NaiveDate {
    after(today, LONGEST)
}

/// The oldest day on which what is noted today was seen.
pub fn oldest_observation(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(OLDEST).unwrap_or(NaiveDate::MIN)
}

/// The last day on which a view on the level signed today may end.
pub fn latest_view(today: NaiveDate) -> NaiveDate {
    after(today, Months::new(OVERRIDE_MONTHS))
}

fn after(day: NaiveDate, months: Months) -> NaiveDate {
    day.checked_add_months(months).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_stands_once_under_a_heading() {
        let mut shown: Vec<RedFlag> = GROUPS
            .iter()
            .flat_map(|(_, flags)| flags.iter().copied())
            .collect();
        shown.sort();
        let mut all = RedFlag::ALL.to_vec();
        all.sort();
        assert_eq!(shown, all);
        let last = choices().pop().expect("a group");
        assert_eq!(last.first + last.choices.len(), all.len());
    }

    #[test]
    fn a_view_never_lasts_longer_than_the_table_allows() {
        let mut day = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date");
        for _ in 0..1_500 {
            assert!((latest_view(day) - day).num_days() <= 184, "{day}");
            day = day.succ_opt().expect("a date");
        }
    }
}
