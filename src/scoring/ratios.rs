//! What the public ratios (`ratios_inpi_bce`, Licence Ouverte 2.0) say of a model's variables when the
//! accounts themselves are not at hand. Of the ten variables of the French grid:
//!
//! | variable | from | worth |
//! |---|---|---|
//! | `g_sales` | two years' `chiffre_d_affaires`, twelve months apart | exact |
//! | `eq_ta` | `autonomie_financiere` (C, K) | exact |
//! | `eq_ta` | `autonomie_financiere` / `taux_d_endettement` (S) | estimate |
//! | `ebit_ta`, `ni_ta` | `ebit`, `resultat_net` over a rebuilt total of the balance sheet | estimate |
//! | `cf_tl` | `caf_sur_ca` over the rebuilt total less equity: provisions count as debts | estimate |
//! | `ca_cl` | `ratio_de_liquidite`: neither the loan instalments of the year nor prepaid charges | estimate |
//! | `re_ta`, `cash_cl`, `cl_ta`, `cl_days` | nothing | missing |
//!
//! For simplified accounts the published `autonomie_financiere` is (156+169)/180, a *debt* ratio, and
//! 1 - x would be equity only if nothing else were owed. But `taux_d_endettement` is (156+169)/142: the
//! quotient of the two is 142/180, whatever the numerator, and it is kept only if debt and equity
//! together do not exceed the balance sheet.
//!
//! The total of the balance sheet is rebuilt from `capacite_de_remboursement` x CAF (financial debt),
//! divided by `taux_d_endettement` (equity), divided by `eq_ta`. It is not known for a company without
//! debt or with a negative CAF, for which the file writes zero.
//!
//! The file writes 0 for what it does not know: zero is unknown here.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::accounts::{Kind, View, euros, months_between};
use super::features::{CONFIDENTIAL, Feature, Missing, Note, VariableSpec, feature};

/// Debt and equity together may exceed the total by the rounding of two ratios, no more.
const WHOLE: f64 = 1.02;

/// One line of the public ratios, amounts in euros and ratios in percent as published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublicRatios {
    /// Last day of the exercise.
    pub closing: NaiveDate,
    /// Kind of the accounts that they come from, if the file says it.
    pub kind: Option<Kind>,
    /// `chiffre_d_affaires`, euros.
    pub sales: Option<i64>,
    /// `ebit`, euros.
    pub ebit: Option<i64>,
    /// `resultat_net`, euros.
    pub net_result: Option<i64>,
    /// `taux_d_endettement`, financial debt over equity, %.
    pub debt_to_equity: Option<f64>,
    /// `autonomie_financiere`, %: equity over total (C, K), financial debt over total (S).
    pub autonomy: Option<f64>,
    /// `ratio_de_liquidite`, %.
    pub liquidity: Option<f64>,
    /// `caf_sur_ca`, %.
    pub cash_flow_to_sales: Option<f64>,
    /// `capacite_de_remboursement`, financial debt over CAF, in years.
    pub repayment: Option<f64>,
    /// Whether the company asked that its accounts be not published: nothing above is given then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
}

/// The line of each closing date, oldest first: for a company complete accounts, else simplified or
/// unsaid ones; for a group consolidated ones only. Of two lines of a kind and date the last given wins.
pub fn choose(given: &[PublicRatios], view: View) -> Vec<&PublicRatios> {
    let rank = |ratios: &PublicRatios| match (view, ratios.kind) {
        (View::Company, Some(Kind::Complete)) | (View::Group, Some(Kind::Consolidated)) => Some(0),
        (View::Company, Some(Kind::Simplified)) => Some(1),
        (View::Company, None) => Some(2),
        _ => None,
    };
    let mut chosen: BTreeMap<NaiveDate, &PublicRatios> = BTreeMap::new();
    for ratios in given.iter().filter(|ratios| rank(ratios).is_some()) {
        let best = chosen.entry(ratios.closing).or_insert(ratios);
        if rank(ratios) <= rank(best) {
            *best = ratios;
        }
    }
    chosen.into_values().collect()
}

/// The features that the ratios of a year, and of the year before, give: each says that it is derived.
pub fn features(
    specs: &[VariableSpec],
    this: &PublicRatios,
    previous: Option<&PublicRatios>,
) -> Vec<Feature> {
    let feature_of = |spec: &VariableSpec| {
        let (value, notes) = match derive(&spec.id, this, previous) {
            Ok(Derived { value, how, exact }) => {
                let how = how.to_owned();
                (Ok(value), vec![Note::Derived { how, exact }])
            }
            Err(reason) => (Err(Missing::NotDerivable(reason.to_owned())), Vec::new()),
        };
        feature(spec, this.closing, Vec::new(), value, notes)
    };
    specs.iter().map(feature_of).collect()
}

struct Derived {
    value: f64,
    how: &'static str,
    exact: bool,
}

type Derivation = Result<Derived, &'static str>;

fn derive(id: &str, this: &PublicRatios, previous: Option<&PublicRatios>) -> Derivation {
    if this.confidential {
        return Err(CONFIDENTIAL);
    }
    match id {
        "g_sales" => growth(this, previous),
        "eq_ta" => equity(this),
        "ebit_ta" => over_total(
            this,
            this.ebit,
            "résultat d’exploitation publié, total du bilan reconstitué",
        ),
        "ni_ta" => over_total(
            this,
            this.net_result,
            "résultat net publié, total du bilan reconstitué",
        ),
        "cf_tl" => cash_flow_to_debt(this),
        "ca_cl" => liquidity(this),
        _ => Err("les ratios publiés ne donnent pas cette donnée"),
    }
}

fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite() && *value != 0.0)
}

/// A published percentage as a ratio.
fn ratio(percent: Option<f64>) -> Option<f64> {
    known(percent).map(|percent| percent / 100.0)
}

fn amount(published: Option<i64>) -> Option<f64> {
    known(published.map(euros))
}

fn growth(this: &PublicRatios, previous: Option<&PublicRatios>) -> Derivation {
    let previous =
        previous.ok_or("le chiffre d’affaires de l’année précédente n’est pas publié")?;
    if months_between(previous.closing, this.closing) != 12 {
        return Err("les deux exercices publiés ne sont pas à douze mois l’un de l’autre");
    }
    let sales = |ratios: &PublicRatios| amount(ratios.sales).filter(|sales| *sales > 0.0);
    let value = sales(this)
        .zip(sales(previous))
        .map(|(now, before)| (now / before).ln());
    Ok(Derived {
        value: value.ok_or("le chiffre d’affaires de ces deux années n’est pas publié")?,
        how: "chiffre d’affaires de deux années, supposées de douze mois",
        exact: true,
    })
}

fn equity(this: &PublicRatios) -> Derivation {
    let simplified = match this.kind {
        Some(kind) => kind == Kind::Simplified,
        None => return Err("le type des comptes n’est pas publié"),
    };
    let value =
        equity_to_total(this).ok_or("l’autonomie financière publiée est absente ou incohérente")?;
    Ok(Derived {
        value,
        how: if simplified {
            "autonomie financière rapportée au taux d’endettement"
        } else {
            "autonomie financière"
        },
        exact: !simplified,
    })
}

fn equity_to_total(this: &PublicRatios) -> Option<f64> {
    let autonomy = ratio(this.autonomy)?;
    let equity = match this.kind? {
        Kind::Complete | Kind::Consolidated => autonomy,
        Kind::Simplified => {
            let equity = autonomy / ratio(this.debt_to_equity)?;
            // Debt is never negative, and debt and equity are parts of the same whole.
            (autonomy > 0.0 && autonomy + equity <= WHOLE).then_some(equity)?
        }
    };
    (equity <= WHOLE).then_some(equity)
}

fn cash_flow(this: &PublicRatios) -> Option<f64> {
    Some(ratio(this.cash_flow_to_sales)? * amount(this.sales)?)
}

/// Total of the balance sheet, in euros.
fn total(this: &PublicRatios) -> Option<f64> {
    let debt = known(this.repayment)? * cash_flow(this)?;
    let equity = debt / ratio(this.debt_to_equity)?;
    let total = equity / equity_to_total(this)?;
    (debt > 0.0 && total.is_finite() && total * WHOLE >= debt).then_some(total)
}

const NO_TOTAL: &str = "le total du bilan ne se déduit pas des ratios publiés";

fn over_total(this: &PublicRatios, published: Option<i64>, how: &'static str) -> Derivation {
    let amount = amount(published).ok_or("ce résultat n’est pas publié")?;
    Ok(Derived {
        value: amount / total(this).ok_or(NO_TOTAL)?,
        how,
        exact: false,
    })
}

fn cash_flow_to_debt(this: &PublicRatios) -> Derivation {
    let owed = total(this)
        .zip(equity_to_total(this))
        .map(|(total, equity)| total * (1.0 - equity))
        .filter(|owed| *owed > 0.0);
    let cash_flow = cash_flow(this).ok_or("la capacité d’autofinancement n’est pas publiée")?;
    Ok(Derived {
        value: cash_flow / owed.ok_or(NO_TOTAL)?,
        how: "capacité d’autofinancement publiée, dettes reconstituées, provisions comprises",
        exact: false,
    })
}

fn liquidity(this: &PublicRatios) -> Derivation {
    let value = ratio(this.liquidity)
        .filter(|ratio| *ratio > 0.0)
        .ok_or("le ratio de liquidité n’est pas publié")?;
    Ok(Derived {
        value,
        how: "ratio de liquidité, flatté\u{a0}: les échéances d’emprunt de l’année n’y sont pas",
        exact: false,
    })
}

#[cfg(test)]
#[path = "ratios_tests.rs"]
mod tests;
