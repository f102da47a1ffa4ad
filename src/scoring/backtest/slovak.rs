//! The Slovak panel of small and medium firms (Drotár, Gnip, Zoričák & Gazda, "Small- and
//! medium-enterprises bankruptcy dataset", Data in Brief 25, 2019): 21 ratios a year, of the three
//! years before each evaluation.
//!
//! The ratios are published by abbreviation. What each one is was checked on the values: ROA, ROE,
//! ROS in percent with ROA / ROE = 1 / FP, so FP is total assets over equity (its inverse keeps
//! the sign of equity, which 1 - CZ loses with accruals) and ROA is after tax; DOA = 365 x assets /
//! sales; KCZ = 100 (1 - 1 / FP); FKCZ is cash flow over debt in percent; CZ, L1, L2, L3 are
//! fractions; DOKP, DOKZ and DOZ are days. ROE and ZVI change meaning with negative equity and say
//! no more than FP and ROA: they are left out. NI is not identified: it has no economic sign.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;

use super::panel::{Candidate, Groups, Panel};
use super::table::{ReadError, Row, Table};
use crate::scoring::counting::real;
use crate::scoring::model::Direction;

/// The lower the value, the higher the risk.
const LOWER: Option<Direction> = Some(Direction::LowerIsRiskier);
/// The higher the value, the higher the risk.
const HIGHER: Option<Direction> = Some(Direction::HigherIsRiskier);
/// No established sign.
const OPEN: Option<Direction> = None;

/// Published column, our identifier, French label, theme, sign, and how the value is changed.
struct Ratio {
    column: &'static str,
    id: &'static str,
    label: &'static str,
    block: &'static str,
    direction: Option<Direction>,
    change: Change,
}

#[derive(Clone, Copy)]
enum Change {
    None,
    FromPercent,
    Inverse,
    /// A quotient whose denominator is never negative in a sound firm: below zero is the worst.
    WorstBelowZero,
    /// One when there is no value, zero when there is one.
    Absent,
}

impl Change {
    fn apply(self, value: f64) -> f64 {
        match self {
            Self::FromPercent => value / 100.0,
            Self::Inverse if value.abs() > 0.0 => 1.0 / value,
            Self::Inverse => f64::NAN,
            Self::WorstBelowZero if value < 0.0 => f64::MAX,
            Self::None | Self::WorstBelowZero => value,
            Self::Absent => f64::from(u8::from(value.is_nan())),
        }
    }
}

/// The six variables of the grid that the set can give, then the others. DOKZ, published as the
/// turnover of short-term liabilities in days, stands for the grid's days of short-term debt.
#[rustfmt::skip] // a table is read by lines
const RATIOS: [Ratio; 18] = [
    ratio("FP", "eq_ta", "capitaux propres / bilan", "structure", LOWER, Change::Inverse),
    ratio("ROA", "ni_ta", "résultat net / bilan", "rentabilite", LOWER, Change::FromPercent),
    ratio("FKCZ", "cf_tl", "capacité d’autofinancement / dettes", "rentabilite", LOWER, Change::FromPercent),
    ratio("L3", "ca_cl", "actif circulant / dettes à moins d’un an", "liquidite", LOWER, Change::None),
    ratio("L1", "cash_cl", "trésorerie / dettes à moins d’un an", "liquidite", LOWER, Change::None),
    ratio("DOKZ", "cl_days", "dettes à moins d’un an en jours de chiffre d’affaires", "liquidite", HIGHER, Change::None),
    ratio("ROS", "ni_sales", "résultat net / chiffre d’affaires", "rentabilite", LOWER, Change::FromPercent),
    ratio("L2", "quick_cl", "actif circulant hors stocks / dettes à moins d’un an", "liquidite", LOWER, Change::None),
    ratio("DOA", "assets_days", "bilan en jours de chiffre d’affaires", "activite", OPEN, Change::None),
    ratio("DOKP", "receivable_days", "créances en jours de chiffre d’affaires", "activite", OPEN, Change::None),
    ratio("DOZ", "stock_days", "stocks en jours de chiffre d’affaires", "activite", OPEN, Change::None),
    ratio("CZ", "tl_ta", "dettes / bilan", "structure", HIGHER, Change::None),
    ratio("KSA", "fixed_cover", "couverture des immobilisations par les capitaux permanents", "structure", OPEN, Change::None),
    ratio("V18", "va_head", "valeur ajoutée par personne", "activite", LOWER, Change::None),
    ratio("ZVB", "bank_ta", "dettes bancaires / bilan, en pourcentage", "structure", OPEN, Change::None),
    ratio("MT", "pay_sales", "charges de personnel / chiffre d’affaires, en pourcentage", "activite", OPEN, Change::None),
    ratio("MPH", "pay_va", "charges de personnel / valeur ajoutée, en pourcentage", "activite", HIGHER, Change::WorstBelowZero),
    ratio("NI", "ni_index", "indicateur NI de la source, non identifié", "rentabilite", OPEN, Change::None),
];

const fn ratio(
    column: &'static str,
    id: &'static str,
    label: &'static str,
    block: &'static str,
    direction: Option<Direction>,
    change: Change,
) -> Ratio {
    Ratio {
        column,
        id,
        label,
        block,
        direction,
        change,
    }
}

/// Facts that a missing quotient of the last year tells: its denominator is null.
#[rustfmt::skip] // a table is read by lines
const ABSENCES: [Ratio; 2] = [
    ratio("DOA", "no_sales", "sans chiffre d’affaires", "activite", HIGHER, Change::Absent),
    ratio("V18", "no_headcount", "sans effectif connu", "activite", OPEN, Change::Absent),
];

/// In how many of the three years a ratio is below zero: losses, or negative equity, that last.
#[rustfmt::skip] // a table is read by lines
const STREAKS: [(usize, Ratio); 3] = [
    (1, ratio("ROA", "d_losses", "années de perte sur trois", "rentabilite", HIGHER, Change::None)),
    (0, ratio("FP", "d_negative_equity", "années de capitaux propres négatifs sur trois", "structure", HIGHER, Change::None)),
    (2, ratio("FKCZ", "d_negative_cash_flow", "années d’autofinancement négatif sur trois", "rentabilite", HIGHER, Change::None)),
];

/// Number of columns that are not ratios.
const KEYS: usize = 4;

/// Reads the set: the last accounts before each evaluation, and with `changes` the change of each
/// ratio against the accounts of the year before.
pub fn read(input: impl Read, changes: bool) -> Result<Panel, ReadError> {
    let years = if changes { 1..=3 } else { 1..=1 };
    let mut names: Vec<String> = ["firm_id", "sector", "eval_year", "bankrupt"]
        .map(str::to_owned)
        .to_vec();
    names.extend(years.flat_map(|year| {
        RATIOS
            .iter()
            .map(move |ratio| format!("{}_y-{year}", ratio.column))
    }));
    let mut panel = empty(changes);
    let mut numbers: HashMap<String, u32> = HashMap::new();
    Table::open(input, &names)?.each(|row| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        panel
            .firms
            .push(*numbers.entry(row.text(0).to_owned()).or_insert(next));
        panel.sectors.push(row.text(1));
        panel.periods.push(row.whole(2)?);
        panel.labels.push(row.flag(3)?);
        push_values(&mut panel, row, changes)
    })?;
    panel.months_to_event = months(&panel);
    Ok(panel)
}

fn empty(changes: bool) -> Panel {
    let levels = RATIOS.iter().map(candidate);
    let mut candidates: Vec<Candidate> = levels
        .clone()
        .chain(ABSENCES.iter().map(candidate))
        .collect();
    if changes {
        candidates.extend(levels.clone().map(|level| level.before()));
        candidates.extend(levels.map(|level| level.change()));
        candidates.extend(STREAKS.map(|(_, fact)| candidate(&fact)));
    }
    Panel {
        name: "slovak".to_owned(),
        columns: vec![Vec::new(); candidates.len()],
        derived: derived(changes),
        candidates,
        sizes: Groups::default(),
        ..Panel::default()
    }
}

/// Which ratio each fact, change and streak comes from; those of the year before are published.
fn derived(changes: bool) -> Vec<(usize, Vec<usize>)> {
    let of = |column: &str| RATIOS.iter().position(|ratio| ratio.column == column);
    let facts = ABSENCES
        .iter()
        .map(|fact| of(fact.column).into_iter().collect());
    let mut derived: Vec<(usize, Vec<usize>)> = (RATIOS.len()..).zip(facts).collect();
    if changes {
        let before = RATIOS.len() + ABSENCES.len();
        let moves = (0..RATIOS.len()).map(|place| vec![place, before + place]);
        let streaks = STREAKS
            .iter()
            .map(|(place, _)| vec![*place, before + place]);
        derived.extend((before + RATIOS.len()..).zip(moves.chain(streaks)));
    }
    derived
}

fn candidate(ratio: &Ratio) -> Candidate {
    Candidate {
        id: ratio.id.to_owned(),
        label: ratio.label.to_owned(),
        block: ratio.block.to_owned(),
        unit: String::new(),
        direction: ratio.direction,
        formulas: BTreeMap::new(),
    }
}

fn push_values(panel: &mut Panel, row: &Row<'_>, changes: bool) -> Result<(), ReadError> {
    let year = |from: usize, ratio: &Ratio| {
        let place = RATIOS.iter().position(|one| one.column == ratio.column);
        let value = row.number(KEYS + from + place.unwrap_or(0))?;
        Ok::<f64, ReadError>(ratio.change.apply(value))
    };
    let mut values = Vec::with_capacity(panel.columns.len());
    for ratio in RATIOS.iter().chain(&ABSENCES) {
        values.push(year(0, ratio)?);
    }
    if changes {
        for ratio in &RATIOS {
            values.push(year(RATIOS.len(), ratio)?);
        }
        let before = RATIOS.len() + ABSENCES.len();
        for place in 0..RATIOS.len() {
            values.push(values[place] - values[before + place]);
        }
        for (place, _) in &STREAKS {
            let oldest = year(2 * RATIOS.len(), &RATIOS[*place])?;
            values.push(streak(values[*place], [values[before + place], oldest]));
        }
    }
    for (column, value) in panel.columns.iter_mut().zip(values) {
        column.push(value);
    }
    Ok(())
}

/// In how many years the value is below zero; unknown when that of the last year is.
fn streak(last: f64, earlier: [f64; 2]) -> f64 {
    let below = earlier.iter().filter(|value| **value < 0.0).count();
    match last {
        value if value.is_nan() => f64::NAN,
        value => real(below + usize::from(value < 0.0)),
    }
}

/// Months from each evaluation to the first one where the firm is bankrupt.
fn months(panel: &Panel) -> Vec<Option<u16>> {
    let mut failure: HashMap<u32, i32> = HashMap::new();
    for row in 0..panel.len() {
        if panel.labels[row] {
            let year = failure
                .entry(panel.firms[row])
                .or_insert(panel.periods[row]);
            *year = (*year).min(panel.periods[row]);
        }
    }
    (0..panel.len())
        .map(|row| {
            let years = failure.get(&panel.firms[row])? - panel.periods[row];
            u16::try_from(12 * years).ok()
        })
        .collect()
}
