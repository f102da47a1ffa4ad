//! A mail server that takes everything, so that the links of mails can be followed.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that came.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Address of the envelope.
    pub to: String,
    /// Headers and parts, each as people read it, files by their bytes.
    pub parts: Vec<Vec<u8>>,
}

impl Letter {
    /// All that it says, with plain spaces; files are not opened.
    pub fn words(&self) -> String {
        let texts: Vec<_> = self
            .parts
            .iter()
            .map(|part| String::from_utf8_lossy(part))
            .collect();
        texts.join("\n").replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// The path of the first link whose path begins so.
    pub fn path(&self, start: &str) -> String {
        let words = self.words();
        let at = words.find(start).expect("a link");
        words[at..]
            .chars()
            .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '<' | '>'))
            .collect()
    }
}

/// The server; it ends with the test.
#[derive(Clone)]
pub struct Post {
    /// Its address, as Vigie's settings write it.
    pub url: String,
    letters: Arc<Mutex<Vec<Letter>>>,
}

impl Post {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let post = Self {
            url: format!("smtp://{address}"),
            letters: Arc::default(),
        };
        let own = post.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.talk(stream).await.ok() });
            }
        });
        post
    }

    /// What came so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().expect("the letters").clone()
    }

    /// Waits until someone got a letter that says this.
    pub async fn letter(&self, to: &str, says: &str) -> Letter {
        for _ in 0..400 {
            let found = self
                .letters()
                .into_iter()
                .find(|letter| letter.to == to && letter.words().contains(says));
            if let Some(letter) = found {
                return letter;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no letter to {to} says « {says} »");
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 essai ESMTP\r\n").await?;
        let mut to = String::new();
        while let Some(line) = lines.next_line().await? {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match verb.as_str() {
                "EHLO" => b"250-essai\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    line[8..].trim_matches(['<', '>', ':']).clone_into(&mut to);
                    b"250 ok\r\n"
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut data = Vec::new();
                    while let Some(line) = lines.next_line().await? {
                        if line == "." {
                            break;
                        }
                        data.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
                    }
                    let letter = Letter {
                        to: to.clone(),
                        parts: parts(&data),
                    };
                    self.letters.lock().expect("the letters").push(letter);
                    b"250 queued\r\n"
                }
                "QUIT" => return write.write_all(b"221 bye\r\n").await,
                _ => b"250 ok\r\n",
            };
            write.write_all(answer).await?;
        }
        Ok(())
    }
}

/// The parts of a message, decoded; its boundaries are the lines that begin with two hyphens.
fn parts(lines: &[String]) -> Vec<Vec<u8>> {
    lines
        .split(|line| line.starts_with("--"))
        .map(|part| {
            let (head, body) = match part.iter().position(String::is_empty) {
                Some(at) => part.split_at(at),
                None => (part, &[][..]),
            };
            let head = head.join("\n");
            let mut read = format!("{head}\n").into_bytes();
            if head.contains("quoted-printable") {
                read.extend(quoted_printable(body));
            } else if head.contains("base64") {
                read.extend(base64(body));
            } else {
                read.extend(body.join("\n").into_bytes());
            }
            read
        })
        .collect()
}

fn quoted_printable(lines: &[String]) -> Vec<u8> {
    let mut read = Vec::new();
    for line in lines {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let code = line.get(at + 1..at + 3);
            match code.filter(|_| bytes[at] == b'=') {
                Some(code) => {
                    read.push(u8::from_str_radix(code, 16).expect("a code"));
                    at += 3;
                }
                None if bytes[at] == b'=' => at += 1,
                None => {
                    read.push(bytes[at]);
                    at += 1;
                }
            }
        }
        if !line.ends_with('=') {
            read.push(b'\n');
        }
    }
    read
}

fn base64(lines: &[String]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut read, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for sign in lines.concat().bytes().filter(|sign| *sign != b'=') {
        let value = SIGNS.iter().position(|known| *known == sign);
        held = held << 6 | u32::try_from(value.expect("a sign")).expect("six bits");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            read.push(u8::try_from(held >> bits & 0xff).expect("a byte"));
        }
    }
    read
}
