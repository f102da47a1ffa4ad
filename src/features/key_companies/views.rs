//! Rows turned into what the pages of this feature show.

use chrono::{DateTime, NaiveDate, Utc};

use super::candidates::{Candidate, Pool};
use super::outcome::Outcome;
use super::queries::{EventRow, HolderRow, SiteRow, TerritoryRow};
use crate::features::companies::model::shown_name;
use crate::web::filters::long_date;
use crate::web::levels::Level;

/// One of the five places, empty or held.
#[derive(Debug, Clone)]
pub struct Place {
    /// 1 to 5.
    pub number: i16,
    /// Who holds it.
    pub holder: Option<HolderRow>,
    /// Its jobs and score, unless it has closed.
    pub candidate: Option<Candidate>,
}

impl HolderRow {
    /// What it shows of its risk.
    pub fn level(&self) -> Level {
        Level::from_code(self.risk.as_deref())
    }

    /// Name of the company.
    pub fn label(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Who changed it last, and when.
    pub fn last_change(&self) -> String {
        match (&self.changed_by, self.changed_at) {
            (Some(by), Some(at)) => format!("{by}, le {}", long_date(at.date_naive())),
            _ => "auteur non communiqué".to_owned(),
        }
    }
}

impl TerritoryRow {
    /// Whether some of its communes lie outside the council's département.
    pub fn crosses_border(&self) -> bool {
        self.municipalities_inside != i64::from(self.municipalities_total)
    }
}

impl SiteRow {
    /// Name of the company.
    pub fn label(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// SIREN of the company.
    pub fn siren(&self) -> &str {
        &self.siret[..9]
    }
}

/// The five places in order, each with its holder.
pub fn places(holders: Vec<HolderRow>, pool: &Pool) -> Vec<Place> {
    let mut places: Vec<Place> = (1..=5)
        .map(|number| Place {
            number,
            holder: None,
            candidate: None,
        })
        .collect();
    for holder in holders {
        let place = places.iter_mut().find(|place| place.number == holder.slot);
        if let Some(place) = place {
            place.candidate = pool.find(&holder.siret).cloned();
            place.holder = Some(holder);
        }
    }
    places
}

/// A line of the history, in words.
#[derive(Debug, Clone)]
pub struct HistoryLine {
    /// The day that the act bears on.
    pub date: NaiveDate,
    /// SIREN of the company.
    pub siren: String,
    /// Its name.
    pub name: String,
    /// What happened to it.
    pub sentence: String,
    /// Why.
    pub motive: String,
    /// Who recorded it.
    pub author: String,
    /// When it was recorded.
    pub at: DateTime<Utc>,
}

/// The history in words, in the order of the rows.
pub fn history(events: Vec<EventRow>) -> Vec<HistoryLine> {
    events.into_iter().map(line).collect()
}

fn line(event: EventRow) -> HistoryLine {
    let recorded = event
        .at
        .with_timezone(&chrono_tz::Europe::Paris)
        .date_naive();
    let date = match event.kind.as_str() {
        "chosen" => event.entered_on,
        "released" | "replaced" => event.exited_on.unwrap_or(recorded),
        _ => recorded,
    };
    HistoryLine {
        date,
        sentence: sentence(&event),
        siren: event.siren,
        name: shown_name(event.name.as_deref()).to_owned(),
        motive: event.motive,
        author: event.actor_name,
        at: event.at,
    }
}

fn sentence(event: &EventRow) -> String {
    let place =
        |slot: Option<i16>| slot.map_or_else(|| "une place".into(), |s| format!("la place {s}"));
    let referent = event.referent.as_deref().unwrap_or("non communiqué");
    let outcome = event
        .exit_outcome
        .as_deref()
        .and_then(|code| code.parse::<Outcome>().ok());
    let became = outcome
        .map_or("devenir non communiqué", Outcome::label)
        .to_lowercase();
    match event.kind.as_str() {
        "chosen" => format!(
            "entre à {}, référent\u{a0}: {referent}",
            place(event.to_slot)
        ),
        "moved" => format!(
            "passe de {} à {}",
            place(event.from_slot),
            place(event.to_slot)
        ),
        "referent_changed" => format!("change de référent\u{a0}: {referent}"),
        "replaced" => format!(
            "quitte {} ({became}), remplacée par {}",
            place(event.from_slot),
            shown_name(event.replaced_by.as_deref())
        ),
        _ => format!("quitte {} ({became})", place(event.from_slot)),
    }
}
