//! The lines of the French tax return that the accounts are read from: complete regime (Cerfa 2050
//! balance-sheet assets, 2051 liabilities, 2052 and 2053 income statement) and simplified regime
//! (2033-A balance sheet, 2033-B income statement). Consolidated accounts use the complete codes,
//! plus R6 and R8.
//!
//! Two layouts reach us. The tax return has one code per *column* of an asset row (gross `CJ`,
//! depreciation `CK`) and of a sales row (`FJ` France, `FK` export, `FL` total). The registry of
//! companies (INPI) publishes one line per *row*, under the code of its first column: `CJ` then
//! holds the net amount and nothing stands under `CK`; `FJ` holds the total. So a formula writes
//! `CJ - CK` and `FL`, which read both layouts ([`row_total`] and [`WhenAbsent::Zero`]).
//!
//! Sources. What the registry publishes, with its columns: `schema.go` of Signaux Faibles
//! (github.com/signaux-faibles/libinpirncs), which holds every code below but the depreciation
//! columns, the sales totals and `CL`. These: the `cerfa_field` of openfisca-france-firm and the
//! balance sheet of orcompta (`1A` beside `CO`, `CK` beside `CJ`, EG and EH below 2051). `CL` is the
//! code of deferred charges in old editions, now `CW`; it only serves to check that a statement adds
//! up. No source was found for the depreciation codes of 2033-A (048 beside 044, 098 beside 096, 112
//! beside 110), which the registry never publishes, other than the forms themselves. The formulas of
//! the grid are those of the published ratios (basedosdados, `fr_inpi_ratios_financiers`), the
//! mistakes told in their notes apart.

use std::fmt;

use serde::{Deserialize, Serialize};

mod complete;
mod simplified;

/// Kind of annual accounts, which is also the set of codes that they use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Complete regime, forms 2050 to 2053.
    #[serde(rename = "C")]
    Complete,
    /// Simplified regime, forms 2033-A and 2033-B.
    #[serde(rename = "S")]
    Simplified,
    /// Consolidated accounts of a group.
    #[serde(rename = "K")]
    Consolidated,
}

impl Kind {
    /// The letter of the public files: C, S or K.
    pub fn letter(self) -> char {
        match self {
            Self::Complete => 'C',
            Self::Simplified => 'S',
            Self::Consolidated => 'K',
        }
    }

    /// In French, after « comptes ».
    pub fn label(self) -> &'static str {
        match self {
            Self::Complete => "complets",
            Self::Simplified => "simplifiés",
            Self::Consolidated => "consolidés",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// Whether an amount is measured at a date or over the months of the exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// At the closing date, whatever the duration of the exercise.
    Stock,
    /// Over the exercise: annualised when it does not last twelve months.
    Flow,
}

/// What an absent line means. The returns leave empty lines out, so that absence is most often
/// zero, but never when it could as well be a line that nobody read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAbsent {
    /// Not known.
    Unknown,
    /// Zero: the depreciation of an asset, absent where the net amount is published. A formula reads it
    /// beside its asset, whose own absence is told.
    Zero,
    /// Zero when the lines that are present add up to the total of their statement.
    ZeroIfAddsUp(Sum),
    /// Zero when one of these is present: a footnote whose neighbour was read.
    ZeroIfPresent(&'static [&'static str]),
    /// Zero when one of the first is present, or when the last is known to be zero.
    ZeroIfPresentOrNil(&'static [&'static str], &'static str),
}

/// One line of the returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// As printed on the form.
    pub code: &'static str,
    /// What it holds, in French.
    pub label: &'static str,
    /// Amount at a date or over the exercise.
    pub nature: Nature,
    /// What its absence means.
    pub absent: WhenAbsent,
}

/// A line and the sign with which it enters a sum.
pub type Signed = (&'static str, i8);

/// A statement that must add up: the sum of `details` equals the sum of `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    /// 2050, whole page.
    Assets,
    /// 2050, current assets.
    CurrentAssets,
    /// 2051, whole page.
    Liabilities,
    /// 2051, equity.
    Equity,
    /// 2051, debts.
    Debts,
    /// 2052, operating result.
    Operating,
    /// 2052, result before tax and exceptional items.
    Current,
    /// 2052, financial income.
    FinancialIncome,
    /// 2052, financial charges.
    FinancialCharges,
    /// 2053, net result.
    Net,
    /// 2033-A, assets.
    SimplifiedAssets,
    /// 2033-A, current assets.
    SimplifiedCurrentAssets,
    /// 2033-A, liabilities.
    SimplifiedLiabilities,
    /// 2033-A, equity.
    SimplifiedEquity,
    /// 2033-A, debts.
    SimplifiedDebts,
    /// 2033-B, operating result.
    SimplifiedOperating,
    /// 2033-B, net result.
    SimplifiedNet,
}

impl Sum {
    /// The lines of its total and of its details.
    pub fn lines(self) -> (&'static [Signed], &'static [Signed]) {
        match self {
            Self::Assets => complete::ASSETS,
            Self::CurrentAssets => complete::CURRENT_ASSETS,
            Self::Liabilities => complete::LIABILITIES,
            Self::Equity => complete::EQUITY,
            Self::Debts => complete::DEBTS,
            Self::Operating => complete::OPERATING,
            Self::Current => complete::CURRENT,
            Self::FinancialIncome => complete::FINANCIAL_INCOME,
            Self::FinancialCharges => complete::FINANCIAL_CHARGES,
            Self::Net => complete::NET,
            Self::SimplifiedAssets => simplified::ASSETS,
            Self::SimplifiedCurrentAssets => simplified::CURRENT_ASSETS,
            Self::SimplifiedLiabilities => simplified::LIABILITIES,
            Self::SimplifiedEquity => simplified::EQUITY,
            Self::SimplifiedDebts => simplified::DEBTS,
            Self::SimplifiedOperating => simplified::OPERATING,
            Self::SimplifiedNet => simplified::NET,
        }
    }
}

/// Every code that this kind of accounts may hold.
pub fn known(kind: Kind) -> impl Iterator<Item = &'static Code> {
    let (own, group): (&[Code], &[Code]) = match kind {
        Kind::Complete => (complete::CODES, &[]),
        Kind::Simplified => (simplified::CODES, &[]),
        Kind::Consolidated => (complete::CODES, complete::GROUP_CODES),
    };
    own.iter().chain(group)
}

/// The line of that code, if this kind of accounts has it.
pub fn find(kind: Kind, code: &str) -> Option<&'static Code> {
    known(kind).find(|known| known.code == code)
}

/// The code under which the registry publishes the total of a sales row, with the code of its
/// export column: where that one is present, the layout is the tax return's and the first column
/// holds France alone.
pub fn row_total(total: &str) -> Option<(&'static str, &'static str)> {
    match total {
        "FC" => Some(("FA", "FB")),
        "FF" => Some(("FD", "FE")),
        "FI" => Some(("FG", "FH")),
        "FL" => Some(("FJ", "FK")),
        _ => None,
    }
}

const fn code(code: &'static str, label: &'static str, nature: Nature, absent: WhenAbsent) -> Code {
    Code {
        code,
        label,
        nature,
        absent,
    }
}

/// A detail at the closing date.
const fn stock(name: &'static str, label: &'static str, sum: Sum) -> Code {
    code(name, label, Nature::Stock, WhenAbsent::ZeroIfAddsUp(sum))
}

/// A detail over the exercise.
const fn flow(name: &'static str, label: &'static str, sum: Sum) -> Code {
    code(name, label, Nature::Flow, WhenAbsent::ZeroIfAddsUp(sum))
}

/// The depreciation of an asset.
const fn depreciation(name: &'static str) -> Code {
    code(
        name,
        "Amortissements et dépréciations de la ligne",
        Nature::Stock,
        WhenAbsent::Zero,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const KINDS: [Kind; 3] = [Kind::Complete, Kind::Simplified, Kind::Consolidated];

    #[test]
    fn a_code_is_listed_once() {
        for kind in KINDS {
            let codes: Vec<_> = known(kind).map(|line| line.code).collect();
            let distinct: BTreeSet<_> = codes.iter().collect();
            assert_eq!(codes.len(), distinct.len(), "{kind}");
        }
    }

    #[test]
    fn every_line_of_a_sum_is_known_and_says_it_belongs_there() {
        for kind in [Kind::Complete, Kind::Simplified] {
            for line in known(kind) {
                let WhenAbsent::ZeroIfAddsUp(sum) = line.absent else {
                    continue;
                };
                let (total, details) = sum.lines();
                assert!(
                    details.iter().any(|(code, _)| *code == line.code),
                    "{line:?}"
                );
                for (code, _) in total.iter().chain(details) {
                    assert!(find(kind, code).is_some(), "{code} of {sum:?}");
                }
            }
        }
    }

    #[test]
    fn the_group_result_is_a_line_of_consolidated_accounts_only() {
        assert!(find(Kind::Consolidated, "R6").is_some());
        assert!(find(Kind::Complete, "R6").is_none());
        assert!(find(Kind::Consolidated, "DL").is_some());
        assert!(find(Kind::Simplified, "DL").is_none());
    }
}
