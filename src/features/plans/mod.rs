//! Action plans over the five dossiers: one running plan a company, its actions with who carries them out,
//! their steps, notes and funders. Owns `action_plans`, `actions` and what hangs from them.
//!
//! An action is for the council only until it is shared: then the partners of the territory and the
//! organisation that carries it out read it, and the latter says where it stands. Late is computed.

mod forms;
mod list;
pub mod model;
mod parts;
pub mod queries;
mod routes;
mod store;
mod views;

pub use routes::routes;
pub use store::sweep;
pub use views::list::LIST;
