//! The field's vocabulary: numbers, roles and words that need neither I/O nor a clock.

pub mod identifiers;
pub mod insolvency;
pub mod role;
pub mod text;

pub use identifiers::{IdentifierError, IdentifierFault, IdentifierKind, InseeCode, Siren, Siret};
pub use role::Role;
