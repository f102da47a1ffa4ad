//! The private PostgreSQL: whatever happens, the next start works and nothing is lost.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use sqlx::{ConnectOptions as _, PgConnection};
use vigie::platform::embedded_postgres::{self, Cluster, Error, Options};

use crate::support::folder::Folder;
use crate::support::http;

fn options(folder: &Folder) -> Options {
    Options {
        data_dir: folder.path().to_owned(),
        pg_bin: None,
        settings: Vec::new(),
        throw_away: true,
    }
}

async fn connect(cluster: &Cluster) -> PgConnection {
    cluster
        .connect_options("postgres")
        .connect()
        .await
        .expect("a connection")
}

async fn remember(conn: &mut PgConnection) {
    sqlx::raw_sql("CREATE TABLE kept AS SELECT 1 AS one")
        .execute(conn)
        .await
        .expect("a table");
}

async fn is_remembered(conn: &mut PgConnection) -> bool {
    sqlx::query("SELECT one FROM kept")
        .fetch_one(conn)
        .await
        .is_ok()
}

fn send(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id");
    kill_process(pid, signal).expect("the process is there");
}

/// The main process of the server on this data folder, as it wrote it.
fn server_pid(folder: &Path) -> u32 {
    let text = std::fs::read_to_string(folder.join("postgres/data/postmaster.pid"));
    let text = text.expect("the server's file");
    text.lines()
        .next()
        .and_then(|pid| pid.parse().ok())
        .expect("a process id")
}

#[tokio::test]
async fn a_clean_stop_leaves_no_process_and_keeps_the_data() {
    let folder = Folder::new();
    let cluster = Cluster::start(&options(&folder)).expect("a first start");
    remember(&mut connect(&cluster).await).await;
    let pid = cluster.pid().expect("a process");
    cluster.stop().expect("a stop");
    let pid = i32::try_from(pid)
        .ok()
        .and_then(Pid::from_raw)
        .expect("a process id");
    assert!(test_kill_process(pid).is_err());
    let again = Cluster::start(&options(&folder)).expect("a second start");
    assert!(is_remembered(&mut connect(&again).await).await);
}

#[tokio::test]
async fn after_kill_9_of_postgresql_the_next_start_recovers() {
    let folder = Folder::new();
    let cluster = Cluster::start(&options(&folder)).expect("a first start");
    remember(&mut connect(&cluster).await).await;
    send(cluster.pid().expect("a process"), Signal::KILL);
    drop(cluster);
    let again = Cluster::start(&options(&folder)).expect("a second start");
    assert!(is_remembered(&mut connect(&again).await).await);
}

#[tokio::test]
async fn a_process_id_that_now_belongs_to_another_program_is_no_obstacle() {
    let folder = Folder::new();
    let cluster = Cluster::start(&options(&folder)).expect("a first start");
    remember(&mut connect(&cluster).await).await;
    let pid_file = folder.path().join("postgres/data/postmaster.pid");
    let text = std::fs::read_to_string(&pid_file).expect("the server's file");
    send(cluster.pid().expect("a process"), Signal::KILL);
    drop(cluster);
    // PostgreSQL would refuse to start beside a living process of its own account.
    let owner = folder
        .path()
        .join("postgres")
        .metadata()
        .expect("the folder");
    let mut other = Command::new("sleep");
    other.arg("600");
    if rustix::process::geteuid().is_root() {
        other.uid(owner.uid()).gid(owner.gid());
    }
    let mut other = other.spawn().expect("another program");
    let rest = text
        .split_once('\n')
        .map(|(_, rest)| rest)
        .expect("more lines");
    std::fs::write(&pid_file, format!("{}\n{rest}", other.id())).expect("a stale file");
    let again = Cluster::start(&options(&folder));
    let innocent = other.try_wait().expect("its state").is_none();
    other.kill().expect("an end");
    other.wait().expect("an end");
    assert!(innocent, "the other program was killed");
    assert!(is_remembered(&mut connect(&again.expect("a second start")).await).await);
}

#[test]
fn two_programs_on_one_folder_are_told() {
    let folder = Folder::new();
    let _cluster = Cluster::start(&options(&folder)).expect("a first start");
    let error = Cluster::start(&options(&folder)).expect_err("the folder is held");
    assert!(matches!(error, Error::InUse(_)));
    assert!(error.to_string().contains("already running"));
    assert!(embedded_postgres::running(folder.path()).is_some());
}

#[test]
fn a_deep_folder_is_no_obstacle_to_the_socket() {
    let folder = Folder::new();
    let deep = folder.path().join("d".repeat(100));
    let options = Options {
        data_dir: deep.clone(),
        ..options(&folder)
    };
    let cluster = Cluster::start(&options).expect("a start");
    let socket = cluster.connect_options("postgres").get_host().to_owned();
    assert!(!socket.starts_with(&*deep.to_string_lossy()));
    cluster.stop().expect("a stop");
    std::fs::remove_dir_all(socket).expect("the short folder");
}

#[test]
fn a_half_made_cluster_is_made_again() {
    let folder = Folder::new();
    let cluster = Cluster::start(&options(&folder)).expect("a first start");
    cluster.stop().expect("a stop");
    let postgres = folder.path().join("postgres");
    std::fs::rename(postgres.join("data"), postgres.join("data.new")).expect("an interruption");
    std::fs::remove_file(postgres.join("data.new/PG_VERSION")).expect("an interruption");
    Cluster::start(&options(&folder)).expect("a start");
}

/// The program itself, serving on a free port.
struct Program {
    child: Child,
    address: SocketAddr,
}

fn program(folder: &Folder) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    for (name, _) in std::env::vars_os() {
        let ours = name.to_string_lossy().starts_with("VIGIE_") || name == "DATABASE_URL";
        if ours {
            command.env_remove(name);
        }
    }
    command
        .env("VIGIE_DATA_DIR", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

fn serve(folder: &Folder) -> Program {
    let mut command = program(folder);
    command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program");
    let mut lines = BufReader::new(child.stderr.take().expect("its output")).lines();
    let line = lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.contains("\"listening\""))
        .expect("the program listens");
    // The pipe must be read on, or a talkative program would stop.
    std::thread::spawn(move || lines.for_each(drop));
    let line: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
    let address = line["address"].as_str().and_then(|text| text.parse().ok());
    Program {
        child,
        address: address.expect("an address"),
    }
}

impl Program {
    async fn get(&self, path: &str) -> String {
        http::get(self.address, path).await
    }

    fn end(mut self, signal: Signal) -> ExitStatus {
        send(self.child.id(), signal);
        self.child.wait().expect("an end")
    }
}

async fn kept(folder: &Folder) -> PgConnection {
    let options = embedded_postgres::running(folder.path()).expect("a running server");
    options.connect().await.expect("a connection")
}

#[tokio::test]
async fn after_kill_9_of_the_program_the_next_start_works_and_a_signal_stops_both() {
    let folder = Folder::new();
    let first = serve(&folder);
    assert!(first.get("/readyz").await.starts_with("HTTP/1.1 200"));
    remember(&mut kept(&folder).await).await;
    let survivor = server_pid(folder.path());
    first.end(Signal::KILL);
    let second = serve(&folder);
    assert_ne!(server_pid(folder.path()), survivor);
    assert!(second.get("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(is_remembered(&mut kept(&folder).await).await);
    assert!(second.end(Signal::TERM).success());
    assert!(embedded_postgres::running(folder.path()).is_none());
    assert!(serve(&folder).end(Signal::INT).success());
}

#[tokio::test]
async fn when_postgresql_is_killed_under_the_program_it_says_so_and_the_next_start_works() {
    let folder = Folder::new();
    let first = serve(&folder);
    send(server_pid(folder.path()), Signal::KILL);
    assert!(first.get("/healthz").await.starts_with("HTTP/1.1 200"));
    assert!(first.get("/readyz").await.starts_with("HTTP/1.1 503"));
    first.end(Signal::TERM);
    let second = serve(&folder);
    assert!(second.get("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(second.end(Signal::TERM).success());
}

#[tokio::test]
async fn doctor_joins_the_server_that_serve_runs() {
    let folder = Folder::new();
    let first = serve(&folder);
    let output = program(&folder)
        .arg("doctor")
        .stdout(Stdio::piped())
        .output();
    let text = String::from_utf8(output.expect("the program").stdout).expect("a text");
    assert!(text.contains("good   PostgreSQL 1"), "{text}");
    assert!(text.contains("good   the schema is up to date"), "{text}");
    assert!(text.contains("good   reference data: "), "{text}");
    assert!(first.get("/readyz").await.starts_with("HTTP/1.1 200"));
    assert!(first.end(Signal::TERM).success());
}

#[test]
fn a_folder_that_the_server_s_account_cannot_enter_is_named_and_left_alone() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let folder = Folder::new();
    let closed = folder.path().join("closed");
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(&closed)
        .expect("a folder of root");
    let options = Options {
        data_dir: closed.join("data"),
        ..options(&folder)
    };
    let error = Cluster::start(&options).expect_err("it is closed");
    assert!(
        matches!(&error, Error::Unreachable { folder, .. } if *folder == closed),
        "{error}"
    );
    assert!(!closed.join("data").exists());
}

#[test]
fn without_the_programs_of_postgresql_the_answer_says_what_to_set() {
    let folder = Folder::new();
    let output = program(&folder)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("VIGIE_PG_BIN", folder.path())
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("VIGIE_PG_BIN"), "{text}");
}

#[test]
fn refused_settings_are_all_listed_and_nothing_starts() {
    let folder = Folder::new();
    let output = program(&folder)
        .args(["serve", "--listen", "0.0.0.0:0", "--department", "20"])
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("VIGIE_LISTEN") && text.contains("VIGIE_DEPARTMENT"),
        "{text}"
    );
    assert!(!folder.path().join("postgres").exists());
}
