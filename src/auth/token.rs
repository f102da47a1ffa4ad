//! Secrets that travel once: session cookies and one-time links.

use rand::Rng;
use sha2::{Digest, Sha256};

/// A 256-bit secret for a cookie or a link, in 64 hexadecimal characters. Only its hash is stored.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Draws a new token from the system's generator.
    pub fn random() -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
        Self(
            bytes
                .iter()
                .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
                .collect(),
        )
    }

    /// Takes back a token that a visitor shows; `None` if it has not the shape of one.
    pub fn from_visitor(text: &str) -> Option<Self> {
        let shaped = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
        shaped.then(|| Self(text.to_owned()))
    }

    /// The text for the cookie or the link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database stores: looking it up by hash also compares in constant time.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }
}
