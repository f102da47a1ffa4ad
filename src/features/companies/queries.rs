//! Reads of companies. Every function takes the visitor's scope and stays within it.

pub mod exchanges;
pub mod export;
pub mod history;
pub mod identity;
pub mod list;
pub mod page;
