//! One run of the program: its folder, its flags, its end.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process_group};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::Error;
use crate::platform::shutdown::Shutdown;

/// The account without rights, on every system that has one.
const NOBODY: u32 = 65_534;
/// Bytes of the program's words that are kept when it fails.
const WORDS: usize = 2_000;

/// No window, no first run, nothing of the person's own profile, no address that leads anywhere.
const FLAGS: [&str; 16] = [
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
];

/// A folder of one run, closed to others, removed with everything in it.
pub struct Folder(PathBuf);

impl Folder {
    /// With the page in it.
    pub fn with(page: &str) -> Result<Self, Error> {
        let path = std::env::temp_dir().join(format!("vigie-pdf-{}", Uuid::new_v4().simple()));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .map_err(|error| Error::Io("the temporary folder", error))?;
        let folder = Self(path);
        folder
            .write(page)
            .map_err(|error| Error::Io("the page to print", error))?;
        Ok(folder)
    }

    fn write(&self, page: &str) -> io::Result<()> {
        self.create("page.html")?.write_all(page.as_bytes())?;
        if geteuid().is_root() {
            chown(self.at("page.html"), Some(NOBODY), Some(NOBODY))?;
            chown(&self.0, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(())
    }

    fn create(&self, name: &str) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options.open(self.at(name))
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A process that was just killed may still be writing its last file.
        for _ in 0..5 {
            match std::fs::remove_dir_all(&self.0) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                _ => return,
            }
        }
        tracing::warn!(folder = %self.0.display(), "a temporary folder was not removed");
    }
}

/// Ends the program with all its children, however the run ends.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // An error means that nothing is left of it, which is what is wanted.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// One run.
pub struct Run<'r> {
    /// The program.
    pub program: &'r Path,
    /// Its folder.
    pub folder: &'r Folder,
    /// Without the program's own sandbox.
    pub is_bare: bool,
}

impl Run<'_> {
    /// Prints, unless the deadline or the end of Vigie comes first.
    pub async fn until(&self, deadline: Instant, shutdown: &Shutdown) -> Result<Vec<u8>, Error> {
        let unstarted = |error| Error::Io("the program that makes PDF", error);
        let mut child = self
            .command()
            .map_err(unstarted)?
            .spawn()
            .map_err(unstarted)?;
        let group = Group(pid_of(&child));
        let ended = tokio::select! {
            status = child.wait() => status.map_err(unstarted),
            () = sleep_until(deadline) => Err(Error::TooSlow),
            () = shutdown.cut() => Err(Error::Stopping),
        };
        drop(group);
        if ended.is_err() {
            // Killed just above: leaves no zombie.
            let _ = child.wait().await;
        }
        self.result(ended?).await
    }

    fn command(&self) -> io::Result<Command> {
        let folder = &self.folder.0;
        let mut output = std::ffi::OsString::from("--print-to-pdf=");
        output.push(self.folder.at("page.pdf"));
        let mut profile = std::ffi::OsString::from("--user-data-dir=");
        profile.push(self.folder.at("profile"));
        let mut command = Command::new(self.program);
        command
            .args(FLAGS)
            .args(self.is_bare.then_some("--no-sandbox"))
            .args([profile, output])
            .arg(self.folder.at("page.html"))
            // Our environment holds passwords.
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .envs(["HOME", "TMPDIR", "XDG_RUNTIME_DIR"].map(|name| (name, folder)))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(self.folder.create("words.txt")?)
            .process_group(0)
            .kill_on_drop(true);
        if geteuid().is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        Ok(command)
    }

    async fn result(&self, status: ExitStatus) -> Result<Vec<u8>, Error> {
        let pdf = tokio::fs::read(self.folder.at("page.pdf")).await;
        match pdf {
            Ok(pdf) if status.success() && pdf.starts_with(b"%PDF-") => Ok(pdf),
            _ => Err(Error::Failed {
                program: self.program.to_owned(),
                said: self.words(status).await,
            }),
        }
    }

    /// The status, and the end of what it said, without what it always says of a missing desktop.
    async fn words(&self, status: ExitStatus) -> String {
        let words = tokio::fs::read(self.folder.at("words.txt")).await;
        let words = String::from_utf8_lossy(&words.unwrap_or_default()).into_owned();
        let telling: Vec<&str> = words
            .lines()
            .filter(|line| !line.contains("/dbus/"))
            .collect();
        let telling = telling.join("\n");
        let from = telling.floor_char_boundary(telling.len().saturating_sub(WORDS));
        format!("{status}. {}", &telling[from..])
    }
}

fn pid_of(child: &Child) -> Option<Pid> {
    let id = i32::try_from(child.id()?).ok()?;
    Pid::from_raw(id)
}
