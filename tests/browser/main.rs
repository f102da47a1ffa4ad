//! Journeys in a real Chromium against the real program, with its demonstration portfolio, or
//! none.
//!
//! Without Chromium and its driver the journeys say that they are skipped; `VIGIE_BROWSER=required`
//! (as in `.ci/run`) makes that a failure.

mod browser;
mod caretaker;
mod inspection;
mod journeys;
mod meetings;
mod method;
mod pages;
mod post;
mod program;
mod workshops;
