//! `vigie serve`

use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::Failure;
use crate::app;
use crate::features::accounts::provision;
use crate::platform::bucket::Bucket;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::database::Server;
use crate::platform::jobs::Worker;
use crate::platform::mail::Mailer;
use crate::platform::memo::Memo;
use crate::platform::pdf::Printer;
use crate::platform::shutdown::Shutdown;
use crate::platform::{db, server};
use crate::web::AppState;

/// Flags of `serve`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Load the demonstration (invented people and companies) if it is not there yet
    #[arg(long)]
    demo: bool,
}

/// Starts everything, serves until a signal, stops everything.
pub async fn run(config: Config, arguments: Arguments) -> Result<ExitCode, Failure> {
    let shutdown = Shutdown::new();
    shutdown.on_signals()?;
    // Before the database: a port that is taken should not cost a start of PostgreSQL.
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", config.listen))?;
    let database = Server::open(&config).await?;
    let served = with_database(config, arguments, listener, &database, &shutdown).await;
    // Also after a failure: the private PostgreSQL never outlives the program.
    database.stop().await?;
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn with_database(
    config: Config,
    arguments: Arguments,
    listener: TcpListener,
    database: &Server,
    shutdown: &Shutdown,
) -> Result<(), Failure> {
    tokio::select! {
        migrated = super::migrate::prepare(&config, database.options()) => migrated?,
        () = shutdown.draining() => return Ok(()),
    }
    let pool = db::pool(database.options().clone());
    let state = AppState {
        mailer: Mailer::new(config.mail.as_ref())?,
        pdf: Printer::find(config.pdf_program.as_deref()),
        bucket: config
            .documents_store
            .as_ref()
            .map(Bucket::new)
            .transpose()?,
        clock: Clock::system(),
        memo: Memo::default(),
        shutdown: shutdown.clone(),
        pool: pool.clone(),
        config: Arc::new(config),
        nav: app::NAV,
    };
    app::recover(&state).await;
    let welcomed = tokio::select! {
        lines = welcome(&state, &arguments) => lines?,
        () = shutdown.draining() => return Ok(()),
    };
    for line in welcomed {
        println!("{line}");
    }
    let worker = Worker::new(pool.clone(), state.clock.clone(), app::jobs(&state));
    tracing::info!(address = %listener.local_addr()?, url = %state.config.base_url, "listening");
    println!("Vigie is ready: {}", state.config.base_url);
    let connections = server::Connections {
        max: state.config.max_connections,
        ..Default::default()
    };
    tokio::join!(
        server::serve(
            listener,
            app::router(state.clone()),
            shutdown.clone(),
            connections
        ),
        work(&worker, shutdown),
        app::schedule(&state),
    );
    close(&pool, shutdown).await;
    Ok(())
}

/// What a first start has to say: the accounts of the demonstration, or the way to the first one.
async fn welcome(state: &AppState, arguments: &Arguments) -> Result<Vec<String>, Failure> {
    if arguments.demo {
        return super::demo::load(&state.pool, &state.config).await;
    }
    let mut conn = state.pool.acquire().await?;
    let path = provision::first_administrator_link(&mut conn, state.clock.now()).await?;
    Ok(path.map_or_else(Vec::new, |path| {
        vec![
            "Nobody is an administrator yet. This link creates the first one (24 hours, once):"
                .to_owned(),
            format!("  {}", state.link(&path)),
        ]
    }))
}

async fn work(worker: &Worker, shutdown: &Shutdown) {
    tokio::select! {
        () = worker.run(shutdown) => {}
        // Its lease ends soon, and the next start takes the job again.
        () = shutdown.cut() => {}
    }
}

async fn close(pool: &sqlx::PgPool, shutdown: &Shutdown) {
    tokio::select! {
        () = pool.close() => {}
        () = shutdown.cut() => {}
    }
}
