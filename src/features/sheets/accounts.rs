//! The accounts of a company in five lines, as far as they may be shown.

use chrono::NaiveDate;

use crate::features::facts::queries::FactRow;
use crate::features::risk::dossiers;
use crate::formats::Confidentiality;
use crate::formats::annual_accounts::AccountsRow;
use crate::scoring::accounts::{Exercise, Kind, View, exercises};
use crate::scoring::formula::{Aggregates, Formula, Value};
use crate::scoring::model::Model;
use crate::web::filters::{UNKNOWN, group_thousands};

/// Exercises shown.
const YEARS: usize = 3;

/// Words, aggregate of the model, whether it belongs to the income statement.
const LINES: [(&str, &str, bool); 5] = [
    ("Chiffre d’affaires", "CA", true),
    ("Résultat d’exploitation", "EBIT", true),
    ("Résultat net", "RESULTAT_NET", true),
    ("Capitaux propres", "CAPITAUX_PROPRES", false),
    ("Trésorerie nette", "TRESORERIE", false),
];

/// Five lines over the last exercises.
#[derive(Debug, PartialEq, Eq)]
pub struct Summary {
    /// Each exercise, the newest first.
    pub years: Vec<Heading>,
    /// Words of a line, and its amount for each exercise.
    pub lines: Vec<(&'static str, Vec<String>)>,
    /// Where the newest accounts come from.
    pub source: String,
}

/// The head of a column.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    /// Closing date.
    pub closing: NaiveDate,
    /// Length of an exercise that is not of twelve months: its flows are brought to twelve.
    pub months: Option<u8>,
}

/// Accounts that were filed, with what may be shown of them.
struct Read {
    closing: NaiveDate,
    kind: Kind,
    confidentiality: Confidentiality,
}

impl Summary {
    /// From the accounts that are known; none when nothing can be read.
    pub fn new(rows: &[FactRow], model: &Model) -> Option<Self> {
        let aggregates = Aggregates::parse(&model.aggregates).ok()?;
        let (mut read, mut filed) = (Vec::new(), Vec::new());
        for row in rows {
            let content = row.content.clone().unwrap_or_default();
            let accounts = serde_json::from_value::<AccountsRow>(content).ok();
            let Some(accounts) = accounts.filter(|accounts| !accounts.deleted) else {
                continue;
            };
            let confidentiality = accounts.confidentiality;
            if let Some(one) = dossiers::filed(accounts, &row.source) {
                read.push(Read {
                    closing: one.accounts.closing,
                    kind: one.accounts.kind,
                    confidentiality,
                });
                filed.push(one.accounts);
            }
        }
        let shown = latest(&filed);
        let newest = shown.first()?;
        let column = |exercise: &Exercise| amounts(exercise, &read, &aggregates);
        let columns: Vec<[String; 5]> = shown.iter().map(column).collect();
        let lines = LINES.iter().enumerate().map(|(line, (words, ..))| {
            let amounts = columns.iter().map(|column| column[line].clone());
            (*words, amounts.collect())
        });
        Some(Self {
            source: newest.current.accounts.source.clone(),
            lines: lines.collect(),
            years: shown.iter().map(Heading::of).collect(),
        })
    }
}

impl Heading {
    fn of(exercise: &Exercise) -> Self {
        let accounts = &exercise.current.accounts;
        Self {
            closing: accounts.closing,
            months: accounts.months.filter(|months| *months != 12),
        }
    }
}

/// The last exercises, the newest first; the oldest accounts also tell of the year before.
fn latest(filed: &[crate::scoring::accounts::Accounts]) -> Vec<Exercise> {
    let known = exercises(filed, View::Company);
    let mut shown: Vec<Exercise> = known.into_iter().rev().take(YEARS).collect();
    let before = shown.last().and_then(|oldest| oldest.previous.clone());
    if let Some(current) = before.filter(|_| shown.len() < YEARS) {
        shown.push(Exercise {
            current,
            previous: None,
            set_aside: Vec::new(),
        });
    }
    shown
}

fn amounts(exercise: &Exercise, read: &[Read], aggregates: &Aggregates) -> [String; 5] {
    let accounts = &exercise.current.accounts;
    // The year before stands in accounts of a later date: theirs is the word on what may be shown.
    let told = read
        .iter()
        .filter(|one| one.kind == accounts.kind && one.closing >= accounts.closing)
        .min_by_key(|one| one.closing);
    let (income, balance) = match told.map(|one| one.confidentiality) {
        Some(Confidentiality::Public | Confidentiality::Unknown | Confidentiality::Simplified) => {
            (true, true)
        }
        Some(Confidentiality::Partial) => (false, true),
        Some(Confidentiality::Confidential) | None => (false, false),
    };
    LINES.map(|(_, aggregate, is_income)| {
        if !(if is_income { income } else { balance }) {
            return "Confidentiel".to_owned();
        }
        let worth = Formula::parse(accounts.kind, aggregate, aggregates)
            .map(|formula| formula.evaluate(exercise).value);
        match worth {
            Ok(Value::Known(euros)) => group_thousands(whole(euros)),
            _ => UNKNOWN.to_owned(),
        }
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "amounts of accounts stay far below 2^53 euros"
)]
fn whole(euros: f64) -> i64 {
    euros.round() as i64
}
