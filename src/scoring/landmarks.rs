//! Two published formulas shown beside the score as landmarks, never as the score: Conan-Holder (1979)
//! and Altman's Z'' (1993). Their published probabilities do not hold today and are never shown: of
//! Conan-Holder only the class letter, of Altman only the zone.

use serde::{Deserialize, Serialize};

use super::accounts::{Exercise, Kind};
use super::features::Missing;
use super::formula::{Aggregates, Formula, FormulaError, Value};

struct TermSpec {
    label: &'static str,
    coefficient: f64,
    complete: &'static str,
    simplified: &'static str,
}

/// A term written with aggregates alone.
const fn term(label: &'static str, coefficient: f64, formula: &'static str) -> TermSpec {
    TermSpec {
        label,
        coefficient,
        complete: formula,
        simplified: formula,
    }
}

/// Conan and Holder 1979, on 190 French industrial SMEs. Current assets without stocks stand for
/// « réalisable et disponible ».
const CONAN_HOLDER: &[TermSpec] = &[
    term(
        "excédent brut d’exploitation / dettes",
        0.24,
        "EBE / DETTES",
    ),
    term(
        "capitaux permanents / bilan",
        0.22,
        "CAPITAUX_PERMANENTS / TOTAL_BILAN",
    ),
    term(
        "créances et disponibilités / bilan",
        0.16,
        "(ACTIF_CIRCULANT - STOCKS) / TOTAL_BILAN",
    ),
    term(
        "charges financières / chiffre d’affaires",
        -0.87,
        "FRAIS_FINANCIERS / CA",
    ),
    term(
        "frais de personnel / valeur ajoutée",
        -0.10,
        "FRAIS_PERSONNEL / VA",
    ),
];

/// Altman 1993, for companies that are not listed, any sector. Retained earnings at the closing date
/// include the result of the year; debts include provisions for risks.
const ALTMAN: &[TermSpec] = &[
    term(
        "fonds de roulement / bilan",
        6.56,
        "(ACTIF_CIRCULANT - DETTES_COURT_TERME) / TOTAL_BILAN",
    ),
    TermSpec {
        label: "réserves, report à nouveau et résultat / bilan",
        coefficient: 3.26,
        complete: "(RESERVES + DI) / TOTAL_BILAN",
        simplified: "(RESERVES + 136) / TOTAL_BILAN",
    },
    term(
        "résultat d’exploitation / bilan",
        6.72,
        "EBIT / TOTAL_BILAN",
    ),
    TermSpec {
        label: "capitaux propres / dettes et provisions",
        coefficient: 1.05,
        complete: "CAPITAUX_PROPRES / (DETTES + DR)",
        simplified: "CAPITAUX_PROPRES / (DETTES + 154)",
    },
];

/// Class of Conan and Holder, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConanHolderClass {
    /// 100 Z above 16.
    A,
    /// Above 9, up to 16.
    B,
    /// From 4 to 9.
    C,
    /// Below 4.
    D,
}

impl ConanHolderClass {
    fn of(z: f64) -> Self {
        match z {
            z if z > 16.0 => Self::A,
            z if z > 9.0 => Self::B,
            z if z >= 4.0 => Self::C,
            _ => Self::D,
        }
    }

    /// Its letter.
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
        }
    }
}

/// Zone of Altman's Z''.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AltmanZone {
    /// Above 2.6.
    Safe,
    /// From 1.1 to 2.6.
    Grey,
    /// Below 1.1.
    Distress,
}

impl AltmanZone {
    fn of(z: f64) -> Self {
        match z {
            z if z > 2.6 => Self::Safe,
            z if z >= 1.1 => Self::Grey,
            _ => Self::Distress,
        }
    }

    /// In French, neutral.
    pub fn label(self) -> &'static str {
        match self {
            Self::Safe => "zone favorable",
            Self::Grey => "zone intermédiaire",
            Self::Distress => "zone à examiner",
        }
    }
}

/// One term of a landmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The ratio, in French.
    pub label: String,
    /// Published coefficient.
    pub coefficient: f64,
    /// The ratio, or why it is not known.
    pub ratio: Result<f64, Missing>,
}

/// A landmark: what it is worth if every term is known, and its terms in any case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Landmark<C> {
    /// Value and class: 100 Z of Conan-Holder, Z'' of Altman.
    pub result: Option<(f64, C)>,
    /// The terms, in the order of the formula.
    pub terms: Vec<Term>,
}

impl<C> Landmark<C> {
    /// What is missing, in French, each reason once.
    pub fn missing(&self) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        for reason in self
            .terms
            .iter()
            .filter_map(|term| term.ratio.as_ref().err())
        {
            let words = reason.words();
            if !reasons.contains(&words) {
                reasons.push(words);
            }
        }
        reasons
    }
}

/// The landmarks, ready to be read from complete and simplified accounts.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmarks {
    conan_holder: Vec<Prepared>,
    altman: Vec<Prepared>,
}

#[derive(Debug, Clone, PartialEq)]
struct Prepared {
    label: &'static str,
    coefficient: f64,
    formulas: [Formula; 3],
}

impl Landmarks {
    /// Reads their formulas with the aggregates of the model.
    pub fn prepare(aggregates: &Aggregates) -> Result<Self, FormulaError> {
        let prepare = |terms: &[TermSpec]| -> Result<Vec<Prepared>, FormulaError> {
            terms
                .iter()
                .map(|term| prepared(term, aggregates))
                .collect()
        };
        Ok(Self {
            conan_holder: prepare(CONAN_HOLDER)?,
            altman: prepare(ALTMAN)?,
        })
    }

    /// Conan-Holder, 100 Z.
    pub fn conan_holder(&self, exercise: &Exercise) -> Landmark<ConanHolderClass> {
        landmark(&self.conan_holder, exercise, 100.0, ConanHolderClass::of)
    }

    /// Altman's Z''.
    pub fn altman(&self, exercise: &Exercise) -> Landmark<AltmanZone> {
        landmark(&self.altman, exercise, 1.0, AltmanZone::of)
    }
}

fn prepared(term: &TermSpec, aggregates: &Aggregates) -> Result<Prepared, FormulaError> {
    let read = |kind, text| Formula::parse(kind, text, aggregates);
    Ok(Prepared {
        label: term.label,
        coefficient: term.coefficient,
        formulas: [
            read(Kind::Complete, term.complete)?,
            read(Kind::Consolidated, term.complete)?,
            read(Kind::Simplified, term.simplified)?,
        ],
    })
}

fn landmark<C>(
    terms: &[Prepared],
    exercise: &Exercise,
    scale: f64,
    class: impl FnOnce(f64) -> C,
) -> Landmark<C> {
    let terms: Vec<Term> = terms.iter().map(|term| term.read(exercise)).collect();
    let weighted = |term: &Term| Some(scale * term.coefficient * term.ratio.as_ref().ok()?);
    let sum = terms.iter().map(weighted).sum::<Option<f64>>();
    Landmark {
        result: sum.map(|z| (z, class(z))),
        terms,
    }
}

impl Prepared {
    fn read(&self, exercise: &Exercise) -> Term {
        let kind = exercise.current.accounts.kind;
        let formula = self.formulas.iter().find(|formula| formula.kind() == kind);
        let ratio = match formula.map(|formula| formula.evaluate(exercise).value) {
            Some(Value::Known(ratio)) => Ok(ratio),
            Some(Value::Missing(gaps)) => Err(Missing::Gaps(kind, gaps)),
            Some(Value::Special(special)) => Err(Missing::BadDenominator(special)),
            None => Err(Missing::NoFormula(kind)),
        };
        Term {
            label: self.label.to_owned(),
            coefficient: self.coefficient,
            ratio,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::accounts::Accounts;
    use crate::scoring::testing::{accounts, latest, shipped_aggregates};

    fn landmarks() -> Landmarks {
        Landmarks::prepare(&shipped_aggregates()).expect("sound formulas")
    }

    fn complete() -> Accounts {
        accounts(
            Kind::Complete,
            "2024-12-31",
            &[
                ("BJ", 400),
                ("BT", 100),
                ("BX", 400),
                ("CF", 100),
                ("CJ", 600),
                ("CO", 1_000),
                ("DA", 100),
                ("DG", 150),
                ("DI", 50),
                ("DL", 300),
                ("DU", 400),
                ("DX", 300),
                ("EC", 700),
                ("EE", 1_000),
                ("EG", 400),
                ("FL", 2_000),
                ("FW", 1_000),
                ("FY", 600),
                ("FZ", 200),
                ("GA", 100),
                ("GG", 100),
                ("GU", 40),
            ],
        )
    }

    fn simplified() -> Accounts {
        accounts(
            Kind::Simplified,
            "2024-12-31",
            &[
                ("060", 100),
                ("068", 400),
                ("084", 100),
                ("096", 600),
                ("120", 100),
                ("132", 150),
                ("136", 50),
                ("142", 300),
                ("156", 400),
                ("166", 300),
                ("176", 700),
                ("180", 1_000),
                ("195", 300),
                ("218", 2_000),
                ("242", 1_000),
                ("250", 600),
                ("252", 200),
                ("254", 100),
                ("270", 100),
                ("294", 40),
                ("310", 60),
            ],
        )
    }

    #[test]
    fn both_returns_of_a_company_give_the_same_landmarks() {
        // 24 x 200/700 + 22 x 600/1000 + 16 x 500/1000 - 87 x 40/2000 - 10 x 800/1000.
        let conan_holder = 24.0 * 200.0 / 700.0 + 13.2 + 8.0 - 1.74 - 8.0;
        // 6.56 x .2 + 3.26 x .2 + 6.72 x .1 + 1.05 x 300/700.
        let altman = 1.312 + 0.652 + 0.672 + 0.45;
        for given in [complete(), simplified()] {
            let exercise = latest(&[given]);
            let (z, class) = landmarks().conan_holder(&exercise).result.unwrap();
            assert!((z - conan_holder).abs() < 1e-9, "{z}");
            assert_eq!(class.letter(), 'A');
            let (z, zone) = landmarks().altman(&exercise).result.unwrap();
            assert!((z - altman).abs() < 1e-9, "{z}");
            assert_eq!(zone, AltmanZone::Safe);
        }
    }

    #[test]
    fn a_landmark_with_a_term_missing_is_not_worth_anything_but_lists_its_terms() {
        let mut without = complete();
        without.lines.remove("EG");
        let found = landmarks().conan_holder(&latest(&[without]));
        assert_eq!(found.result, None);
        assert_eq!(found.terms.len(), 5);
        assert_eq!(
            found.terms.iter().filter(|term| term.ratio.is_ok()).count(),
            4
        );
        assert_eq!(found.missing().len(), 1);
        assert!(found.missing()[0].contains("(EG)"));
    }

    #[test]
    fn a_negative_value_added_leaves_conan_holder_unknown() {
        let mut burning = complete();
        burning.lines.insert("FW".into(), 2_500);
        burning.lines.insert("GG".into(), -1_400);
        let found = landmarks().conan_holder(&latest(&[burning]));
        assert_eq!(found.result, None);
        assert!(found.missing()[0].contains("il faudrait diviser par un montant négatif"));
    }

    #[test]
    fn classes_change_at_the_published_thresholds() {
        let letters: String = [16.1, 16.0, 9.1, 9.0, 4.0, 3.9]
            .map(|z| ConanHolderClass::of(z).letter())
            .iter()
            .collect();
        assert_eq!(letters, "ABBCCD");
        let zones = [2.61, 2.6, 1.1, 1.09].map(AltmanZone::of);
        assert_eq!(
            zones,
            [
                AltmanZone::Safe,
                AltmanZone::Grey,
                AltmanZone::Grey,
                AltmanZone::Distress
            ]
        );
    }
}
