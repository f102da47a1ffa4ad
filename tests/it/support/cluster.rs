//! One throw-away PostgreSQL for all the test processes of this checkout, running together or one
//! after the other.
//!
//! A keeper process owns the server. Each test process holds a shared lock on one file until it ends,
//! however it ends: the kernel lets go of the locks of a killed process. The keeper waits for an
//! exclusive lock, so for the end of the last test, lingers a little (nextest starts a process for
//! each test), stops the server and removes the folder. It lives in its own process group, where
//! Ctrl-C does not reach it.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use super::folder::PREFIX;
use super::residue;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgConnectOptions;
use vigie::platform::embedded_postgres::{self, Cluster, Options};

const KEEPER: &str = "VIGIE_TEST_KEEPER";
const LINGER: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(20);

/// How to connect to the server of the tests: that of `DATABASE_URL` when set, else the throw-away
/// one, started when needed.
pub fn maintenance() -> &'static PgConnectOptions {
    static SERVER: OnceLock<(PgConnectOptions, Option<File>)> = OnceLock::new();
    let (options, _lock) = SERVER.get_or_init(|| match std::env::var("DATABASE_URL") {
        Ok(url) if !url.is_empty() => (url.parse().expect("DATABASE_URL is an address"), None),
        _ => {
            let folder = folder();
            let lock = join(&folder);
            let options = embedded_postgres::running(&folder).expect("the keeper's server is up");
            (options.database("postgres"), Some(lock))
        }
    });
    options
}

/// Short, because of the limit on socket paths; one per checkout and account.
fn folder() -> PathBuf {
    let digest = Sha256::digest(env!("CARGO_MANIFEST_DIR"));
    let number = digest
        .iter()
        .take(4)
        .fold(0, |number: u32, byte| number << 8 | u32::from(*byte));
    let account = rustix::process::geteuid().as_raw();
    std::env::temp_dir().join(format!("vigie-tests-{account}-{number:08x}"))
}

/// Takes the shared lock and makes sure that a keeper runs.
fn join(folder: &Path) -> File {
    loop {
        std::fs::create_dir_all(folder).expect("a folder for the tests' server");
        let Ok(lock) = open(&folder.join("tests.lock")) else {
            continue;
        };
        lock.lock_shared().expect("the tests' lock");
        // The keeper may have removed the folder between the opening and the lock.
        if is_same(&lock, &folder.join("tests.lock")) {
            ensure_keeper(folder);
            return lock;
        }
    }
}

fn ensure_keeper(folder: &Path) {
    let start = open(&folder.join("start.lock")).expect("the start lock");
    start.lock().expect("the start lock");
    if embedded_postgres::is_held(folder) && embedded_postgres::running(folder).is_some() {
        return;
    }
    let log = folder.join("keeper.log");
    #[expect(
        clippy::zombie_processes,
        reason = "the keeper outlives the tests on purpose"
    )]
    let mut keeper = spawn_keeper(folder, &log);
    while embedded_postgres::running(folder).is_none() || !embedded_postgres::is_held(folder) {
        if let Some(status) = keeper.try_wait().expect("the keeper's state") {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            panic!("the tests' PostgreSQL did not start ({status}):\n{text}");
        }
        sleep(PAUSE);
    }
}

fn spawn_keeper(folder: &Path, log: &Path) -> Child {
    let output = File::create(log).expect("the keeper's log");
    let errors = output.try_clone().expect("the keeper's log");
    Command::new(std::env::current_exe().expect("the path of the test program"))
        .args([
            "--exact",
            "support::cluster::keeper",
            "--ignored",
            "--nocapture",
        ])
        .env(KEEPER, folder)
        .env_remove("DATABASE_URL")
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .expect("the keeper starts")
}

/// Not a test: the body of the keeper's process. Does nothing in an ordinary run.
#[test]
#[ignore = "the body of the process that keeps the tests' PostgreSQL"]
fn keeper() {
    let Some(folder) = std::env::var_os(KEEPER).map(PathBuf::from) else {
        return;
    };
    let cluster = Cluster::start(&Options {
        data_dir: folder.clone(),
        pg_bin: std::env::var_os("VIGIE_PG_BIN")
            .filter(|bin| !bin.is_empty())
            .map(PathBuf::from),
        settings: vec![("max_connections", "300")],
        throw_away: true,
    })
    .expect("the tests' PostgreSQL starts");
    let lock = open(&folder.join("tests.lock")).expect("the tests' lock");
    loop {
        lock.lock().expect("the tests' lock");
        lock.unlock().expect("the tests' lock");
        sleep(LINGER);
        if lock.try_lock().is_ok() {
            break;
        }
    }
    cluster.stop().expect("the tests' PostgreSQL stops");
    // Also after Ctrl-C, which ends the tests before they clean up.
    residue::sweep(PREFIX);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

fn open(path: &Path) -> std::io::Result<File> {
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
}

fn is_same(file: &File, path: &Path) -> bool {
    let inode = |meta: std::fs::Metadata| (meta.dev(), meta.ino());
    let here = file.metadata().map(inode).ok();
    here.is_some() && here == path.metadata().map(inode).ok()
}
