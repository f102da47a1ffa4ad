//! `vigie import territoires` and `vigie import contours`

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::{Failure, migrate, with_database};
use crate::auth::audit::Acting;
use crate::features::territories::contours;
use crate::features::territories::import::{self, TerritoryFiles};
use crate::platform::clock::Clock;
use crate::platform::config::Config;

/// Reference geography, from files.
#[derive(Debug, clap::Subcommand)]
pub enum Geography {
    /// Load a département's EPCI and communes from the files of @etalab/decoupage-administratif
    Territoires {
        /// Folder of the package, or its files epci.json and communes.json
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Date since which they are so [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<NaiveDate>,
        /// INSEE code of the département [default: the one of the settings]
        #[arg(long = "of", value_name = "CODE")]
        department: Option<String>,
    },
    /// Draw the map from a `GeoJSON` file whose features bear the SIREN of the EPCI
    Contours {
        /// `GeoJSON` file, WGS84
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Carries out the import and prints what it changed.
pub async fn run(config: Config, geography: Geography) -> Result<ExitCode, Failure> {
    let lines = with_database(&config, async |server| {
        migrate::prepare(&config, server.options()).await?;
        let mut owner = server.options().connect().await?;
        let lines = load(&mut owner, &config, geography).await?;
        owner.close().await?;
        Ok(lines)
    })
    .await?;
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn load(
    conn: &mut PgConnection,
    config: &Config,
    geography: Geography,
) -> Result<Vec<String>, Failure> {
    let (clock, acting) = (Clock::system(), Acting::command());
    match geography {
        Geography::Territoires {
            paths,
            date,
            department,
        } => {
            let files = TerritoryFiles::find(&paths)?;
            let department = department.as_ref().unwrap_or(&config.department);
            let since = date.unwrap_or_else(|| clock.today());
            let changes =
                import::import_territories(conn, &acting, &files, department, since).await?;
            Ok(changes.lines())
        }
        Geography::Contours { file } => {
            let map = contours::import_contours(conn, &acting, &file, clock.now()).await?;
            Ok(vec![format!(
                "{} territories are drawn, {} are not in the file; the outlines weigh {} kB.",
                map.drawn,
                map.missing,
                map.bytes.div_ceil(1000)
            )])
        }
    }
}
