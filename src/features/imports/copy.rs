//! Rows in the text form of PostgreSQL's `COPY`.

use std::fmt::{Display, Write as _};
use std::io::Write as _;

/// Rows waiting to be sent. Memory stays constant: a full buffer is taken and sent.
#[derive(Debug)]
pub struct CopyRows {
    bytes: Vec<u8>,
    scratch: String,
    start: String,
}

/// Bytes after which a buffer is worth sending.
const FULL: usize = 256 << 10;

impl CopyRows {
    /// Rows that all begin with this value.
    pub fn new(start: impl Display) -> Self {
        Self {
            bytes: Vec::with_capacity(FULL + FULL / 8),
            scratch: String::new(),
            start: start.to_string(),
        }
    }

    /// Begins a row.
    pub fn begin(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(self.start.as_bytes());
        self
    }

    /// Ends a row; gives the buffer when it is full.
    pub fn end(&mut self) -> Option<Vec<u8>> {
        self.bytes.push(b'\n');
        (self.bytes.len() >= FULL).then(|| self.take())
    }

    /// What waits.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.bytes, Vec::with_capacity(FULL + FULL / 8))
    }

    /// A number, or anything that writes itself in plain ASCII.
    pub fn plain(&mut self, value: impl Display) -> &mut Self {
        self.bytes.push(b'\t');
        // Writing to memory cannot fail.
        let _ = write!(self.bytes, "{value}");
        self
    }

    /// The same, or null.
    pub fn plain_or_null(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.plain(value),
            None => self.null(),
        }
    }

    /// A truth, or null.
    pub fn flag(&mut self, value: Option<bool>) -> &mut Self {
        match value {
            Some(true) => self.bytes.extend_from_slice(b"\tt"),
            Some(false) => self.bytes.extend_from_slice(b"\tf"),
            None => return self.null(),
        }
        self
    }

    /// A text, or null. A NUL character, which no text column can hold, is left out.
    pub fn text(&mut self, value: Option<impl AsRef<str>>) -> &mut Self {
        let Some(value) = value else {
            return self.null();
        };
        self.bytes.push(b'\t');
        for &byte in value.as_ref().as_bytes() {
            match byte {
                b'\\' => self.bytes.extend_from_slice(b"\\\\"),
                b'\t' => self.bytes.extend_from_slice(b"\\t"),
                b'\n' => self.bytes.extend_from_slice(b"\\n"),
                b'\r' => self.bytes.extend_from_slice(b"\\r"),
                0 => {}
                _ => self.bytes.push(byte),
            }
        }
        self
    }

    /// Several texts joined into one, or null when all are missing.
    pub fn joined(&mut self, parts: &[Option<&str>]) -> &mut Self {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        for part in parts.iter().flatten() {
            let joint = if scratch.is_empty() { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(scratch, "{joint}{part}");
        }
        self.text((!scratch.is_empty()).then_some(&scratch));
        self.scratch = scratch;
        self
    }

    fn null(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(b"\t\\N");
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_cannot_break_a_row() {
        let mut rows = CopyRows::new("id");
        rows.begin()
            .text(Some("a\tb\\N\nc\0"))
            .text(None::<&str>)
            .flag(Some(true))
            .joined(&[None, Some("x"), Some("y")])
            .plain(3);
        assert_eq!(rows.end(), None);
        assert_eq!(rows.take(), b"id\ta\\tb\\\\N\\nc\t\\N\tt\tx, y\t3\n");
    }
}
