//! The server's process: what an earlier run left behind, the start, the stop.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::Error;
use super::cluster::Layout;
use super::find::Programs;
use crate::platform::limits;

const PAUSE: Duration = Duration::from_millis(20);
/// Time that the server processes of a killed postmaster take to notice and leave.
const ORPHANS: Duration = Duration::from_secs(20);
/// The log starts afresh above this size.
const LOG_BYTES: u64 = 10_000_000;

/// The main process of a server that this program started.
#[derive(Debug)]
pub struct Postmaster(Child);

impl Postmaster {
    /// Starts the server and waits until it accepts connections.
    pub fn start(
        layout: &Layout,
        programs: &Programs,
        settings: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let deadline = Instant::now() + ORPHANS;
        loop {
            let log_start = log_length(&layout.log);
            let mut postmaster = Self(spawn(layout, programs, settings)?);
            match postmaster.wait_ready(layout, log_start) {
                // After kill -9 of the postmaster its server processes need a moment to leave.
                Err(Error::Failed { output, .. })
                    if output.contains("shared memory block") && Instant::now() < deadline =>
                {
                    sleep(PAUSE * 10);
                }
                other => return other.map(|()| postmaster),
            }
        }
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    fn wait_ready(&mut self, layout: &Layout, log_start: u64) -> Result<(), Error> {
        let deadline = Instant::now() + limits::POSTGRES_START;
        while Instant::now() < deadline {
            if self.0.try_wait().map_err(Error::io("postgres"))?.is_some() {
                let output = log_since(&layout.log, log_start);
                return Err(Error::Failed {
                    program: "postgres",
                    output,
                });
            }
            if PidFile::read(layout).is_some_and(|file| file.ready && file.pid == self.0.id()) {
                return Ok(());
            }
            sleep(PAUSE);
        }
        self.signal(Signal::QUIT);
        Err(Error::TooSlow {
            what: "start",
            log: layout.log.clone(),
        })
    }

    /// Fast shutdown; an immediate one when it takes too long (the next start then recovers).
    pub fn stop(mut self, layout: &Layout) -> Result<(), Error> {
        for (signal, patience) in [
            (Signal::INT, limits::POSTGRES_STOP),
            (Signal::QUIT, ORPHANS),
        ] {
            self.signal(signal);
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if self.0.try_wait().map_err(Error::io("postgres"))?.is_some() {
                    return Ok(());
                }
                sleep(PAUSE);
            }
        }
        Err(Error::TooSlow {
            what: "stop",
            log: layout.log.clone(),
        })
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = pid_of(self.0.id()) {
            // An error means that the process has ended, which is what a stop wants.
            let _ = kill_process(pid, signal);
        }
    }
}

fn spawn(layout: &Layout, programs: &Programs, settings: &[(&str, &str)]) -> Result<Child, Error> {
    let log = open_log(layout)?;
    let mut command = layout.command(programs, "postgres");
    command
        .arg("-D")
        .arg(&layout.data)
        .arg("-k")
        .arg(&layout.socket_dir);
    let fixed = [
        ("listen_addresses", ""),
        ("port", "5432"),
        ("unix_socket_permissions", "0700"),
        ("max_connections", "100"),
        ("timezone", "UTC"),
    ];
    for (name, value) in fixed.iter().chain(settings) {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    // Its own process group: Ctrl-C in the terminal must reach only this program, which stops the
    // server after the last answer.
    command.process_group(0).stdin(Stdio::null());
    let errors = log
        .try_clone()
        .map_err(Error::io(layout.log.display().to_string()))?;
    command
        .stdout(log)
        .stderr(errors)
        .spawn()
        .map_err(Error::io("postgres"))
}

fn open_log(layout: &Layout) -> Result<File, Error> {
    let fresh = log_length(&layout.log) > LOG_BYTES;
    if fresh {
        let _ = std::fs::remove_file(&layout.log);
    }
    let opened = File::options().create(true).append(true).open(&layout.log);
    opened.map_err(Error::io(layout.log.display().to_string()))
}

fn log_length(log: &Path) -> u64 {
    log.metadata().map_or(0, |meta| meta.len())
}

fn log_since(log: &Path, start: u64) -> String {
    let mut text = Vec::new();
    if let Ok(mut file) = File::open(log)
        && file.seek(SeekFrom::Start(start)).is_ok()
    {
        let _ = file.take(8_192).read_to_end(&mut text);
    }
    String::from_utf8_lossy(&text).trim().to_owned()
}

/// What `postmaster.pid` says (PostgreSQL, `src/include/utils/pidfile.h`): line 1 is the process,
/// line 8 its state.
struct PidFile {
    pid: u32,
    ready: bool,
    text: String,
}

impl PidFile {
    fn read(layout: &Layout) -> Option<Self> {
        let text = std::fs::read_to_string(layout.data.join("postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        let ready = text
            .lines()
            .nth(7)
            .is_some_and(|state| state.trim() == "ready");
        Some(Self { pid, ready, text })
    }
}

/// Whether another program's server is up on this cluster.
pub fn ready_elsewhere(layout: &Layout) -> bool {
    PidFile::read(layout).is_some_and(|file| file.ready && is_our_server(file.pid, layout))
}

/// Deals with what an earlier run left. The caller holds the lock of the data folder, so no other
/// Vigie is at work here.
pub fn clear_remains(layout: &Layout) -> Result<(), Error> {
    let Some(file) = PidFile::read(layout) else {
        return Ok(());
    };
    if is_our_server(file.pid, layout) {
        tracing::info!(
            pid = file.pid,
            "stopping the PostgreSQL that outlived an earlier run"
        );
        return stop_survivor(file.pid, layout);
    }
    // The socket's own lock file only guards against a second server on the same socket.
    let _ = std::fs::remove_file(layout.socket().with_extension("5432.lock"));
    if is_alive(file.pid) {
        disown(&file, layout)?;
    }
    Ok(())
}

/// Another program now has the process id of the dead server, and PostgreSQL would refuse to start.
/// Deleting the file would lose its last lines, with which PostgreSQL makes sure that no server
/// process still uses the shared memory. So only the id is replaced, by that of this program: by
/// design a server takes its parent's id in this file for a stale one.
fn disown(file: &PidFile, layout: &Layout) -> Result<(), Error> {
    let path = layout.data.join("postmaster.pid");
    let rest = file.text.split_once('\n').map_or("", |(_, rest)| rest);
    std::fs::write(&path, format!("{}\n{rest}", std::process::id()))
        .map_err(Error::io(path.display().to_string()))
}

fn stop_survivor(pid: u32, layout: &Layout) -> Result<(), Error> {
    let Some(target) = pid_of(pid) else {
        return Ok(());
    };
    for (signal, patience) in [
        (Signal::INT, limits::POSTGRES_STOP),
        (Signal::QUIT, ORPHANS),
    ] {
        let _ = kill_process(target, signal);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !is_our_server(pid, layout) {
                return Ok(());
            }
            sleep(PAUSE);
        }
    }
    Err(Error::TooSlow {
        what: "stop",
        log: layout.log.clone(),
    })
}

fn pid_of(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}

fn is_alive(pid: u32) -> bool {
    pid_of(pid).is_some_and(|pid| test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

/// A process id may have been given to another program since: the command line tells.
fn is_our_server(pid: u32, layout: &Layout) -> bool {
    is_alive(pid) && command_line(pid).is_some_and(|line| is_server_of(&line, &layout.data))
}

fn is_server_of(command_line: &str, data: &Path) -> bool {
    let mut words = command_line.split('\0');
    let program = words.next().unwrap_or_default();
    program.ends_with("postgres") && words.any(|word| Path::new(word) == data)
}

/// The words of a process's command line, each ended by a zero byte; none for a zombie.
fn command_line(pid: u32) -> Option<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let bytes = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        return Some(String::from_utf8_lossy(&bytes).into_owned());
    }
    let output = Command::new("ps")
        .args(["-o", "command=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    // macOS has no /proc; `ps` separates by blanks, which is enough to recognise our server.
    Some(
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .replace(' ', "\0"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_recognised_by_its_program_and_folder() {
        let data = Path::new("/var/lib/vigie/postgres/data");
        let ours =
            "/usr/lib/postgresql/15/bin/postgres\0-D\0/var/lib/vigie/postgres/data\0-k\0/s\0";
        assert!(is_server_of(ours, data));
        assert!(!is_server_of("/bin/postgres\0-D\0/var/lib/other\0", data));
        assert!(!is_server_of(
            "/usr/bin/vim\0/var/lib/vigie/postgres/data\0",
            data
        ));
        assert!(!is_server_of("", data));
    }
}
