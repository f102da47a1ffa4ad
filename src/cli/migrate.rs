//! `vigie migrate`

use std::process::ExitCode;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::{Failure, with_database};
use crate::auth::audit::Acting;
use crate::features::territories::reference;
use crate::platform::config::Config;
use crate::platform::db;

/// Applies the pending migrations and loads the reference data.
pub async fn run(config: Config) -> Result<ExitCode, Failure> {
    with_database(&config, async |server| {
        prepare(&config, server.options()).await
    })
    .await?;
    println!("The schema and the reference data are up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Brings the schema up to date, then the reference data that comes with the program.
pub(super) async fn prepare(config: &Config, options: &PgConnectOptions) -> Result<(), Failure> {
    db::migrate(options).await?;
    let mut owner = options.connect().await?;
    reference::load(&mut owner, &Acting::system(), &config.department).await?;
    owner.close().await?;
    Ok(())
}
