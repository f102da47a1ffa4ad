//! « Pourquoi ce niveau » : how the explanation of a company's level is shown.

use std::borrow::Borrow;

use crate::features::companies::queries::page::RiskRow;
use crate::scoring::explanation::{Explanation, Factor};
use crate::web::charts::{self, Bullet, Datum, Sparkline, Zone};
use crate::web::filters;
use crate::web::levels::Level;

/// Factors shown at once; the others are folded.
const HEAVIEST: usize = 6;

/// The level of a company and its explanation.
pub struct RiskView {
    /// The level retained.
    pub level: Level,
    /// Facts of the assessment.
    pub row: RiskRow,
    /// The score on the scale of the model.
    pub bullet: Option<Bullet>,
    /// The score of each exercise.
    pub spark: Option<Sparkline>,
}

impl RiskView {
    /// From the last assessment.
    pub fn new(row: RiskRow) -> Self {
        let explanation = &row.explanation;
        Self {
            level: Level::from_code(row.shown.as_deref()),
            bullet: row
                .points
                .filter(|_| row.statistical.is_some() && !is_state(&row))
                .map(|points| bullet(points, explanation)),
            spark: spark(explanation),
            row,
        }
    }

    /// What was kept to be shown.
    pub fn explanation(&self) -> &Explanation {
        &self.row.explanation
    }

    /// The three sources side by side, never blended. What is not assessed says so, and why: it is not
    /// « rien à signaler ».
    pub fn sources(&self) -> [SourceRow; 3] {
        use crate::scoring::retained::Source::{Event, Human, Statistical};
        let causes = &self.explanation().causes;
        let row = |name, source, level: &Option<String>, nothing: String| {
            let cause = causes.iter().find(|cause| cause.source == source);
            SourceRow {
                name,
                level: cause.map(|_| Level::from_code(level.as_deref())),
                words: cause.map_or(nothing, |cause| cause.words.clone()),
                is_known: cause.is_some(),
            }
        };
        let mut events = row(
            "Événements",
            Event,
            &self.row.events_floor,
            if self.is_scored() {
                "Rien à signaler".to_owned()
            } else {
                "Aucune procédure connue".to_owned()
            },
        );
        let state = match self.level {
            Level::Procedure | Level::StruckOff => Some(self.explanation().sentence.clone()),
            _ => self.row.past_procedure(),
        };
        if let Some(words) = state.filter(|_| !events.is_known) {
            events = SourceRow {
                level: None,
                words,
                is_known: true,
                ..events
            };
        }
        let mut accounts = row(
            "Comptes",
            Statistical,
            &self.row.statistical,
            self.unassessed(),
        );
        // Beside a state, what the accounts alone would give reassures wrongly.
        accounts.level = accounts.level.filter(|_| !is_state(&self.row));
        [
            accounts,
            events,
            row(
                "Signaux de terrain",
                Human,
                &self.row.flags_floor,
                "Rien à signaler".to_owned(),
            ),
        ]
    }

    /// Whether the company left the register of commerce.
    pub fn is_struck_off(&self) -> bool {
        self.level == Level::StruckOff
    }

    /// Known landmarks, which say nothing where the accounts give no level.
    pub fn landmarks(&self) -> &[String] {
        if self.is_scored() && !is_state(&self.row) {
            &self.explanation().landmarks
        } else {
            &[]
        }
    }

    /// Whether the accounts give a level.
    pub fn is_scored(&self) -> bool {
        self.row.statistical.is_some()
    }

    /// « Non évalués : comptes confidentiels ».
    fn unassessed(&self) -> String {
        let reason = self.explanation().unassessed.as_deref();
        reason.map_or_else(
            || "Non évalués".to_owned(),
            |reason| format!("Non évalués\u{a0}: {reason}"),
        )
    }

    /// Whether anything at all is known of the accounts.
    pub fn has_findings(&self) -> bool {
        let mut factors = self.explanation().factors.iter();
        factors.any(|factor| factor.is_known)
    }

    /// The factors that weigh, the heaviest first.
    pub fn heaviest(&self) -> &[Factor] {
        let factors = &self.explanation().factors;
        &factors[..factors.len().min(HEAVIEST)]
    }

    /// The others.
    pub fn lighter(&self) -> &[Factor] {
        self.explanation()
            .factors
            .get(HEAVIEST..)
            .unwrap_or_default()
    }

    /// What would take points off, at most three; nothing where there is no score to take them off.
    pub fn improvements(&self) -> Vec<&str> {
        if !self.is_scored() {
            return Vec::new();
        }
        let factors = self.explanation().factors.iter();
        factors
            .filter(|factor| factor.points > 0)
            .filter_map(|factor| factor.next.as_deref())
            .take(3)
            .collect()
    }
}

/// What one source says.
pub struct SourceRow {
    /// Its name.
    pub name: &'static str,
    /// The level that it asks for.
    pub level: Option<Level>,
    /// Its reason, or why there is none.
    pub words: String,
    /// Whether it says something.
    pub is_known: bool,
}

/// Whether the company is in a state that is no prediction: an open procedure, a radiation.
fn is_state(row: &RiskRow) -> bool {
    matches!(
        Level::from_code(row.shown.as_deref()),
        Level::Procedure | Level::StruckOff
    )
}

/// « +3 », « −2 », « stable », or nothing to compare with. Templates hand over references.
pub fn moved(change: impl Borrow<Option<i32>>) -> String {
    match *change.borrow() {
        None => "–".to_owned(),
        Some(0) => "stable".to_owned(),
        Some(change) => crate::scoring::numbers::signed(change),
    }
}

fn bullet(points: u32, explanation: &Explanation) -> Bullet {
    let [moderate, high, critical] = explanation.thresholds;
    let zone = |level: Level, from: u32, to: u32| Zone {
        slug: level.slug(),
        word: level.word(),
        from,
        to,
    };
    charts::bullet(
        points,
        &[
            zone(Level::Low, 0, moderate),
            zone(Level::Moderate, moderate, high),
            zone(Level::High, high, critical),
            zone(Level::Critical, critical, explanation.max_points),
        ],
    )
}

fn spark(explanation: &Explanation) -> Option<Sparkline> {
    if explanation.past.len() < 2 {
        return None;
    }
    let data: Vec<Datum> = explanation
        .past
        .iter()
        .map(|past| Datum {
            label: filters::long_date(past.closing),
            value: Some(f64::from(past.points)),
        })
        .collect();
    charts::sparkline(
        "Score",
        ["point", "points"],
        &data,
        f64::from(explanation.max_points),
    )
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn row(shown: Option<&str>, sentence: &str) -> RiskRow {
        let explanation = serde_json::json!({
            "sentence": sentence, "retained": null, "unassessed": "comptes confidentiels",
            "max_points": 116, "thresholds": [30, 45, 60], "factors": [], "themes": [], "causes": [],
            "past": [], "landmarks": [], "cautions": [], "view": null, "closing": null
        });
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        RiskRow {
            shown: shown.map(str::to_owned),
            state: "none".to_owned(),
            notices: None,
            since: day,
            points: Some(24),
            completeness: 0,
            statistical: None,
            events_floor: None,
            flags_floor: None,
            as_of: day,
            cause: "Première évaluation.".to_owned(),
            model_version: "1.0.0".to_owned(),
            explanation: serde_json::from_value(explanation).expect("an explanation"),
        }
    }

    fn words(view: &RiskView) -> Vec<String> {
        view.sources().map(|source| source.words).into()
    }

    #[test]
    fn a_company_that_is_not_assessed_is_not_said_to_be_calm() {
        let view = RiskView::new(row(None, "Non évalué\u{a0}: comptes confidentiels."));
        assert!(view.bullet.is_none());
        assert_eq!(
            words(&view),
            [
                "Non évalués\u{a0}: comptes confidentiels",
                "Aucune procédure connue",
                "Rien à signaler"
            ]
        );
    }

    #[test]
    fn an_open_procedure_is_the_event_and_has_no_bar() {
        let open = "Procédure ouverte\u{a0}: sauvegarde depuis le 4 mars 2026.";
        let mut row = row(Some("procedure"), open);
        row.statistical = Some("low".to_owned());
        let view = RiskView::new(row);
        assert!(view.bullet.is_none());
        assert_eq!(words(&view)[1], open);
        // What the accounts alone would give reassures wrongly.
        assert_eq!(view.sources()[0].level, None);
    }

    #[test]
    fn a_company_that_left_the_register_predicts_nothing() {
        let left = "Cette entreprise est radiée du registre du commerce depuis le 4 mai 2026.";
        let mut row = row(Some("struck_off"), left);
        row.statistical = Some("low".to_owned());
        let view = RiskView::new(row);
        assert!(view.bullet.is_none());
        assert_eq!(words(&view)[1], left);
        assert_eq!(view.sources()[0].level, None);
        assert!(view.landmarks().is_empty());
    }
}
