//! What people see or know of a company that no file tells: red flags, and the view of a named
//! expert who moves its level. Owns `signals` and `risk_overrides`; the company's page shows them.
//!
//! The company may read them: each is dated, reasoned, signed, and over at a date. A mistake is
//! withdrawn with its reason, never erased.

mod forms;
mod model;
pub mod queries;
mod routes;
mod views;

pub use model::usual_expiry;
pub use routes::routes;
