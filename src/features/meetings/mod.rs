//! Meetings with companies, from the call noted in a minute to the meeting at the highest level. Owns
//! `meetings` and what hangs from them, `company_needs`, `next_steps` and `diagnoses`.
//!
//! Confidential by part: the essential and the shared part may be opened to the partners of the territory,
//! the confidential part belongs to the council and to the organisation that wrote it. No query that runs for
//! anybody else reads that column, and whoever opens it leaves a trace.

mod diagnosis;
mod forms;
mod interview;
mod invitation;
mod inviting;
mod model;
mod planning;
mod preparation;
pub mod queries;
mod routes;
mod views;

pub use forms::day;
pub use invitation::event;
pub use model::Kind;
pub use queries::undo::purge;
pub use routes::routes;
