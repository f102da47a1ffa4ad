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
            bullet: row.points.map(|points| bullet(points, explanation)),
            spark: spark(explanation),
            row,
        }
    }

    /// What was kept to be shown.
    pub fn explanation(&self) -> &Explanation {
        &self.row.explanation
    }

    /// The three sources side by side, never blended: name, level, reason.
    pub fn sources(&self) -> [(&'static str, Level, Option<&str>); 3] {
        use crate::scoring::retained::Source::{Event, Human, Statistical};
        let words = |source| {
            let causes = &self.explanation().causes;
            causes
                .iter()
                .find(|cause| cause.source == source)
                .map(|cause| cause.words.as_str())
        };
        let level = |code: &Option<String>| Level::from_code(code.as_deref());
        [
            ("Comptes", level(&self.row.statistical), words(Statistical)),
            ("Événements", level(&self.row.events_floor), words(Event)),
            (
                "Signaux de terrain",
                level(&self.row.flags_floor),
                words(Human),
            ),
        ]
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

    /// What would take points off, at most three.
    pub fn improvements(&self) -> Vec<&str> {
        let factors = self.explanation().factors.iter();
        factors
            .filter(|factor| factor.points > 0)
            .filter_map(|factor| factor.next.as_deref())
            .take(3)
            .collect()
    }
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
    charts::sparkline("Score", "point", &data, f64::from(explanation.max_points))
}
