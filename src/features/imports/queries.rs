//! SQL of imports, by what it serves.

pub mod apply;
pub mod facts;
pub mod judge;
pub mod lines;
pub mod originals;
pub mod preview;
pub mod records;
pub mod repeats;
pub mod reverse;
pub mod staging;
