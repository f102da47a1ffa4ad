//! Where a company stands in insolvency law at a date, from the legal notices about it.
//!
//! Three steps, each in its own module: which notices stand (`standing`), what each judgment does
//! (`courts`), and the answer. Only what had been published by the date counts, so that any past
//! answer can be given again; the order in which notices are given never matters.

mod courts;
mod standing;

use std::cmp::Reverse;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A judgment, or the term of a plan, tells nothing any more after so many years: a plan lasts ten
/// years at most (articles L. 626-12 and L. 631-19 of the Code de commerce; fifteen for farmers).
const STALE_AFTER: Months = Months::new(120);

/// Collective procedures, from the lightest to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// None, or none that is named.
    None,
    /// Sauvegarde, ordinary or accelerated: no cessation of payments.
    Safeguard,
    /// Redressement judiciaire. The treatment « de sortie de crise » follows its rules.
    Receivership,
    /// Liquidation judiciaire.
    Liquidation,
}

/// What a judgment does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Ends a procedure.
    Closure,
    /// Ends a liquidation for lack of assets, and the company with it (article 1844-7, 7° of the Code
    /// civil).
    Dissolution,
    /// Ends a plan, and at times opens the procedure that it names.
    PlanResolution,
    /// Opens a procedure, or opens it again.
    Opening,
    /// Turns a procedure into a graver one.
    Conversion,
    /// Extends a procedure to another company.
    Extension,
    /// Adopts or changes a plan; with no procedure, a plan to sell the business.
    Plan,
    /// Withdraws a judgment after a third party objected.
    Retraction,
    /// A court of appeal reverses a judgment.
    Appeal,
    /// A step inside a procedure, which changes nothing.
    ProcedureAct,
    /// Forbids a person to manage; such notices are not kept.
    PersonalSanction,
    /// Only the free text says what was judged, and it does not either.
    ToQualify,
    /// A nature that is not in the list.
    Unknown,
}

/// A judgment as far as it bears on the state of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Judgment {
    /// What it does.
    pub category: Category,
    /// Which procedure it opens, changes or ends; after the end of a plan, which one it opens.
    pub procedure: Procedure,
}

/// What a notice announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Announced {
    /// A judgment.
    Judgment(Judgment),
    /// The company leaves the register of commerce.
    Radiation,
    /// Anything else: accounts, changes, sales.
    Other,
}

/// Whether a notice stands for itself or changes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// « annonce ».
    Original,
    /// « rectificatif »: replaces the notice that it targets.
    Correction,
    /// « annulation »: removes the notice that it targets.
    Cancellation,
}

/// One legal notice about one company.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// Day of publication, from which it is known.
    pub published_on: NaiveDate,
    /// Its identifier in the BODACC, for example `A202500311101`.
    pub id: String,
    /// Whether it changes another.
    pub kind: NoticeKind,
    /// The notice that it changes.
    pub targets: Option<String>,
    /// Day of the judgment.
    pub decided_on: Option<NaiveDate>,
    /// What it announces.
    pub announced: Announced,
}

impl Notice {
    /// Day from which it takes effect: that of the judgment, or else of the publication.
    pub fn effective_on(&self) -> NaiveDate {
        self.decided_on.unwrap_or(self.published_on)
    }

    /// The judgment that it announces.
    pub fn judgment(&self) -> Option<Judgment> {
        match self.announced {
            Announced::Judgment(judgment) => Some(judgment),
            Announced::Radiation | Announced::Other => None,
        }
    }
}

/// The state of a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No procedure is known, or it is too old to say anything.
    None,
    /// Sauvegarde, under observation.
    Safeguard,
    /// A plan of sauvegarde is being carried out.
    SafeguardPlan,
    /// Redressement judiciaire, under observation.
    Receivership,
    /// A plan of redressement (« plan de continuation ») is being carried out.
    ReceivershipPlan,
    /// Liquidation judiciaire.
    Liquidation,
    /// A procedure was known and is over.
    Closed,
    /// The liquidation was closed for lack of assets: the company is no more.
    Dissolved,
}

/// One step of the story, from the notice that tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The notice.
    pub notice: String,
    /// Day from which it took effect.
    pub on: NaiveDate,
    /// What the judgment did.
    pub judgment: Judgment,
}

/// A radiation from the register of commerce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Radiation {
    /// The notice.
    pub notice: String,
    /// Day from which it took effect.
    pub on: NaiveDate,
}

/// Where a company stands, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insolvency {
    /// The worst procedure that is open.
    pub state: State,
    /// Since when; nothing without a procedure.
    pub since: Option<NaiveDate>,
    /// The notice that brought it.
    pub by: Option<String>,
    /// The judgments that lead to it, oldest first; they begin anew with the first one that follows
    /// the end of everything before.
    pub chain: Vec<Step>,
    /// The last radiation. It says nothing about insolvency, and the reverse.
    pub radiation: Option<Radiation>,
    /// Notices that cancel or correct one that is not known: the state may lack something.
    pub unresolved: Vec<String>,
    /// Every notice that stands: not cancelled, not replaced, not withdrawn.
    pub standing: Vec<String>,
}

/// The state on the evening of a day, from what had been published by then.
pub fn state_at(notices: &[Notice], on: NaiveDate) -> Insolvency {
    let standing = standing::standing(notices, on);
    let radiations = standing.notices.iter().copied();
    let last = radiations
        .filter(|notice| notice.announced == Announced::Radiation)
        .max_by_key(|notice: &&Notice| (notice.effective_on(), Reverse(notice.id.clone())));
    let radiation = last.map(|notice| Radiation {
        notice: notice.id.clone(),
        on: notice.effective_on(),
    });
    let (place, chain) = courts::judge(&standing.notices, on);
    Insolvency {
        state: place.state,
        since: place.since,
        by: place.by,
        chain,
        radiation,
        standing: standing.notices.iter().map(|n| n.id.clone()).collect(),
        unresolved: standing.unresolved,
    }
}

/// The judgments that stand on the evening of a day, with the day from which each takes effect, in
/// the order of those days.
pub fn judgments(notices: &[Notice], on: NaiveDate) -> Vec<(NaiveDate, Judgment)> {
    let standing = standing::standing(notices, on);
    let mut judgments: Vec<(NaiveDate, Judgment)> = standing
        .notices
        .iter()
        .filter_map(|notice| Some((notice.effective_on(), notice.judgment()?)))
        .collect();
    judgments.sort_unstable();
    judgments
}

/// True when so much time has passed since a day that what happened then tells nothing any more.
fn is_stale(day: NaiveDate, on: NaiveDate) -> bool {
    term(day) <= on
}

/// Ten years after a day.
fn term(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(STALE_AFTER)
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
