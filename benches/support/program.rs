//! The release program as an operator starts it.

use std::fs::File;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

use super::client::{self, Client};

/// The built program.
pub const PATH: &str = env!("CARGO_BIN_EXE_vigie");
/// Longest wait for the first page.
const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(2);

/// A running server; killed when dropped before [`Program::stop`].
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start of the process to its first page.
    pub first_page: Duration,
}

impl Program {
    /// Starts `serve` and waits for its first page. Its log is written, as in production, to a file.
    pub async fn start(folder: &Path, database: Option<&str>) -> io::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(PATH);
        command
            .arg("serve")
            .env("VIGIE_LISTEN", address.to_string())
            .env("VIGIE_DATA_DIR", folder)
            .env("VIGIE_LOG_FORMAT", "json")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("vigie.log"))?)
            .kill_on_drop(true);
        match database {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        let start = Instant::now();
        let mut child = command.spawn()?;
        let request = client::request(&host(address), "/mentions-legales", None);
        loop {
            if let Ok(mut client) = Client::connect(address).await
                && let Ok(answer) = client.send(&request).await
                && answer.status == 200
            {
                break;
            }
            if child.try_wait()?.is_some() || start.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(folder.join("vigie.log"))?;
                return Err(io::Error::other(format!("vigie did not start:\n{log}")));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(Self {
            child,
            address,
            first_page: start.elapsed(),
        })
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Host header that it answers to.
    pub fn host(&self) -> String {
        host(self.address)
    }

    /// Asks it to stop and waits; gives the time that it took.
    pub async fn stop(mut self) -> io::Result<Duration> {
        let start = Instant::now();
        if let Some(pid) = i32::try_from(self.pid()).ok().and_then(Pid::from_raw) {
            kill_process(pid, Signal::TERM)?;
        }
        self.child.wait().await?;
        Ok(start.elapsed())
    }
}

fn host(address: SocketAddr) -> String {
    format!("localhost:{}", address.port())
}
