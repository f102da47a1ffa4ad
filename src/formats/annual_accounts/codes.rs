//! Codes of the tax forms in which annual accounts are deposited.
//!
//! Complete accounts use forms 2050 (assets), 2051 (liabilities), 2052 and 2053 (income statement)
//! and some lines of 2058-C; simplified ones use 2033-A (balance sheet), 2033-B (income statement)
//! and one line of 2033-E; consolidated ones use the codes of complete accounts and a few of their
//! own (R6, R8). The labels are ours, after those of the forms.
//!
//! Sources, each group of codes compared one by one: `schema.go` of Signaux Faibles for what Inpi
//! publishes (see [`columns`](super::columns)); the `cerfa_field` of openfisca-france-firm and the
//! balance sheet of orcompta for the codes that only the forms bear (depreciation columns, FL).
//!
//! Where Inpi writes a line:
//! - a line of assets under the code of its gross column, with gross, depreciation, net, and net of
//!   the year before in `m1` to `m4`. The codes of the depreciation column (CK beside CJ, 098
//!   beside 096) never come by themselves, see [`depreciation_of`];
//! - a line of sales under the code of its French column, with France, export, total, and total of
//!   the year before in `m1` to `m4`: FJ, kept under FL, the total, see [`total_of`].

use super::codes_complete::COMPLETE;
use super::codes_simplified::SIMPLIFIED;

/// Which forms a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Regime {
    /// Forms 2050 and following, for complete and consolidated accounts.
    Complete,
    /// Forms 2033, for simplified accounts.
    Simplified,
    /// Only in consolidated accounts.
    Consolidated,
}

/// What the amount of a line measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Euros that someone owns or owes on the closing day.
    Stock,
    /// Euros earned or spent over the year: to be brought to twelve months before a comparison.
    Flow,
    /// A number of people.
    Headcount,
}

/// One line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// Two letters, or three digits.
    pub code: &'static str,
    /// The forms that it belongs to.
    pub regime: Regime,
    /// What it holds, in French.
    pub label_fr: &'static str,
    /// What it measures.
    pub measure: Measure,
    /// True for the notes below a form that have one amount and no year before.
    pub single: bool,
}

impl Code {
    /// True when the amount accrues over the year and must be annualised.
    pub fn is_flow(&self) -> bool {
        self.measure == Measure::Flow
    }

    /// A line with a column for each year.
    pub(super) const fn line(
        regime: Regime,
        measure: Measure,
        code: &'static str,
        label_fr: &'static str,
    ) -> Self {
        Self {
            code,
            regime,
            label_fr,
            measure,
            single: false,
        }
    }

    /// A note with one amount.
    pub(super) const fn note(
        regime: Regime,
        measure: Measure,
        code: &'static str,
        label_fr: &'static str,
    ) -> Self {
        Self {
            code,
            regime,
            label_fr,
            measure,
            single: true,
        }
    }
}

/// Columns of the depreciation of an asset: the code, and that of the line it is deducted from.
///
/// The kept amount of a line of assets is already net. A formula that deducts one of these codes
/// (« CJ - CK ») must count it as zero.
const DEPRECIATIONS: &[(&str, &str)] = &[
    ("AC", "AB"),
    ("AG", "AF"),
    ("AI", "AH"),
    ("AK", "AJ"),
    ("AM", "AL"),
    ("AO", "AN"),
    ("AQ", "AP"),
    ("AS", "AR"),
    ("AU", "AT"),
    ("AW", "AV"),
    ("AY", "AX"),
    ("BK", "BJ"),
    ("BM", "BL"),
    ("BO", "BN"),
    ("BQ", "BP"),
    ("BS", "BR"),
    ("BU", "BT"),
    ("BW", "BV"),
    ("BY", "BX"),
    ("CA", "BZ"),
    ("CC", "CB"),
    ("CE", "CD"),
    ("CG", "CF"),
    ("CI", "CH"),
    ("CK", "CJ"),
    ("1A", "CO"),
    ("012", "010"),
    ("016", "014"),
    ("030", "028"),
    ("042", "040"),
    ("048", "044"),
    ("052", "050"),
    ("062", "060"),
    ("066", "064"),
    ("070", "068"),
    ("074", "072"),
    ("082", "080"),
    ("086", "084"),
    ("094", "092"),
    ("098", "096"),
    ("112", "110"),
];

/// Sales: the code of the French column, under which Inpi writes the line, and that of the total.
const TOTALS: &[(&str, &str)] = &[("FA", "FC"), ("FD", "FF"), ("FG", "FI"), ("FJ", "FL")];

/// Finds a code of complete, simplified or consolidated accounts.
pub fn find(code: &str) -> Option<&'static Code> {
    all().find(|known| known.code == code)
}

/// Every code that is kept.
pub fn all() -> impl Iterator<Item = &'static Code> {
    COMPLETE.iter().chain(SIMPLIFIED)
}

/// For a code of a depreciation column, the code of its line of assets, whose amount is net.
pub fn depreciation_of(code: &str) -> Option<&'static str> {
    let pair = DEPRECIATIONS.iter().find(|(column, _)| *column == code);
    pair.map(|(_, line)| *line)
}

/// True for a line of assets, whose net amount is its gross amount less its depreciation.
pub fn is_depreciated(code: &str) -> bool {
    DEPRECIATIONS.iter().any(|(_, line)| *line == code)
}

/// The code under which a line is kept: that of its total, when Inpi writes it under another.
pub fn total_of(code: &str) -> &str {
    let pair = TOTALS.iter().find(|(france, _)| *france == code);
    pair.map_or(code, |(_, total)| total)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The codes of the formulas that the detection of difficulties uses, as published.
    const USED: &str = "FL FM FN FO FS FT FU FV FW FX FY FZ GG HN DI DL DO EE DS DT DU DV YS CJ CH \
        DW DX DY DZ EA EH GW FP GA GB GC GD GM GQ HA HE HJ HK CF CD EB GU BX YY YZ EC DA DD DE DF \
        DG DH EG BJ CO DR FR YP R6 R8 \
        210 214 218 222 224 226 234 236 238 240 242 244 250 252 270 310 142 180 156 169 096 092 \
        164 166 172 280 294 254 256 290 300 306 068 176 195 080 084 126 130 132 134 044 110 120 \
        136 154 232 376";

    #[test]
    fn every_code_that_a_formula_uses_is_known() {
        for code in USED.split_whitespace() {
            assert!(find(code).is_some(), "{code}");
        }
        for code in ["CK", "CI", "CE", "CG", "098", "094"] {
            assert!(
                depreciation_of(code).is_some_and(|line| find(line).is_some()),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_is_one_line_and_never_also_a_column_of_another() {
        let codes: BTreeSet<_> = all().map(|code| code.code).collect();
        assert_eq!(codes.len(), all().count());
        for (column, line) in DEPRECIATIONS {
            assert!(!codes.contains(column), "{column}");
            assert!(codes.contains(line), "{line}");
        }
        for (france, total) in TOTALS {
            assert!(!codes.contains(france) && codes.contains(total), "{france}");
        }
    }

    #[test]
    fn the_income_statement_flows_and_the_balance_sheet_does_not() {
        let flows = |code| find(code).map(Code::is_flow);
        for code in ["FL", "GG", "HN", "YY", "210", "310"] {
            assert_eq!(flows(code), Some(true), "{code}");
        }
        for code in ["CJ", "EG", "DI", "YP", "096", "136", "195", "376"] {
            assert_eq!(flows(code), Some(false), "{code}");
        }
    }
}
