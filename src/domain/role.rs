//! Who a person is for the product: one of four roles.

use std::fmt;
use std::str::FromStr;

/// The four roles of `users.role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The service's application manager.
    Admin,
    /// Direction du Développement.
    Staff,
    /// Adviser of the CCI or of the Chambre des métiers, for the territories given to them.
    Adviser,
    /// Elected official: counts by territory, never a company's name beside a risk.
    Elected,
}

impl Role {
    /// Every role, in the order in which forms list them.
    pub const ALL: [Self; 4] = [Self::Staff, Self::Adviser, Self::Elected, Self::Admin];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Staff => "staff",
            Self::Adviser => "adviser",
            Self::Elected => "elected",
        }
    }

    /// The role in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Admin => "Administration",
            Self::Staff => "Direction du Développement",
            Self::Adviser => "Conseil consulaire",
            Self::Elected => "Élue ou élu",
        }
    }

    /// What the role sees, as the users page says it.
    pub const fn sees(self) -> &'static str {
        match self {
            Self::Admin => {
                "Gère les comptes, les imports, les réglages et le journal\u{202f}; consulte les entreprises."
            }
            Self::Staff => {
                "Voit et modifie tout sur les entreprises et les places, dans tous les territoires."
            }
            Self::Adviser => {
                "Voit les entreprises et les contacts des territoires qui lui sont confiés, ajoute et corrige des contacts\u{202f}; consulte les partenaires et tient à jour les personnes de son organisme."
            }
            Self::Elected => "Voit les décomptes par territoire, sans nom d’entreprise.",
        }
    }

    /// Whether the role works only in territories given one by one.
    pub const fn is_territorial(self) -> bool {
        matches!(self, Self::Adviser)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A code that names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown role")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(code: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.code() == code)
            .ok_or(UnknownRole)
    }
}
