//! What is counted, and how it is kept in a snapshot. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::Dossier;

/// Places of a territory.
const PLACES: i32 = 5;
/// Alerts below which a count could point at a company.
const FEW_ALERTS: i32 = 3;

/// The figures of one territory, or of all of them together, as `indicator_figures` gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// SIREN of the territory; none for all together.
    #[serde(alias = "territory_siren")]
    pub territory: Option<String>,
    /// Its short name.
    pub name: Option<String>,
    /// Column of its tile on the map, from 1.
    pub tile_column: Option<i16>,
    /// Row of its tile.
    pub tile_row: Option<i16>,
    /// Territories counted.
    pub territories: i32,
    /// Places held.
    pub identified: i32,
    /// Those met, reviewed or accompanied within twelve months.
    pub followed: i32,
    /// Companies that entered twelve months ago or more.
    pub due: i32,
    /// Those maintained.
    pub maintained: i32,
    /// Those that are not.
    pub lost: i32,
    /// Those whose jobs are not known.
    pub unproven: i32,
    /// Companies in place whose jobs are known at entry and now.
    pub jobs_known: i32,
    /// Their jobs at entry.
    pub jobs_then: i32,
    /// Their jobs now.
    pub jobs_now: i32,
    /// Alerts of the year on companies in place.
    pub alerts: i32,
    /// Those after which somebody met the company.
    pub alerts_met: i32,
    /// Days until then, median.
    pub contact_days: Option<i32>,
    /// Assessments that people judged.
    pub judged: i32,
    /// Those found useful.
    pub useful: i32,
    /// Workshops held during the year.
    pub workshops: i32,
    /// Organisations that came.
    pub partners: i32,
    /// Decisions that fell due.
    pub decisions: i32,
    /// Those done in time.
    pub decisions_in_time: i32,
    /// Companies in place that would leave a pollution behind.
    pub polluting: i32,
    /// Companies in place whose service nobody else gives nearby.
    pub providers: i32,
    /// Companies in place of which somebody stated whether they would leave a pollution; none in a snapshot of
    /// before it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pollutions_known: Option<i32>,
    /// The same of whether nobody else gives their service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub providers_known: Option<i32>,
}

impl Line {
    /// Places there are.
    pub fn places(&self) -> i32 {
        self.territories * PLACES
    }
}

/// The actions of a dossier, as `indicator_actions` gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierLine {
    /// Code of the dossier.
    pub dossier: String,
    /// Actions, those dropped aside.
    pub actions: i32,
    /// Those done.
    pub done: i32,
    /// Those past their date and not ended.
    pub late: i32,
    /// Euros planned, where it is said.
    pub planned_euros: Option<i64>,
    /// Euros spent, where it is said.
    pub spent_euros: Option<i64>,
    /// Companies that have such an action.
    pub companies: i32,
}

/// The introductions of a dossier during the year, as `indicator_introductions` gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntroductionLine {
    /// Code of the dossier.
    pub dossier: String,
    /// Proposed.
    pub proposed: i32,
    /// Of those, where the two met.
    pub met: i32,
    /// Of those, with something that followed.
    pub pursued: i32,
}

/// How far the visitor reads about alerts. With the territories that they come from, counts tell who is
/// in alert: those who may not know it read the whole département together, and no small number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AlertsTold {
    /// Everything.
    #[default]
    Everywhere,
    /// The whole département together.
    Together,
    /// Nothing, when the figures are those of chosen territories.
    Nowhere,
}

/// What the service aims at, in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Part of its jobs at entry that a maintained company still has.
    pub kept_share: i16,
    /// Part of the identified companies to follow.
    pub followed_target: i16,
    /// Part of the companies to maintain.
    pub maintained_target: i16,
}

/// What the council says of its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// What.
    pub text: String,
    /// Who.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everything that a page of indicators tells: kept as it is by a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The evening counted.
    pub evening: NaiveDate,
    /// The evening compared with.
    pub before: NaiveDate,
    /// Settings in force.
    pub settings: Settings,
    /// The commentary.
    pub comment: Option<Comment>,
    /// All together.
    pub total: Line,
    /// The same, on the evening compared with.
    pub total_before: Line,
    /// Territory by territory, by name.
    pub lines: Vec<Line>,
    /// The same, on the evening compared with: read to know what may be told, kept by no snapshot.
    #[serde(skip)]
    pub lines_before: Vec<Line>,
    /// Dossiers that have actions.
    #[serde(default)]
    pub dossiers: Vec<DossierLine>,
    /// Introductions by dossier; none in a snapshot of before they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introductions: Option<Vec<IntroductionLine>>,
    /// How far its reader reads about alerts.
    #[serde(skip)]
    pub alerts_told: AlertsTold,
    /// When the first company entered a place: there is nothing to look at before. Kept by no snapshot.
    #[serde(skip)]
    pub first_entry: Option<NaiveDate>,
}

impl Report {
    /// Puts the lines of two evenings together.
    pub fn new(
        (evening, before): (NaiveDate, NaiveDate),
        settings: Settings,
        comment: Option<Comment>,
        now: Vec<Line>,
        then: Vec<Line>,
        dossiers: Vec<DossierLine>,
    ) -> Self {
        let is_total = |line: &Line| line.territory.is_none();
        let (totals, lines) = now.into_iter().partition(is_total);
        let (totals_before, lines_before) = then.into_iter().partition(is_total);
        let first = |lines: Vec<Line>| lines.into_iter().find(is_total).unwrap_or_default();
        Self {
            evening,
            before,
            settings,
            comment,
            total: first(totals),
            total_before: first(totals_before),
            lines,
            lines_before,
            dossiers,
            introductions: None,
            alerts_told: AlertsTold::default(),
            first_entry: None,
        }
    }

    /// The actions of a dossier; zero of each when it has none.
    pub fn dossier(&self, dossier: Dossier) -> DossierLine {
        let found = self
            .dossiers
            .iter()
            .find(|one| one.dossier == dossier.code());
        found.cloned().unwrap_or_default()
    }

    /// Whether its reader is told how many alerts a line of the evening counts.
    pub fn tells_alerts_of(&self, line: &Line) -> bool {
        match self.alerts_told {
            AlertsTold::Everywhere => true,
            AlertsTold::Together => line.territory.is_none() && is_safe(line, &self.lines),
            AlertsTold::Nowhere => false,
        }
    }

    /// The same, for the whole on the evening compared with.
    pub fn tells_alerts_before(&self) -> bool {
        match self.alerts_told {
            AlertsTold::Everywhere => true,
            AlertsTold::Together => is_safe(&self.total_before, &self.lines_before),
            AlertsTold::Nowhere => false,
        }
    }

    /// Whether there was anything to compare with.
    pub fn has_past(&self) -> bool {
        self.total_before.identified > 0 || self.total_before.due > 0
    }
}

/// Whether the alerts of the whole point at no company: none, or three at least and fewer than the companies in
/// place; and the same of what is left once the territories that count three or more are taken away, which must
/// then come from two territories at least. Without the territories nothing is known of it: it is not told.
fn is_safe(total: &Line, lines: &[Line]) -> bool {
    let few = |alerts: i32, places: i32| alerts > 0 && (alerts < FEW_ALERTS || alerts >= places);
    if few(total.alerts, total.identified) || total.alerts > 0 && lines.is_empty() {
        return false;
    }
    let rest: Vec<&Line> = lines
        .iter()
        .filter(|line| line.identified > 0 && line.alerts < FEW_ALERTS)
        .collect();
    let alerts = rest.iter().map(|line| line.alerts).sum();
    let places = rest.iter().map(|line| line.identified).sum();
    !few(alerts, places) && (alerts == 0 || rest.len() > 1)
}

/// The last end of a quarter before a day.
pub fn quarter_before(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike as _;
    let first = day.month0() / 3 * 3 + 1;
    NaiveDate::from_ymd_opt(day.year(), first, 1)
        .and_then(|start| start.pred_opt())
        .unwrap_or(day)
}

/// The next end of a quarter, that day included.
pub fn quarter_after(day: NaiveDate) -> NaiveDate {
    let mut end = day;
    while quarter_before(end.succ_opt().unwrap_or(end)) != end {
        end = end.succ_opt().unwrap_or(end);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// Whether the whole is told, from the alerts and the companies in place of each territory.
    fn is_told(territories: &[(i32, i32)]) -> bool {
        let line = |territory: Option<String>, alerts, identified| Line {
            territory,
            identified,
            alerts,
            ..Line::default()
        };
        let lines: Vec<Line> = territories
            .iter()
            .zip(1..)
            .map(|((alerts, places), n)| line(Some(n.to_string()), *alerts, *places))
            .collect();
        let alerts = territories.iter().map(|(alerts, _)| alerts).sum();
        let places = territories.iter().map(|(_, places)| places).sum();
        let mut all = vec![line(None, alerts, places)];
        all.extend(lines);
        let settings = Settings {
            kept_share: 80,
            followed_target: 100,
            maintained_target: 90,
        };
        let evening = day("2026-11-24");
        let mut report = Report::new((evening, evening), settings, None, all, vec![], vec![]);
        report.alerts_told = AlertsTold::Together;
        report.tells_alerts_of(&report.total)
    }

    #[test]
    fn the_whole_and_what_is_left_of_it_point_at_no_company() {
        // None, or many among more.
        assert!(is_told(&[(0, 5), (0, 5)]));
        assert!(is_told(&[(2, 5), (1, 5)]));
        assert!(is_told(&[(3, 5), (0, 1)]));
        assert!(is_told(&[(4, 5), (2, 5), (1, 5)]));
        // Too few, or everybody.
        assert!(!is_told(&[(1, 5), (1, 5)]));
        assert!(!is_told(&[(3, 3)]));
        // Four in the first: the fifth one is told by subtraction.
        assert!(!is_told(&[(4, 5), (1, 5)]));
        assert!(!is_told(&[(4, 5), (1, 1), (1, 5)]));
        // All that is left are in alert.
        assert!(!is_told(&[(3, 5), (1, 1), (2, 2)]));
    }

    #[test]
    fn quarters_end_on_the_last_day_of_their_third_month() {
        for (today, last, next) in [
            ("2026-11-24", "2026-09-30", "2026-12-31"),
            ("2026-12-31", "2026-09-30", "2026-12-31"),
            ("2027-01-01", "2026-12-31", "2027-03-31"),
            ("2028-04-01", "2028-03-31", "2028-06-30"),
        ] {
            assert_eq!(quarter_before(day(today)), day(last), "{today}");
            assert_eq!(quarter_after(day(today)), day(next), "{today}");
        }
    }
}
