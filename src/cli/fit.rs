//! `vigie fit`

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;

use super::Failure;
use super::dataset::{self, Dataset, Format};
use crate::platform::clock::Clock;
use crate::scoring::fit::{self, Naming, Options};
use crate::scoring::model::Model;

/// Flags of `fit`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What happened: a CSV file, gzipped or not
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Layout of the data; only a model trained on `vigie` can be computed from French accounts
    #[arg(long)]
    format: Format,
    /// Model file to write; its card, in French, goes beside it with the ending `.md`
    #[arg(long, value_name = "FILE.toml")]
    out: PathBuf,
    /// Identifier of the model
    #[arg(long, default_value = "modele-appris")]
    id: String,
    /// Version of the model
    #[arg(long, default_value = "0.1.0")]
    model_version: String,
    /// First day of use [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    valid_from: Option<NaiveDate>,
    /// Who answers for the model
    #[arg(long, default_value = "non précisé")]
    author: String,
    /// Why it is trained
    #[arg(long, default_value = "modèle appris, à examiner avant tout usage")]
    reason: String,
}

/// Trains a points model and measures it on firms that it has not seen. The same data, flags and day
/// give the same model, to the byte.
pub fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let card_path = arguments.out.with_extension("md");
    if card_path == arguments.out {
        return Err("--out ne doit pas finir par .md, qui est pour la fiche".into());
    }
    let grid = dataset::shipped()?;
    let Dataset { panel, sha256 } = dataset::read(&arguments.data, arguments.format, &grid)?;
    let naming = Naming {
        id: arguments.id,
        version: arguments.model_version,
        valid_from: arguments
            .valid_from
            .unwrap_or_else(|| Clock::system().today()),
        author: arguments.author,
        reason: arguments.reason,
        label_definition: label_definition(arguments.format).to_owned(),
        horizon_months: 12,
        source: source(arguments.format).to_owned(),
        sha256_training: sha256,
    };
    let mut fitted = fit::fit(&panel, &naming, &Options::default())?;
    if arguments.format == Format::Vigie {
        fitted.model.compute_as(&grid);
    }
    let text = fitted.model.to_toml();
    Model::parse(&text)?;
    dataset::write(&arguments.out, &text)?;
    dataset::write(&card_path, &fit::card(&fitted))?;
    println!(
        "{} lignes, {} défaillances, {} variables, {} points en tout",
        fitted.rows,
        fitted.failures,
        fitted.model.variables.len(),
        fitted.model.total()
    );
    for (name, value) in &fitted.metrics {
        println!("{name:<34} {value:.4}");
    }
    println!(
        "Mesuré sur des entreprises que l’apprentissage n’a pas vues\u{202f}; la fiche est {}",
        card_path.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// What is predicted, in French.
fn label_definition(format: Format) -> &'static str {
    match format {
        Format::Slovak => "faillite dans l’année qui suit les derniers comptes (Slovaquie)",
        Format::American => {
            "dépôt de bilan (chapitre 7 ou 11) après le dernier exercice (États-Unis)"
        }
        Format::Polish => "faillite dans les un à cinq ans, selon le fichier (Pologne)",
        Format::Vigie => {
            "premier jugement d’ouverture dans les douze mois qui suivent la publication des comptes, six mois après leur clôture"
        }
    }
}

/// Where the data come from, in French.
fn source(format: Format) -> &'static str {
    match format {
        Format::Slovak => "PME slovaques, Drotár et al., Data in Brief 25, 2019",
        Format::American => {
            "sociétés cotées américaines, Lombardo et al., Future Internet 14(8), 2022"
        }
        Format::Polish => "entreprises polonaises, Tomczak, UCI 365, 2016",
        Format::Vigie => {
            "historique de Vigie\u{a0}: comptes et ratios publics joints aux annonces du BODACC"
        }
    }
}
