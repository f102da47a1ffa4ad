//! `vigie history`

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;

use super::{Failure, migrate, with_database};
use crate::features::risk::history::{self, Line};
use crate::features::risk::models;
use crate::platform::config::Config;
use crate::platform::db;
use crate::scoring::backtest::history::KEYS;

/// Flags of `history`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
One row per company and exercise, in the layout `--format vigie` of `backtest` and `fit`: siren, \
period (closing date), label, months_to_event, sector (NAF division), size (headcount band), then \
the variables of the shipped grid, empty when unknown.

Import the open data of the département first (ratios_inpi_bce or annual accounts, and BODACC \
notices): values come from accounts and public ratios, outcomes from notices.

label is 1 when the first opening judgment (safeguard, receivership or liquidation) comes within \
the 12 months that begin 6 months after the closing date: accounts are public about 6 months after \
it. An exercise is left out when a judgment came before these 6 months are over (nothing is left \
to predict), or when the 18 months end after the last notice that is known (the outcome is not).

Accounts filed as confidential are never written. SIREN numbers of sole traders are personal data: do not \
publish the file.")]
pub struct Arguments {
    /// CSV file to write
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
    /// Day until which notices are complete [default: day of the last one that is known]
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<NaiveDate>,
}

/// Writes what was known of each exercise and what followed.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let scorer = models::all().last().ok_or("no model is shipped")?;
    with_database(&config, async |server| {
        migrate::prepare(&config, server.options()).await?;
        let pool = db::pool(server.options().clone());
        let mut conn = pool.acquire().await?;
        let until = match arguments.until {
            Some(day) => day,
            None => history::last_notice(&mut conn)
                .await?
                .ok_or("no notice is known: import BODACC files first")?,
        };
        let lines = history::lines(&mut conn, scorer, until).await?;
        if lines.is_empty() {
            return Err(format!(
                "no exercise has a known outcome on {until}: import accounts or ratios that closed 18 months before it or earlier"
            )
            .into());
        }
        let variables = &scorer.model().variables;
        let ids = variables.iter().map(|variable| variable.id.as_str());
        let path = arguments.out.display();
        write(&arguments.out, ids, &lines).map_err(|error| format!("{path}: {error}"))?;
        let failures = lines.iter().filter(|line| line.label).count();
        println!("{} rows, {failures} failures, notices until {until}", lines.len());
        Ok(ExitCode::SUCCESS)
    })
    .await
}

fn write<'a>(
    path: &PathBuf,
    ids: impl Iterator<Item = &'a str>,
    lines: &[Line],
) -> Result<(), csv::Error> {
    let mut file = csv::Writer::from_writer(File::create(path)?);
    file.write_record(KEYS.into_iter().chain(ids))?;
    for line in lines {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let keys = [
            line.siren.clone(),
            line.closing.to_string(),
            u8::from(line.label).to_string(),
            line.months_to_event
                .map(|months| months.to_string())
                .unwrap_or_default(),
            line.sector.clone(),
            line.size.clone(),
        ];
        file.write_record(
            keys.into_iter()
                .chain(line.values.iter().copied().map(number)),
        )?;
    }
    file.flush()?;
    Ok(())
}
