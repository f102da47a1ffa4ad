//! One reader for the layouts whose lines come from a table or from JSON.

use chrono::NaiveDate;

use super::file_error::FileError;
use super::records::{Built, Fields, Records};
use super::table::Table;
use super::{Outcome, Seen};

/// Decides whether the lines of a company, or of an establishment, are wanted.
pub(super) type Keep<K> = Box<dyn FnMut(K) -> bool + Send>;

/// How a layout makes a row of a line: none when its owner is not wanted.
pub(super) type Build<T, K> = fn(&mut Fields<'_>, &mut Keep<K>) -> Built<T>;

/// Iterates over the rows `T` whose owner `K` a predicate keeps.
pub struct RecordReader<T, K> {
    records: Records,
    as_of: NaiveDate,
    keep: Keep<K>,
    build: Build<T, K>,
}

impl<T, K> RecordReader<T, K> {
    pub(super) fn new(
        records: Records,
        as_of: NaiveDate,
        keep: impl FnMut(K) -> bool + Send + 'static,
        build: Build<T, K>,
    ) -> Self {
        Self {
            records,
            as_of,
            keep: Box::new(keep),
            build,
        }
    }

    /// Lines read and left out so far.
    pub fn seen(&self) -> Seen {
        self.records.seen()
    }

    /// Columns and description of the file, when it is a table.
    pub fn table(&self) -> Option<&Table> {
        self.records.table()
    }
}

impl<T, K> Iterator for RecordReader<T, K> {
    type Item = Result<Outcome<T>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (keep, build) = (&mut self.keep, self.build);
        let read = |fields: &mut Fields<'_>| build(fields, keep);
        self.records.outcome(self.as_of, read).transpose()
    }
}
