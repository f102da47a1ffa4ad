//! Why a feature has no value, and what is said beside one: in French, for the explanation page.

use serde::{Deserialize, Serialize};

use super::{BadDenominator, Gap, Kind, OnBadDenominator};
use crate::scoring::codes;
use crate::scoring::formula::Why;
use crate::scoring::numbers::euros;

/// Why nothing is read of confidential accounts.
pub(in crate::scoring) const CONFIDENTIAL: &str = "les comptes sont confidentiels";

/// Why a feature has no value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Missing {
    /// The accounts, of that kind, do not give these.
    Gaps(Kind, Vec<Gap>),
    /// A division by zero or less, for a variable that then has no value.
    BadDenominator(BadDenominator),
    /// The model has no formula for this kind of accounts.
    NoFormula(Kind),
    /// Published ratios do not give this variable; the reason in French.
    NotDerivable(String),
}

impl Missing {
    /// Whether the company asked that what is missing be not seen.
    pub fn is_confidential(&self) -> bool {
        match self {
            Self::Gaps(_, gaps) => gaps
                .iter()
                .any(|gap| matches!(gap.why, Why::Confidential | Why::ConfidentialIncome)),
            Self::NotDerivable(reason) => reason == CONFIDENTIAL,
            Self::BadDenominator(_) | Self::NoFormula(_) => false,
        }
    }

    /// One French sentence, without its capital and final stop.
    pub fn words(&self) -> String {
        match self {
            Self::Gaps(kind, gaps) => gap_words(*kind, gaps),
            Self::BadDenominator(special) => denominator_words(special),
            Self::NoFormula(kind) => {
                format!("le modèle ne sait pas lire cette donnée dans des comptes {kind}")
            }
            Self::NotDerivable(reason) => reason.clone(),
        }
    }
}

fn gap_words(kind: Kind, gaps: &[Gap]) -> String {
    let of = |why| gaps.iter().filter(move |gap| gap.why == why);
    let absent: Vec<String> = of(Why::Absent)
        .map(|gap| line_words(kind, &gap.code))
        .collect();
    [
        (Why::Confidential, CONFIDENTIAL),
        (
            Why::ConfidentialIncome,
            "le compte de résultat est confidentiel",
        ),
        (
            Why::NoPreviousYear,
            "les comptes de l’année précédente ne sont pas connus",
        ),
        (
            Why::OtherKind,
            "l’année précédente a des comptes d’un autre type",
        ),
        (
            Why::UnknownDuration,
            "la durée de l’exercice n’est pas connue",
        ),
    ]
    .into_iter()
    .filter(|(why, _)| of(*why).next().is_some())
    .map(|(_, sentence)| sentence.to_owned())
    .chain(absent_words(&absent))
    .collect::<Vec<_>>()
    .join(", ")
}

/// Two lines are named, the others counted.
fn absent_words(lines: &[String]) -> Option<String> {
    Some(match lines {
        [] => return None,
        [line] => format!("{line} n’est pas renseigné"),
        [first, second] => format!("{first} et {second} ne sont pas renseignés"),
        [first, second, _] => {
            format!("{first}, {second} et une autre ligne ne sont pas renseignés")
        }
        [first, second, others @ ..] => format!(
            "{first}, {second} et {} autres lignes ne sont pas renseignés",
            others.len()
        ),
    })
}

fn line_words(kind: Kind, code: &str) -> String {
    let (name, year) = match code.strip_suffix("_1") {
        Some(name) => (name, ", année précédente"),
        None => (code, ""),
    };
    let label = codes::find(kind, name).map_or(name, |code| code.label);
    format!("«\u{a0}{label}\u{a0}» ({name}{year})")
}

/// For variables that have no words of their own.
fn denominator_words(special: &BadDenominator) -> String {
    let by = if special.worth < 0.0 {
        format!("un montant négatif ({})", euros(special.worth))
    } else {
        "zéro".to_owned()
    };
    format!("il faudrait diviser par {by}")
}

/// What is said beside a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Note {
    /// Flows were brought to twelve months.
    Annualised {
        /// Months of the exercise.
        months: u8,
        /// Whether it is the year before.
        previous: bool,
    },
    /// The accounts do not say their months: taken for twelve.
    TwelveMonthsAssumed {
        /// Whether it is the year before.
        previous: bool,
    },
    /// The year before was read in the column of these accounts.
    PreviousColumn,
    /// The value was beyond the bounds of its variable.
    Clipped {
        /// What it was.
        from: f64,
    },
    /// A division by zero or less, for which the variable has its own rule.
    BadDenominator {
        /// The division.
        special: BadDenominator,
        /// The rule.
        rule: OnBadDenominator,
    },
    /// Read from published ratios, not from the accounts.
    Derived {
        /// How, in French.
        how: String,
        /// Whether the accounts would give the same value, but for the rounding of the ratios.
        exact: bool,
    },
}

impl Note {
    /// One French sentence, without its capital and final stop.
    pub fn words(&self) -> String {
        match self {
            Self::Annualised { months, previous } => format!(
                "exercice{} de {months} mois\u{a0}: montants de l’année ramenés à douze mois",
                year(*previous)
            ),
            Self::TwelveMonthsAssumed { previous } => format!(
                "durée de l’exercice{} non précisée, supposée de douze mois",
                year(*previous)
            ),
            Self::PreviousColumn => {
                "année précédente lue dans la colonne N-1 des mêmes comptes".to_owned()
            }
            Self::Clipped { .. } => {
                "valeur hors norme, ramenée à la limite que le modèle retient".to_owned()
            }
            Self::BadDenominator { special, rule } => rule_words(special, *rule),
            Self::Derived { how, exact } => {
                let kind = if *exact { "déduit" } else { "estimé" };
                format!("{kind} des ratios publiés\u{a0}: {how}")
            }
        }
    }
}

fn year(previous: bool) -> &'static str {
    if previous { " précédent" } else { "" }
}

fn rule_words(special: &BadDenominator, rule: OnBadDenominator) -> String {
    let taken = match rule {
        OnBadDenominator::Best => "la valeur la plus favorable",
        OnBadDenominator::Worst if special.numerator == 0.0 => "une valeur nulle",
        OnBadDenominator::Worst => "la valeur la plus défavorable",
        OnBadDenominator::Missing => "aucune valeur",
    };
    format!("le rapport ne se calcule pas\u{a0}: {taken} est retenue")
}
