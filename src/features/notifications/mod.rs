//! What people are told by mail, and their calendar.
//!
//! Features before this one write rows in the transaction of what happened, and never send anything.
//! This one reads them, every minute, and writes the mail in the transaction that notes that it was
//! told ([`run::tick`]): nothing is told twice, whatever the number of nodes.
//!
//! Owns `notification_choices`, `notification_deliveries` and `calendar_feeds`.

mod agenda;
mod calendar;
mod choices;
mod decisions;
mod digest;
mod forms;
mod immediate;
mod meetings;
mod news;
mod people;
mod queries;
mod reminders;
mod routes;
pub mod run;
mod schedule;
mod stop;

pub use routes::routes;
