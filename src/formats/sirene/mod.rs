//! SIRENE stock files of Insee: `StockUniteLegale` and `StockEtablissement`.
//!
//! Columns are found by name: their order and number change from one year to the next. The
//! national file has tens of millions of rows, so a predicate on a few bytes decides before
//! anything is built.

pub mod establishments;
mod fields;

pub(super) use fields::number;
pub mod legal_units;

pub use establishments::EstablishmentReader;
pub use legal_units::LegalUnitReader;

use super::rejection::Rejection;

/// Lines seen by a reader so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Lines read, header left out.
    pub lines: u64,
    /// Lines that the predicate left out.
    pub filtered: u64,
}

/// Result of reading one kept line.
type Built<T> = Result<(T, Vec<Rejection>), Rejection>;

#[cfg(test)]
mod tests;
