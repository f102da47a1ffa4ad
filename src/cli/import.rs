//! `vigie import`

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::geography::{self, Geography};
use super::{Failure, in_french, migrate};
use crate::auth::audit::Acting;
use crate::domain::text::hex;
use crate::features::imports::intake::SourceFile;
use crate::features::imports::model::{Table, cause_label};
use crate::features::imports::{Deposit, Desk, run};
use crate::formats::Limits;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::database::Server;
use crate::platform::db;
use crate::web::filters::agree;

/// Flags of `import`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    geography: Option<Geography>,
    /// Files of one deposit: SIRENE, recherche-entreprises JSON, headcounts, BODACC notices,
    /// annual accounts of Inpi, public ratios, social data once activated, or our model
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Date that the data speaks of [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
    /// Producer of the data [default: told from the layout]
    #[arg(long, value_name = "LABEL")]
    source: Option<String>,
    /// Show what would change, and stop
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Confirm without asking
    #[arg(long)]
    yes: bool,
}

/// Analyses, shows, asks, writes. Exit code 1 when the files are refused or nobody confirms.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    if let Some(geography) = arguments.geography {
        return geography::run(config, geography).await;
    }
    let server = Server::open_or_join(&config).await?;
    let outcome = with_database(&config, &arguments, &server).await;
    server.stop().await?;
    outcome
}

async fn with_database(
    config: &Config,
    arguments: &Arguments,
    server: &Server,
) -> Result<ExitCode, Failure> {
    migrate::prepare(config, server.options()).await?;
    let clock = Clock::system();
    let desk = Desk {
        pool: db::pool(server.options().clone()),
        department: config.department.clone(),
        acting: Acting::command(),
        clock: clock.clone(),
    };
    let files = arguments
        .files
        .iter()
        .map(|path| source_file(path))
        .collect::<Result<Vec<_>, _>>()?;
    let deposit = Deposit {
        files,
        source_date: arguments.date.unwrap_or_else(|| clock.today()),
        label: String::new(),
        source: arguments.source.clone().unwrap_or_default(),
    };
    let id = desk.record_alone(&deposit).await?;
    if let Err(failure) = analyse(&desk, id, deposit).await {
        eprintln!("{}", failure.in_french());
        return Ok(ExitCode::FAILURE);
    }
    decide(&desk, id, arguments).await
}

async fn decide(desk: &Desk, id: Uuid, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let preview = run::preview(desk, id).await?;
    show(&preview);
    let counts = &preview.counts;
    if counts.writes() == 0 {
        run::discard(desk, id).await?;
        println!("Rien à modifier.");
        return Ok(if counts.ready() == 0 {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        });
    }
    if arguments.dry_run {
        run::discard(desk, id).await?;
        println!("Essai seulement\u{a0}: rien n’est enregistré.");
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.yes && !confirmed()? {
        run::discard(desk, id).await?;
        println!("Abandonné\u{a0}: rien n’est enregistré.");
        return Ok(ExitCode::FAILURE);
    }
    let bar = spinner("Enregistrement");
    let written = run::confirm(desk, id).await;
    bar.finish_and_clear();
    match written {
        Ok(counts) => {
            println!(
                "Enregistré\u{a0}: {}, {}.",
                said(counts.created(), "créée", "créées"),
                said(counts.changed(), "modifiée", "modifiées")
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(failure) => {
            eprintln!("{}", failure.in_french());
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn analyse(
    desk: &Desk,
    id: Uuid,
    deposit: Deposit,
) -> Result<(), crate::features::imports::Failure> {
    let total = deposit.files.iter().map(|file| file.size).sum();
    let bar = ProgressBar::new(total).with_style(style("{msg} {wide_bar} {bytes}/{total_bytes}"));
    bar.set_message("Lecture");
    let (watcher, watched) = (desk.clone(), bar.clone());
    let watching = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Ok(Some((done, _))) = run::progress(&watcher, id).await {
                watched.set_position(u64::try_from(done).unwrap_or(0));
            }
        }
    });
    let outcome = run::analyse(desk, id, deposit, Limits::default()).await;
    watching.abort();
    bar.finish_and_clear();
    outcome
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn spinner(message: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg} {elapsed}"));
    bar.set_message(message);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The file as the engine wants it: with its size and digest.
fn source_file(path: &Path) -> Result<SourceFile, Failure> {
    let told = |error: std::io::Error| format!("{}\u{a0}: {}", path.display(), in_french(&error));
    let mut file = std::fs::File::open(path).map_err(told)?;
    let mut digest = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(told)?;
        if read == 0 {
            break;
        }
        size += read as u64;
        digest.update(&buffer[..read]);
    }
    Ok(SourceFile {
        name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        path: path.to_owned(),
        digest: hex(&digest.finalize()),
        size,
    })
}

/// « 1 ligne », « 12 lignes ».
fn said(count: i64, one: &str, many: &str) -> String {
    format!("{count}\u{a0}{}", agree(count, one, many))
}

fn show(preview: &run::Preview) {
    for file in &preview.files {
        println!(
            "{}\u{a0}: {}, {}, {}",
            file.name,
            file.layout,
            file.description,
            said(file.lines, "ligne", "lignes")
        );
        // A file that is no table has none.
        if !file.recognised.is_empty() {
            println!("  colonnes reconnues\u{a0}: {}", file.recognised.join(", "));
        }
        if !file.ignored.is_empty() {
            println!("  colonnes ignorées\u{a0}: {}", file.ignored.join(", "));
        }
    }
    let counts = &preview.counts;
    println!(
        "{}, {}, {} à corriger, {} hors du département, {}",
        said(counts.lines, "ligne lue", "lignes lues"),
        said(counts.ready(), "prête", "prêtes"),
        counts.rejected,
        counts.outside,
        said(counts.twice, "répétée", "répétées")
    );
    for table in Table::ALL {
        let rows = counts.of(table);
        if rows.total() > 0 {
            println!(
                "  {:<19} {:>20} {:>20} {:>20} {:>20} {:>8} à corriger",
                table.label(),
                said(rows.created, "créée", "créées"),
                said(rows.changed, "modifiée", "modifiées"),
                said(rows.unchanged, "inchangée", "inchangées"),
                said(rows.ignored + rows.duplicate, "ignorée", "ignorées"),
                rows.rejected
            );
        }
    }
    for (cause, lines) in &counts.causes {
        println!("  à corriger, {}\u{a0}: {lines}", cause_label(cause));
    }
    for (cause, values) in &counts.warnings {
        println!(
            "  valeurs laissées de côté, {}\u{a0}: {values}",
            cause_label(cause)
        );
    }
    for row in &preview.first_rejections {
        println!(
            "    ligne {}, {} «\u{a0}{}\u{a0}»\u{a0}: attendu {}",
            row.line, row.column_name, row.value, row.expected
        );
    }
}

/// Asks on a terminal; elsewhere, silence is no.
fn confirmed() -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        println!("Ajoutez --yes pour enregistrer sans question.");
        return Ok(false);
    }
    print!("Enregistrer\u{202f}? [o/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "o" | "oui" | "y" | "yes"
    ))
}
