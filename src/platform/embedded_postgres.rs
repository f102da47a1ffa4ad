//! A private PostgreSQL for a machine where nobody runs one: found, created, started and stopped
//! with the program, reachable only through a UNIX socket in a folder closed to others.
//!
//! Everything here blocks; call it from `spawn_blocking`.

mod account;
mod cluster;
mod find;
mod process;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;

use self::cluster::Layout;
use self::process::Postmaster;

/// Name of the superuser of a private cluster.
pub const SUPERUSER: &str = "vigie";
/// Database of the program in a private cluster.
pub const DATABASE: &str = "vigie";

const UNSAFE_AND_FAST: [(&str, &str); 5] = [
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("autovacuum", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
];

/// What a private cluster needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder that holds the cluster; made when missing.
    pub data_dir: PathBuf,
    /// Folder of the PostgreSQL programs; searched for when absent.
    pub pg_bin: Option<PathBuf>,
    /// Further server settings.
    pub settings: Vec<(&'static str, &'static str)>,
    /// Faster, but a power cut loses everything: for tests only.
    pub throw_away: bool,
}

/// Why there is no private cluster. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No PostgreSQL on this machine.
    #[error(
        "PostgreSQL was not found on this machine.\n\
         Install it (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; \
         macOS: brew install postgresql@17), or set VIGIE_PG_BIN to the folder of `postgres` and \
         `initdb`, or DATABASE_URL to a server."
    )]
    NotFound,
    /// `VIGIE_PG_BIN` does not hold the programs.
    #[error("VIGIE_PG_BIN: there is no `postgres` and `initdb` that can be run in {}", .0.display())]
    WrongFolder(PathBuf),
    /// Only another major version than the cluster's is installed.
    #[error(
        "the database in {} was made by PostgreSQL {wanted}, and only {found} is installed.\n\
         Install PostgreSQL {wanted}, or set VIGIE_PG_BIN to its folder.", .folder.display()
    )]
    OtherVersion {
        /// The cluster's folder.
        folder: PathBuf,
        /// Major version of the cluster.
        wanted: u32,
        /// Major versions found.
        found: String,
    },
    /// Another program holds the data folder.
    #[error(
        "another Vigie is already running on the data folder {}.\n\
         Stop it first, or set VIGIE_DATA_DIR to another folder.", .0.display()
    )]
    InUse(PathBuf),
    /// The unprivileged account cannot get to the data folder.
    #[error(
        "PostgreSQL refuses to run as root, and the account `{account}` cannot enter {}.\n\
         Set VIGIE_DATA_DIR to a folder that it can reach, such as /var/lib/vigie.", .folder.display()
    )]
    Unreachable {
        /// Account that PostgreSQL would run as.
        account: String,
        /// The closed folder.
        folder: PathBuf,
    },
    /// The cluster belongs to somebody else.
    #[error(
        "the database in {} belongs to another account (uid {owner}); run Vigie as that account.",
        .folder.display()
    )]
    NotOurs {
        /// The cluster's folder.
        folder: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// A PostgreSQL program failed.
    #[error("{program} failed:\n{output}")]
    Failed {
        /// Which program.
        program: &'static str,
        /// End of what it said.
        output: String,
    },
    /// PostgreSQL did not become ready, or did not stop, in time.
    #[error("PostgreSQL did not {what} in time; see {}", .log.display())]
    TooSlow {
        /// `start` or `stop`.
        what: &'static str,
        /// What the server said.
        log: PathBuf,
    },
    /// A file or a process could not be handled.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
}

impl Error {
    fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io(what, source)
    }
}

/// A running private cluster. Stopped by [`Cluster::stop`], or when dropped.
#[derive(Debug)]
pub struct Cluster {
    layout: Layout,
    postmaster: Option<Postmaster>,
    // Held as long as the cluster runs; the system lets it go even after kill -9.
    lock: File,
}

impl Cluster {
    /// Creates the cluster when there is none, starts it and waits until it accepts connections.
    pub fn start(options: &Options) -> Result<Self, Error> {
        let account = account::choose(&options.data_dir)?;
        let layout = Layout::prepare(&options.data_dir, account)?;
        let lock = lock(&options.data_dir)?;
        let programs = find::programs(options.pg_bin.as_deref(), layout.version()?, &layout.data)?;
        layout.create(&programs, options.throw_away)?;
        process::clear_remains(&layout)?;
        let mut settings = options.settings.clone();
        if options.throw_away {
            settings.extend(UNSAFE_AND_FAST);
        }
        let postmaster = Postmaster::start(&layout, &programs, &settings)?;
        Ok(Self {
            layout,
            postmaster: Some(postmaster),
            lock,
        })
    }

    /// How to connect to a database of this cluster.
    pub fn connect_options(&self, database: &str) -> PgConnectOptions {
        self.layout.connect_options(database)
    }

    /// Process id of the server.
    pub fn pid(&self) -> Option<u32> {
        self.postmaster.as_ref().map(Postmaster::id)
    }

    /// Ends sessions, writes a checkpoint and waits for the end ("fast" shutdown).
    pub fn stop(mut self) -> Result<(), Error> {
        self.postmaster
            .take()
            .map_or(Ok(()), |postmaster| postmaster.stop(&self.layout))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(postmaster) = self.postmaster.take()
            && let Err(error) = postmaster.stop(&self.layout)
        {
            tracing::error!(%error, "the private PostgreSQL was not stopped");
        }
        // Closing would wait for any program being started just now, which holds a copy of every open file
        // until it runs.
        if let Err(error) = self.lock.unlock() {
            tracing::error!(%error, "the data folder was not let go");
        }
    }
}

/// How to reach a cluster that another Vigie runs on this data folder, if it is up.
pub fn running(data_dir: &Path) -> Option<PgConnectOptions> {
    let layout = Layout::of(data_dir).ok()?;
    process::ready_elsewhere(&layout).then(|| layout.connect_options(DATABASE))
}

/// Whether a living Vigie holds this data folder.
pub fn is_held(data_dir: &Path) -> bool {
    matches!(lock(data_dir), Err(Error::InUse(_)))
}

fn lock(data_dir: &Path) -> Result<File, Error> {
    let path = data_dir.join("vigie.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(Error::io(path.display().to_string()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(Error::Io(path.display().to_string(), source)),
    }
}
