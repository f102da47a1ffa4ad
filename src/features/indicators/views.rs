//! Pages of the indicators.

pub mod lists;
pub mod slides;
pub mod workbook;
pub mod written;

use askama::Template;
use askama_web::WebTemplate;
use chrono::{Datelike as _, NaiveDate};

use super::forms::Asked;
use super::model::{DossierLine, Line, Report, quarter_after};
use super::routes::{PATH, SNAPSHOTS};
use super::snapshots::Snapshot;
use super::words::{self, Indicator, List};
use crate::auth::Permission;
use crate::domain::Dossier;
use crate::features::pages::guide::Guide;
use crate::features::territories::queries::Drawn;
use crate::web::Visit;
use crate::web::filters::{self, agree, long_date, long_instant};
use crate::web::forms::{Choice, FormErrors};
use crate::web::levels::held_places;
use crate::web::map::{self, Drawing, OnMap, Tile};
use crate::web::shell::Shell;

/// Where figures come from.
#[derive(Debug)]
pub enum Origin {
    /// Counted now.
    Live,
    /// Kept.
    Kept(Snapshot),
}

impl Origin {
    /// What is said of it under the title.
    pub fn words(&self, report: &Report) -> String {
        let evening = long_date(report.evening);
        match self {
            Self::Live => format!("Situation au {evening}"),
            Self::Kept(kept) => format!(
                "Arrêté au {evening}, signé par {} le {}",
                kept.listed.taken_by_name,
                long_instant(kept.listed.taken_at)
            ),
        }
    }
}

impl Line {
    fn on_map(&self) -> Option<OnMap> {
        let siren = self.territory.clone()?;
        let held = usize::try_from(self.identified).ok()?;
        let tile = self.tile_column.zip(self.tile_row);
        Some(OnMap {
            name: self.name.clone()?,
            href: format!("/territoires/{siren}"),
            marks: held_places(held),
            tile: tile.and_then(|(c, r)| Some((u8::try_from(c).ok()?, u8::try_from(r).ok()?))),
            siren,
        })
    }

    /// The same on paper, where a line of the table is one line: a star for what is partial.
    pub fn maintained_short(&self) -> String {
        match (self.due, self.unproven) {
            (0, _) => "–".to_owned(),
            (due, 0) => format!("{} sur {due}", self.maintained),
            (due, _) => format!("{} sur {due}\u{a0}*", self.maintained),
        }
    }

    /// « 4 sur 5 », or what is said when nothing is due yet.
    pub fn maintained_words(&self) -> String {
        if self.due == 0 {
            return "Aucune depuis un an".to_owned();
        }
        let mut said = format!("{} sur {}", self.maintained, self.due);
        if self.unproven > 0 {
            said.push_str(", partiel");
        }
        said
    }
}

impl DossierLine {
    /// « 3 actions, 1 faite », or what is said when there is none.
    pub fn actions_words(&self) -> String {
        if self.actions == 0 {
            return "Aucune action".to_owned();
        }
        format!(
            "{}\u{a0}{} pour {}\u{a0}{}",
            self.actions,
            agree(self.actions.into(), "action", "actions"),
            self.companies,
            agree(self.companies.into(), "entreprise", "entreprises")
        )
    }

    /// Euros planned, in words.
    pub fn planned_words(&self) -> String {
        euros(self.planned_euros, filters::UNKNOWN)
    }

    /// Euros spent, in words.
    pub fn spent_words(&self) -> String {
        euros(self.spent_euros, filters::UNKNOWN)
    }

    /// Euros planned, on paper.
    pub fn planned_short(&self) -> String {
        euros(self.planned_euros, "–")
    }

    /// Euros spent, on paper.
    pub fn spent_short(&self) -> String {
        euros(self.spent_euros, "–")
    }
}

fn euros(known: Option<i64>, unknown: &str) -> String {
    known.map_or_else(
        || unknown.to_owned(),
        |euros| format!("{}\u{a0}€", filters::group_thousands(euros)),
    )
}

/// The same words after others.
fn within_sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// What the two first figures say; the same on the page, the report and the slides.
impl Report {
    /// Places held and companies followed, in words.
    pub fn identified_words(&self) -> String {
        words::identified(&self.total)
    }

    /// « dont 44 suivies ».
    pub fn followed_words(&self) -> String {
        let count = self.total.followed;
        format!("{count}\u{a0}{}", agree(count.into(), "suivie", "suivies"))
    }

    /// Companies maintained among those that entered a year ago or more.
    pub fn maintained_words(&self) -> String {
        if self.total.due == 0 {
            return "Aucune entreprise n’est entrée depuis douze mois\u{a0}: rien à juger encore."
                .to_owned();
        }
        format!(
            "{} entrées depuis douze mois au moins",
            words::part(self.total.maintained, self.total.due)
        )
    }

    /// What became of the first figure.
    pub fn identified_since(&self) -> String {
        self.since(self.total.identified, self.total_before.identified)
    }

    /// What became of those followed.
    pub fn followed_since(&self) -> String {
        self.since(self.total.followed, self.total_before.followed)
    }

    /// What became of both, each by its name.
    pub fn both_since(&self) -> String {
        if self.has_past() {
            format!(
                "Identifiées\u{a0}: {}\u{202f}; suivies\u{a0}: {}",
                within_sentence(&self.identified_since()),
                within_sentence(&self.followed_since())
            )
        } else {
            self.identified_since()
        }
    }

    /// What became of those maintained.
    pub fn maintained_since(&self) -> String {
        self.since(self.total.maintained, self.total_before.maintained)
    }

    fn since(&self, now: i32, then: i32) -> String {
        if self.has_past() {
            words::evolution(now, then, self.before)
        } else {
            format!("Rien à comparer au {}", long_date(self.before))
        }
    }

    /// What is missing to follow enough.
    pub fn followed_target(&self) -> String {
        words::target(
            self.total.followed,
            self.total.identified,
            self.settings.followed_target,
        )
    }

    /// What is missing to maintain enough.
    pub fn maintained_target(&self) -> String {
        words::target(
            self.total.maintained,
            self.total.due,
            self.settings.maintained_target,
        )
    }

    /// What is said of those that are not maintained.
    pub fn lost_words(&self) -> String {
        let count = self.total.lost;
        match count {
            0 => "Aucune perdue".to_owned(),
            _ => format!("{count}\u{a0}{}", agree(count.into(), "perdue", "perdues")),
        }
    }

    /// What is said of those whose jobs are not known.
    pub fn unproven_words(&self) -> Option<String> {
        words::unproven(&self.total)
    }

    /// The figures that follow.
    pub fn others(&self) -> Vec<Indicator> {
        words::others(self)
    }

    /// Introductions of the year in words; none when they were not counted yet.
    pub fn introductions_words(&self) -> Option<String> {
        words::introductions(self)
    }

    /// The five dossiers, always, with their actions.
    pub fn every_dossier(&self) -> [(Dossier, DossierLine); 5] {
        Dossier::ALL.map(|dossier| (dossier, self.dossier(dossier)))
    }

    /// How the first figures are counted.
    pub fn definitions(&self) -> [(&'static str, String); 3] {
        words::definitions(self.settings)
    }
}

/// Years that the page leads to.
const YEARS: i32 = 5;

/// The page.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/index.html")]
pub struct IndexPage {
    /// Frame.
    pub shell: Shell,
    /// The figures.
    pub report: Report,
    /// Where they come from.
    pub origin: Origin,
    /// What is asked.
    pub asked: Asked,
    /// Territories to choose from.
    pub territories: Vec<Choice>,
    /// What is wrong with it.
    pub errors: FormErrors,
    /// Whether the report can be had as a PDF.
    pub has_pdf: bool,
    rights: Rights,
    on_map: Vec<OnMap>,
    drawn: Option<Drawn>,
    today: NaiveDate,
    next_quarter: NaiveDate,
    /// The first steps of who reads figures only.
    guide: Option<Guide>,
    /// Where the snapshots are, for those who read them.
    kept_at: Option<&'static str>,
    /// Where the alerts are, for those who handle them.
    alerts_at: Option<&'static str>,
}

/// What the visitor may open from the page.
#[derive(Debug, Clone, Copy)]
struct Rights {
    /// The list of the companies.
    names: bool,
    /// What became of them.
    verdicts: bool,
    /// Commentary, settings, snapshots.
    manages: bool,
}

impl IndexPage {
    /// The page of these figures.
    pub fn new(
        visit: &Visit,
        report: Report,
        origin: Origin,
        (asked, territories): (Asked, Vec<Choice>),
        drawn: Option<Drawn>,
    ) -> Self {
        let shell = match &origin {
            Origin::Live => visit
                .shell("Indicateurs")
                .via("Accueil", "/")
                .at("Indicateurs"),
            Origin::Kept(_) => {
                let title = format!("Arrêté au {}", long_date(report.evening));
                visit
                    .shell(title.as_str())
                    .via("Accueil", "/")
                    .via("Indicateurs", PATH)
                    .via("Arrêtés", SNAPSHOTS)
                    .at(title)
            }
        };
        Self {
            shell,
            on_map: report.lines.iter().filter_map(Line::on_map).collect(),
            report,
            asked,
            territories,
            errors: FormErrors::default(),
            has_pdf: false,
            rights: Rights {
                names: visit.may(Permission::ViewCompanies),
                verdicts: visit.may(Permission::ViewRisk),
                manages: visit.may(Permission::ManageIndicators),
            },
            drawn,
            today: visit.today,
            next_quarter: quarter_after(visit.today),
            guide: (!visit.may(Permission::ViewCompanies) && matches!(origin, Origin::Live))
                .then(|| Guide::of_elected(visit))
                .flatten(),
            kept_at: visit.may(Permission::ViewSnapshots).then_some(SNAPSHOTS),
            alerts_at: visit.may(Permission::HandleAlerts).then_some("/alertes"),
            origin,
        }
    }

    /// Whether the figures are counted now.
    fn is_live(&self) -> bool {
        matches!(self.origin, Origin::Live)
    }

    /// Where the companies, alerts or workshops behind a figure are, for those who read them.
    fn list_of(&self, one: &Indicator) -> Option<String> {
        if !self.is_live() {
            return None;
        }
        let Rights {
            names, verdicts, ..
        } = self.rights;
        match one.list {
            List::Identified => names.then(|| self.below("identifiees")),
            List::Maintained => verdicts.then(|| self.below("maintenues")),
            List::Alerts => self.alerts_at.map(str::to_owned),
            List::Workshops => names.then(|| "/ateliers".to_owned()),
        }
    }

    /// Whether the visitor reads snapshots.
    fn is_kept(&self) -> Option<&Snapshot> {
        match &self.origin {
            Origin::Live => None,
            Origin::Kept(kept) => Some(kept),
        }
    }

    /// Address of a page of the same figures.
    fn below(&self, page: &str) -> String {
        match &self.origin {
            Origin::Live => format!("{PATH}/{page}{}", self.asked.query()),
            Origin::Kept(kept) => format!("{SNAPSHOTS}/{}/{page}", kept.listed.id),
        }
    }

    /// The last years, the present one first, with their address.
    fn years(&self) -> Vec<(i32, String)> {
        let this_year = self.today.year();
        let first = self.report.first_entry.map_or(this_year, |on| on.year());
        (0..YEARS)
            .map(|back| this_year - back)
            .filter(|year| *year >= first)
            .map(|year| {
                let asked = self.asked.over_year(year, self.today);
                (year, format!("{PATH}{}", asked.query()))
            })
            .collect()
    }

    fn tiles(&self) -> Vec<Tile<'_>> {
        map::tiles(&self.on_map)
    }

    fn drawing(&self) -> Option<Drawing<'_>> {
        let drawn = self.drawn.as_ref()?;
        map::drawing(&drawn.view_box, drawn.scale, &drawn.contours, &self.on_map)
    }
}

/// The report of one A4 page.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/report.html")]
pub struct ReportPage {
    /// Frame.
    pub shell: Shell,
    /// The figures.
    pub report: Report,
    /// Territories counted, in words.
    pub territories: String,
    /// Where the figures come from.
    pub origin: String,
}

impl ReportPage {
    /// The report of these figures.
    pub fn new(
        visit: &Visit,
        report: Report,
        origin: &Origin,
        (asked, choices): (&Asked, &[Choice]),
    ) -> Self {
        let named: Vec<&str> = choices
            .iter()
            .filter(|one| asked.territoire.contains(&one.value))
            .map(|one| one.label.as_str())
            .collect();
        let count = i64::from(report.total.territories);
        let territories = if named.is_empty() {
            format!("{count}\u{a0}{}", agree(count, "territoire", "territoires"))
        } else {
            named.join(", ")
        };
        Self {
            shell: visit
                .shell("Entreprises clés\u{a0}: les indicateurs")
                .via("Accueil", "/")
                .via("Indicateurs", format!("{PATH}{}", asked.query()))
                .at("Rapport d’une page"),
            origin: origin.words(&report),
            territories,
            report,
        }
    }

    /// Name of its file.
    pub fn file_name(&self) -> String {
        format!("indicateurs-{}.pdf", self.report.evening)
    }
}
