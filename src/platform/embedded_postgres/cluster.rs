//! The folders of a private cluster, and its creation.

use std::fs::{DirBuilder, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgConnectOptions;

use super::account::{self, Account};
use super::find::Programs;
use super::{Error, SUPERUSER};

/// Longest path of a socket: 107 bytes and a final zero on Linux, 103 on macOS.
const SOCKET_PATH: usize = 103;
const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// Where things are.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Folder of everything that belongs to PostgreSQL.
    pub root: PathBuf,
    /// The cluster itself (`PGDATA`).
    pub data: PathBuf,
    /// Folder of the socket, closed to other accounts.
    pub socket_dir: PathBuf,
    /// What the server says.
    pub log: PathBuf,
    /// Account of the server, when this program runs as root.
    pub account: Option<Account>,
}

impl Layout {
    /// The layout of a data folder; touches nothing.
    pub fn of(data_dir: &Path) -> Result<Self, Error> {
        let data_dir = std::path::absolute(data_dir)
            .map_err(Error::io(format!("data folder {}", data_dir.display())))?;
        let root = data_dir.join("postgres");
        Ok(Self {
            data: root.join("data"),
            socket_dir: socket_dir(&root),
            log: root.join("postgres.log"),
            root,
            account: None,
        })
    }

    /// Makes the folders, owned by the account of the server.
    pub fn prepare(data_dir: &Path, account: Option<Account>) -> Result<Self, Error> {
        let layout = Self {
            account,
            ..Self::of(data_dir)?
        };
        layout.check_reach()?;
        // The data folder itself stays open to the server's account, which must pass through it.
        std::fs::create_dir_all(data_dir)
            .map_err(Error::io(format!("the data folder {}", data_dir.display())))?;
        // Again: a strict umask closes what was just made.
        layout.check_reach()?;
        layout.own_folder(&layout.root)?;
        layout.own_folder(&layout.socket_dir)?;
        Ok(layout)
    }

    fn check_reach(&self) -> Result<(), Error> {
        match (&self.account, self.root.parent()) {
            (Some(account), Some(data_dir)) => account::check_reach(account, data_dir),
            _ => Ok(()),
        }
    }

    /// Major version of the cluster, if there is one.
    pub fn version(&self) -> Result<Option<u32>, Error> {
        let path = self.data.join("PG_VERSION");
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().parse().ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::Io(path.display().to_string(), error)),
        }
    }

    /// Creates the cluster unless it exists. It is made beside its place and moved at the end, so
    /// that an interrupted creation leaves no half cluster.
    pub fn create(&self, programs: &Programs, throw_away: bool) -> Result<(), Error> {
        if self.version()?.is_some() {
            return Ok(());
        }
        let draft = self.root.join("data.new");
        if draft.exists() {
            std::fs::remove_dir_all(&draft).map_err(Error::io(draft.display().to_string()))?;
        }
        let sync = if throw_away {
            ["--no-sync"].as_slice()
        } else {
            &[]
        };
        // ICU sorts French names the same on every system; some builds come without it.
        if self
            .initdb(programs, &draft, sync, &icu_arguments(programs.major))
            .is_err()
        {
            if draft.exists() {
                std::fs::remove_dir_all(&draft).map_err(Error::io(draft.display().to_string()))?;
            }
            self.initdb(programs, &draft, sync, &["--locale=C.UTF-8"])?;
        }
        std::fs::rename(&draft, &self.data).map_err(Error::io(self.data.display().to_string()))
    }

    fn initdb(
        &self,
        programs: &Programs,
        draft: &Path,
        sync: &[&str],
        locale: &[&str],
    ) -> Result<(), Error> {
        let output = self
            .command(programs, "initdb")
            .args(["--auth=trust", "--encoding=UTF8", "--no-instructions"])
            .arg(format!("--username={SUPERUSER}"))
            .args(sync)
            .args(locale)
            .arg("--pgdata")
            .arg(draft)
            .stdin(Stdio::null())
            .output()
            .map_err(Error::io("initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::Failed {
            program: "initdb",
            output,
        })
    }

    /// A PostgreSQL program that runs as the server's account, with a neutral environment.
    pub fn command(&self, programs: &Programs, name: &str) -> Command {
        let mut command = Command::new(programs.path(name));
        command
            .current_dir(&self.root)
            .env_clear()
            .env("LC_ALL", "C")
            .env("TZ", "UTC");
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Some(account) = &self.account {
            account.apply(&mut command);
        }
        command
    }

    /// How to connect to a database of this cluster.
    pub fn connect_options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host(&self.socket_dir.to_string_lossy())
            .port(5432)
            .username(SUPERUSER)
            .database(database)
    }

    /// Path of the socket.
    pub fn socket(&self) -> PathBuf {
        self.socket_dir.join(SOCKET_NAME)
    }

    /// A folder that only the server's account enters.
    fn own_folder(&self, folder: &Path) -> Result<(), Error> {
        let named = || folder.display().to_string();
        if !folder.exists() {
            DirBuilder::new()
                .mode(0o700)
                .create(folder)
                .map_err(Error::io(named()))?;
            if let Some(account) = &self.account {
                chown(folder, Some(account.uid), Some(account.gid)).map_err(Error::io(named()))?;
            }
        }
        let owner = folder.symlink_metadata().map_err(Error::io(named()))?.uid();
        let expected = self.account.as_ref().map_or_else(
            || rustix::process::geteuid().as_raw(),
            |account| account.uid,
        );
        if owner != expected {
            return Err(Error::NotOurs {
                folder: folder.to_owned(),
                owner,
            });
        }
        std::fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(Error::io(named()))
    }
}

/// ICU came to `initdb` with version 15; its libc locale must still be named.
fn icu_arguments(major: u32) -> Vec<&'static str> {
    if major < 15 {
        return vec!["--locale=C.UTF-8"];
    }
    vec![
        "--locale-provider=icu",
        "--icu-locale=fr-FR",
        "--locale=C.UTF-8",
    ]
}

/// The socket lies beside the cluster, or, where that path would be too long for the system, in a
/// short folder named after the cluster.
fn socket_dir(root: &Path) -> PathBuf {
    let near = root.join("socket");
    if near.as_os_str().len() + 1 + SOCKET_NAME.len() <= SOCKET_PATH {
        return near;
    }
    let digest = Sha256::digest(root.as_os_str().as_bytes());
    let number = digest
        .iter()
        .take(8)
        .fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    Path::new("/tmp").join(format!("vigie-{number:016x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_that_would_be_too_long_gets_a_short_folder() {
        let near = socket_dir(Path::new("/var/lib/vigie/postgres"));
        assert_eq!(near, Path::new("/var/lib/vigie/postgres/socket"));
        let deep = PathBuf::from(format!("/{}/postgres", "d".repeat(100)));
        let short = socket_dir(&deep);
        assert!(short.as_os_str().len() < 40 && short == socket_dir(&deep));
        assert_ne!(short, socket_dir(&deep.join("other")));
    }
}
