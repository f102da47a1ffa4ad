//! Alerts in time: how early the failing firms were flagged, how often a firm changes state.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::scoring::counting::{real, share};

/// Share of the failing firms flagged at a distance of their failure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lead {
    /// Months before the failure, from (included).
    pub from_months: u16,
    /// Months before the failure, to (excluded).
    pub to_months: u16,
    /// Firms that were seen at that distance and failed.
    pub firms: usize,
    /// Of them, those flagged at least once at that distance.
    pub flagged: usize,
    /// `flagged / firms`.
    pub share: f64,
}

/// Lead time over the classes of 0-11, 12-23 and 24-35 months. `months` is the distance to the
/// failure of each row (`None`: the firm did not fail), `flagged` whether the row is in alert.
pub fn lead_times(firms: &[u32], months: &[Option<u16>], flagged: &[bool]) -> Vec<Lead> {
    [(0, 12), (12, 24), (24, 36)]
        .into_iter()
        .map(|(from, to)| {
            let mut seen: BTreeMap<u32, bool> = BTreeMap::new();
            for ((firm, distance), flag) in firms.iter().zip(months).zip(flagged) {
                if distance.is_some_and(|distance| (from..to).contains(&distance)) {
                    *seen.entry(*firm).or_default() |= flag;
                }
            }
            let caught = seen.values().filter(|flag| **flag).count();
            Lead {
                from_months: from,
                to_months: to,
                firms: seen.len(),
                flagged: caught,
                share: share(real(caught), real(seen.len())),
            }
        })
        .collect()
}

/// How often firms change state.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Churn {
    /// Pairs of following periods of a firm.
    pub firm_years: usize,
    /// Changes of state among them.
    pub changes: usize,
    /// Changes for 1000 firm-years.
    pub per_thousand: f64,
    /// Changes undone at the very next period.
    pub flaps: usize,
}

/// Churn of the states of firms, each given in the order of time.
pub fn churn<S: PartialEq>(histories: &[Vec<S>]) -> Churn {
    let mut found = Churn {
        firm_years: 0,
        changes: 0,
        per_thousand: 0.0,
        flaps: 0,
    };
    for states in histories {
        found.firm_years += states.len().saturating_sub(1);
        found.changes += states.windows(2).filter(|pair| pair[0] != pair[1]).count();
        found.flaps += states
            .windows(3)
            .filter(|three| three[0] != three[1] && three[0] == three[2])
            .count();
    }
    found.per_thousand = 1000.0 * share(real(found.changes), real(found.firm_years));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firm_counts_once_at_each_distance() {
        let firms = [1, 1, 2, 2, 3];
        let months = [Some(3), Some(15), Some(6), Some(11), None];
        let flagged = [true, false, false, true, true];
        let found = lead_times(&firms, &months, &flagged);
        assert_eq!((found[0].firms, found[0].flagged), (2, 2));
        assert_eq!((found[1].firms, found[1].flagged), (1, 0));
        assert_eq!((found[2].firms, found[2].flagged), (0, 0));
    }

    /// Firm one: 0 1 0 0 (two changes, one flap); firm two: 1 1; firm three: alone.
    #[test]
    fn a_flap_is_a_change_undone_at_once() {
        let found = churn(&[vec![0, 1, 0, 0], vec![1, 1], vec![1]]);
        assert_eq!((found.firm_years, found.changes, found.flaps), (4, 2, 1));
        assert!((found.per_thousand - 500.0).abs() < 1e-9);
    }
}
