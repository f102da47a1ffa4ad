//! `vigie score`

use std::process::ExitCode;

use chrono::NaiveDate;

use super::{Failure, migrate, with_database};
use crate::features::risk::run::{compare_past, verify};
use crate::features::{alerts, risk};
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db;

/// Flags of `score`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Score what was known on the evening of this day [default: today]. A past day adds to the
    /// history only: it moves no present level and opens no alert
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
    /// Only compute every kept assessment again, and say whether one differs
    #[arg(long, conflicts_with = "as_of")]
    verify: bool,
}

/// Scores everything and follows what changed, or verifies the past. Exit code 1 when an assessment
/// cannot be computed again to the point.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let clock = Clock::system();
    with_database(&config, async |server| {
        migrate::prepare(&config, server.options()).await?;
        let pool = db::pool(server.options().clone());
        let mut conn = pool.acquire().await?;
        if arguments.verify {
            let found = verify(&mut conn).await?;
            println!(
                "{} assessments computed again, {} differ, {} made by a model that this program does not have",
                found.checked, found.different, found.unknown_model
            );
            let is_sound = found.different == 0 && found.unknown_model == 0;
            return Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        let today = clock.today();
        let on = arguments.as_of.unwrap_or(today);
        if on > today {
            return Err(format!("{on} is to come: nothing is known of it yet, choose today or a day before").into());
        }
        let changed = if on == today {
            alerts::run::everything(&mut conn, on, clock.now()).await?
        } else {
            risk::run::past(&mut conn, on, clock.now()).await?
        };
        let compared = compare_past(&mut conn, on, clock.now()).await?;
        println!("{changed} assessments written for {on}");
        if compared > 0 {
            println!("{compared} past assessments compared with the model in use");
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}
