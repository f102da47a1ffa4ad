//! Who the visitor is and what they may do. Owns `users`, `user_territories`,
//! `sessions`, `one_time_links`, `sign_in_attempts` and `audit_events`.

pub mod audit;
pub mod directory;
pub mod links;
pub mod password;
pub mod policy;
pub mod sessions;
pub mod throttle;
pub mod token;
pub mod users;

pub use policy::{Access, Permission};
pub use users::CurrentUser;
