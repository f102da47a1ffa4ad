//! A mail server in the process, which answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use vigie::platform::config;
use vigie::platform::mail::Mailer;

/// How the server behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Takes everything.
    Accept,
    /// Knows no recipient.
    RefuseRecipient,
    /// Asks to come back.
    NotNow,
    /// Refuses the password, as after a change that nobody told Vigie of.
    RefuseSender,
    /// Accepts the connection and says nothing.
    Hang,
    /// Takes the message, and dies before it says so.
    DieAfterData,
}

/// A message that the server took.
#[derive(Debug, Clone)]
pub struct Received {
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub data: String,
}

impl Received {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\r\n\r\n").next()?;
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        head.split("\r\n").find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct SmtpServer {
    address: SocketAddr,
    mode: Arc<Mutex<Mode>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl SmtpServer {
    /// Listens on a free port.
    pub async fn start(mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            mode: Arc::new(Mutex::new(mode)),
            received: Arc::default(),
        };
        let own = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                // A client that hangs up is what some tests are about.
                tokio::spawn(async move { own.talk(stream).await.ok() });
            }
        });
        server
    }

    /// Changes its behaviour from the next connection on.
    pub fn set(&self, mode: Mode) {
        *self.mode.lock().expect("the mode") = mode;
    }

    /// What it took so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("the messages").clone()
    }

    /// The way to it, with little patience.
    pub fn mailer(&self) -> Mailer {
        let settings = config::Mail {
            url: config::Secret::new(format!("smtp://{}", self.address)),
            from: "Vigie <vigie@tarn.example>".to_owned(),
        };
        Mailer::patient(&settings, Duration::from_millis(900)).expect("a way to the server")
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mode = *self.mode.lock().expect("the mode");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        if mode == Mode::Hang {
            std::future::pending::<()>().await;
        }
        write.write_all(b"220 essai ESMTP\r\n").await?;
        let mut to = Vec::new();
        while let Some(line) = lines.next_line().await? {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match (verb.as_str(), mode) {
                ("EHLO" | "HELO", _) => b"250-essai\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                ("MAIL", Mode::RefuseSender) => b"535 5.7.8 bad credentials\r\n",
                ("RCPT", Mode::RefuseRecipient) => {
                    b"550 5.1.1 <inconnu@tarn.example>: no such person\r\n"
                }
                ("RCPT", Mode::NotNow) => b"451 4.7.1 greylisted, come back\r\n",
                ("RCPT", _) => {
                    to.push(line[8..].trim_matches(['<', '>', ':']).to_owned());
                    b"250 ok\r\n"
                }
                ("DATA", _) => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut data = String::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        data.push_str(line.strip_prefix('.').unwrap_or(&line));
                        data.push_str("\r\n");
                    }
                    let message = Received {
                        to: std::mem::take(&mut to),
                        data,
                    };
                    self.received.lock().expect("the messages").push(message);
                    if mode == Mode::DieAfterData {
                        return Ok(());
                    }
                    b"250 queued\r\n"
                }
                ("QUIT", _) => {
                    write.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
            write.write_all(answer).await?;
        }
        Ok(())
    }
}
