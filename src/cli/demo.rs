//! `vigie demo`

use std::process::ExitCode;

use super::{Failure, migrate, with_database};
use crate::features::demo;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db;

/// Loads the demonstration where it is not yet, and prints the accounts that it makes.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    let lines = with_database(&config, async |server| {
        migrate::prepare(&config, server.options()).await?;
        load(&db::pool(server.options().clone()), &config).await
    })
    .await?;
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The same for `serve --demo`: what to print.
pub(super) async fn load(pool: &sqlx::PgPool, config: &Config) -> Result<Vec<String>, Failure> {
    let accounts = demo::load(pool, &Clock::system(), &config.department).await?;
    if accounts.is_empty() {
        return Ok(vec![
            "The demonstration is there already; its accounts keep their passwords.".into(),
        ]);
    }
    let mut lines =
        vec!["Accounts of the demonstration (their passwords are shown this once):".to_owned()];
    lines.extend(accounts.iter().map(demo::line));
    Ok(lines)
}
