//! How many texts a workbook says that it shares, found before the library that reads workbooks
//! reserves memory for as many.

use std::io::{self, Read};

use super::file_error::FileError;

/// The attribute from which the library reserves.
const ATTRIBUTE: &[u8] = b"uniqueCount";

/// Whether a part of a workbook is the one that bears the attribute, wherever it lies.
pub fn is_shared_texts(name: &str) -> bool {
    name.to_lowercase().ends_with("sharedstrings.xml")
}

enum Place {
    /// So many letters of the attribute were just read.
    Name(usize),
    /// Between its name and its number.
    Gap,
    /// Inside its number.
    Number(u64),
}

/// A part as it passes, of any length.
pub struct Announced<R> {
    inner: R,
    place: Place,
    largest: u64,
}

impl<R: Read> Announced<R> {
    /// A part from its beginning.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            place: Place::Name(0),
            largest: 0,
        }
    }

    /// The largest number announced in what was read.
    pub fn largest(&self) -> u64 {
        self.largest
    }

    fn look(&mut self, byte: u8) {
        self.place = match (&self.place, byte) {
            (Place::Name(read), _) if ATTRIBUTE[*read] == byte => match read + 1 {
                all if all == ATTRIBUTE.len() => Place::Gap,
                some => Place::Name(some),
            },
            (Place::Gap, b'=' | b'"' | b'\'' | b'+' | b' ' | b'\t' | b'\r' | b'\n') => Place::Gap,
            (Place::Gap, b'0'..=b'9') => Place::Number(u64::from(byte - b'0')),
            (Place::Number(number), b'0'..=b'9') => Place::Number(
                number
                    .saturating_mul(10)
                    .saturating_add(u64::from(byte - b'0')),
            ),
            _ => Place::Name(usize::from(byte == ATTRIBUTE[0])),
        };
        if let Place::Number(number) = self.place {
            self.largest = self.largest.max(number);
        }
    }
}

impl<R: Read> Read for Announced<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        for byte in &buf[..n] {
            match byte {
                // UTF-16 puts a zero beside each of the letters that matter here.
                0 => {}
                // No XML holds an escape, save in an encoding that would hide the attribute.
                0x1B => return Err(FileError::Corrupt.into_io()),
                byte => self.look(*byte),
            }
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn largest(bytes: &[u8]) -> io::Result<u64> {
        let mut part = Announced::new(bytes);
        // Byte by byte: what is looked for may lie across two reads.
        while part.read(&mut [0])? > 0 {}
        Ok(part.largest())
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in [
            "<sst count=\"9\" uniqueCount=\"0042\">",
            "<x:sst a='>' uniqueCount = '42'/>",
            "<sst uuniqueCount=\"42\"",
        ] {
            assert_eq!(largest(text.as_bytes()).unwrap(), 42, "{text}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(largest(&wide).unwrap(), 42, "{text} in UTF-16");
        }
        let endless = format!("uniqueCount=\"{}\"", "9".repeat(40));
        assert_eq!(largest(endless.as_bytes()).unwrap(), u64::MAX);
        assert_eq!(largest(b"<sst count=\"7\"><si><t>42</t></si>").unwrap(), 0);
        assert!(largest(b"unique\x1b(BCount=\"42\"").is_err());
    }
}
