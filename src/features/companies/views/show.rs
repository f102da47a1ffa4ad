//! The page of one company.

use askama::Template;
use askama_web::WebTemplate;
use chrono::{Datelike as _, Months, NaiveDate};
use uuid::Uuid;

use super::dossiers::Dossiers;
use super::list::{Source, sources};
use super::meetings::Met;
use super::notes::Notes;
use super::risk::RiskView;
use super::timeline::Step;
use crate::features::companies::model::{self, MASKED};
use crate::features::companies::queries::exchanges::WorkshopRow;
use crate::features::companies::queries::history::{self, EventRow};
use crate::features::companies::queries::page::{
    CompanyDetail, ContactRow, EstablishmentRow, HeadcountRow,
};
use crate::features::companies::supply::SupplyLine;
use crate::features::organisations::matched::MatchLine;
use crate::scoring::level::Level;
use crate::web::charts::{self, Datum, LineChart};
use crate::web::filters::{self, UNKNOWN, group_thousands, long_date};
use crate::web::shell::Shell;

/// Establishments shown on the page.
const ESTABLISHMENTS: usize = 100;
/// Periods drawn at most, missing ones included.
const LONGEST_SERIES: usize = 120;

/// What surrounds the company itself.
pub struct Parts {
    /// One more than shown, at most.
    pub establishments: Vec<EstablishmentRow>,
    /// The newest first.
    pub headcounts: Vec<HeadcountRow>,
    /// By name.
    pub contacts: Vec<ContactRow>,
    /// The newest first.
    pub events: Vec<EventRow>,
}

/// The open alert of the company.
pub struct AlertLine {
    /// How grave, since when, who looks after it.
    pub sentence: String,
    /// Its page, for those who handle alerts.
    pub href: Option<String>,
}

/// The page of one company.
#[derive(Template, WebTemplate)]
#[template(path = "companies/show.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent rights of the person who reads"
)]
pub struct CompanyPage {
    /// Frame.
    pub shell: Shell,
    /// The company.
    pub company: CompanyDetail,
    /// Its establishments, at most a hundred.
    pub establishments: Vec<EstablishmentRow>,
    /// Whether some are left out.
    pub has_more_establishments: bool,
    /// Drawing of the headcounts, when there are at least two.
    pub chart: Option<LineChart>,
    /// Headcount in words, with its source and date.
    pub headcount: String,
    period_noun: &'static str,
    /// Where headcounts come from.
    pub headcount_sources: Vec<Source>,
    /// People to talk to.
    pub contacts: Vec<ContactRow>,
    /// Those who left.
    pub gone_contacts: Vec<ContactRow>,
    /// Its open alert, for those who see risk.
    pub alert: Option<AlertLine>,
    /// The history.
    pub steps: Vec<Step>,
    /// Kind of events that are shown; empty for all.
    pub family: &'static str,
    /// What people noted, for those who may see it.
    pub notes: Option<Notes>,
    /// Workshops that spoke of it, for those who may see them.
    pub workshops: Vec<WorkshopRow>,
    /// Whether the person can edit contacts.
    pub may_edit_contacts: bool,
    /// Whether the person can give places.
    pub may_choose: bool,
    /// Whether the person may see risks.
    pub may_see_risk: bool,
    /// Whether the person was given, by name, the reading of social data.
    pub may_read_social: bool,
    /// Whether its sheet can be had as a PDF.
    pub has_pdf: bool,
    /// The last assessment.
    pub risk: Option<RiskView>,
    /// Its meetings, for those who may see some.
    pub met: Option<Met>,
    /// Its plan by dossier, for those who may see plans.
    pub dossiers: Option<Dossiers>,
    /// Its needs, offers and introductions, for those who may see some.
    pub matched: Option<Vec<MatchLine>>,
    /// Its customers and suppliers, for those who may see them.
    pub supply: Option<Vec<SupplyLine>>,
    /// Organisation of the person who reads.
    pub organisation_id: Uuid,
    /// Whether the person conducts meetings at the highest level.
    pub may_conduct: bool,
}

impl CompanyPage {
    /// The page of this company.
    pub fn new(shell: Shell, company: CompanyDetail, mut parts: Parts) -> Self {
        let name = match &company.name {
            Some(_) => company.shown_name().to_owned(),
            None => format!("Entreprise {}", grouped_siren(&company.siren)),
        };
        let has_more_establishments = parts.establishments.len() > ESTABLISHMENTS;
        parts.establishments.truncate(ESTABLISHMENTS);
        let headcounts = &parts.headcounts;
        let (contacts, gone_contacts) = parts
            .contacts
            .into_iter()
            .partition(|contact| contact.archived_on.is_none());
        Self {
            shell: shell.titled(name.as_str()).at(name.as_str()),
            headcount: headcount_in_words(headcounts.first(), &company),
            period_noun: match headcounts.first() {
                Some(row) if row.granularity == "month" => "Mois",
                _ => "Année",
            },
            headcount_sources: sources(
                headcounts
                    .iter()
                    .map(|row| (row.source.as_str(), row.source_date)),
            ),
            chart: chart(headcounts),
            establishments: parts.establishments,
            has_more_establishments,
            contacts,
            gone_contacts,
            steps: parts.events.into_iter().map(Step::of).collect(),
            family: "",
            company,
            notes: None,
            alert: None,
            workshops: Vec::new(),
            may_edit_contacts: false,
            may_choose: false,
            may_see_risk: false,
            may_read_social: false,
            has_pdf: false,
            risk: None,
            met: None,
            dossiers: None,
            matched: None,
            supply: None,
            organisation_id: Uuid::nil(),
            may_conduct: false,
        }
    }

    /// The number of the first contact who has one.
    pub fn call_href(&self) -> Option<String> {
        let mut numbers = self.contacts.iter().map(|contact| &contact.phone);
        let number = numbers.find(|phone| !phone.is_empty())?;
        Some(format!("tel:{number}"))
    }

    /// Tells its open alert, if there is one.
    pub fn show_alert(&mut self, may_handle: bool) {
        let company = &self.company;
        self.alert = company.alert_id.map(|id| AlertLine {
            sentence: company.alert_sentence(self.is_struck_off()),
            href: may_handle.then(|| format!("/alertes/{id}")),
        });
    }

    /// Whether the company left the register of commerce.
    fn is_struck_off(&self) -> bool {
        self.risk.as_ref().is_some_and(RiskView::is_struck_off)
    }

    /// Whether this SIREN is that of the company.
    fn is_this(&self, siren: &str) -> bool {
        self.company.siren == siren
    }

    /// Whether the reader changes this link.
    fn changes(&self, line: &SupplyLine) -> bool {
        line.is_changed_by(self.may_conduct, self.organisation_id)
    }

    /// What narrows the history: address, words, whether it is the one shown.
    fn families(&self) -> Vec<(String, &'static str, bool)> {
        let siren = &self.company.siren;
        let all = (
            format!("/entreprises/{siren}#historique"),
            "Tout",
            self.family.is_empty(),
        );
        // Notices, alerts and signals are for those who may see risks.
        let seen = history::FAMILIES.iter().filter(|(name, ..)| match *name {
            "annonces" | "alertes" | "signaux" => self.may_see_risk,
            "liens" => self.supply.is_some(),
            _ => true,
        });
        let others = seen.map(|(name, _, words)| {
            let href = format!("/entreprises/{siren}?historique={name}#historique");
            (href, *words, self.family == *name)
        });
        std::iter::once(all).chain(others).collect()
    }

    /// Address of a page of this company.
    pub fn below(&self, page: &str) -> String {
        format!("/entreprises/{}/{page}", self.company.siren)
    }

    /// Where its place is managed, when it holds one.
    pub fn place_href(&self) -> Option<String> {
        let company = &self.company;
        let territory = company.key_territory_siren.as_ref()?;
        (self.may_choose && company.key_slot.is_some()).then(|| format!("/territoires/{territory}"))
    }

    /// Where to choose it as key company: it needs an open establishment in a territory.
    pub fn choose_href(&self) -> Option<String> {
        let company = &self.company;
        let is_open = company.active && company.local_active == Some(true);
        let is_out = company.key_slot.is_some() || !is_open || self.is_struck_off();
        if !self.may_choose || is_out {
            return None;
        }
        let (territory, siret) = (
            company.territory_siren.as_ref()?,
            company.local_siret.as_ref()?,
        );
        Some(format!(
            "/territoires/{territory}/places/choisir?siret={siret}"
        ))
    }
}

fn grouped_siren(siren: &str) -> String {
    let parts: Vec<&str> = [0..3, 3..6, 6..9]
        .into_iter()
        .filter_map(|r| siren.get(r))
        .collect();
    parts.join("\u{a0}")
}

impl CompanyDetail {
    /// « Alerte ouverte le 3 mars 2026, niveau élevé, suivie par Claire Martin. »
    fn alert_sentence(&self, is_struck_off: bool) -> String {
        let since = self.alert_since.map(long_date).unwrap_or_default();
        let level = self.alert_level.as_deref();
        let grave = level.and_then(Level::from_code).map_or_else(
            || {
                if is_struck_off {
                    "radiation"
                } else {
                    "procédure ouverte"
                }
                .to_owned()
            },
            |level| format!("niveau {}", level.word()),
        );
        let follower = match &self.alert_follower {
            Some(name) => format!("suivie par {name}"),
            None => "sans responsable".to_owned(),
        };
        format!("Alerte ouverte le {since}, {grave}, {follower}.")
    }

    /// The name, or what stands for it.
    pub fn shown_name(&self) -> &str {
        model::shown_name(self.name.as_deref())
    }

    /// Usual name and acronym, where they add something.
    pub fn other_names(&self) -> Vec<&str> {
        let known = self.name.as_deref();
        let others = [self.usual_name.as_deref(), self.acronym.as_deref()];
        others
            .into_iter()
            .flatten()
            .filter(|name| Some(*name) != known)
            .collect()
    }

    /// « 25.62B : Mécanique industrielle », or what is known.
    pub fn activity(&self) -> String {
        let is_former = matches!(
            self.naf_nomenclature.as_deref(),
            Some("rev1" | "1993" | "nap")
        );
        let label = self.naf_label.as_deref();
        coded(self.naf_code.as_deref(), label, is_former)
    }

    /// The same in NAF 2025, when the register gives it.
    pub fn activity_2025(&self) -> String {
        coded(
            self.naf_2025.as_deref(),
            self.naf_2025_label.as_deref(),
            false,
        )
    }

    /// The size category in words.
    pub fn size(&self) -> &str {
        match self.size_category.as_deref() {
            Some("PME") => "Petite ou moyenne entreprise",
            Some("ETI") => "Entreprise de taille intermédiaire",
            Some("GE") => "Grande entreprise",
            Some(other) if !other.is_empty() => other,
            _ => UNKNOWN,
        }
    }

    /// Where the head office is, when it is not the local establishment.
    pub fn head_office(&self) -> String {
        if self.head_office_siret.is_none() {
            return UNKNOWN.to_owned();
        }
        let commune = self.head_office_commune.as_deref();
        if self.head_office_siret == self.local_siret {
            return format!("À {}", commune.unwrap_or("la même adresse"));
        }
        match commune {
            Some(commune) => format!("Ailleurs, à {commune}"),
            None => "Ailleurs, dans une commune hors des données importées".to_owned(),
        }
    }

    /// « Économie sociale et solidaire, société à mission », when the register says so.
    pub fn qualities(&self) -> Option<&'static str> {
        match (self.is_social_economy, self.is_mission_company) {
            (Some(true), Some(true)) => Some("Économie sociale et solidaire, société à mission"),
            (Some(true), _) => Some("Économie sociale et solidaire"),
            (_, Some(true)) => Some("Société à mission"),
            _ => None,
        }
    }

    /// « place 2 », « depuis le 3 mars 2026 »…
    pub fn key_sentence(&self) -> Option<String> {
        let (territory, slot) = (self.key_territory.as_ref()?, self.key_slot?);
        let since = self
            .key_since
            .map(|on| format!(" depuis le {}", long_date(on)));
        let referent = self.referent.as_deref().unwrap_or("à désigner");
        Some(format!(
            "Entreprise clé ({territory}, place\u{a0}{slot}){}\u{202f}; référent\u{a0}: {referent}.",
            since.unwrap_or_default()
        ))
    }

    /// Why nothing can be done any more: the company, or its local establishment, has closed.
    pub fn closed_sentence(&self) -> Option<String> {
        if !self.active {
            return Some(match self.ceased_on {
                Some(on) => format!(
                    "Cette entreprise a cessé son activité le {}.",
                    long_date(on)
                ),
                None => "Cette entreprise a cessé son activité, à une date non communiquée.".into(),
            });
        }
        (self.local_active == Some(false)).then(|| {
            "L’établissement du territoire est fermé\u{202f}; l’entreprise reste active ailleurs.".into()
        })
    }
}

impl EstablishmentRow {
    /// The address on one line, or what stands for it.
    pub fn shown_address(&self) -> &str {
        match self.address.as_deref() {
            _ if !self.diffusible => MASKED,
            Some(address) if !address.is_empty() => address,
            _ => UNKNOWN,
        }
    }
}

/// An activity with its words; without them, why they are missing.
fn coded(code: Option<&str>, label: Option<&str>, is_former: bool) -> String {
    match (code, label) {
        (Some(code), Some(label)) => format!("{label} ({code})"),
        (Some(code), None) if is_former => format!("{code} (ancienne nomenclature)"),
        (Some(code), None) => format!("{code} (libellé non communiqué)"),
        _ => UNKNOWN.to_owned(),
    }
}

/// « 42 salariés en mars 2026 », else the local band, else the company's, each with its year.
pub fn headcount_in_words(latest: Option<&HeadcountRow>, company: &CompanyDetail) -> String {
    if let Some(row) = latest {
        let number = group_thousands(row.headcount);
        let noun = filters::agree(row.headcount, "salarié", "salariés");
        let when = period_in_words(row.period, &row.granularity);
        let date = long_date(row.source_date);
        return format!("{number}\u{a0}{noun} ({when}, {}, {date})", row.source);
    }
    let dated = |band: &str, year: Option<i16>, what: &str| {
        let year = year.map_or_else(
            || "année non communiquée".to_owned(),
            |year| year.to_string(),
        );
        format!("{band} ({what}, {year}, {})", company.source)
    };
    match (&company.local_band, &company.band) {
        (Some(band), _) => dated(band, company.local_band_year, "tranche de l’établissement"),
        (None, Some(band)) => dated(band, company.band_year, "tranche de l’entreprise entière"),
        (None, None) => UNKNOWN.to_owned(),
    }
}

fn period_in_words(period: NaiveDate, granularity: &str) -> String {
    if granularity == "month" {
        month_in_words(period)
    } else {
        period.year().to_string()
    }
}

/// « mars 2026 »: a long date without its day.
fn month_in_words(date: NaiveDate) -> String {
    let text = long_date(date);
    text.split_once('\u{a0}')
        .map_or_else(|| text.clone(), |(_, month)| month.to_owned())
}

/// The series in order of time; a period that nobody gave is a gap, not a zero.
fn chart(rows: &[HeadcountRow]) -> Option<LineChart> {
    let (newest, oldest) = rows.first().zip(rows.last()).filter(|_| rows.len() > 1)?;
    let step = Months::new(if newest.granularity == "month" { 1 } else { 12 });
    let periods = std::iter::successors(Some(oldest.period), |on| on.checked_add_months(step))
        .take_while(|on| *on <= newest.period)
        .take(LONGEST_SERIES);
    let data = periods.map(|on| datum(on, newest, rows.iter().find(|row| row.period == on)));
    charts::line("Effectif", ["salarié", "salariés"], data.collect())
}

fn datum(period: NaiveDate, like: &HeadcountRow, row: Option<&HeadcountRow>) -> Datum {
    #[expect(
        clippy::cast_precision_loss,
        reason = "jobs of one company are far below 2^52"
    )]
    let value = row.map(|row| row.headcount as f64);
    let label = match like.granularity.as_str() {
        "month" => period.format("%m/%Y").to_string(),
        _ => period.year().to_string(),
    };
    Datum::new(label, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_without_words_says_why() {
        assert_eq!(
            coded(Some("28.11Y"), None, false),
            "28.11Y (libellé non communiqué)"
        );
        assert_eq!(
            coded(Some("52.4C"), None, true),
            "52.4C (ancienne nomenclature)"
        );
        assert_eq!(
            coded(Some("25.62B"), Some("Mécanique"), false),
            "Mécanique (25.62B)"
        );
        assert_eq!(coded(None, None, false), UNKNOWN);
    }
}
