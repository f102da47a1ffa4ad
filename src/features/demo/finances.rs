//! Invented accounts of the demonstration's companies, written in Inpi's layout: they take the road of
//! real files. Every level and every trend is there.

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::{Value, json};

use super::cast::{self, Cast};
use super::portfolio::Site;

/// How a company fares, over its last three exercises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Solid.
    Sound,
    /// Some weak points.
    Watched,
    /// Weak and getting weaker.
    Weakening,
    /// Equity gone.
    Failing,
    /// Sound until last year, then a fall into the high levels.
    Falling,
    /// Sound until last year, then a fall that leaves it below them.
    Slipping,
    /// Weak before, better now.
    Recovering,
    /// Accounts that nobody may see.
    Confidential,
    /// No accounts for three years.
    Silent,
}

/// The turn of fates among the companies of the territories, biggest first: most are sound.
const FATES: [Fate; 23] = [
    Fate::Sound,
    Fate::Watched,
    Fate::Sound,
    Fate::Weakening,
    Fate::Sound,
    Fate::Sound,
    Fate::Slipping,
    Fate::Sound,
    Fate::Confidential,
    Fate::Sound,
    Fate::Watched,
    Fate::Sound,
    Fate::Failing,
    Fate::Sound,
    Fate::Recovering,
    Fate::Sound,
    Fate::Silent,
    Fate::Sound,
    Fate::Falling,
    Fate::Sound,
    Fate::Watched,
    Fate::Sound,
    Fate::Sound,
];

/// Companies of a territory whose accounts are known, biggest first.
const KNOWN: usize = 14;

/// One exercise, in shares of the sales of the first one.
#[derive(Debug, Clone, Copy)]
struct Shape {
    sales: f64,
    /// Operating result over sales.
    margin: f64,
    /// Reserves and results kept before the year, over sales.
    reserves: f64,
    /// Cash over sales.
    cash: f64,
    /// Bank overdrafts over sales.
    overdraft: f64,
    /// Long loans over sales.
    loans: f64,
}

const fn shape(
    sales: f64,
    margin: f64,
    reserves: f64,
    cash: f64,
    overdraft: f64,
    loans: f64,
) -> Shape {
    Shape {
        sales,
        margin,
        reserves,
        cash,
        overdraft,
        loans,
    }
}

/// Three exercises, oldest first.
fn shapes(fate: Fate) -> [Shape; 3] {
    match fate {
        Fate::Sound | Fate::Confidential | Fate::Silent => [
            shape(1.0, 0.06, 0.22, 0.14, 0.0, 0.10),
            shape(1.03, 0.065, 0.24, 0.15, 0.0, 0.09),
            shape(1.07, 0.07, 0.27, 0.17, 0.0, 0.08),
        ],
        Fate::Watched => [
            shape(1.0, 0.02, 0.10, 0.05, 0.02, 0.12),
            shape(0.98, 0.012, 0.09, 0.04, 0.03, 0.12),
            shape(0.95, -0.001, 0.06, 0.03, 0.05, 0.12),
        ],
        Fate::Weakening => [
            shape(1.0, 0.005, 0.06, 0.04, 0.03, 0.12),
            shape(0.97, -0.005, 0.03, 0.03, 0.05, 0.12),
            shape(0.95, -0.012, 0.02, 0.03, 0.05, 0.11),
        ],
        Fate::Failing => [
            shape(1.0, -0.02, 0.02, 0.02, 0.08, 0.12),
            shape(0.88, -0.06, -0.06, 0.01, 0.12, 0.11),
            shape(0.70, -0.10, -0.20, 0.005, 0.18, 0.10),
        ],
        Fate::Falling => [
            shape(1.0, 0.05, 0.20, 0.12, 0.0, 0.10),
            shape(1.01, 0.045, 0.22, 0.11, 0.0, 0.10),
            shape(0.72, -0.05, 0.10, 0.02, 0.04, 0.12),
        ],
        Fate::Slipping => [
            shape(1.0, 0.05, 0.22, 0.12, 0.0, 0.10),
            shape(1.02, 0.05, 0.24, 0.13, 0.0, 0.09),
            shape(0.88, -0.005, 0.23, 0.03, 0.0, 0.09),
        ],
        Fate::Recovering => [
            shape(0.80, -0.06, -0.04, 0.01, 0.12, 0.14),
            shape(0.90, 0.01, 0.00, 0.03, 0.07, 0.13),
            shape(1.05, 0.05, 0.10, 0.09, 0.0, 0.11),
        ],
    }
}

/// The accounts of the biggest companies of each territory, as Inpi would publish them, with those of the
/// group.
pub fn accounts(cast: &Cast<'_>, today: NaiveDate) -> String {
    let followed = cast
        .territories()
        .iter()
        .flat_map(|own| own.iter().take(KNOWN));
    let mut list: Vec<Value> = Vec::new();
    for (rank, site) in followed.enumerate() {
        list.extend(company(site, FATES[rank % FATES.len()], rank, today));
    }
    if let Some(head) = cast.site(cast::HEAD) {
        list.extend(group(head, today));
    }
    json!({ "bilansSaisis": list }).to_string()
}

/// Consolidated accounts of a group that weakens, three times as big as its head.
fn group(head: &Site, today: NaiveDate) -> Vec<Value> {
    let whole = Site {
        jobs: head.jobs.max(30) * 3,
        ..head.clone()
    };
    let mut list = company(&whole, Fate::Watched, 7, today);
    for deposit in &mut list {
        let id = deposit["id"].as_str().map(|id| format!("{id}-groupe"));
        deposit["id"] = json!(id);
        deposit["typeBilan"] = json!("K");
        deposit["bilanSaisi"]["bilan"]["identite"]["codeTypeBilan"] = json!("K");
    }
    list
}

fn company(site: &Site, fate: Fate, rank: usize, today: NaiveDate) -> Vec<Value> {
    let age = if fate == Fate::Silent { 3 } else { 0 };
    let last = today.year() - 1 - age;
    let first = f64::from(site.jobs.max(2)) * 118_000.0;
    let mut before: Option<Amounts> = None;
    let mut deposits = Vec::new();
    for (place, shape) in (0_i32..).zip(shapes(fate)) {
        let Some(closing) = NaiveDate::from_ymd_opt(last - 2 + place, 12, 31) else {
            continue;
        };
        let amounts = Amounts::of(first, shape);
        deposits.push(deposit(
            site,
            fate,
            rank,
            closing,
            (&amounts, before.as_ref()),
        ));
        before = Some(amounts);
    }
    deposits
}

/// The lines of an exercise, in whole euros, consistent with one another.
struct Amounts {
    fixed: i64,
    stocks: i64,
    clients: i64,
    cash: i64,
    capital: i64,
    reserves: i64,
    result: i64,
    loans: i64,
    overdraft: i64,
    suppliers: i64,
    social: i64,
    sales: i64,
    purchases: i64,
    wages: i64,
    charges: i64,
    depreciation: i64,
    operating: i64,
    interest: i64,
    tax: i64,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "invented amounts, far below 2^53"
)]
fn euros(amount: f64) -> i64 {
    amount.round() as i64
}

impl Amounts {
    fn of(first: f64, shape: Shape) -> Self {
        let sales = first * shape.sales;
        let of = |share: f64| euros(sales * share);
        let operating = of(shape.margin);
        let interest = euros((shape.loans + shape.overdraft) * sales * 0.03);
        let tax = ((operating - interest) / 4).max(0);
        let (wages, charges, depreciation) = (of(0.24), of(0.09), of(0.04));
        let sales_euros = euros(sales);
        let (capital, reserves) = (euros(first * 0.05), of(shape.reserves));
        let (loans, overdraft) = (of(shape.loans), of(shape.overdraft));
        let (fixed, stocks, clients, cash) = (of(0.22), of(0.09), of(0.18), of(shape.cash));
        let result = operating - interest - tax;
        let social = of(0.08);
        let total = fixed + stocks + clients + cash;
        Self {
            fixed,
            stocks,
            clients,
            cash,
            capital,
            reserves,
            result,
            loans,
            overdraft,
            // What is left to balance the sheet is owed to suppliers.
            suppliers: total - capital - reserves - result - loans - overdraft - social,
            social,
            sales: sales_euros,
            purchases: sales_euros - wages - charges - depreciation - operating,
            wages,
            charges,
            depreciation,
            operating,
            interest,
            tax,
        }
    }

    fn current(&self) -> i64 {
        self.stocks + self.clients + self.cash
    }

    fn equity(&self) -> i64 {
        self.capital + self.reserves + self.result
    }

    fn debts(&self) -> i64 {
        self.loans + self.overdraft + self.suppliers + self.social
    }

    fn due_within_a_year(&self) -> i64 {
        self.debts() - self.loans * 3 / 4
    }

    fn total(&self) -> i64 {
        self.fixed + self.current()
    }

    /// Lines of the complete forms, by page.
    fn complete(&self) -> [(u8, Vec<(&'static str, i64)>); 4] {
        [
            (
                1,
                vec![
                    ("BJ", self.fixed),
                    ("BT", self.stocks),
                    ("BX", self.clients),
                    ("CF", self.cash),
                    ("CJ", self.current()),
                    ("CO", self.total()),
                ],
            ),
            (
                2,
                vec![
                    ("DA", self.capital),
                    ("DH", self.reserves),
                    ("DI", self.result),
                    ("DL", self.equity()),
                    ("DU", self.loans + self.overdraft),
                    ("DX", self.suppliers),
                    ("DY", self.social),
                    ("EC", self.debts()),
                    ("EE", self.total()),
                    ("EG", self.due_within_a_year()),
                    ("EH", self.overdraft),
                ],
            ),
            (
                3,
                vec![
                    ("FJ", self.sales),
                    ("FW", self.purchases),
                    ("FY", self.wages),
                    ("FZ", self.charges),
                    ("GA", self.depreciation),
                    ("GG", self.operating),
                    ("GR", self.interest),
                    ("GU", self.interest),
                ],
            ),
            (
                4,
                vec![
                    ("GW", self.operating - self.interest),
                    ("HK", self.tax),
                    ("HN", self.result),
                ],
            ),
        ]
    }

    /// Lines of the simplified forms, by page.
    fn simplified(&self) -> [(u8, Vec<(&'static str, i64)>); 2] {
        [
            (
                1,
                vec![
                    ("044", self.fixed),
                    ("060", self.stocks),
                    ("068", self.clients),
                    ("084", self.cash),
                    ("096", self.current()),
                    ("110", self.total()),
                    ("120", self.capital),
                    ("134", self.reserves),
                    ("136", self.result),
                    ("142", self.equity()),
                    ("156", self.loans + self.overdraft),
                    ("166", self.suppliers),
                    ("172", self.social),
                    ("176", self.debts()),
                    ("180", self.total()),
                    ("195", self.debts() - self.due_within_a_year()),
                ],
            ),
            (
                2,
                vec![
                    ("218", self.sales),
                    ("242", self.purchases),
                    ("250", self.wages),
                    ("252", self.charges),
                    ("254", self.depreciation),
                    ("270", self.operating),
                    ("294", self.interest),
                    ("306", self.tax),
                    ("310", self.result),
                ],
            ),
        ]
    }
}

/// Amounts as Inpi types them: fifteen digits with leading zeros.
fn typed(amount: i64) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    format!("{sign}{:015}", amount.abs())
}

fn deposit(
    site: &Site,
    fate: Fate,
    rank: usize,
    closing: NaiveDate,
    (now, before): (&Amounts, Option<&Amounts>),
) -> Value {
    let siren = &site.siret[..9];
    let is_complete = site.jobs > 20;
    let pages = if fate == Fate::Confidential {
        Vec::new()
    } else if is_complete {
        pages(
            &now.complete(),
            before.map(Amounts::complete).as_ref().map(|p| &p[..]),
            is_complete,
        )
    } else {
        pages(
            &now.simplified(),
            before.map(Amounts::simplified).as_ref().map(|p| &p[..]),
            is_complete,
        )
    };
    let confidentiality = if fate == Fate::Confidential {
        "Confidential"
    } else {
        "Public"
    };
    let kind = if is_complete { "C" } else { "S" };
    let deposited = closing + Days::new(150 + (rank % 30) as u64);
    json!({
        "id": format!("demonstration-{siren}-{closing}"),
        "siren": siren,
        "dateDepot": deposited,
        "dateCloture": closing,
        "typeBilan": kind,
        "confidentiality": confidentiality,
        "deleted": false,
        "bilanSaisi": { "bilan": {
            "identite": {
                "siren": siren, "dateClotureExercice": closing, "codeTypeBilan": kind,
                "dureeExerciceN": "12", "codeDevise": "EUR"
            },
            "detail": { "pages": pages }
        }}
    })
}

type Page = (u8, Vec<(&'static str, i64)>);

fn pages(now: &[Page], before: Option<&[Page]>, is_complete: bool) -> Vec<Value> {
    let of_page = |(number, lines): &Page| {
        // Assets and operations: third column; liabilities and result: first one.
        let is_third = matches!(number, 1) || (is_complete && *number == 3);
        let liasses: Vec<Value> = lines
            .iter()
            .map(|(code, amount)| {
                let previous = before
                    .and_then(|pages| pages.iter().find(|(other, _)| other == number))
                    .and_then(|(_, lines)| lines.iter().find(|(other, _)| other == code))
                    .map_or_else(String::new, |(_, amount)| typed(*amount));
                if is_third {
                    json!({ "code": code, "m1": typed(*amount), "m2": "", "m3": typed(*amount), "m4": previous })
                } else {
                    json!({ "code": code, "m1": typed(*amount), "m2": previous })
                }
            })
            .collect();
        json!({ "numero": number, "liasses": liasses })
    };
    now.iter().map(of_page).collect()
}

#[cfg(test)]
#[path = "finances_tests.rs"]
mod tests;
