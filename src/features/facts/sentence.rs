//! What a fact says, in one French sentence.

use chrono::{Datelike as _, Months, NaiveDate};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::queries::{FactRow, FreshRow};
use crate::features::companies::views::notice;
use crate::formats::Confidentiality;
use crate::formats::annual_accounts::AccountsRow;
use crate::formats::ratios::{AccountsKind, RatiosRow};
use crate::web::filters::{agree, group_thousands, long_date};

/// Months after which data is stale.
const STALE: i32 = 6;
/// Months after which accounts, or headcounts of a year, are old; the next ones should be known.
const OLD_EXERCISE: i32 = 18;
/// Months after which headcounts of a month are old.
const OLD_MONTH: i32 = 6;
/// Said of a content that this version cannot read.
const UNREADABLE: &str = "Contenu illisible\u{a0}: importez à nouveau le fichier.";

/// What a fact says.
pub fn of(row: &FactRow) -> String {
    match row.kind.as_str() {
        "notice" => read(row, notice::sentence),
        "accounts" => read(row, accounts),
        "ratios" => read(row, ratios),
        _ => headcounts(row),
    }
}

/// The name of a kind of facts, for one of them.
pub fn kind(code: &str) -> &'static str {
    match code {
        "notice" => "Annonce légale",
        "accounts" => "Comptes annuels",
        "ratios" => "Ratios publics",
        _ => "Effectifs",
    }
}

fn read<T: DeserializeOwned>(row: &FactRow, say: fn(&T) -> String) -> String {
    let content = row.content.clone().unwrap_or_default();
    serde_json::from_value(content).map_or_else(|_| UNREADABLE.to_owned(), |content| say(&content))
}

/// What annual accounts say, in one sentence.
pub fn accounts(accounts: &AccountsRow) -> String {
    let months = accounts.months.map_or_else(
        || "durée non communiquée".to_owned(),
        |months| format!("{months}\u{a0}mois"),
    );
    let head = format!(
        "{} clos le {} ({months})",
        accounts.kind.label(),
        long_date(accounts.closed_on)
    );
    if accounts.deleted {
        return format!("{head}, retirés par l’INPI.");
    }
    let shown = Shown::of(accounts.confidentiality);
    let n = |code| accounts.amount(code);
    let simplified = accounts.kind == AccountsKind::Simplified;
    let (sales, result, equity) = if simplified {
        let sold = ["210", "214", "218"]
            .into_iter()
            .filter_map(n)
            .reduce(i64::saturating_add);
        (sold, n("310"), n("142"))
    } else {
        // Consolidated accounts have a result of the whole group.
        let result = n("R6").or_else(|| n("HN"));
        (n("FL"), result, n("DL"))
    };
    let figures = [
        shown.income.then(|| figure("chiffre d’affaires", sales)),
        shown.income.then(|| figure("résultat net", result)),
        shown.balance.then(|| figure("capitaux propres", equity)),
    ];
    ended(&head, shown.said, &figures)
}

fn ratios(ratios: &RatiosRow) -> String {
    let head = format!(
        "Ratios des {} clos le {}",
        ratios.kind.label().to_lowercase(),
        long_date(ratios.closed_on)
    );
    let shown = Shown::of(ratios.confidentiality);
    let amounts = ratios.amounts;
    let figures = [
        shown
            .income
            .then(|| figure("chiffre d’affaires", amounts.chiffre_d_affaires)),
        shown
            .income
            .then(|| figure("excédent brut d’exploitation", amounts.ebe)),
        shown
            .income
            .then(|| figure("résultat net", amounts.resultat_net)),
    ];
    ended(&head, shown.said, &figures)
}

/// What may be shown of accounts: what the company asked to keep confidential stays so here.
struct Shown {
    income: bool,
    balance: bool,
    said: Option<&'static str>,
}

impl Shown {
    fn of(confidentiality: Confidentiality) -> Self {
        let (income, balance, said) = match confidentiality {
            Confidentiality::Public | Confidentiality::Unknown => (true, true, None),
            Confidentiality::Simplified => (true, true, Some("bilan publié sous forme simplifiée")),
            Confidentiality::Partial => (false, true, Some("compte de résultat confidentiel")),
            Confidentiality::Confidential => (false, false, Some("confidentiels")),
        };
        Self {
            income,
            balance,
            said,
        }
    }
}

fn figure(name: &str, amount: Option<i64>) -> String {
    match amount {
        Some(amount) => format!("{name} {}\u{a0}€", group_thousands(amount)),
        None => format!("{name} non communiqué"),
    }
}

fn ended(head: &str, said: Option<&str>, figures: &[Option<String>]) -> String {
    let said = said.map(|words| format!(", {words}")).unwrap_or_default();
    let figures: Vec<&str> = figures.iter().flatten().map(String::as_str).collect();
    if figures.is_empty() {
        format!("{head}{said}.")
    } else {
        format!("{head}{said}\u{a0}: {}.", figures.join(", "))
    }
}

/// Jobs at one time, in a series.
#[derive(Debug, Deserialize)]
struct Count {
    on: NaiveDate,
    jobs: i64,
    sites: i64,
}

/// A series: its last number, and since when there are others.
fn headcounts(row: &FactRow) -> String {
    let counts = series(row);
    let Some(last) = counts.first() else {
        return UNREADABLE.to_owned();
    };
    let is_year = row.key == "year";
    let since = match (counts.last(), counts.len()) {
        (Some(first), 2..) => format!(" Connus depuis {}.", period(first.on, is_year)),
        _ => String::new(),
    };
    format!("{}{since}", counted(last, is_year))
}

fn counted(count: &Count, is_year: bool) -> String {
    let Count { on, jobs, sites } = *count;
    format!(
        "{}\u{a0}{} en {} ({}\u{a0}{} des territoires).",
        group_thousands(jobs),
        agree(jobs, "salarié", "salariés"),
        period(on, is_year),
        group_thousands(sites),
        agree(sites, "établissement", "établissements"),
    )
}

/// The numbers of a series before the last one, the newest first.
pub fn earlier(row: &FactRow) -> Vec<String> {
    if row.kind != "headcounts" {
        return Vec::new();
    }
    let counts = series(row);
    let earlier = counts.iter().skip(1);
    earlier
        .map(|count| counted(count, row.key == "year"))
        .collect()
}

fn series(row: &FactRow) -> Vec<Count> {
    let content = row.content.clone().unwrap_or_default();
    serde_json::from_value(content).unwrap_or_default()
}

/// « mars 2026 », or « 2026 ».
fn period(day: NaiveDate, is_year: bool) -> String {
    if is_year {
        return day.year().to_string();
    }
    let text = long_date(day);
    let month = text.split_once('\u{a0}').map(|(_, month)| month.to_owned());
    month.unwrap_or(text)
}

/// How fresh a source is.
#[derive(Debug, PartialEq, Eq)]
pub struct Freshness {
    /// What it last said and when.
    pub sentence: String,
    /// Whether the data is older than six months.
    pub is_stale: bool,
    /// Whether what it speaks of is old, however fresh the data.
    pub is_old: bool,
}

/// How fresh a source is on a day.
pub fn freshness(row: &FreshRow, today: NaiveDate) -> Freshness {
    let producer = row.source.split(',').next().unwrap_or_default();
    let day = long_date(row.on);
    let what = match row.kind.as_str() {
        "notice" => format!("dernière annonce le {day}"),
        "accounts" => format!("comptes au {day}"),
        "ratios" => format!("ratios au {day}"),
        _ => format!("effectifs de {}", period(row.on, is_year(row))),
    };
    let old = age(row, today);
    let what = match old {
        Some(months) => format!("{what}, anciens de {months}\u{a0}mois"),
        None => what,
    };
    let months = whole_months(row.source_date, today);
    let is_stale = months >= STALE;
    let age = if is_stale {
        format!(", non rafraîchies depuis {months}\u{a0}mois")
    } else {
        String::new()
    };
    let date = long_date(row.source_date);
    Freshness {
        sentence: format!("{producer}\u{a0}: {what}, données du {date}{age}"),
        is_stale,
        is_old: old.is_some(),
    }
}

fn is_year(row: &FreshRow) -> bool {
    row.granularity.as_deref() == Some("year")
}

/// Whole months since the end of what a source last spoke of, once it is old. A company without
/// notices is none the worse: they are never old.
fn age(row: &FreshRow, today: NaiveDate) -> Option<i32> {
    let (end, limit) = match row.kind.as_str() {
        "notice" => return None,
        "accounts" | "ratios" => (Some(row.on), OLD_EXERCISE),
        _ if is_year(row) => (row.on.checked_add_months(Months::new(12)), OLD_EXERCISE),
        _ => (row.on.checked_add_months(Months::new(1)), OLD_MONTH),
    };
    let months = whole_months(end?, today);
    (months > limit || months == limit && end?.day() < today.day()).then_some(months)
}

/// Whole months from a day to another.
fn whole_months(from: NaiveDate, to: NaiveDate) -> i32 {
    let month = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
    let begun = month(to) - month(from);
    if to.day() < from.day() {
        begun - 1
    } else {
        begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_source_is_stale_after_six_months() {
        let row = |source_date| FreshRow {
            kind: "accounts".into(),
            source: "INPI, comptes annuels".into(),
            on: day("2024-12-31"),
            granularity: None,
            source_date,
        };
        let told = freshness(&row(day("2026-03-03")), day("2026-11-24"));
        assert_eq!(
            told.sentence.replace('\u{a0}', " "),
            "INPI : comptes au 31 décembre 2024, anciens de 22 mois, données du 3 mars 2026, non rafraîchies depuis 8 mois"
        );
        assert!(told.is_stale && told.is_old);
        assert!(freshness(&row(day("2026-05-24")), day("2026-11-24")).is_stale);
        let fresh = freshness(&row(day("2026-05-25")), day("2026-11-24"));
        assert!(!fresh.is_stale && !fresh.sentence.contains("depuis"));
    }

    #[test]
    fn a_fact_is_old_however_fresh_its_source() {
        let today = day("2026-11-24");
        let is_old = |kind: &str, granularity: Option<&str>, on| {
            let row = FreshRow {
                kind: kind.into(),
                source: "INPI".into(),
                on: day(on),
                granularity: granularity.map(str::to_owned),
                source_date: today,
            };
            let told = freshness(&row, today);
            assert!(!told.is_stale, "{}", told.sentence);
            assert_eq!(told.is_old, told.sentence.contains("anciens de"));
            told.is_old
        };
        assert!(is_old("accounts", None, "2022-12-31"));
        assert!(is_old("ratios", None, "2025-05-23"));
        assert!(!is_old("accounts", None, "2025-05-24"));
        assert!(!is_old("notice", None, "2001-01-01"));
        assert!(is_old("headcounts", Some("month"), "2026-04-01"));
        assert!(!is_old("headcounts", Some("month"), "2026-05-01"));
        assert!(is_old("headcounts", Some("year"), "2024-01-01"));
        assert!(!is_old("headcounts", Some("year"), "2025-01-01"));
    }

    #[test]
    fn what_is_confidential_is_said_and_not_shown() {
        let shown = Shown::of(Confidentiality::Partial);
        assert!(!shown.income && shown.balance);
        let shown = Shown::of(Confidentiality::Confidential);
        assert!(!shown.income && !shown.balance && shown.said.is_some());
    }
}
