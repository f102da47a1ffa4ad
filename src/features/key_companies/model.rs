//! The impact score: seven open criteria, each worth a share of its weight, or unknown.
//!
//! The score ranks a territory's companies; people choose. Weights sum to [`TOTAL`], so that points
//! read « out of 100 » and a weight reads as a percentage: whoever gives to one criterion says what
//! the others lose. What is unknown brings no point, and is counted apart instead of passing for zero.

use chrono::{Datelike, NaiveDate};

use super::criteria::Criterion;
use crate::web::filters::{agree, group_thousands, long_date, show_percent};

/// What the weights sum to.
pub const TOTAL: u32 = 100;

/// The weight of each criterion, in the order of [`Criterion::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights(pub [u8; 7]);

impl Weights {
    /// The weight of a criterion.
    pub fn of(self, criterion: Criterion) -> u32 {
        u32::from(self.0[criterion as usize])
    }

    /// What they sum to.
    pub fn sum(self) -> u32 {
        self.0.iter().copied().map(u32::from).sum()
    }
}

/// How many people an establishment employs, and how one knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jobs {
    /// Jobs, or the estimate that stands for the band.
    pub count: u32,
    /// Where the number comes from.
    pub basis: JobsBasis,
}

/// Where a number of jobs comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobsBasis {
    /// Counted for the month that starts on this day.
    Month(NaiveDate),
    /// Average of this year.
    Year(i32),
    /// Estimated from a band of the register.
    Band {
        /// The band in words.
        label: String,
        /// Its year.
        year: Option<i16>,
    },
}

impl Jobs {
    /// « 42 salariés (mars 2026) », « environ 32 salariés (tranche « 20 à 49 salariés », 2023) ».
    pub fn in_words(&self) -> String {
        let count = i64::from(self.count);
        let people = format!(
            "{}\u{a0}{}",
            group_thousands(count),
            agree(count, "salarié", "salariés")
        );
        match &self.basis {
            JobsBasis::Month(day) => format!("{people} ({})", month_in_words(*day)),
            JobsBasis::Year(year) => format!("{people} (moyenne {year})"),
            JobsBasis::Band { label, year } => {
                let year = year.map_or_else(|| "année non communiquée".into(), |y| y.to_string());
                format!("environ {people} (tranche «\u{a0}{label}\u{a0}», {year})")
            }
        }
    }
}

fn month_in_words(day: NaiveDate) -> String {
    let first = long_date(day.with_day(1).unwrap_or(day));
    first
        .split_once('\u{a0}')
        .map_or_else(|| first.clone(), |(_, month)| month.to_owned())
}

/// What a person stated about a criterion: a step of its scale, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Criterion that it informs.
    pub criterion: Criterion,
    /// Share of the weight, in hundredths.
    pub worth: u8,
    /// What was observed.
    pub note: String,
    /// Who states it.
    pub author: String,
    /// When it was observed.
    pub noted_on: NaiveDate,
}

/// Where the head office stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seat {
    /// In the establishment's département.
    Here,
    /// In another département (its code).
    Elsewhere(String),
    /// No register tells.
    Unknown,
}

/// The suppliers of a company, as current links tell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suppliers {
    /// Companies of the base, still active.
    pub known: u32,
    /// Of those, that depend on it strongly.
    pub strong: u32,
    /// Of those, that depend on it to a medium degree.
    pub medium: u32,
    /// When the last of the links was said.
    pub said_on: NaiveDate,
}

/// Everything the score reads about one establishment.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Its jobs, if known.
    pub jobs: Option<&'a Jobs>,
    /// Source and date of the number of jobs.
    pub jobs_source: &'a str,
    /// Jobs known in the whole territory, its own included.
    pub territory_jobs: u32,
    /// Its trade in words and how many other companies of the territory share it.
    pub trade: Option<(&'a str, u32)>,
    /// Where its head office stands.
    pub seat: Seat,
    /// Source and date of what the register says.
    pub register: &'a str,
    /// The suppliers that links tell of; none when no link does.
    pub suppliers: Option<Suppliers>,
    /// What people stated, at most one fact in force for each criterion.
    pub facts: &'a [Fact],
}

/// What a criterion is worth for one establishment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Worth {
    /// Known.
    Known {
        /// Share of the weight, 0 to 100 hundredths.
        hundredths: u8,
        /// The fact in a sentence.
        why: String,
        /// Who or what says so, and when.
        source: String,
    },
    /// Nobody knows; the sentence says what is missing.
    Unknown {
        /// What would be needed.
        missing: String,
    },
}

/// One criterion of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The criterion.
    pub criterion: Criterion,
    /// Its weight when the score was made.
    pub weight: u32,
    /// What it is worth.
    pub worth: Worth,
    /// A person stated it.
    pub is_stated: bool,
}

impl Line {
    /// Points in hundredths of a point; none when unknown.
    pub fn hundredths(&self) -> Option<u32> {
        match self.worth {
            Worth::Known { hundredths, .. } => Some(self.weight * u32::from(hundredths)),
            Worth::Unknown { .. } => None,
        }
    }

    /// Points, for the screen.
    pub fn points(&self) -> Option<f64> {
        self.hundredths().map(in_points)
    }

    /// The fact, or what is missing.
    pub fn sentence(&self) -> &str {
        match &self.worth {
            Worth::Known { why, .. } => why,
            Worth::Unknown { missing } => missing,
        }
    }

    /// Whether the fact was stated by a person or counted; none when unknown.
    pub fn origin(&self) -> Option<&'static str> {
        match self.worth {
            Worth::Known { .. } if self.is_stated => Some("Déclaré"),
            Worth::Known { .. } => Some("Calculé"),
            Worth::Unknown { .. } => None,
        }
    }
}

/// The impact of one establishment on its territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// One line for each criterion, in the order of [`Criterion::ALL`].
    pub lines: Vec<Line>,
}

impl Score {
    /// Points in hundredths, on which establishments are ranked.
    pub fn hundredths(&self) -> u32 {
        self.lines.iter().filter_map(Line::hundredths).sum()
    }

    /// Points, for the screen.
    pub fn points(&self) -> f64 {
        in_points(self.hundredths())
    }

    /// Points that the known criteria could bring at most.
    pub fn possible(&self) -> u32 {
        self.lines
            .iter()
            .filter(|l| l.hundredths().is_some())
            .map(|l| l.weight)
            .sum()
    }

    /// Share of the weights that is known, in whole percents.
    pub fn completeness(&self) -> u32 {
        let all: u32 = self.lines.iter().map(|line| line.weight).sum();
        (self.possible() * 100).checked_div(all).unwrap_or(0)
    }

    /// « 6 critères connus sur 7, qui pèsent 90 points sur 100 »: what the points rest on.
    pub fn known_in_words(&self) -> String {
        let known = self.lines.iter().filter(|l| l.hundredths().is_some());
        let (known, all) = (known.count(), self.lines.len());
        let weight = self.possible();
        match known {
            0 => format!("Aucun critère connu sur {all}"),
            1 => format!("1\u{a0}critère connu sur {all}, qui pèse {weight} points sur {TOTAL}"),
            _ => format!(
                "{known}\u{a0}critères connus sur {all}, qui pèsent {weight} points sur {TOTAL}"
            ),
        }
    }

    /// The criteria that bring the most points, best first, without those that bring none.
    pub fn top(&self, count: usize) -> Vec<&Line> {
        let mut lines: Vec<_> = self
            .lines
            .iter()
            .filter(|line| line.hundredths() > Some(0))
            .collect();
        lines.sort_by_key(|line| std::cmp::Reverse(line.hundredths()));
        lines.truncate(count);
        lines
    }

    /// The line of a criterion.
    pub fn line(&self, criterion: Criterion) -> &Line {
        &self.lines[criterion as usize]
    }
}

fn in_points(hundredths: u32) -> f64 {
    f64::from(hundredths) / 100.0
}

/// Scores one establishment.
pub fn assess(subject: &Subject<'_>, weights: Weights) -> Score {
    let line = |criterion| Line {
        criterion,
        weight: weights.of(criterion),
        worth: worth(criterion, subject),
        is_stated: subject.facts.iter().any(|fact| fact.criterion == criterion),
    };
    Score {
        lines: Criterion::ALL.map(line).into(),
    }
}

fn worth(criterion: Criterion, subject: &Subject<'_>) -> Worth {
    if let Some(fact) = subject
        .facts
        .iter()
        .find(|fact| fact.criterion == criterion)
    {
        return stated(fact);
    }
    match criterion {
        Criterion::Jobs => jobs_worth(subject),
        Criterion::Provider => provider_worth(subject),
        Criterion::Rooted => rooted_worth(subject),
        Criterion::Dependents => dependents_worth(subject),
        _ => Worth::Unknown {
            missing: "Aucun constat enregistré.".to_owned(),
        },
    }
}

fn stated(fact: &Fact) -> Worth {
    let step = fact
        .criterion
        .step(fact.worth)
        .map_or("Constat", |step| step.words);
    Worth::Known {
        hundredths: fact.worth.min(100),
        why: format!("{step}. {}", fact.note),
        source: format!("{}, {}", fact.author, long_date(fact.noted_on)),
    }
}

/// Share of the territory's jobs, in hundredths of a percent, from which a worth is reached.
pub const JOB_STEPS: [(u32, u8); 7] = [
    (500, 100),
    (300, 80),
    (200, 60),
    (100, 40),
    (50, 20),
    (10, 10),
    (0, 5),
];

/// The share of the territory's jobs as a ratio; none when the territory has no known job.
pub fn share(jobs: u32, territory_jobs: u32) -> Option<f64> {
    (territory_jobs > 0).then(|| f64::from(jobs) / f64::from(territory_jobs))
}

fn jobs_worth(subject: &Subject<'_>) -> Worth {
    let Some(jobs) = subject.jobs else {
        return Worth::Unknown {
            missing: "Effectif non communiqué.".to_owned(),
        };
    };
    let total = u64::from(subject.territory_jobs.max(jobs.count));
    let share = (u64::from(jobs.count) * 10_000)
        .checked_div(total)
        .unwrap_or(0);
    let reached = JOB_STEPS.iter().find(|(from, _)| share >= u64::from(*from));
    let hundredths = if jobs.count == 0 {
        0
    } else {
        reached.map_or(0, |(_, worth)| *worth)
    };
    let percent = show_percent(
        self::share(jobs.count, subject.territory_jobs.max(jobs.count)).unwrap_or(0.0),
    );
    Worth::Known {
        hundredths,
        why: format!(
            "{}, soit {percent} des {} emplois connus de Vigie dans le territoire.",
            jobs.in_words(),
            group_thousands(i64::from(subject.territory_jobs)),
        ),
        source: subject.jobs_source.to_owned(),
    }
}

/// What being alone in its trade is worth, from the number of other companies of the trade.
pub const fn provider_step(others: u32) -> u8 {
    match others {
        0 => 100,
        1 => 60,
        2 | 3 => 30,
        _ => 0,
    }
}

fn provider_worth(subject: &Subject<'_>) -> Worth {
    let Some((trade, others)) = subject.trade else {
        return Worth::Unknown {
            missing: "Activité (code NAF) non communiquée.".to_owned(),
        };
    };
    let why = match others {
        0 => {
            format!("Seule entreprise active connue dans le territoire pour «\u{a0}{trade}\u{a0}».")
        }
        1 => format!(
            "Une seule autre entreprise active dans le territoire pour «\u{a0}{trade}\u{a0}»."
        ),
        _ => format!(
            "{} autres entreprises actives dans le territoire pour «\u{a0}{trade}\u{a0}».",
            group_thousands(i64::from(others))
        ),
    };
    Worth::Known {
        hundredths: provider_step(others),
        why,
        source: subject.register.to_owned(),
    }
}

/// What suppliers that depend on the company are worth without a person's word: whether one would survive is
/// for a person to say.
pub const fn dependents_step(strong: u32, medium: u32) -> u8 {
    if strong > 0 || medium > 1 { 67 } else { 33 }
}

fn dependents_worth(subject: &Subject<'_>) -> Worth {
    let Some(suppliers) = subject.suppliers else {
        return Worth::Unknown {
            missing: "Aucun constat ni lien enregistré.".to_owned(),
        };
    };
    let known = i64::from(suppliers.known);
    let degrees: Vec<String> = [
        (suppliers.strong, "fortement"),
        (suppliers.medium, "moyennement"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, how)| {
        let verb = agree(i64::from(count), "en dépend", "en dépendent");
        format!("{count} {verb} {how}")
    })
    .collect();
    let degrees = if degrees.is_empty() {
        "sans dépendance forte ni moyenne connue".to_owned()
    } else {
        format!("dont {}", degrees.join(" et "))
    };
    Worth::Known {
        hundredths: dependents_step(suppliers.strong, suppliers.medium),
        why: format!(
            "{}\u{a0}{}, {degrees}.",
            group_thousands(known),
            agree(known, "fournisseur enregistré", "fournisseurs enregistrés"),
        ),
        source: format!(
            "Liens notés, le dernier dit le {}",
            long_date(suppliers.said_on)
        ),
    }
}

/// What a head office in the same département is worth, and elsewhere.
pub const SEAT_WORTH: (u8, u8) = (100, 20);

fn rooted_worth(subject: &Subject<'_>) -> Worth {
    let (hundredths, why) = match &subject.seat {
        Seat::Here => (SEAT_WORTH.0, "Siège dans le département.".to_owned()),
        Seat::Elsewhere(code) => (
            SEAT_WORTH.1,
            format!("Siège hors du département (département {code})."),
        ),
        Seat::Unknown => {
            return Worth::Unknown {
                missing: "Lieu du siège non communiqué.".to_owned(),
            };
        }
    };
    Worth::Known {
        hundredths,
        why,
        source: subject.register.to_owned(),
    }
}

#[cfg(test)]
mod tests;
