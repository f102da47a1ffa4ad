//! Official French identifiers: SIREN, SIRET and the Insee code of a commune.
//!
//! All three are text, never numbers: their leading zeros carry meaning.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The SIREN of La Poste, whose establishments do not follow Luhn's rule (Insee, Sirene notice).
const LA_POSTE: &[u8; 9] = b"356000000";

/// Which identifier was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// Nine digits: a legal unit.
    Siren,
    /// Fourteen digits: an establishment.
    Siret,
    /// Five characters: a commune.
    InseeCode,
}

/// What is wrong with a text that should be an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierFault {
    /// Nothing was given.
    Empty,
    /// Wrong number of characters, spaces left out.
    Length {
        /// Characters found.
        found: usize,
    },
    /// A character that has no place there.
    NotDigit {
        /// The first such character.
        found: char,
    },
    /// The control key (Luhn) does not match: a digit was mistyped or two were swapped.
    Checksum,
}

/// Why a text is not the identifier that was expected; its `Display` is a French sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub struct IdentifierError {
    /// Which identifier was expected.
    pub kind: IdentifierKind,
    /// What is wrong.
    pub fault: IdentifierFault,
}

impl IdentifierKind {
    fn label(self) -> &'static str {
        match self {
            Self::Siren => "Le SIREN",
            Self::Siret => "Le SIRET",
            Self::InseeCode => "Le code Insee de la commune",
        }
    }

    /// What a valid value looks like, with an example, in French.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Siren => "9 chiffres, par exemple 552 100 554",
            Self::Siret => "14 chiffres, par exemple 552 100 554 00013",
            Self::InseeCode => "5 caractères, par exemple 81004 ou 2A004",
        }
    }
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (label, expected) = (self.kind.label(), self.kind.expected());
        match self.fault {
            IdentifierFault::Empty => write!(f, "{label} manque\u{a0}: {expected}."),
            IdentifierFault::Length { found } => {
                write!(
                    f,
                    "{label} compte {found} caractère(s)\u{a0}: il en faut {expected}."
                )
            }
            IdentifierFault::NotDigit { found } => {
                write!(
                    f,
                    "{label} contient «\u{a0}{found}\u{a0}»\u{a0}: il faut {expected}."
                )
            }
            IdentifierFault::Checksum => write!(
                f,
                "{label} n’existe pas\u{a0}: sa clé de contrôle est fausse. \
                 Vérifiez chaque chiffre\u{a0}: il faut {expected}."
            ),
        }
    }
}

/// Number of a legal unit: nine digits whose last is a control key (Luhn).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Siren([u8; 9]);

/// Number of an establishment: its SIREN and five digits (NIC), with a control key (Luhn).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Siret([u8; 14]);

/// Insee code of a commune: five characters, `2A`/`2B` in Corsica. Not a postcode.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InseeCode([u8; 5]);

impl Siren {
    /// Reads a SIREN; ordinary, non-breaking and thin spaces and dots between digits are left out.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let kind = IdentifierKind::Siren;
        let digits = characters::<9>(kind, text, |_, c| c.is_ascii_digit())?;
        // Nine zeros satisfy the rule, and are what people type for « none ».
        if !luhn(&digits) || digits == [b'0'; 9] {
            return Err(IdentifierError {
                kind,
                fault: IdentifierFault::Checksum,
            });
        }
        Ok(Self(digits))
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }
}

impl Siret {
    /// Reads a SIRET; spaces are left out. The SIREN inside is checked as well.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let kind = IdentifierKind::Siret;
        let digits = characters::<14>(kind, text, |_, c| c.is_ascii_digit())?;
        let known = luhn(&digits) || is_la_poste(&digits);
        if !known || !luhn(&digits[..9]) || digits.starts_with(&[b'0'; 9]) {
            return Err(IdentifierError {
                kind,
                fault: IdentifierFault::Checksum,
            });
        }
        Ok(Self(digits))
    }

    /// The fourteen digits.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// The legal unit that owns the establishment.
    pub fn siren(&self) -> Siren {
        let mut digits = [0; 9];
        digits.copy_from_slice(&self.0[..9]);
        Siren(digits)
    }

    /// The last five digits, which number the establishment inside its legal unit.
    pub fn nic(&self) -> &str {
        text(&self.0[9..])
    }
}

impl InseeCode {
    /// Reads the code of a commune; small letters are raised (`2a004`).
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let corsica = |i: usize, c: u8| i == 1 && matches!(c, b'A' | b'B');
        let mut code = characters::<5>(IdentifierKind::InseeCode, text, |i, c| {
            c.is_ascii_digit() || corsica(i, c.to_ascii_uppercase())
        })?;
        code.make_ascii_uppercase();
        if code[1].is_ascii_alphabetic() && code[0] != b'2' {
            let fault = IdentifierFault::NotDigit {
                found: char::from(code[1]),
            };
            return Err(IdentifierError {
                kind: IdentifierKind::InseeCode,
                fault,
            });
        }
        Ok(Self(code))
    }

    /// The five characters.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// Code of the département: two characters, or three overseas (`971`…).
    pub fn departement(&self) -> &str {
        let overseas = matches!(&self.0[..2], b"97" | b"98");
        text(&self.0[..if overseas { 3 } else { 2 }])
    }
}

macro_rules! text_form {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(D::Error::custom)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }
    )*};
}

text_form!(Siren, Siret, InseeCode);

/// The characters of an identifier without its spaces, in an array of the right length.
fn characters<const N: usize>(
    kind: IdentifierKind,
    text: &str,
    allowed: impl Fn(usize, u8) -> bool,
) -> Result<[u8; N], IdentifierError> {
    let error = |fault| IdentifierError { kind, fault };
    let mut out = [0; N];
    let mut found = 0;
    let separator = |c: char| c.is_whitespace() || matches!(c, '.' | '\u{feff}' | '\u{200b}');
    for c in text.chars().filter(|c| !separator(*c)) {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() && allowed(found, byte) => {
                if let Some(slot) = out.get_mut(found) {
                    *slot = byte;
                }
            }
            _ => return Err(error(IdentifierFault::NotDigit { found: c })),
        }
        found += 1;
    }
    match found {
        0 => Err(error(IdentifierFault::Empty)),
        _ if found == N => Ok(out),
        _ => Err(error(IdentifierFault::Length { found })),
    }
}

/// Luhn's rule over ASCII digits, the last one being the key.
fn luhn(digits: &[u8]) -> bool {
    let weigh = |(i, d): (usize, &u8)| {
        let doubled = u32::from(d - b'0') * if i % 2 == 1 { 2 } else { 1 };
        if doubled > 9 { doubled - 9 } else { doubled }
    };
    digits
        .iter()
        .rev()
        .enumerate()
        .map(weigh)
        .sum::<u32>()
        .is_multiple_of(10)
}

/// La Poste numbers its offices so that the plain sum of the digits is a multiple of five.
fn is_la_poste(siret: &[u8; 14]) -> bool {
    let sum = || siret.iter().map(|d| u32::from(d - b'0')).sum::<u32>();
    siret.starts_with(LA_POSTE) && sum().is_multiple_of(5)
}

/// The arrays only ever hold ASCII, put there by [`characters`].
fn text(ascii: &[u8]) -> &str {
    std::str::from_utf8(ascii).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault<T: fmt::Debug>(result: Result<T, IdentifierError>) -> IdentifierFault {
        result.expect_err("should be refused").fault
    }

    #[test]
    fn leading_zeros_and_spaces_are_understood() {
        assert_eq!(Siren::parse("000 081 018").unwrap().as_str(), "000081018");
        assert_eq!(
            Siren::parse("\u{a0}000\u{202f}081\u{a0}018 ")
                .unwrap()
                .to_string(),
            "000081018"
        );
        let siret: Siret = "000 081 018 00012".parse().unwrap();
        assert_eq!(
            (siret.siren().as_str(), siret.nic()),
            ("000081018", "00012")
        );
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(fault(Siren::parse(" ")), IdentifierFault::Empty);
        assert_eq!(
            fault(Siren::parse("81018")),
            IdentifierFault::Length { found: 5 }
        );
        assert_eq!(
            fault(Siren::parse("0000810189")),
            IdentifierFault::Length { found: 10 }
        );
        assert_eq!(
            fault(Siren::parse("00008101O")),
            IdentifierFault::NotDigit { found: 'O' }
        );
        assert_eq!(
            fault(Siren::parse("٠٠٠٠٨١٠١٨")),
            IdentifierFault::NotDigit { found: '٠' }
        );
        assert_eq!(fault(Siren::parse("000081019")), IdentifierFault::Checksum);
        assert_eq!(fault(Siren::parse("000000000")), IdentifierFault::Checksum);
        let message = Siren::parse("81018").unwrap_err().to_string();
        assert_eq!(
            message,
            "Le SIREN compte 5 caractère(s)\u{a0}: il en faut 9 chiffres, par exemple 552 100 554."
        );
    }

    #[test]
    fn a_siret_whose_siren_is_wrong_is_refused() {
        // 000081019 breaks Luhn although a suitable NIC makes the fourteen digits pass.
        let nic = (0..100)
            .map(|n| format!("000081019{n:05}"))
            .find(|s| luhn(s.as_bytes()));
        assert_eq!(
            fault(Siret::parse(&nic.unwrap())),
            IdentifierFault::Checksum
        );
    }

    #[test]
    fn la_poste_follows_its_own_rule() {
        assert!(
            Siret::parse("35600000000048").is_ok(),
            "head office, ordinary rule"
        );
        assert!(Siret::parse("35600000000012").is_err());
        // Digits add up to 15, Luhn would refuse it.
        assert!(Siret::parse("35600000000010").is_ok());
        assert!(
            Siret::parse("00008101800013").is_err(),
            "the exception is La Poste's only"
        );
    }

    #[test]
    fn commune_codes_know_corsica_and_overseas() {
        assert_eq!(InseeCode::parse("2a004").unwrap().departement(), "2A");
        assert_eq!(InseeCode::parse("81004").unwrap().departement(), "81");
        assert_eq!(InseeCode::parse("97411").unwrap().departement(), "974");
        assert_eq!(
            fault(InseeCode::parse("8A004")),
            IdentifierFault::NotDigit { found: 'A' }
        );
        assert_eq!(
            fault(InseeCode::parse("2C004")),
            IdentifierFault::NotDigit { found: 'C' }
        );
    }

    proptest! {
        #[test]
        fn exactly_one_key_completes_eight_digits(stem in "[1-9][0-9]{7}") {
            let valid = (0..10).filter(|key| Siren::parse(&format!("{stem}{key}")).is_ok()).count();
            prop_assert_eq!(valid, 1);
        }

        #[test]
        fn one_mistyped_digit_is_always_seen(stem in "[1-9][0-9]{7}", at in 0..9usize, by in 1..10u8) {
            let siren = (0..10).find_map(|k| Siren::parse(&format!("{stem}{k}")).ok()).unwrap();
            let mut digits = siren.as_str().as_bytes().to_vec();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert!(Siren::parse(text(&digits)).is_err());
        }

        #[test]
        fn any_text_is_answered_without_panic(text in ".{0,30}") {
            if let Ok(siren) = Siren::parse(&text) {
                prop_assert_eq!(Siren::parse(siren.as_str()), Ok(siren));
            }
            let _ = Siret::parse(&text);
            let _ = InseeCode::parse(&text);
        }
    }
}
