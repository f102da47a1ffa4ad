//! Reads of companies. Every function takes the visitor's scope and stays within it.

pub mod export;
pub mod history;
pub mod identity;
pub mod list;
pub mod meetings;
pub mod page;
pub mod search;
pub mod workshops;
