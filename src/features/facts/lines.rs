//! The lines of a tax return that somebody has to type: those that the model's variables and rules
//! read, in the order of the forms.

use crate::formats::annual_accounts::codes;
use crate::formats::ratios::AccountsKind;

/// Lines under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// Codes of the forms.
    pub codes: &'static [&'static str],
}

/// Forms 2050 to 2053.
const COMPLETE: [Section; 3] = [
    Section {
        title: "Actif, montants nets (2050)",
        codes: &["CD", "CF", "CJ"],
    },
    Section {
        title: "Passif (2051)",
        codes: &[
            "DA", "DD", "DE", "DF", "DG", "DH", "DL", "DO", "EC", "EE", "EG", "EH",
        ],
    },
    Section {
        title: "Compte de résultat (2052 et 2053)",
        codes: &[
            "FL", "FP", "GA", "GB", "GC", "GD", "GG", "GM", "GQ", "GW", "HA", "HE", "HJ", "HK",
            "HN",
        ],
    },
];

/// Forms 2033-A and 2033-B.
const SIMPLIFIED: [Section; 3] = [
    Section {
        title: "Actif, montants nets (2033-A)",
        codes: &["080", "084", "096"],
    },
    Section {
        title: "Passif (2033-A)",
        codes: &[
            "120", "126", "130", "132", "134", "142", "176", "180", "195",
        ],
    },
    Section {
        title: "Compte de résultat (2033-B)",
        codes: &["210", "214", "218", "254", "256", "270", "310"],
    },
];

/// Which tax return is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regime {
    /// Forms 2050 and following.
    Complete,
    /// Forms 2033.
    Simplified,
}

impl Regime {
    /// Both, as the page offers them.
    pub const ALL: [Self; 2] = [Self::Complete, Self::Simplified];

    /// Value in the address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complete => "complet",
            Self::Simplified => "simplifie",
        }
    }

    /// The regime of a code, if it is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.code() == code)
    }

    /// In French, after « Régime ».
    pub const fn label(self) -> &'static str {
        match self {
            Self::Complete => "complet",
            Self::Simplified => "simplifié",
        }
    }

    /// The kind of the accounts.
    pub const fn kind(self) -> AccountsKind {
        match self {
            Self::Complete => AccountsKind::Complete,
            Self::Simplified => AccountsKind::Simplified,
        }
    }

    /// The regime of typed accounts.
    pub fn of(kind: AccountsKind) -> Self {
        match kind {
            AccountsKind::Simplified => Self::Simplified,
            _ => Self::Complete,
        }
    }

    /// Its lines.
    pub const fn sections(self) -> [Section; 3] {
        match self {
            Self::Complete => COMPLETE,
            Self::Simplified => SIMPLIFIED,
        }
    }

    /// Every code, in order.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        self.sections()
            .into_iter()
            .flat_map(|section| section.codes.iter().copied())
    }

    /// The total of current assets: what the balance sheet holds besides is fixed assets.
    pub const fn current_assets(self) -> &'static str {
        match self {
            Self::Complete => "CJ",
            Self::Simplified => "096",
        }
    }

    /// The total of the balance sheet, without which nothing can be compared.
    pub const fn total(self) -> &'static str {
        match self {
            Self::Complete => "EE",
            Self::Simplified => "180",
        }
    }
}

/// What a line holds, in French.
pub fn label(code: &str) -> &'static str {
    codes::find(code).map_or("Ligne inconnue", |line| line.label_fr)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scoring::codes::Kind;
    use crate::scoring::model::Model;

    const MODEL: &str = include_str!("../../../models/grille-1.0.0.toml");

    /// Codes that a formula reads, through its aggregates.
    fn read(model: &Model, kind: Kind, formula: &str, found: &mut BTreeSet<String>) {
        let words = formula.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for word in words.map(|word| word.trim_end_matches("_1")) {
            if let Some(aggregate) = model.aggregates.get(word) {
                let text = match kind {
                    Kind::Simplified => &aggregate.simplified,
                    _ => &aggregate.complete,
                };
                if let Some(text) = text {
                    read(model, kind, text, found);
                }
            } else if codes::find(word).is_some() {
                found.insert(word.to_owned());
            }
        }
    }

    #[test]
    fn the_lines_are_those_that_the_model_reads_with_the_capital() {
        let model = Model::parse(MODEL).expect("the model");
        for (regime, kind, letter, capital) in [
            (Regime::Complete, Kind::Complete, "C", "DA"),
            (Regime::Simplified, Kind::Simplified, "S", "120"),
        ] {
            // The rule on the loss of half the capital reads it beside the equity.
            let mut wanted = BTreeSet::from([capital.to_owned()]);
            for variable in &model.variables {
                read(&model, kind, &variable.formulas[letter], &mut wanted);
            }
            let typed: BTreeSet<String> = regime.codes().map(str::to_owned).collect();
            assert_eq!(typed, wanted, "{regime:?}");
            assert_eq!(typed.len(), regime.codes().count(), "each line once");
            for code in regime.codes() {
                assert!(codes::find(code).is_some(), "{code}");
            }
        }
    }
}
