//! What is known of a company: debts by month, contributions, payment plans, each with its source.

use askama::Template;
use askama_web::WebTemplate;
use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use serde::de::DeserializeOwned;

use crate::features::social::model::{self, SHARE};
use crate::features::social::queries::FactRow;
use crate::formats::urssaf::{ContributionRow, DebtRow, DelayRow, MonthlyDebt, Period, Span};
use crate::web::Visit;
use crate::web::filters::{self, group_thousands};
use crate::web::shell::Shell;

/// Months shown.
const MONTHS: Months = Months::new(23);

/// `templates/social/company.html`
#[derive(Template, WebTemplate)]
#[template(path = "social/company.html")]
pub struct CompanyPage {
    shell: Shell,
    siren: String,
    company: String,
    debts: Vec<DebtLine>,
    contributions: Vec<ContributionLine>,
    delays: Vec<DelayLine>,
    sources: Vec<Source>,
    rise: Option<String>,
    owed: Option<String>,
}

/// A month of debt.
struct DebtLine {
    month: String,
    employees: String,
    employer: String,
    total: String,
}

/// Contributions of a period.
struct ContributionLine {
    period: String,
    due: String,
    paid: Option<String>,
    claimed: Option<String>,
}

/// A payment plan.
struct DelayLine {
    from: NaiveDate,
    until: NaiveDate,
    amount: Option<String>,
    stage: Option<String>,
}

/// Where facts come from.
#[derive(PartialEq)]
struct Source {
    producer: String,
    date: NaiveDate,
    import: Option<String>,
    at: Option<DateTime<Utc>>,
}

impl CompanyPage {
    /// The page of a company.
    pub fn new(visit: &Visit, siren: &str, company: &str, facts: Vec<FactRow>) -> Self {
        let title = format!("Données sociales de {company}");
        let debts: Vec<DebtRow> = rows(&facts, "social_debt");
        let contributions: Vec<ContributionRow> = rows(&facts, "social_contribution");
        let from = visit
            .today
            .checked_sub_months(MONTHS)
            .unwrap_or(visit.today);
        let months = model::monthly(&debts, from, visit.today);
        Self {
            shell: visit
                .shell(title)
                .via("Accueil", "/")
                .via("Entreprises", "/entreprises")
                .via(company, format!("/entreprises/{siren}"))
                .at("Données sociales"),
            siren: siren.to_owned(),
            company: company.to_owned(),
            rise: model::rise(&debts, &contributions, visit.today).map(rise_in_words),
            owed: owed(&debts, visit.today),
            debts: months.iter().rev().map(DebtLine::of).collect(),
            contributions: contributions
                .iter()
                .rev()
                .map(ContributionLine::of)
                .collect(),
            delays: rows(&facts, "social_delay")
                .iter()
                .map(DelayLine::of)
                .collect(),
            sources: sources(facts),
        }
    }

    fn is_empty(&self) -> bool {
        self.debts.is_empty() && self.contributions.is_empty() && self.delays.is_empty()
    }
}

fn rows<T: DeserializeOwned>(facts: &[FactRow], kind: &str) -> Vec<T> {
    facts
        .iter()
        .filter(|fact| fact.kind == kind)
        .filter_map(|fact| serde_json::from_value(fact.content.clone()).ok())
        .collect()
}

fn sources(facts: Vec<FactRow>) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    for fact in facts {
        let source = Source {
            producer: fact.source,
            date: fact.source_date,
            import: fact.import,
            at: fact.imported_at,
        };
        if !found.contains(&source) {
            found.push(source);
        }
    }
    found.sort_by_key(|source| std::cmp::Reverse(source.date));
    found
}

fn rise_in_words(rise: model::Rise) -> String {
    format!(
        "La dette a augmenté de {} en trois mois, soit {}\u{a0}% d’un mois habituel de cotisations ({}), depuis \
         {}. Au-delà de {SHARE}\u{a0}%, le niveau de l’entreprise est relevé d’un cran\u{202f}; ailleurs dans \
         Vigie, cela s’appelle «\u{a0}un fait réservé\u{a0}».",
        euros(rise.amount),
        group_thousands(rise.share()),
        euros(rise.usual_month),
        month(rise.since)
    )
}

/// What is owed now, and since when without interruption.
fn owed(debts: &[DebtRow], today: NaiveDate) -> Option<String> {
    let first = debts.iter().map(|debt| debt.processed_on).min()?;
    let months = model::monthly(debts, first, today);
    let last = months.last()?;
    if model::total(last) == 0 {
        return Some("Aucune dette à ce jour.".to_owned());
    }
    let since = months
        .iter()
        .rev()
        .take_while(|debt| model::total(debt) != 0)
        .last()
        .unwrap_or(last);
    Some(format!(
        "Dette à ce jour\u{a0}: {}, sans interruption depuis {}.",
        euros(model::total(last)),
        month(since.month)
    ))
}

impl DebtLine {
    fn of(debt: &MonthlyDebt) -> Self {
        Self {
            month: filters::sentence_case(&month(debt.month)),
            employees: euros(debt.employees),
            employer: euros(debt.employer),
            total: euros(model::total(debt)),
        }
    }
}

impl ContributionLine {
    fn of(row: &ContributionRow) -> Self {
        Self {
            period: filters::sentence_case(&period(row.period)),
            due: euros(row.due),
            paid: row.paid.map(euros),
            claimed: row.claimed.map(euros),
        }
    }
}

/// Hundredths of euro as whole euros.
fn euros(hundredths: i64) -> String {
    let half = if hundredths < 0 { -50 } else { 50 };
    format!("{}\u{a0}€", group_thousands((hundredths + half) / 100))
}

impl DelayLine {
    fn of(row: &DelayRow) -> Self {
        Self {
            from: row.created_on,
            until: row.ends_on,
            amount: row.amount.map(euros),
            stage: row.stage.as_deref().map(stage),
        }
    }
}

/// Where a payment plan stands, in words; a code that is not known is left as it is written.
fn stage(code: &str) -> String {
    let words = match code {
        "DEBUT" => "Demandé",
        "REFUS" => "Refusé",
        "APPROB" => "Accordé",
        "FIN" => "Terminé",
        "REJ" => "Rejeté",
        other => other,
    };
    words.to_owned()
}

fn month(day: NaiveDate) -> String {
    format!("{} {}", crate::scoring::numbers::month(day), day.year())
}

fn period(period: Period) -> String {
    match period.span {
        Span::Month => month(period.start),
        Span::Quarter => format!("trimestre commençant en {}", month(period.start)),
        Span::Year => format!("année {}", period.start.year()),
    }
}
