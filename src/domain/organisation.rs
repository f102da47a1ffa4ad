//! What an organisation is: an employer of people who use the product, a partner, or both.

use std::str::FromStr;

use super::UnknownCode;

/// Nature of an organisation, as `organisations.kind` holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// The département.
    Council,
    /// A service of the State.
    State,
    /// An EPCI.
    Epci,
    /// Another public partner: region, agency, town.
    Public,
    /// Chamber of commerce and industry.
    Cci,
    /// Chamber of trades and crafts.
    Cma,
    /// Another chamber.
    Chamber,
    /// A bank or a fund.
    Bank,
    /// A laboratory.
    Laboratory,
    /// A training body.
    Training,
    /// A company that helps others.
    Company,
    /// Anything else.
    Other,
}

impl OrganisationKind {
    /// Every kind, in the order in which forms list them.
    pub const ALL: [Self; 12] = [
        Self::Council,
        Self::State,
        Self::Epci,
        Self::Public,
        Self::Cci,
        Self::Cma,
        Self::Chamber,
        Self::Bank,
        Self::Laboratory,
        Self::Training,
        Self::Company,
        Self::Other,
    ];

    /// The code that the database holds.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::State => "state",
            Self::Epci => "epci",
            Self::Public => "public",
            Self::Cci => "cci",
            Self::Cma => "cma",
            Self::Chamber => "chamber",
            Self::Bank => "bank",
            Self::Laboratory => "laboratory",
            Self::Training => "training",
            Self::Company => "company",
            Self::Other => "other",
        }
    }

    /// The kind in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Council => "Département",
            Self::State => "Service de l’État",
            Self::Epci => "Communauté de communes ou d’agglomération",
            Self::Public => "Autre organisme public",
            Self::Cci => "Chambre de commerce et d’industrie",
            Self::Cma => "Chambre des métiers et de l’artisanat",
            Self::Chamber => "Autre chambre consulaire",
            Self::Bank => "Banque ou fonds",
            Self::Laboratory => "Laboratoire",
            Self::Training => "Organisme de formation",
            Self::Company => "Entreprise",
            Self::Other => "Autre organisme",
        }
    }
}

impl FromStr for OrganisationKind {
    type Err = UnknownCode;

    fn from_str(code: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or(UnknownCode)
    }
}
