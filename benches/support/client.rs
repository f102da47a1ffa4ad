//! A browser reduced to one kept-alive HTTP/1.1 connection: it must cost less than the server.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What came back.
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Bytes of the body.
    pub length: usize,
}

/// The bytes of a GET.
pub fn request(host: &str, path: &str, cookie: Option<&str>) -> Vec<u8> {
    let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
    format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n").into_bytes()
}

impl Client {
    /// Opens the connection.
    pub async fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(1 << 18),
        })
    }

    /// Sends one request and reads the whole answer.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let end = loop {
            self.read_more().await?;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head.get(9..12).and_then(|code| code.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status"))?;
        let length = match header(&head, "content-length").and_then(|text| text.parse().ok()) {
            Some(length) => self.known_body(end, length).await?,
            None if header(&head, "transfer-encoding") == Some("chunked") => {
                self.chunked_body(end).await?
            }
            None => 0,
        };
        Ok(Answer { status, length })
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn known_body(&mut self, start: usize, length: usize) -> io::Result<usize> {
        while self.buffer.len() < start + length {
            self.read_more().await?;
        }
        Ok(length)
    }

    async fn chunked_body(&mut self, mut at: usize) -> io::Result<usize> {
        let mut total = 0;
        loop {
            let line = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(length) => break at + length,
                    None => self.read_more().await?,
                }
            };
            let size = std::str::from_utf8(&self.buffer[at..line]).ok();
            let size = size.and_then(|text| usize::from_str_radix(text, 16).ok());
            let size = size.ok_or_else(|| io::Error::other("no size of a chunk"))?;
            at = line + 2 + size + 2;
            while self.buffer.len() < at {
                self.read_more().await?;
            }
            if size == 0 {
                return Ok(total);
            }
            total += size;
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines()
        .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
}
