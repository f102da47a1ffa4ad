//! Readers and writers of files, over plain rows: no database, no clock, no HTTP.
//!
//! A deposited file goes through four steps, each a stream, so that memory stays constant
//! whatever the size: [`input::open`] (container, encoding, separator), [`kind::recognise`]
//! (which layout), a [`table::Table`] (rows with their line number, columns by name), then the
//! reader of the layout, which yields an [`Outcome`] for each line.
//!
//! A fault of the file as a whole is a [`FileError`]; a fault of one line is a [`Rejection`].

mod announced;
pub mod annual_accounts;
pub mod archive;
pub mod attached;
pub mod bodacc;
pub mod companies;
mod company_line;
pub mod confidentiality;
pub mod csv_rows;
pub mod export;
pub mod file_error;
mod french_dates;
pub mod geojson;
pub mod guard;
pub mod headcounts;
pub mod header;
pub mod icalendar;
pub mod input;
pub mod json_objects;
pub mod kind;
pub mod model_file;
pub mod originals;
mod periods;
pub mod ratios;
pub mod recherche_entreprises;
pub mod record_reader;
mod records;
pub mod rejection;
pub mod rows;
pub mod sirene;
pub mod table;
pub mod text;
pub mod urssaf;
pub mod values;
pub mod workbook;

pub use confidentiality::Confidentiality;
pub use file_error::FileError;
pub use input::{Limits, Opened};
pub use rejection::{Cause, Rejection};
pub use sirene::Seen;

/// What became of one line of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome<T> {
    /// The line was understood.
    Row {
        /// Line in the file, the header being line 1.
        line: u64,
        /// What the line says.
        value: T,
        /// Values that were set aside as unknown; the row itself stands.
        warnings: Vec<Rejection>,
    },
    /// The line cannot be used.
    Rejected(Rejection),
}
