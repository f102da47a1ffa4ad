//! Imports: real files through the real engine and the real screens, on a real PostgreSQL.

mod answers;
mod bad_input;
mod engine;
mod lists;
mod office;
mod screens;
mod undo;
