//! The PostgreSQL that the configuration asks for: someone's server, or the private one.

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::config::{self, Config};
use super::embedded_postgres::{self, Cluster};

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The private cluster.
    #[error(transparent)]
    Embedded(#[from] embedded_postgres::Error),
    /// The server's answer.
    #[error("PostgreSQL does not answer: {0}")]
    Sql(#[from] sqlx::Error),
    /// The starting task was ended.
    #[error("the start of PostgreSQL was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

/// A PostgreSQL server ready for connections.
#[derive(Debug)]
pub struct Server {
    options: PgConnectOptions,
    cluster: Option<Cluster>,
}

impl Server {
    /// Starts the private cluster, or takes the server of `DATABASE_URL`. Refused when another
    /// program runs the private cluster.
    pub async fn open(config: &Config) -> Result<Self, Error> {
        match &config.database {
            config::Database::External(options) => Ok(Self {
                options: (**options).clone(),
                cluster: None,
            }),
            config::Database::Embedded { pg_bin } => {
                let options = embedded_postgres::Options {
                    data_dir: config.data_dir.clone(),
                    pg_bin: pg_bin.clone(),
                    settings: Vec::new(),
                    throw_away: false,
                };
                Self::start(options).await
            }
        }
    }

    /// The same for a command beside the server: joins a private cluster that is already up.
    pub async fn open_or_join(config: &Config) -> Result<Self, Error> {
        let data_dir = config.data_dir.clone();
        let private = matches!(config.database, config::Database::Embedded { .. });
        let joined = tokio::task::spawn_blocking(move || embedded_postgres::running(&data_dir));
        match joined.await? {
            // A survivor of kill -9 is not joined but taken over: nobody else would stop it.
            Some(options) if private && embedded_postgres::is_held(&config.data_dir) => Ok(Self {
                options,
                cluster: None,
            }),
            _ => Self::open(config).await,
        }
    }

    async fn start(options: embedded_postgres::Options) -> Result<Self, Error> {
        let started = tokio::task::spawn_blocking(move || Cluster::start(&options));
        let cluster = started.await??;
        create_database(&cluster).await?;
        let options = cluster.connect_options(embedded_postgres::DATABASE);
        Ok(Self {
            options,
            cluster: Some(cluster),
        })
    }

    /// How to connect.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Whether this program runs the server.
    pub fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// Stops the private cluster, if this program started one.
    pub async fn stop(self) -> Result<(), Error> {
        let Some(cluster) = self.cluster else {
            return Ok(());
        };
        Ok(tokio::task::spawn_blocking(move || cluster.stop()).await??)
    }
}

async fn create_database(cluster: &Cluster) -> Result<(), Error> {
    let mut conn = cluster.connect_options("postgres").connect().await?;
    let exists = sqlx::query("SELECT 1 FROM pg_database WHERE datname = 'vigie'")
        .fetch_optional(&mut conn)
        .await?;
    if exists.is_none() {
        sqlx::query("CREATE DATABASE vigie")
            .execute(&mut conn)
            .await?;
    }
    conn.close().await?;
    Ok(())
}
