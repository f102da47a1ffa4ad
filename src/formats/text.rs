//! Decoding of a text whose encoding nobody announced, as a stream of UTF-8.
//!
//! A BOM decides. Without one the text is plain ASCII until its first accent, and that accent
//! decides: a valid UTF-8 sequence means UTF-8, anything else means Windows-1252 (which includes
//! what producers call Latin-1). ASCII and UTF-8 pass through untouched.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

const CHUNK: usize = 64 << 10;

/// Encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Encoding {
    /// No accent met so far: any encoding would do.
    Ascii,
    /// UTF-8 without mark.
    Utf8,
    /// UTF-8 with its mark (as Excel writes it).
    Utf8Bom,
    /// UTF-16, little end first, with its mark.
    Utf16Le,
    /// UTF-16, big end first, with its mark.
    Utf16Be,
    /// Windows-1252, also called ANSI or Latin-1.
    Windows1252,
}

impl Encoding {
    const ALL: [Self; 6] = [
        Self::Ascii,
        Self::Utf8,
        Self::Utf8Bom,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1252,
    ];

    /// Name shown to the person who deposits a file.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ascii => "texte sans accents",
            Self::Utf8 => "UTF-8",
            Self::Utf8Bom => "UTF-8 avec marque",
            Self::Utf16Le | Self::Utf16Be => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The encoding as known so far; it may be decided well after the first bytes.
#[derive(Debug, Clone)]
pub struct FoundEncoding(Arc<AtomicU8>);

impl FoundEncoding {
    /// What is known at this moment.
    pub fn get(&self) -> Encoding {
        Encoding::ALL[usize::from(self.0.load(Ordering::Relaxed))]
    }

    fn set(&self, encoding: Encoding) {
        self.0.store(encoding as u8, Ordering::Relaxed);
    }
}

enum Mode {
    Undecided,
    PassThrough,
    Transcode(Box<Transcoder>),
}

struct Transcoder {
    decoder: Decoder,
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    finished: bool,
}

/// A stream of bytes in any of the encodings of [`Encoding`], read as UTF-8.
pub struct Decoding<R> {
    inner: R,
    carry: Vec<u8>,
    mode: Mode,
    found: FoundEncoding,
}

impl<R: Read> Decoding<R> {
    /// Reads the mark, if any.
    pub fn new(mut inner: R) -> io::Result<Self> {
        let mut head = [0; 3];
        let n = fill(&mut inner, &mut head)?;
        let (encoding, mark) = match &head[..n] {
            [0xEF, 0xBB, 0xBF] => (Encoding::Utf8Bom, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            _ => (Encoding::Ascii, 0),
        };
        let found = FoundEncoding(Arc::new(AtomicU8::new(encoding as u8)));
        let mode = match encoding {
            Encoding::Utf16Le => transcode(UTF_16LE.new_decoder_without_bom_handling()),
            Encoding::Utf16Be => transcode(UTF_16BE.new_decoder_without_bom_handling()),
            Encoding::Utf8Bom => Mode::PassThrough,
            _ => Mode::Undecided,
        };
        Ok(Self {
            inner,
            carry: head[mark..n].to_vec(),
            mode,
            found,
        })
    }

    /// A handle on the encoding, which follows what the stream learns.
    pub fn found(&self) -> FoundEncoding {
        self.found.clone()
    }

    fn read_raw(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.carry.is_empty() {
            return self.inner.read(buf);
        }
        let n = self.carry.len().min(buf.len());
        buf[..n].copy_from_slice(&self.carry[..n]);
        self.carry.drain(..n);
        Ok(n)
    }

    /// Reads while the encoding is open; `None` when it has just been decided for transcoding.
    fn read_undecided(&mut self, buf: &mut [u8]) -> io::Result<Option<usize>> {
        let n = self.read_raw(buf)?;
        let Some(accent) = buf[..n].iter().position(|b| !b.is_ascii()) else {
            return Ok(Some(n));
        };
        if accent > 0 {
            // What precedes is ASCII; the accent is judged at the start of the next read.
            self.carry.splice(0..0, buf[accent..n].iter().copied());
            return Ok(Some(accent));
        }
        let mut sample = buf[..n].to_vec();
        sample.append(&mut self.carry);
        if sample.len() < CHUNK {
            let had = sample.len();
            sample.resize(CHUNK, 0);
            let more = fill(&mut self.inner, &mut sample[had..])?;
            sample.truncate(had + more);
        }
        let utf8 = is_utf8(&sample);
        self.carry = sample;
        if utf8 {
            self.found.set(Encoding::Utf8);
            self.mode = Mode::PassThrough;
            return self.read_raw(buf).map(Some);
        }
        self.found.set(Encoding::Windows1252);
        self.mode = transcode(WINDOWS_1252.new_decoder_without_bom_handling());
        Ok(None)
    }

    fn read_transcoded(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            let Mode::Transcode(state) = &mut self.mode else {
                return Ok(0);
            };
            if state.at < state.out.len() {
                let n = (state.out.len() - state.at).min(buf.len());
                buf[..n].copy_from_slice(&state.out[state.at..state.at + n]);
                state.at += n;
                return Ok(n);
            }
            if state.finished {
                return Ok(0);
            }
            let mut raw = std::mem::take(&mut state.raw);
            let n = self.read_raw(&mut raw)?;
            let Mode::Transcode(state) = &mut self.mode else {
                return Ok(0);
            };
            state.decode(&raw[..n]);
            state.raw = raw;
        }
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        match self.mode {
            Mode::PassThrough => self.read_raw(buf),
            Mode::Transcode(_) => self.read_transcoded(buf),
            Mode::Undecided => match self.read_undecided(buf)? {
                Some(n) => Ok(n),
                None => self.read_transcoded(buf),
            },
        }
    }
}

impl Transcoder {
    fn decode(&mut self, mut raw: &[u8]) {
        self.finished = raw.is_empty();
        self.out.clear();
        self.at = 0;
        loop {
            let used = self.out.len();
            self.out.resize(used + 3 * raw.len() + 16, 0);
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(raw, &mut self.out[used..], self.finished);
            self.out.truncate(used + written);
            raw = &raw[read..];
            if result == encoding_rs::CoderResult::InputEmpty {
                return;
            }
        }
    }
}

fn transcode(decoder: Decoder) -> Mode {
    Mode::Transcode(Box::new(Transcoder {
        decoder,
        raw: vec![0; CHUNK],
        out: Vec::new(),
        at: 0,
        finished: false,
    }))
}

/// One damaged character in a UTF-8 file must not turn all its accents into Windows-1252.
fn is_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    let mut chunks = sample.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        // A sequence cut by the end of the sample is no fault.
        let cut = chunks.peek().is_none()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
        bad += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    good > bad || bad == 0
}

/// Reads until `buf` is full or the stream ends.
pub(super) fn fill(reader: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut n = 0;
    while n < buf.len() {
        match reader.read(&mut buf[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(n)
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
