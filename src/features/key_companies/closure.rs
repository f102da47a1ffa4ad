//! « Si elle fermait », or lost a part of its jobs: what a territory would lose. Says what is measured
//! and what is assumed.

use super::criteria::Criterion;
use super::model::{Jobs, JobsBasis, Line, Score, Worth, share};
use crate::web::filters::{UNKNOWN, group_thousands};

/// Indirect and induced jobs lost for ten direct ones, at least and at most. A working assumption,
/// not a measure: no register tells it for one company, so it is always shown as a range.
pub const INDIRECT_PER_TEN: (u32, u32) = (3, 8);

/// How many of its jobs go, in hundredths: all of them when it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss(u8);

impl Loss {
    /// It closes.
    pub const ALL: Self = Self(100);

    /// What was typed: nothing for a closure, or a part from 1 to 100.
    pub fn parse(typed: &str) -> Option<Self> {
        let typed = typed
            .trim()
            .trim_end_matches(['%', '\u{a0}', '\u{202f}', ' ']);
        if typed.is_empty() {
            return Some(Self::ALL);
        }
        let hundredths = typed.parse().ok();
        hundredths.filter(|part| (1..=100).contains(part)).map(Self)
    }

    /// Whether it closes.
    pub fn is_closure(self) -> bool {
        self == Self::ALL
    }

    /// The title of the scenario.
    pub fn title(self) -> String {
        if self.is_closure() {
            "Si elle fermait".to_owned()
        } else {
            format!("Si elle perdait {}\u{a0}% de ses emplois", self.0)
        }
    }

    fn jobs(self, count: u32) -> u32 {
        let hundredths = u64::from(count) * u64::from(self.0);
        u32::try_from((hundredths + 50) / 100).unwrap_or(u32::MAX)
    }
}

/// Euros of the plan that runs for the company, where its actions say them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlanCost {
    /// Planned.
    pub planned: Option<i64>,
    /// Spent.
    pub spent: Option<i64>,
}

impl PlanCost {
    /// Both in words, then what is planned for each job that would be lost.
    fn in_words(self, lost: Option<u32>) -> String {
        let euros = |known: Option<i64>, what: &str| {
            known.map(|euros| format!("{}\u{a0}€ {what}", group_thousands(euros)))
        };
        let mut words: Vec<String> = [euros(self.planned, "prévus"), euros(self.spent, "dépensés")]
            .into_iter()
            .flatten()
            .collect();
        if words.is_empty() {
            return UNKNOWN.to_owned();
        }
        if let (Some(planned), Some(jobs @ 1..)) = (self.planned, lost) {
            let each = (planned + i64::from(jobs) / 2) / i64::from(jobs);
            words.push(format!(
                "soit {}\u{a0}€ prévus par emploi direct en jeu",
                group_thousands(each)
            ));
        }
        words.join(", ")
    }
}

/// What would be lost if the establishment closed, or lost a part of its jobs.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure<'a> {
    /// Its jobs, if known.
    pub direct: Option<&'a Jobs>,
    /// Those that would go.
    pub lost: Option<u32>,
    /// The share of the territory's known jobs that would go, as a ratio.
    pub share: Option<f64>,
    /// Indirect jobs lost, at least and at most, rounded to whole jobs.
    pub indirect: Option<(u32, u32)>,
    /// The criterion that tells what service would be lost.
    pub services: &'a Line,
    /// The criterion that tells who depends on it.
    pub dependents: &'a Line,
    /// The criterion that tells the band of the taxes that it pays.
    pub fiscal: &'a Line,
    /// The criterion that tells what pollution would be left behind.
    pub pollution: &'a Line,
}

impl<'a> Closure<'a> {
    /// Works it out from the establishment's jobs and its score.
    pub fn of(jobs: Option<&'a Jobs>, loss: Loss, territory_jobs: u32, score: &'a Score) -> Self {
        let lost = jobs.map(|jobs| loss.jobs(jobs.count));
        let part = |per_ten: u32, jobs: u32| {
            let tenths = u64::from(jobs) * u64::from(per_ten);
            u32::try_from((tenths + 5) / 10).unwrap_or(u32::MAX)
        };
        Self {
            direct: jobs,
            lost,
            share: lost.and_then(|jobs| share(jobs, territory_jobs)),
            indirect: lost.map(|j| (part(INDIRECT_PER_TEN.0, j), part(INDIRECT_PER_TEN.1, j))),
            services: score.line(Criterion::Provider),
            dependents: score.line(Criterion::Dependents),
            fiscal: score.line(Criterion::Fiscal),
            pollution: score.line(Criterion::Environment),
        }
    }

    /// What the plan costs, beside the jobs that would go.
    pub fn cost(&self, plan: &PlanCost) -> String {
        plan.in_words(self.lost)
    }

    /// Whether the jobs were counted, rather than estimated from a band.
    pub fn is_measured(&self) -> bool {
        self.direct
            .is_some_and(|jobs| !matches!(jobs.basis, JobsBasis::Band { .. }))
    }

    /// The title that suits what is known of the service: lost, still given by others, or unknown.
    pub fn services_label(&self) -> &'static str {
        match self.services.worth {
            _ if self.loses_only_provider() => "Aucun autre prestataire connu",
            Worth::Known { .. } => "Service encore rendu",
            Worth::Unknown { .. } => "Service rendu au territoire",
        }
    }

    /// Whether the territory would lose the only company known for its trade.
    pub fn loses_only_provider(&self) -> bool {
        matches!(
            self.services.worth,
            Worth::Known {
                hundredths: 100,
                ..
            }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Seat, Subject, Weights, assess};
    use super::*;

    #[test]
    fn the_range_follows_the_stated_multipliers_and_unknown_jobs_stay_unknown() {
        let jobs = Jobs {
            count: 42,
            basis: JobsBasis::Year(2025),
        };
        let subject = Subject {
            jobs: Some(&jobs),
            jobs_source: "",
            territory_jobs: 420,
            trade: Some(("Boulangerie", 0)),
            seat: Seat::Unknown,
            suppliers: None,
            register: "",
            facts: &[],
        };
        let score = assess(&subject, Weights([30, 20, 15, 10, 10, 5, 10]));
        let closure = Closure::of(Some(&jobs), Loss::ALL, 420, &score);
        assert_eq!(closure.indirect, Some((13, 34)));
        assert_eq!(closure.share, Some(0.1));
        assert!(closure.loses_only_provider());
        assert_eq!(closure.services_label(), "Aucun autre prestataire connu");
        let blind = Closure::of(None, Loss::ALL, 420, &score);
        assert_eq!((blind.indirect, blind.share), (None, None));
        let half = Loss::parse("50 %").expect("a part");
        let half = Closure::of(Some(&jobs), half, 420, &score);
        assert_eq!((half.lost, half.indirect), (Some(21), Some((6, 17))));
        assert_eq!(half.share, Some(0.05));
    }

    #[test]
    fn a_part_is_between_one_and_a_hundred_and_nothing_typed_is_a_closure() {
        assert_eq!(Loss::parse(""), Some(Loss::ALL));
        assert_eq!(Loss::parse("100"), Some(Loss::ALL));
        for typed in ["0", "101", "-5", "beaucoup", "12,5"] {
            assert_eq!(Loss::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn the_cost_of_the_plan_is_told_for_each_job() {
        let cost = |planned, spent| PlanCost { planned, spent };
        assert_eq!(
            cost(Some(42_000), Some(1_000)).in_words(Some(21)),
            "42\u{202f}000\u{a0}€ prévus, 1\u{202f}000\u{a0}€ dépensés, soit 2\u{202f}000\u{a0}€ prévus par emploi direct en jeu"
        );
        assert_eq!(
            cost(None, Some(900)).in_words(Some(21)),
            "900\u{a0}€ dépensés"
        );
        assert_eq!(cost(Some(900), None).in_words(None), "900\u{a0}€ prévus");
        assert_eq!(cost(None, None).in_words(Some(21)), UNKNOWN);
    }
}
