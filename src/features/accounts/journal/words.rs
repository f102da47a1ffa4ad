//! The journal's dictionary: every audited table and column in French. A test compares it with the
//! triggers of the schema, so that a table added tomorrow cannot show its English name.

pub use super::acts::{ACTS, DETAILS};

mod following;
mod indicators;
mod matching;
mod meetings;
mod partners;
mod people;
mod places;
mod plans;
mod supply;
mod workshops;

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As it is.
    Text,
    /// Whole number.
    Number,
    /// Yes or no.
    Flag,
    /// Day.
    Day,
    /// Instant.
    Instant,
    /// Code with words for each value.
    Code(&'static [(&'static str, &'static str)]),
    /// `users.id`, shown by name.
    User,
    /// `organisations.id`, shown by name.
    Organisation,
    /// SIREN of a territory, shown by name.
    Territory,
    /// SIREN of a company, shown by name.
    Company,
    /// SIRET of an establishment, shown in groups.
    Establishment,
    /// List of short texts.
    List,
    /// Shown as changed, never with its content: passwords, notes about people.
    Private,
    /// Not told: keys, counters and what another field already says.
    Hidden,
}

/// One column.
pub type Column = (&'static str, &'static str, Kind);

/// One audited table. In `inserted`, `updated` and `deleted`, `{}` stands for the object.
#[derive(Debug)]
pub struct Table {
    /// Name in the schema.
    pub name: &'static str,
    /// Name in the filter, plural.
    pub label: &'static str,
    /// What a creation did.
    pub inserted: &'static str,
    /// What a change did.
    pub updated: &'static str,
    /// What a removal did.
    pub deleted: &'static str,
    /// What names the object: a column of the row, or of its key.
    pub object: (&'static str, Kind),
    /// Columns in the order in which they are told.
    pub columns: &'static [Column],
}

/// Every audited table, in the order of the filter.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        people::TABLES,
        partners::TABLES,
        places::TABLES,
        following::TABLES,
        workshops::TABLES,
        meetings::TABLES,
        plans::TABLES,
        matching::TABLES,
        supply::TABLES,
        indicators::TABLES,
    ]
    .into_iter()
    .flatten()
}

/// The words of a table.
pub fn table(name: &str) -> Option<&'static Table> {
    tables().find(|table| table.name == name)
}

impl Table {
    /// The words of a column.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.0 == name)
    }
}
