//! Territories (EPCI) and their communes: which commune belongs where, and since when.
//!
//! Owns `territories`, `municipalities`, `former_municipalities`, `territory_memberships`,
//! `territory_contours`, `contour_frames`, and the nomenclatures of Insee that come with the program:
//! `naf_codes`, `headcount_bands`, `legal_categories`, all signed in `reference_sources`.
//!
//! Other features may call `queries::{territory, members, resolve, membership_at, sources}`; the program
//! calls `reference::load` at start, subcommands call `import::import_territories` and
//! `contours::import_contours`.

pub mod contours;
pub mod import;
pub mod model;
pub mod package;
pub mod queries;
pub mod reference;
pub mod routes;
pub mod views;

pub use routes::routes;
