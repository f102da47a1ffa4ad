//! The level that is retained for a company: the worst of what statistics, facts and people say, then
//! one level up or down if an expert signs it. Nothing is blended: every part stays visible with its
//! reason, and an insolvency procedure is a state, not a prediction.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::events::EventFinding;
use super::flags::{self, RaisedFlag};
use super::level::Level;
use crate::domain::insolvency::State;

/// Months that an expert's view may last before somebody has to sign it again.
pub const OVERRIDE_MONTHS: u32 = 6;

/// The least level that a fact sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Floor {
    /// Least level.
    pub level: Level,
    /// Identifier of the fact in the model file.
    pub event: String,
    /// First day on which it counts.
    pub since: NaiveDate,
    /// First day on which it no longer counts; none while it stands.
    pub until: Option<NaiveDate>,
    /// The fact, in French.
    pub words: String,
}

impl Floor {
    /// What a fact of the accounts sets while newer accounts do not say otherwise, at the level that the
    /// model gives it.
    pub fn of(finding: &EventFinding, level: Level) -> Self {
        Self {
            level,
            event: finding.id.code().to_owned(),
            since: finding.since,
            until: None,
            words: finding.words.clone(),
        }
    }

    fn in_force(&self, on: NaiveDate) -> bool {
        self.since <= on && self.until.is_none_or(|until| on < until)
    }
}

/// Which way an expert moves the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shift {
    /// One level better.
    Down,
    /// One level worse.
    Up,
}

/// An expert's view: one level, named, reasoned and expiring.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Override {
    /// When it was signed.
    pub signed_on: NaiveDate,
    /// Which way.
    pub shift: Shift,
    /// Who signed it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// First day on which it has no effect.
    pub expires_on: NaiveDate,
}

/// Why an expert's view was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OverrideError {
    /// Nobody signed it.
    #[error("un avis doit être signé")]
    Author,
    /// It gives no reason.
    #[error("un avis doit donner son motif")]
    Reason,
    /// It ends before it begins or lasts too long.
    #[error("un avis dure au plus {OVERRIDE_MONTHS} mois et finit après sa signature")]
    Expiry,
}

impl Override {
    /// A view that can be traced: signed, reasoned, of at most [`OVERRIDE_MONTHS`].
    pub fn new(
        shift: Shift,
        author: &str,
        reason: &str,
        signed_on: NaiveDate,
        expires_on: NaiveDate,
    ) -> Result<Self, OverrideError> {
        let latest = signed_on.checked_add_months(Months::new(OVERRIDE_MONTHS));
        let (author, reason) = (author.trim(), reason.trim());
        if author.is_empty() {
            return Err(OverrideError::Author);
        }
        if reason.is_empty() {
            return Err(OverrideError::Reason);
        }
        if expires_on <= signed_on || latest.is_none_or(|latest| expires_on > latest) {
            return Err(OverrideError::Expiry);
        }
        Ok(Self {
            signed_on,
            shift,
            author: author.to_owned(),
            reason: reason.to_owned(),
            expires_on,
        })
    }

    fn in_force(&self, on: NaiveDate) -> bool {
        self.signed_on <= on && on < self.expires_on
    }
}

/// What the law says of a company in place of any prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which state.
    pub kind: StandingKind,
    /// Since which judgment, or which radiation.
    pub since: NaiveDate,
}

/// The states in law that take the place of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingKind {
    /// An insolvency procedure is open.
    Procedure(State),
    /// Its liquidation was closed for lack of assets.
    Dissolved,
    /// It left the register of commerce.
    StruckOff,
}

/// All that bears on the level of a company.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Situation {
    /// Level of the model after its matrix and hysteresis, with its reason in French; none if the
    /// company is not assessed.
    pub statistical: Option<(Level, String)>,
    /// Facts.
    pub floors: Vec<Floor>,
    /// What people saw.
    pub flags: Vec<RaisedFlag>,
    /// Experts' views; the last signed of those in force counts.
    pub overrides: Vec<Override>,
    /// Since when a fact that is kept for a few people raises the level by one.
    pub reserved_since: Option<NaiveDate>,
    /// What the law says in place of a prediction.
    pub standing: Option<Standing>,
}

/// Which part of the situation a cause comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The model.
    Statistical,
    /// A fact.
    Event,
    /// People.
    Human,
}

/// A reason for a level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Where it comes from.
    pub source: Source,
    /// The level that it asks for.
    pub level: Level,
    /// In French.
    pub words: String,
    /// Identifier of the fact in the model file, for a fact.
    pub event: Option<String>,
}

/// The level that is retained, and all that led to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retained {
    /// What the model says.
    pub statistical: Option<Level>,
    /// What facts say.
    pub events: Option<Level>,
    /// What people say.
    pub human: Option<Level>,
    /// The worst of the three.
    pub before_override: Option<Level>,
    /// The level retained; none if nothing is known of the company.
    pub level: Option<Level>,
    /// Every reason in force, the worst first.
    pub causes: Vec<Cause>,
    /// The expert's view that was applied.
    pub applied: Option<Override>,
    /// What takes the company out of the predictive lists.
    pub standing: Option<Standing>,
}

impl Retained {
    /// Whether the company belongs to the lists of companies to look at: in a procedure, or once
    /// it is gone, it no longer does.
    pub fn is_predictive(&self) -> bool {
        self.standing.is_none()
    }

    /// The reasons for the worst level.
    pub fn decisive(&self) -> impl Iterator<Item = &Cause> {
        let worst = self.before_override;
        self.causes
            .iter()
            .filter(move |cause| Some(cause.level) == worst)
    }
}

/// The level retained on a day.
pub fn retained(situation: &Situation, on: NaiveDate) -> Retained {
    let causes = causes(situation, on);
    let worst = |source| {
        let of_source = causes.iter().filter(|cause| cause.source == source);
        of_source.map(|cause| cause.level).max()
    };
    let (statistical, events, human) = (
        worst(Source::Statistical),
        worst(Source::Event),
        worst(Source::Human),
    );
    // `None` is below every level.
    let before_override = statistical.max(events).max(human);
    let applied = before_override.and_then(|_| view_in_force(&situation.overrides, on));
    Retained {
        statistical,
        events,
        human,
        before_override,
        level: before_override.map(|level| shifted(level, applied)),
        causes,
        applied: applied.cloned(),
        standing: situation.standing.filter(|known| known.since <= on),
    }
}

fn causes(situation: &Situation, on: NaiveDate) -> Vec<Cause> {
    let statistical = situation.statistical.iter().map(|(level, words)| Cause {
        source: Source::Statistical,
        level: *level,
        words: words.clone(),
        event: None,
    });
    let events = situation
        .floors
        .iter()
        .filter(|floor| floor.in_force(on))
        .map(|floor| Cause {
            source: Source::Event,
            level: floor.level,
            words: floor.words.clone(),
            event: Some(floor.event.clone()),
        });
    let mut causes: Vec<Cause> = statistical
        .chain(events)
        .chain(human(&situation.flags, on))
        .collect();
    causes.extend(reserved(situation, &causes, on));
    causes.sort_by(|a, b| {
        let key = |cause: &Cause| (cause.source, cause.words.clone());
        b.level.cmp(&a.level).then_with(|| key(a).cmp(&key(b)))
    });
    causes
}

/// What is said of a fact that few may know: neither its nature nor its amounts.
pub const RESERVED: &str = "Un fait réservé.";

/// One level above all the rest; of a company that nothing else speaks of, one above the least.
fn reserved(situation: &Situation, others: &[Cause], on: NaiveDate) -> Option<Cause> {
    situation.reserved_since.filter(|since| *since <= on)?;
    let worst = others.iter().map(|cause| cause.level).max();
    Some(Cause {
        source: Source::Event,
        level: worst.unwrap_or(Level::Low).worse(),
        words: RESERVED.to_owned(),
        event: None,
    })
}

fn human(raised: &[RaisedFlag], on: NaiveDate) -> Option<Cause> {
    let level = flags::floor(raised, on)?;
    let mut labels: Vec<&str> = raised
        .iter()
        .filter(|raised| raised.in_force(on))
        .map(|raised| raised.flag.label())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    Some(Cause {
        source: Source::Human,
        level,
        words: labels.join(", "),
        event: None,
    })
}

/// The last signed; of two signed the same day, the more cautious.
fn view_in_force(overrides: &[Override], on: NaiveDate) -> Option<&Override> {
    overrides.iter().filter(|view| view.in_force(on)).max()
}

fn shifted(level: Level, view: Option<&Override>) -> Level {
    match view.map(|view| view.shift) {
        Some(Shift::Up) => level.worse(),
        Some(Shift::Down) => level.better(),
        None => level,
    }
}

#[cfg(test)]
#[path = "retained_tests.rs"]
mod tests;
