//! Streams that refuse to go on when a limit is passed, so that no file can fill the memory.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::file_error::FileError;
use super::input::Limits;

/// The ratio is judged past this many bytes only: a small file may compress very well.
const RATIO_GRACE: u64 = 16 << 20;

/// What the buffers between this stream and the CSV parser may hold: read ahead, not yet parsed.
const READ_AHEAD: u64 = 1 << 20;

/// How often a byte occurs.
#[expect(
    clippy::naive_bytecount,
    reason = "no crate for one line that the compiler vectorises"
)]
pub fn count(bytes: &[u8], byte: u8) -> u64 {
    bytes.iter().filter(|b| **b == byte).count() as u64
}

/// Counts the bytes that pass, for a reader further up.
pub struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Counted<R> {
    /// The stream and its counter.
    pub fn new(inner: R) -> (Self, Arc<AtomicU64>) {
        let count = Arc::new(AtomicU64::new(0));
        (
            Self {
                inner,
                count: Arc::clone(&count),
            },
            count,
        )
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Refuses a decompressed stream that is too long, or too long for what it was made from.
pub struct Inflated<R> {
    inner: R,
    compressed: Arc<AtomicU64>,
    out: u64,
    limits: Limits,
}

impl<R: Read> Inflated<R> {
    /// `compressed` counts the bytes that went into `inner`.
    pub fn new(inner: R, compressed: Arc<AtomicU64>, limits: Limits) -> Self {
        Self {
            inner,
            compressed,
            out: 0,
            limits,
        }
    }
}

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.out += n as u64;
        let Limits {
            max_uncompressed,
            max_ratio,
            ..
        } = self.limits;
        if self.out > max_uncompressed {
            return Err(FileError::TooLarge {
                limit: max_uncompressed,
            }
            .into_io());
        }
        let compressed = self.compressed.load(Ordering::Relaxed);
        if self.out > RATIO_GRACE && self.out / max_ratio > compressed {
            return Err(FileError::SuspectRatio { limit: max_ratio }.into_io());
        }
        Ok(n)
    }
}

/// Checks length and control sum at the end of a ZIP entry, as its directory announced them.
pub struct Verified<R> {
    inner: R,
    crc: flate2::Crc,
    size: u64,
    expected_crc: u32,
    expected_size: u64,
}

impl<R: Read> Verified<R> {
    /// `expected_*` come from the directory of the archive.
    pub fn new(inner: R, expected_crc: u32, expected_size: u64) -> Self {
        Self {
            inner,
            crc: flate2::Crc::new(),
            size: 0,
            expected_crc,
            expected_size,
        }
    }
}

impl<R: Read> Read for Verified<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        if n == 0 && !buf.is_empty() {
            return match (
                self.size == self.expected_size,
                self.crc.sum() == self.expected_crc,
            ) {
                (true, true) => Ok(0),
                (false, _) if self.size < self.expected_size => Err(FileError::Truncated.into_io()),
                _ => Err(FileError::Corrupt.into_io()),
            };
        }
        self.crc.update(&buf[..n]);
        self.size += n as u64;
        Ok(n)
    }
}

/// Where a text stream stands, shared between the stream and the parser above it.
#[derive(Debug, Default)]
pub struct Progress {
    delivered: AtomicU64,
    record_start: AtomicU64,
    at_end: AtomicBool,
    ends_with_newline: AtomicBool,
    odd_quotes: AtomicBool,
}

impl Progress {
    /// The parser tells where the record that it is about to read begins.
    pub fn set_record_start(&self, byte: u64) {
        self.record_start.store(byte, Ordering::Relaxed);
    }

    /// True when the stream is over and the parser, at `byte`, has taken all of it.
    pub fn is_over(&self, byte: u64) -> bool {
        self.at_end.load(Ordering::Relaxed) && self.delivered.load(Ordering::Relaxed) == byte
    }

    /// True when the quotation marks delivered so far do not pair up.
    pub fn has_odd_quotes(&self) -> bool {
        self.odd_quotes.load(Ordering::Relaxed)
    }

    /// True when the last character delivered so far ends a line.
    pub fn ends_with_newline(&self) -> bool {
        self.ends_with_newline.load(Ordering::Relaxed)
    }
}

/// Refuses, in decoded text, zero bytes and lines or records without end.
pub struct Lines<R> {
    inner: R,
    progress: Arc<Progress>,
    line_length: u64,
    limits: Limits,
}

impl<R: Read> Lines<R> {
    /// The stream and the state that it shares with the parser.
    pub fn new(inner: R, limits: Limits) -> (Self, Arc<Progress>) {
        let progress = Arc::new(Progress::default());
        (
            Self {
                inner,
                progress: Arc::clone(&progress),
                line_length: 0,
                limits,
            },
            progress,
        )
    }

    /// For JSON, which is often one line; its objects are limited one by one.
    #[must_use]
    pub fn without_line_limit(mut self) -> Self {
        self.limits.max_line = u64::MAX;
        self
    }

    fn check(&mut self, chunk: &[u8]) -> Result<(), FileError> {
        if chunk.contains(&0) {
            return Err(FileError::Binary);
        }
        let limit = self.limits.max_line;
        let is_end = |b: &u8| matches!(b, b'\n' | b'\r');
        let first = chunk.iter().position(is_end).unwrap_or(chunk.len());
        if self.line_length + first as u64 > limit {
            return Err(FileError::LineTooLong { limit });
        }
        self.line_length = match chunk.iter().rposition(is_end) {
            Some(last) => (chunk.len() - last - 1) as u64,
            None => self.line_length + chunk.len() as u64,
        };
        let delivered = self.progress.delivered.load(Ordering::Relaxed);
        // A quotation mark never closed makes one record of all the lines below it.
        let record = delivered.saturating_sub(self.progress.record_start.load(Ordering::Relaxed));
        if record > limit.saturating_add(READ_AHEAD) {
            return Err(FileError::LineTooLong { limit });
        }
        if delivered > self.limits.max_uncompressed {
            return Err(FileError::TooLarge {
                limit: self.limits.max_uncompressed,
            });
        }
        Ok(())
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        if n == 0 && !buf.is_empty() {
            self.progress.at_end.store(true, Ordering::Relaxed);
            return Ok(0);
        }
        self.check(&buf[..n]).map_err(FileError::into_io)?;
        self.progress
            .delivered
            .fetch_add(n as u64, Ordering::Relaxed);
        let newline = buf[..n].last().is_some_and(|b| matches!(b, b'\n' | b'\r'));
        self.progress
            .ends_with_newline
            .store(newline, Ordering::Relaxed);
        let quotes = count(&buf[..n], b'"');
        self.progress
            .odd_quotes
            .fetch_xor(quotes % 2 == 1, Ordering::Relaxed);
        Ok(n)
    }
}
