//! Words of what ties a supplier to its customer: how much the one depends on the other, and who says so.

use std::str::FromStr;

use super::UnknownCode;

/// How much a company depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Degree {
    /// It would hardly notice.
    Weak,
    /// It would have to replace it.
    Medium,
    /// It could not do without it.
    Strong,
}

impl Degree {
    /// Every degree, the strongest first.
    pub const ALL: [Self; 3] = [Self::Strong, Self::Medium, Self::Weak];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Medium => "medium",
            Self::Strong => "strong",
        }
    }

    /// « Forte »: the degree of a dependence.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Weak => "Faible",
            Self::Medium => "Moyenne",
            Self::Strong => "Forte",
        }
    }

    /// « forte dépendance », « dépendance moyenne ».
    pub const fn dependence(self) -> &'static str {
        match self {
            Self::Weak => "faible dépendance",
            Self::Medium => "dépendance moyenne",
            Self::Strong => "forte dépendance",
        }
    }

    /// Whether a company of this degree is counted among those that depend on the other.
    pub const fn depends(self) -> bool {
        matches!(self, Self::Medium | Self::Strong)
    }
}

impl FromStr for Degree {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .into_iter()
            .find(|degree| degree.code() == code)
            .ok_or(UnknownCode)
    }
}

/// How much one end of a link depends on the other, as far as somebody said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dependence {
    /// The degree; none when nobody said.
    pub degree: Option<Degree>,
    /// The part of its turnover, or of its purchases, in percent.
    pub share: Option<i16>,
}

impl Dependence {
    /// From what the database holds.
    pub fn of(degree: Option<&str>, share: Option<i16>) -> Self {
        Self {
            degree: degree.and_then(|code| code.parse().ok()),
            share,
        }
    }

    /// « forte dépendance (40 % de son chiffre d’affaires) »; the part is of its turnover when it is the
    /// supplier, of its purchases else. None when nobody said.
    pub fn in_words(self, is_supplier: bool) -> Option<String> {
        let degree = self.degree?.dependence();
        let whole = if is_supplier {
            "de son chiffre d’affaires"
        } else {
            "de ses achats"
        };
        Some(match self.share {
            Some(share) => format!("{degree} ({share}\u{a0}% {whole})"),
            None => degree.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependence_says_its_degree_and_of_what_the_part_is() {
        let strong = Dependence::of(Some("strong"), Some(40));
        assert_eq!(
            strong.in_words(true).as_deref(),
            Some("forte dépendance (40\u{a0}% de son chiffre d’affaires)")
        );
        assert_eq!(
            Dependence::of(Some("medium"), Some(15))
                .in_words(false)
                .as_deref(),
            Some("dépendance moyenne (15\u{a0}% de ses achats)")
        );
        assert_eq!(Dependence::of(None, None).in_words(true), None);
    }

    #[test]
    fn every_degree_is_read_back_from_its_code() {
        for degree in Degree::ALL {
            assert_eq!(degree.code().parse(), Ok(degree));
        }
        assert_eq!("some".parse::<Degree>(), Err(UnknownCode));
    }
}
