//! The Polish sets (Tomczak, UCI 365; Zięba, Tomczak & Tomczak, ESWA 58, 2016): 64 ratios, five
//! horizons, no identifier of the firm.
//!
//! A cross-section, not a panel: firms that failed and firms that did not come from different
//! years, so that a model without economic signs looks too good there.

use std::collections::BTreeMap;
use std::io::Read;

use super::panel::{Candidate, Panel};
use super::table::{ReadError, Row, Table};
use crate::scoring::model::Direction;

/// The lower the value, the higher the risk.
const LOWER: Option<Direction> = Some(Direction::LowerIsRiskier);
/// The higher the value, the higher the risk.
const HIGHER: Option<Direction> = Some(Direction::HigherIsRiskier);
/// No established sign.
const OPEN: Option<Direction> = None;

/// Identifier, French label, theme, economic sign.
type Described = (&'static str, &'static str, &'static str, Option<Direction>);

/// `Attr1` to `Attr64`, in that order. The
/// names of the grid are given to its ten variables; `Attr40` leaves cash over short-term debt.
#[rustfmt::skip] // a table is read by lines
const ATTRIBUTES: [Described; 64] = [
    ("ni_ta", "résultat net / bilan", "rentabilite", LOWER),
    ("attr2", "dettes / bilan", "structure", HIGHER),
    ("attr3", "fonds de roulement / bilan", "liquidite", LOWER),
    ("ca_cl", "actif circulant / dettes à moins d’un an", "liquidite", LOWER),
    ("attr5", "autonomie de trésorerie en jours de charges", "liquidite", LOWER),
    ("re_ta", "réserves et report à nouveau / bilan", "structure", LOWER),
    ("ebit_ta", "résultat d’exploitation / bilan", "rentabilite", LOWER),
    ("attr8", "capitaux propres / dettes", "structure", LOWER),
    ("attr9", "chiffre d’affaires / bilan", "activite", OPEN),
    ("eq_ta", "capitaux propres / bilan", "structure", LOWER),
    ("attr11", "résultat brut avec charges financières / bilan", "rentabilite", LOWER),
    ("attr12", "résultat brut / dettes à moins d’un an", "rentabilite", LOWER),
    ("attr13", "résultat brut et amortissements / chiffre d’affaires", "rentabilite", LOWER),
    ("attr14", "résultat brut et intérêts / bilan", "rentabilite", LOWER),
    ("attr15", "dettes en jours de résultat brut et amortissements", "structure", HIGHER),
    ("attr16", "résultat brut et amortissements / dettes", "rentabilite", LOWER),
    ("attr17", "bilan / dettes", "structure", LOWER),
    ("attr18", "résultat brut / bilan", "rentabilite", LOWER),
    ("attr19", "résultat brut / chiffre d’affaires", "rentabilite", LOWER),
    ("attr20", "stocks en jours de chiffre d’affaires", "activite", OPEN),
    ("g_sales", "évolution du chiffre d’affaires", "activite", LOWER),
    ("attr22", "résultat opérationnel / bilan", "rentabilite", LOWER),
    ("attr23", "résultat net / chiffre d’affaires", "rentabilite", LOWER),
    ("attr24", "résultat brut sur trois ans / bilan", "rentabilite", LOWER),
    ("attr25", "capitaux propres hors capital social / bilan", "structure", LOWER),
    ("cf_tl", "capacité d’autofinancement / dettes", "rentabilite", LOWER),
    ("attr27", "résultat opérationnel / charges financières", "rentabilite", LOWER),
    ("attr28", "fonds de roulement / immobilisations", "liquidite", LOWER),
    ("attr29", "taille (logarithme du total du bilan)", "activite", LOWER),
    ("attr30", "dettes nettes de trésorerie / chiffre d’affaires", "structure", HIGHER),
    ("attr31", "résultat brut et intérêts / chiffre d’affaires", "rentabilite", LOWER),
    ("attr32", "dettes courantes en jours de coût des ventes", "liquidite", HIGHER),
    ("attr33", "charges d’exploitation / dettes à moins d’un an", "liquidite", LOWER),
    ("attr34", "charges d’exploitation / dettes", "structure", OPEN),
    ("attr35", "résultat des ventes / bilan", "rentabilite", LOWER),
    ("attr36", "produits totaux / bilan", "activite", OPEN),
    ("attr37", "actif circulant hors stocks / dettes à plus d’un an", "liquidite", LOWER),
    ("attr38", "capitaux permanents / bilan", "structure", LOWER),
    ("attr39", "résultat des ventes / chiffre d’affaires", "rentabilite", LOWER),
    ("cash_cl", "trésorerie / dettes à moins d’un an", "liquidite", LOWER),
    ("attr41", "dettes en mois d’excédent d’exploitation", "structure", HIGHER),
    ("attr42", "résultat opérationnel / chiffre d’affaires", "rentabilite", LOWER),
    ("attr43", "créances et stocks en jours", "activite", OPEN),
    ("attr44", "créances en jours de chiffre d’affaires", "activite", OPEN),
    ("attr45", "résultat net / stocks", "rentabilite", LOWER),
    ("attr46", "actif circulant hors stocks / dettes à moins d’un an", "liquidite", LOWER),
    ("attr47", "stocks en jours de coût des ventes", "activite", OPEN),
    ("attr48", "excédent brut / bilan", "rentabilite", LOWER),
    ("attr49", "excédent brut / chiffre d’affaires", "rentabilite", LOWER),
    ("attr50", "actif circulant / dettes", "liquidite", LOWER),
    ("cl_ta", "dettes à moins d’un an / bilan", "liquidite", HIGHER),
    ("attr52", "dettes à moins d’un an en jours de coût des ventes", "liquidite", HIGHER),
    ("attr53", "capitaux propres / immobilisations", "structure", LOWER),
    ("attr54", "capitaux permanents / immobilisations", "structure", LOWER),
    ("attr55", "fonds de roulement", "liquidite", LOWER),
    ("attr56", "marge sur coût des ventes", "rentabilite", LOWER),
    ("attr57", "actif circulant net de stocks et dettes / charges décaissées", "liquidite", LOWER),
    ("attr58", "charges totales / produits totaux", "rentabilite", HIGHER),
    ("attr59", "dettes à plus d’un an / capitaux propres", "structure", HIGHER),
    ("attr60", "chiffre d’affaires / stocks", "activite", OPEN),
    ("attr61", "chiffre d’affaires / créances", "activite", OPEN),
    ("cl_days", "dettes à moins d’un an en jours de chiffre d’affaires", "liquidite", HIGHER),
    ("attr63", "chiffre d’affaires / dettes à moins d’un an", "liquidite", LOWER),
    ("attr64", "chiffre d’affaires / immobilisations", "activite", OPEN),
];

/// Place of the sales growth, published as a quotient: its logarithm is the grid's variable.
const GROWTH: usize = 20;

/// Places of debt over a result or over equity (`Attr15`, `Attr41`, `Attr59`). With a null or
/// negative denominator the quotient turns round and the best values would be the worst firms:
/// the rule of such variables is the worst class.
const WORST_BELOW_ZERO: [usize; 3] = [14, 40, 58];

/// Facts that a missing quotient tells: its denominator is null. They are facts of their own, which
/// a value of the quotient cannot say: place of the quotient, then as above. « No sales of the year
/// before » is a first year, or accounts that were not kept; nearly all of these firms failed in
/// this set, which owes something to how it was gathered.
#[rustfmt::skip] // a table is read by lines
const ABSENCES: [(usize, Described); 6] = [
    (GROWTH, ("no_previous_sales", "sans chiffre d’affaires de l’année précédente", "activite", HIGHER)),
    (23, ("no_three_years", "sans résultats des trois dernières années", "activite", HIGHER)),
    (26, ("no_charges", "sans charges financières", "structure", OPEN)),
    (27, ("no_fixed_assets", "sans immobilisations", "structure", OPEN)),
    (36, ("no_long_term_debt", "sans dettes à plus d’un an", "structure", OPEN)),
    (59, ("no_stock", "sans stocks", "activite", OPEN)),
];

/// Differences of two published ratios over the same denominator, by place: what lies between two
/// results is a variable of its own.
#[rustfmt::skip] // a table is read by lines
const DIFFERENCES: [(usize, usize, f64, Described); 4] = [
    // Attr18 - Attr24 / 3: the result of the year against the mean of three years, a trend.
    (17, 23, 1.0 / 3.0, ("d_profit_ta", "résultat brut / bilan\u{a0}: écart à la moyenne de trois ans", "rentabilite", LOWER)),
    // Attr11 - Attr18.
    (10, 17, 1.0, ("charges_ta", "charges financières et exceptionnelles / bilan", "structure", HIGHER)),
    // Attr13 - Attr19.
    (12, 18, 1.0, ("depreciation_sales", "amortissements / chiffre d’affaires", "activite", OPEN)),
    // Attr22 - Attr35.
    (21, 34, 1.0, ("other_operating_ta", "autres produits d’exploitation nets / bilan", "rentabilite", OPEN)),
];

/// Reads the set. The period is `year_file`, 5 being the accounts one year before the outcome and
/// 1 those five years before: keep one with [`Panel::rows_where`].
pub fn read(input: impl Read) -> Result<Panel, ReadError> {
    let mut names = vec!["year_file".to_owned(), "class".to_owned()];
    names.extend((1..=ATTRIBUTES.len()).map(|k| format!("Attr{k}")));
    let candidates: Vec<Candidate> = ATTRIBUTES
        .into_iter()
        .chain(ABSENCES.map(|(_, fact)| fact))
        .chain(DIFFERENCES.map(|(_, _, _, difference)| difference))
        .map(candidate)
        .collect();
    let mut panel = Panel {
        name: "polish".to_owned(),
        columns: vec![Vec::new(); candidates.len()],
        derived: derived(),
        candidates,
        ..Panel::default()
    };
    Table::open(input, &names)?.each(|row| {
        // Each row is a firm of its own: nothing links the files.
        let firm = u32::try_from(panel.firms.len()).unwrap_or(u32::MAX);
        panel.firms.push(firm);
        panel.periods.push(row.whole(0)?);
        let failed = row.flag(1)?;
        panel.labels.push(failed);
        panel.months_to_event.push(failed.then_some(0));
        let values = values(row)?;
        for (column, value) in panel.columns.iter_mut().zip(values) {
            column.push(value);
        }
        Ok(())
    })?;
    Ok(panel)
}

/// Which published ratio each fact and each difference comes from.
fn derived() -> Vec<(usize, Vec<usize>)> {
    let facts = ABSENCES.iter().map(|(of, _)| vec![*of]);
    let differences = DIFFERENCES.iter().map(|(of, less, _, _)| vec![*of, *less]);
    (ATTRIBUTES.len()..).zip(facts.chain(differences)).collect()
}

/// The values of a row, in the order of the candidates.
fn values(row: &Row<'_>) -> Result<Vec<f64>, ReadError> {
    let mut raw = [f64::NAN; ATTRIBUTES.len()];
    for (place, value) in raw.iter_mut().enumerate() {
        *value = row.number(2 + place)?;
    }
    let mut values = raw.to_vec();
    values[GROWTH] = logarithm(raw[GROWTH]);
    for place in WORST_BELOW_ZERO {
        values[place] = worst(raw[place]);
    }
    values.extend(ABSENCES.map(|(place, _)| f64::from(u8::from(raw[place].is_nan()))));
    values.extend(DIFFERENCES.map(|(of, less, times, _)| raw[of] - times * raw[less]));
    Ok(values)
}

fn worst(value: f64) -> f64 {
    if value < 0.0 { f64::MAX } else { value }
}

fn logarithm(value: f64) -> f64 {
    if value > 0.0 { value.ln() } else { f64::NAN }
}

fn candidate((id, label, block, direction): Described) -> Candidate {
    Candidate {
        id: id.to_owned(),
        label: label.to_owned(),
        block: block.to_owned(),
        unit: String::new(),
        direction,
        formulas: BTreeMap::new(),
    }
}
