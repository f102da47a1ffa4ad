//! Faults of one line, in the words of the person who deposited the file.

use crate::domain::{IdentifierError, IdentifierFault, IdentifierKind};

/// Characters of the faulty value that are kept for display.
const SHOWN: usize = 80;

/// Longest text of one value, in characters.
pub const LONGEST_TEXT: usize = 500;

/// The same in bytes: the names of a company are sorted by an index of limited width.
const LONGEST_BYTES: usize = 800;

/// Whether a text is longer than any name or address.
pub fn is_too_long(text: &[u8]) -> bool {
    // Bytes that begin a character.
    let characters = || text.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
    text.len() > LONGEST_TEXT && (text.len() > LONGEST_BYTES || characters() > LONGEST_TEXT)
}

/// Why a line, or one of its values, was set aside. Rejections are grouped by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// More or fewer values than there are columns.
    Width,
    /// A value that must be there is not.
    Missing,
    /// Wrong number of characters in a SIREN or SIRET.
    IdentifierLength,
    /// A character that is no digit in a SIREN or SIRET.
    IdentifierDigit,
    /// A SIREN or SIRET whose control key is wrong.
    IdentifierChecksum,
    /// A number that a spreadsheet has rounded (`8,12346E+13`): digits are lost for good.
    RoundedNumber,
    /// SIREN and SIRET of the same line contradict each other.
    Mismatch,
    /// Not a date.
    DateFormat,
    /// A date that cannot be: before 1600, or in the future.
    DateImplausible,
    /// Not a whole number.
    NumberFormat,
    /// A negative count.
    NumberNegative,
    /// A count beyond anything possible.
    NumberTooLarge,
    /// A code that is in no official list.
    UnknownCode,
    /// A character that the encoding of the file does not know.
    Unreadable,
    /// An object of a JSON file that has not the expected shape.
    Structure,
    /// A judgment against a person, which must not be kept.
    PersonalSanction,
    /// Accounts of a bank or an insurer, whose forms are others.
    AccountsKind,
    /// Amounts in another currency than the euro.
    Currency,
    /// A text longer than any name or address.
    TooLong,
    /// A count of a whole company that has not exactly one establishment here.
    NotOneSite,
}

impl Cause {
    /// Title of the group, in French.
    pub fn label(self) -> &'static str {
        match self {
            Self::Width => "Nombre de valeurs différent du nombre de colonnes",
            Self::Missing => "Valeur obligatoire absente",
            Self::IdentifierLength => "Numéro trop court ou trop long",
            Self::IdentifierDigit => "Caractère qui n’est pas un chiffre",
            Self::IdentifierChecksum => "Numéro inexistant (clé de contrôle fausse)",
            Self::RoundedNumber => "Numéro arrondi par le tableur",
            Self::Mismatch => "SIREN et SIRET contradictoires",
            Self::DateFormat => "Date illisible",
            Self::DateImplausible => "Date impossible",
            Self::NumberFormat => "Nombre illisible",
            Self::NumberNegative => "Nombre négatif",
            Self::NumberTooLarge => "Nombre trop grand",
            Self::UnknownCode => "Code inconnu",
            Self::Unreadable => "Caractère illisible",
            Self::Structure => "Élément mal formé",
            Self::PersonalSanction => "Sanction contre une personne, non conservée",
            Self::AccountsKind => "Comptes d’une forme particulière (banque, assurance)",
            Self::TooLong => "Texte trop long",
            Self::NotOneSite => "Entreprise sans établissement unique",
            Self::Currency => "Montants dans une autre monnaie que l’euro",
        }
    }

    /// Stable key, for URLs and for the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Missing => "missing",
            Self::IdentifierLength => "identifier_length",
            Self::IdentifierDigit => "identifier_digit",
            Self::IdentifierChecksum => "identifier_checksum",
            Self::RoundedNumber => "rounded_number",
            Self::Mismatch => "mismatch",
            Self::DateFormat => "date_format",
            Self::DateImplausible => "date_implausible",
            Self::NumberFormat => "number_format",
            Self::NumberNegative => "number_negative",
            Self::NumberTooLarge => "number_too_large",
            Self::UnknownCode => "unknown_code",
            Self::Unreadable => "unreadable",
            Self::Structure => "structure",
            Self::PersonalSanction => "personal_sanction",
            Self::AccountsKind => "accounts_kind",
            Self::TooLong => "too_long",
            Self::NotOneSite => "not_one_site",
            Self::Currency => "currency",
        }
    }
}

/// One value that was set aside, where it stands and what was expected instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Line in the file, the header being line 1 (for JSON: rank of the object, from 1).
    pub line: u64,
    /// Column as written in the header; empty when the whole line is at fault.
    pub column: String,
    /// The value: at most 80 characters, without control characters.
    pub value: String,
    /// Why.
    pub cause: Cause,
    /// What was expected, with an example, in French.
    pub expected: String,
}

impl Rejection {
    /// Cuts and cleans the value so that it can be shown anywhere.
    pub fn new(line: u64, column: &str, value: &str, cause: Cause, expected: &str) -> Self {
        let (column, expected) = (column.to_owned(), expected.to_owned());
        Self {
            line,
            column,
            value: shown(value),
            cause,
            expected,
        }
    }

    /// A text longer than any name or address.
    pub fn too_long(line: u64, column: &str, value: &str) -> Self {
        let found = value.chars().count();
        let expected = format!(
            "{LONGEST_TEXT}\u{a0}caractères au plus ({found} trouvés)\u{202f}; un guillemet mal fermé \
             réunit plusieurs cases"
        );
        Self::new(line, column, value, Cause::TooLong, &expected)
    }

    /// From what was wrong in a SIREN, SIRET or Insee code.
    pub fn identifier(line: u64, column: &str, value: &str, error: IdentifierError) -> Self {
        let cause = match (error.fault, error.kind) {
            (IdentifierFault::Empty, _) => Cause::Missing,
            (_, IdentifierKind::InseeCode) => Cause::UnknownCode,
            (IdentifierFault::Length { .. }, _) => Cause::IdentifierLength,
            (IdentifierFault::NotDigit { .. }, _) => Cause::IdentifierDigit,
            (IdentifierFault::Checksum, _) => Cause::IdentifierChecksum,
        };
        Self::new(line, column, value, cause, error.kind.expected())
    }
}

/// The value as it may be shown: without control or direction characters, and not too long.
fn shown(value: &str) -> String {
    let harmless = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut clean = value.trim().chars().filter(harmless);
    let mut text: String = clean.by_ref().take(SHOWN).collect();
    if clean.next().is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_safe_to_show() {
        let value = format!("ab\u{7}\u{202e}c{}", "x".repeat(500));
        let rejection = Rejection::new(3, "nom", &value, Cause::Unreadable, "un nom");
        assert!(rejection.value.starts_with("abcx"));
        assert_eq!(rejection.value.chars().count(), SHOWN + 1);
    }
}
