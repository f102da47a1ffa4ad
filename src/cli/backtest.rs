//! `vigie backtest`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use super::dataset::{self, Format};
use super::{Failure, dataset::Dataset};
use crate::scoring::backtest::{Panel, Settings, Split, page, run as measure, text};

/// Flags of `backtest`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Model file, or `grille` for the grid that is shipped
    #[arg(long, value_name = "FILE")]
    model: String,
    /// What happened: a CSV file, gzipped or not
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Layout of the data
    #[arg(long)]
    format: Format,
    /// How the rows that calibrate are kept apart from those that are measured
    #[arg(long, default_value = "firm")]
    split: Kept,
    /// Last period of the past, with `--split time` [default: half of the periods]
    #[arg(long, value_name = "YEAR", requires = "validate_until")]
    train_until: Option<i32>,
    /// Last period that calibrates, with `--split time`; later ones are measured [default: three
    /// quarters of the periods]
    #[arg(long, value_name = "YEAR", requires = "train_until")]
    validate_until: Option<i32>,
    /// Read these periods only: a year, a horizon of the Polish files
    #[arg(long, value_name = "PERIOD", value_delimiter = ',')]
    period: Vec<i32>,
    /// Share of the values to hide, 0 to 1: what remains when accounts are partial
    #[arg(long, default_value = "0", value_parser = share)]
    mask: f64,
    /// Number of companies that the teams can look at in a period
    #[arg(long, default_value = "100", value_name = "NUMBER")]
    capacity: usize,
    /// Write the whole report as JSON
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write the report as a page to read or print
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kept {
    /// Five folds of whole firms
    Firm,
    /// Earlier periods calibrate, later ones are measured
    Time,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a number from 0 to 1 is expected".to_owned()),
    }
}

/// Measures a model on what happened. The same model, data and flags give the same report, to the
/// byte.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let model = dataset::model(&arguments.model)?;
    let Dataset { mut panel, sha256 } = dataset::read(&arguments.data, arguments.format, &model)?;
    if !arguments.period.is_empty() {
        panel = panel.select(&panel.rows_where(|period| arguments.period.contains(&period)));
        if panel.is_empty() {
            return Err("aucune ligne de ces périodes".into());
        }
    }
    let settings = Settings {
        split: split(arguments, &panel)?,
        mask: arguments.mask,
        capacity: arguments.capacity,
        ..Settings::default()
    };
    let report = measure(&model, &panel, &sha256, &settings);
    print!("{}", text::table(&report));
    if let Some(path) = &arguments.out {
        let mut json = serde_json::to_string_pretty(&report)?;
        json.push('\n');
        dataset::write(path, &json)?;
    }
    if let Some(path) = &arguments.html {
        dataset::write(path, &page::page(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn split(arguments: &Arguments, panel: &Panel) -> Result<Split, Failure> {
    if arguments.split == Kept::Firm {
        if arguments.train_until.is_some() {
            return Err("--train-until et --validate-until vont avec --split time".into());
        }
        return Ok(Split::Firm { folds: 5 });
    }
    if arguments.format == Format::Polish {
        return Err(
            "les périodes des fichiers polonais sont des horizons, pas des années\u{a0}: écrivez --split firm".into(),
        );
    }
    let mut periods = panel.periods.clone();
    periods.sort_unstable();
    periods.dedup();
    let count = periods.len();
    if count < 3 {
        return Err(format!(
            "--split time demande au moins trois périodes, le fichier en a {count}"
        )
        .into());
    }
    let (first, last) = (periods[0], periods[count - 1]);
    let half = count / 2;
    let train_until = arguments.train_until.unwrap_or(periods[half - 1]);
    let later = periods[(3 * count / 4).max(half + 1) - 1];
    let validate_until = arguments.validate_until.unwrap_or(later);
    if first <= train_until && train_until < validate_until && validate_until < last {
        return Ok(Split::Time {
            train_until,
            validate_until,
        });
    }
    Err(format!(
        "le fichier va de {first} à {last}\u{a0}: avec {train_until} et {validate_until}, il ne reste rien pour caler ou pour mesurer"
    )
    .into())
}
