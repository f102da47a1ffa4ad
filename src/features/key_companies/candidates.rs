//! The establishments of a territory with their scores, ranked. Pure: rows in, ranking out.

use super::criteria::Criterion;
use super::model::{Fact, Jobs, JobsBasis, Score, Seat, Subject, Suppliers, Weights, assess};
use super::queries::EstablishmentRow;
use crate::domain::InseeCode;
use crate::features::companies::model::shown_name;
use crate::web::filters::long_date;
use chrono::Datelike as _;

/// An establishment with its score.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What the registers and people know of it.
    pub row: EstablishmentRow,
    /// Its jobs.
    pub jobs: Option<Jobs>,
    /// Its score.
    pub score: Score,
}

impl Candidate {
    /// Name of the company.
    pub fn name(&self) -> &str {
        shown_name(self.row.name.as_deref())
    }

    /// Number of jobs, for sorting and filters.
    pub fn job_count(&self) -> Option<u32> {
        self.jobs.as_ref().map(|jobs| jobs.count)
    }
}

/// Every scored establishment of a territory.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Best first, key companies among the others.
    pub ranked: Vec<Candidate>,
    /// Jobs known in the territory.
    pub territory_jobs: u32,
    /// Date of the oldest register behind the scores.
    pub as_of: Option<chrono::NaiveDate>,
}

impl Pool {
    /// Scores and ranks: points, then jobs, then name, so that the order is always the same.
    pub fn new(rows: Vec<EstablishmentRow>, weights: Weights) -> Self {
        let as_of = rows.iter().map(|row| row.source_date).min();
        let with_jobs: Vec<_> = rows.into_iter().map(|row| (jobs_of(&row), row)).collect();
        let territory_jobs = with_jobs
            .iter()
            .filter_map(|(jobs, _)| jobs.as_ref())
            .map(|jobs| jobs.count)
            .sum();
        let mut ranked: Vec<_> = with_jobs
            .into_iter()
            .map(|(jobs, row)| {
                let score = score_of(&row, jobs.as_ref(), territory_jobs, weights);
                Candidate { row, jobs, score }
            })
            .collect();
        ranked.sort_by(|a, b| {
            let key = |c: &Candidate| std::cmp::Reverse((c.score.hundredths(), c.job_count()));
            key(a)
                .cmp(&key(b))
                .then_with(|| (a.name(), &a.row.siret).cmp(&(b.name(), &b.row.siret)))
        });
        Self {
            ranked,
            territory_jobs,
            as_of,
        }
    }

    /// The establishment with this SIRET.
    pub fn find(&self, siret: &str) -> Option<&Candidate> {
        self.ranked
            .iter()
            .find(|candidate| candidate.row.siret == siret)
    }

    /// Those that hold no place, best first.
    pub fn free(&self) -> impl Iterator<Item = &Candidate> {
        self.ranked
            .iter()
            .filter(|candidate| candidate.row.slot.is_none())
    }
}

/// The latest headcount, else the band's estimate, else nothing.
fn jobs_of(row: &EstablishmentRow) -> Option<Jobs> {
    let count = |jobs: i32| u32::try_from(jobs).unwrap_or(0);
    if let (Some(headcount), Some(period)) = (row.headcount, row.headcount_period) {
        let basis = match row.headcount_granularity.as_deref() {
            Some("month") => JobsBasis::Month(period),
            _ => JobsBasis::Year(period.year()),
        };
        return Some(Jobs {
            count: count(headcount),
            basis,
        });
    }
    let label = row.band_label.clone()?;
    let basis = JobsBasis::Band {
        label,
        year: row.band_year,
    };
    Some(Jobs {
        count: count(row.band_estimate?),
        basis,
    })
}

fn seat_of(row: &EstablishmentRow) -> Seat {
    if row.is_seat {
        return Seat::Here;
    }
    match row.seat_commune.as_deref().map(InseeCode::parse) {
        Some(Ok(code)) if code.departement() == row.department => Seat::Here,
        Some(Ok(code)) => Seat::Elsewhere(code.departement().to_owned()),
        _ => Seat::Unknown,
    }
}

fn suppliers_of(row: &EstablishmentRow) -> Option<Suppliers> {
    let count = |suppliers: i64| u32::try_from(suppliers).unwrap_or(0);
    Some(Suppliers {
        known: count(row.suppliers),
        strong: count(row.strong_suppliers),
        medium: count(row.medium_suppliers),
        said_on: row.suppliers_said_on?,
    })
}

fn score_of(
    row: &EstablishmentRow,
    jobs: Option<&Jobs>,
    territory_jobs: u32,
    weights: Weights,
) -> Score {
    let facts: Vec<Fact> = row
        .facts
        .iter()
        .filter_map(|fact| {
            Some(Fact {
                criterion: fact.criterion.parse::<Criterion>().ok()?,
                worth: fact.worth,
                note: fact.note.clone(),
                author: fact.author.clone(),
                noted_on: fact.noted_on,
            })
        })
        .collect();
    let register = format!("{}, {}", row.source, long_date(row.source_date));
    let jobs_source = match (&row.headcount_source, row.headcount_source_date) {
        (Some(source), Some(date)) => format!("{source}, {}", long_date(date)),
        _ => register.clone(),
    };
    let trade = row.trade.as_deref().or(row.naf_code.as_deref());
    let others = row.others.map(|others| u32::try_from(others).unwrap_or(0));
    let subject = Subject {
        jobs,
        jobs_source: &jobs_source,
        territory_jobs,
        trade: trade.zip(others),
        seat: seat_of(row),
        suppliers: suppliers_of(row),
        register: &register,
        facts: &facts,
    };
    assess(&subject, weights)
}
