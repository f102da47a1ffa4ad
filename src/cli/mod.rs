//! F6: the command line. Prints; knows no SQL.

mod backtest;
mod dataset;
mod demo;
mod doctor;
mod fit;
mod geography;
mod history;
mod import;
mod migrate;
mod score;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::platform::config::{Config, Settings};
use crate::platform::database::Server;
use crate::platform::shutdown::Shutdown;
use crate::platform::telemetry;

/// Lookout for the companies that a rural territory cannot lose.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server, with its own PostgreSQL unless a database address is set
    Serve(serve::Arguments),
    /// Import companies, headcounts, territories or contours from files
    Import(import::Arguments),
    /// Bring the database's schema up to date, and stop
    Migrate,
    /// Score every company, or verify the assessments of the past
    Score(score::Arguments),
    /// Measure a model on what happened: ranking, frequencies, alerts, stability
    Backtest(backtest::Arguments),
    /// Train a points model on what happened, and write it with its card
    Fit(fit::Arguments),
    /// Write the program's own history, to measure a model on it or to train one from it
    History(history::Arguments),
    /// Load the demonstration: invented people and companies, once
    Demo,
    /// Invite, reset, suspend or list people
    #[command(subcommand)]
    User(user::UserCommand),
    /// Check settings, database, clock, disk and mail, and say what to mend
    Doctor,
}

/// A command's failure, printed as it is.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Why a file cannot be read or written, for the commands that speak French: `import`, `backtest`, `fit`.
fn in_french(error: &std::io::Error) -> &'static str {
    use std::io::ErrorKind::{
        AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
        StorageFull,
    };
    match error.kind() {
        NotFound => "fichier ou dossier introuvable",
        PermissionDenied => "accès refusé",
        IsADirectory => "c’est un dossier, il faut un fichier",
        NotADirectory => "un dossier du chemin est un fichier",
        AlreadyExists => "le fichier existe déjà",
        StorageFull => "le disque est plein",
        ReadOnlyFilesystem => "le disque n’accepte pas d’écriture",
        _ => "le système n’a pas pu lire ou écrire ce fichier",
    }
}

/// Reads the command line and runs the command. Exit codes: 0 done, 1 failed, 2 refused settings.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match cli.settings.resolve(default_data_dir()) {
        Ok(config) => config,
        Err(faults) => {
            eprint!("vigie: {faults}");
            return ExitCode::from(2);
        }
    };
    match run(cli.command, config) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("vigie: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, config: Config) -> Result<ExitCode, Failure> {
    telemetry::init(config.log_format)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve(arguments) => serve::run(config, arguments).await,
            Command::Import(arguments) => import::run(config, arguments).await,
            Command::Score(arguments) => score::run(config, arguments).await,
            Command::Backtest(arguments) => backtest::run(&arguments),
            Command::Fit(arguments) => fit::run(arguments),
            Command::History(arguments) => history::run(config, arguments).await,
            Command::Migrate => migrate::run(config).await,
            Command::Demo => demo::run(config).await,
            Command::User(command) => user::run(config, command).await,
            Command::Doctor => doctor::run(config).await,
        }
    });
    // Work that ignores the stop does not hold the program back.
    runtime.shutdown_background();
    outcome
}

/// The user's data folder (XDG base directories). Root's home is closed to the account that
/// PostgreSQL runs as, so root gets the system's place for state.
fn default_data_dir() -> Option<PathBuf> {
    if rustix::process::geteuid().is_root() {
        return Some("/var/lib/vigie".into());
    }
    let absolute = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_DATA_HOME")
        .or_else(|| Some(absolute("HOME")?.join(".local/share")))
        .map(|folder| folder.join("vigie"))
}

/// Runs a command over the configured database: joins the private server of a running `serve`, or
/// starts and stops it. Ctrl-C ends the work, never the private server in the middle of something.
async fn with_database<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Server) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let shutdown = Shutdown::new();
    shutdown.on_signals()?;
    let server = Server::open_or_join(config).await?;
    let outcome = tokio::select! {
        outcome = work(&server) => outcome,
        () = shutdown.draining() => Err("interrupted".into()),
    };
    server.stop().await?;
    outcome
}
