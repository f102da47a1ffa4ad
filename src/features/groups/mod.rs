//! Groups of companies: which company belongs to which group, and who says so. Owns
//! `company_groups` and `group_members`.
//!
//! Each company is scored alone. Beside it stand the worst level of its group and what the group's
//! consolidated accounts say; neither is ever netted into its score.

mod forms;
pub mod queries;
mod routes;
mod views;

pub use routes::routes;
