//! Companies, establishments and headcounts from real files: deposited, previewed, confirmed,
//! reported, taken back.
//!
//! Owns `imports`, `companies`, `establishments`, `headcounts`, the staging tables,
//! `import_rejections`, `import_rejected_lines`, `import_changes` and `import_progress`. The pages, the command and the
//! demonstration all go through [`analysis::analyse`] then [`writing::confirm`].

pub mod analysis;
pub mod columns;
pub mod communes;
pub mod copy;
pub mod desk;
pub mod facts;
mod facts_intake;
pub mod intake;
mod lists;
pub mod model;
pub mod queries;
mod routes;
pub mod run;
pub mod sink;
pub mod spool;
pub mod typed;
mod views;
pub mod writing;

pub use desk::{Deposit, Desk, Failure};
pub use routes::{purge, recover, routes, tell_interrupted};
