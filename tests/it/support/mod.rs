//! What tests stand on.

pub mod app;
pub mod business;
pub mod cluster;
pub mod db;
pub mod folder;
pub mod http;
pub mod portfolio;
pub mod printer;
mod residue;
pub mod s3;
pub mod smtp;
pub mod time;

use std::sync::{Arc, Once};

use clap::Parser as _;
use vigie::app::NAV;
use vigie::platform::bucket::Bucket;
use vigie::platform::clock::Clock;
use vigie::platform::config::Settings;
use vigie::platform::mail::Mailer;
use vigie::platform::memo::Memo;
use vigie::platform::pdf::Printer;
use vigie::platform::shutdown::Shutdown;
use vigie::platform::telemetry;
use vigie::web::AppState;

/// Makes `SqlCount` tell the truth in this process.
pub fn count_statements() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| telemetry::init_counter_only().expect("no other subscriber"));
}

#[derive(clap::Parser)]
struct NoArguments {
    #[command(flatten)]
    settings: Settings,
}

/// The default settings.
pub fn settings() -> Settings {
    NoArguments::parse_from(["vigie"]).settings
}

/// The same as [`state`], under these settings.
pub fn state_with(db: &db::TestDb, clock: Clock, mailer: Mailer, settings: &Settings) -> AppState {
    let config = settings
        .resolve(Some("/nonexistent".into()))
        .expect("the settings");
    AppState {
        pool: db.pool.clone(),
        clock,
        pdf: Printer::find(config.pdf_program.as_deref()),
        bucket: config
            .documents_store
            .as_ref()
            .map(|store| Bucket::new(store).expect("a bucket")),
        config: Arc::new(config),
        mailer,
        memo: Memo::default(),
        shutdown: Shutdown::new(),
        nav: NAV,
    }
}
