//! « Si elle fermait » : what a territory would lose. Says what is measured and what is assumed.

use super::criteria::Criterion;
use super::model::{Jobs, JobsBasis, Line, Score, Worth, share};

/// Indirect and induced jobs lost for ten direct ones, at least and at most. A working assumption,
/// not a measure: no register tells it for one company, so it is always shown as a range.
pub const INDIRECT_PER_TEN: (u32, u32) = (3, 8);

/// What would be lost if the establishment closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Closure<'a> {
    /// Its jobs, if known.
    pub direct: Option<&'a Jobs>,
    /// Their share of the territory's known jobs, as a ratio.
    pub share: Option<f64>,
    /// Indirect jobs lost, at least and at most, rounded to whole jobs.
    pub indirect: Option<(u32, u32)>,
    /// The criterion that tells what service would be lost.
    pub services: &'a Line,
    /// The criterion that tells who depends on it.
    pub dependents: &'a Line,
    /// The criterion that tells what pollution would be left behind.
    pub pollution: &'a Line,
}

impl<'a> Closure<'a> {
    /// Works it out from the establishment's jobs and its score.
    pub fn of(jobs: Option<&'a Jobs>, territory_jobs: u32, score: &'a Score) -> Self {
        let part = |per_ten: u32, jobs: &Jobs| {
            let tenths = u64::from(jobs.count) * u64::from(per_ten);
            u32::try_from((tenths + 5) / 10).unwrap_or(u32::MAX)
        };
        Self {
            direct: jobs,
            share: jobs.and_then(|jobs| share(jobs.count, territory_jobs)),
            indirect: jobs.map(|j| (part(INDIRECT_PER_TEN.0, j), part(INDIRECT_PER_TEN.1, j))),
            services: score.line(Criterion::Provider),
            dependents: score.line(Criterion::Dependents),
            pollution: score.line(Criterion::Environment),
        }
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
            register: "",
            facts: &[],
        };
        let score = assess(&subject, Weights([30, 20, 15, 10, 10, 5, 10]));
        let closure = Closure::of(Some(&jobs), 420, &score);
        assert_eq!(closure.indirect, Some((13, 34)));
        assert_eq!(closure.share, Some(0.1));
        assert!(closure.loses_only_provider());
        assert_eq!(closure.services_label(), "Aucun autre prestataire connu");
        let blind = Closure::of(None, 420, &score);
        assert_eq!((blind.indirect, blind.share), (None, None));
    }
}
