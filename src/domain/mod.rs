//! The field's vocabulary: numbers, roles and words that need neither I/O nor a clock.

pub mod dossier;
pub mod identifiers;
pub mod insolvency;
pub mod organisation;
pub mod reach;
pub mod role;
pub mod supply;
pub mod text;

pub use dossier::Dossier;
pub use identifiers::{IdentifierError, IdentifierFault, IdentifierKind, InseeCode, Siren, Siret};
pub use organisation::OrganisationKind;
pub use role::Role;

/// A code that the vocabulary does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown code")]
pub struct UnknownCode;
