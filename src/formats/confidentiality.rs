//! How far the accounts of a company may be seen (article L. 232-25 of the Code de commerce).

use serde::{Deserialize, Serialize};

use super::header::fold;

/// What the company asked for when it deposited its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidentiality {
    /// All of it is public.
    Public,
    /// The income statement is confidential, the balance sheet is public (small companies).
    Partial,
    /// A shorter balance sheet is public (medium-sized companies).
    Simplified,
    /// Nothing is public (micro-enterprises), or a word that is not known.
    Confidential,
    /// The file does not say.
    Unknown,
}

impl Confidentiality {
    /// Reads the French or English word of a file. What is not known to be public is confidential.
    pub fn of(text: &str) -> Self {
        let word = fold(text);
        if word.is_empty() {
            Self::Unknown
        } else if word == "public" {
            Self::Public
        } else if word.starts_with("partial") || word.starts_with("partiel") {
            Self::Partial
        } else if word.contains("simplif") {
            Self::Simplified
        } else {
            Self::Confidential
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_to_be_public_is_confidential() {
        let words = [
            ("Public", Confidentiality::Public),
            ("Partiellement confidentiel", Confidentiality::Partial),
            ("PartiallyConfidential", Confidentiality::Partial),
            ("Publication simplifiee", Confidentiality::Simplified),
            ("Publication simplifiée", Confidentiality::Simplified),
            ("Confidential", Confidentiality::Confidential),
            ("Non public", Confidentiality::Confidential),
            (" ", Confidentiality::Unknown),
        ];
        for (text, expected) in words {
            assert_eq!(Confidentiality::of(text), expected, "{text}");
        }
    }
}
