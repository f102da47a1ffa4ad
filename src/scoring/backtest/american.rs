//! The American panel (Lombardo et al., "Machine learning for bankruptcy prediction in the
//! American stock market", Future Internet 14(8), 2022): yearly amounts X1..X18 of listed firms.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::panel::{Candidate, Panel};
use super::table::{ReadError, Table};
use crate::scoring::model::Direction;

/// The lower the value, the higher the risk.
const LOWER: Option<Direction> = Some(Direction::LowerIsRiskier);
/// The higher the value, the higher the risk.
const HIGHER: Option<Direction> = Some(Direction::HigherIsRiskier);
/// No established sign.
const OPEN: Option<Direction> = None;

/// The 18 amounts of a firm-year, in millions; `amount[k - 1]` is the published `Xk`.
type Amounts = [f64; 18];

/// A variable computed from the amounts of the year and of the year before.
struct Recipe {
    id: &'static str,
    label: &'static str,
    block: &'static str,
    direction: Option<Direction>,
    compute: fn(&Year<'_>) -> f64,
}

struct Year<'a> {
    now: &'a Amounts,
    before: Option<&'a Amounts>,
}

impl Year<'_> {
    fn x(&self, k: usize) -> f64 {
        self.now[k - 1]
    }

    /// Logarithm of the growth of an amount, unknown unless both years are positive.
    fn growth(&self, k: usize) -> f64 {
        let before = self.before.map_or(f64::NAN, |amounts| amounts[k - 1]);
        let now = self.x(k);
        if now > 0.0 && before > 0.0 {
            (now / before).ln()
        } else {
            f64::NAN
        }
    }
}

/// Unknown when the denominator is null or negative: a ratio would then mean something else.
fn ratio(amount: f64, by: f64) -> f64 {
    if by > 0.0 { amount / by } else { f64::NAN }
}

/// The ten variables of the grid, then others from the same amounts. X8, the market value, is left
/// out on purpose: our companies are not listed. No cash amount is published: current assets less
/// inventory and receivables stand for it.
#[rustfmt::skip] // a table is read by lines
const RECIPES: [Recipe; 23] = [
    recipe("eq_ta", "capitaux propres / bilan", "structure", LOWER, |y| ratio(y.x(10) - y.x(17), y.x(10))),
    recipe("re_ta", "réserves et report à nouveau / bilan", "structure", LOWER, |y| ratio(y.x(15), y.x(10))),
    recipe("ebit_ta", "résultat d’exploitation / bilan", "rentabilite", LOWER, |y| ratio(y.x(12), y.x(10))),
    recipe("ni_ta", "résultat net / bilan", "rentabilite", LOWER, |y| ratio(y.x(6), y.x(10))),
    recipe("cf_tl", "capacité d’autofinancement / dettes", "rentabilite", LOWER, |y| ratio(y.x(6) + y.x(3), y.x(17))),
    recipe("ca_cl", "actif circulant / dettes à moins d’un an", "liquidite", LOWER, |y| ratio(y.x(1), y.x(14))),
    recipe("cash_cl", "trésorerie / dettes à moins d’un an", "liquidite", LOWER, |y| ratio(y.x(1) - y.x(5) - y.x(7), y.x(14))),
    recipe("cl_ta", "dettes à moins d’un an / bilan", "liquidite", HIGHER, |y| ratio(y.x(14), y.x(10))),
    recipe("g_sales", "évolution du chiffre d’affaires", "activite", LOWER, |y| y.growth(9)),
    recipe("cl_days", "dettes à moins d’un an en jours de chiffre d’affaires", "liquidite", HIGHER, |y| 365.0 * ratio(y.x(14), y.x(9))),
    recipe("ebitda_ta", "excédent brut / bilan", "rentabilite", LOWER, |y| ratio(y.x(4), y.x(10))),
    recipe("ebitda_tl", "excédent brut / dettes", "rentabilite", LOWER, |y| ratio(y.x(4), y.x(17))),
    recipe("ebit_sales", "résultat d’exploitation / chiffre d’affaires", "rentabilite", LOWER, |y| ratio(y.x(12), y.x(9))),
    recipe("ni_sales", "résultat net / chiffre d’affaires", "rentabilite", LOWER, |y| ratio(y.x(6), y.x(9))),
    recipe("other_ta", "résultat hors exploitation / bilan", "rentabilite", LOWER, |y| ratio(y.x(6) - y.x(12), y.x(10))),
    recipe("gross_sales", "marge brute / chiffre d’affaires", "rentabilite", OPEN, |y| ratio(y.x(13), y.x(9))),
    recipe("sales_ta", "chiffre d’affaires / bilan", "activite", OPEN, |y| ratio(y.x(9), y.x(10))),
    recipe("ltd_ta", "dettes à plus d’un an / bilan", "structure", HIGHER, |y| ratio(y.x(11), y.x(10))),
    recipe("wc_ta", "fonds de roulement / bilan", "liquidite", LOWER, |y| ratio(y.x(1) - y.x(14), y.x(10))),
    recipe("cash_ta", "trésorerie / bilan", "liquidite", LOWER, |y| ratio(y.x(1) - y.x(5) - y.x(7), y.x(10))),
    recipe("stock_days", "stocks en jours de coût des ventes", "activite", OPEN, |y| 365.0 * ratio(y.x(5), y.x(2))),
    recipe("g_assets", "évolution du total du bilan", "activite", LOWER, |y| y.growth(10)),
    recipe("size", "taille (logarithme du total du bilan)", "activite", OPEN, |y| { if y.x(10) > 0.0 { y.x(10).ln() } else { f64::NAN } }),
];

const fn recipe(
    id: &'static str,
    label: &'static str,
    block: &'static str,
    direction: Option<Direction>,
    compute: fn(&Year<'_>) -> f64,
) -> Recipe {
    Recipe {
        id,
        label,
        block,
        direction,
        compute,
    }
}

/// Reads the set: level variables, and with `changes` their changes over one year.
///
/// The label is `bankrupt_next_year`. The column `failed` is constant for a firm, so it never
/// stands for the label; it only dates the failure: within the year after the last accounts.
pub fn read(input: impl Read, changes: bool) -> Result<Panel, ReadError> {
    let raw = amounts(input)?;
    let previous = raw.panel.previous_rows();
    let mut panel = raw.panel;
    for recipe in &RECIPES {
        panel.candidates.push(Candidate {
            id: recipe.id.to_owned(),
            label: recipe.label.to_owned(),
            block: recipe.block.to_owned(),
            unit: String::new(),
            direction: recipe.direction,
            formulas: BTreeMap::new(),
        });
        let column = (0..raw.amounts.len())
            .map(|row| {
                (recipe.compute)(&Year {
                    now: &raw.amounts[row],
                    before: previous[row].map(|row| &raw.amounts[row]),
                })
            })
            .collect();
        panel.columns.push(column);
    }
    if changes {
        let levels: Vec<String> = RECIPES
            .iter()
            .map(|recipe| recipe.id.to_owned())
            .filter(|id| !id.starts_with("g_"))
            .collect();
        panel = panel.with_changes(&levels);
    }
    Ok(panel)
}

struct Raw {
    panel: Panel,
    amounts: Vec<Amounts>,
}

fn amounts(input: impl Read) -> Result<Raw, ReadError> {
    let mut names: Vec<String> = ["company_name", "year", "failed", "bankrupt_next_year"]
        .map(str::to_owned)
        .to_vec();
    names.extend((1..=18).map(|k| format!("X{k}")));
    let mut panel = Panel {
        name: "american".to_owned(),
        ..Panel::default()
    };
    let mut amounts = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut failed = Vec::new();
    Table::open(input, &names)?.each(|row| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        panel
            .firms
            .push(*numbers.entry(row.text(0).to_owned()).or_insert(next));
        panel.periods.push(row.whole(1)?);
        failed.push(row.flag(2)?);
        panel.labels.push(row.flag(3)?);
        let mut year = [f64::NAN; 18];
        for (k, amount) in year.iter_mut().enumerate() {
            *amount = row.number(4 + k)?;
        }
        panel.sizes.push(size_class(year[9]));
        amounts.push(year);
        Ok(())
    })?;
    panel.months_to_event = months(&panel, &failed);
    Ok(Raw { panel, amounts })
}

/// Terciles of the set, in millions of total assets: listed firms are all large by our standards.
fn size_class(assets: f64) -> &'static str {
    if assets.is_nan() {
        "inconnue"
    } else if assets < 100.0 {
        "bilan < 100 M"
    } else if assets < 1000.0 {
        "bilan 100 M à 1 Md"
    } else {
        "bilan ≥ 1 Md"
    }
}

/// Months from each row of a failing firm to its last accounts, in whole years.
fn months(panel: &Panel, failed: &[bool]) -> Vec<Option<u16>> {
    let mut last: HashMap<u32, i32> = HashMap::new();
    for (firm, year) in panel.firms.iter().zip(&panel.periods) {
        let seen = last.entry(*firm).or_insert(*year);
        *seen = (*seen).max(*year);
    }
    (0..panel.len())
        .map(|row| {
            let years = last[&panel.firms[row]] - panel.periods[row];
            failed[row].then(|| u16::try_from(12 * years).unwrap_or(u16::MAX))
        })
        .collect()
}
