//! The objects of a JSON file, one by one, without holding the file.
//!
//! Four shapes: `{"results": [{…}]}` (or `records`, or `bilansSaisis`), `[{…}]`, one object, one
//! object per line; pages of results, and arrays, may follow one another.

use std::io::{BufReader, Read};

use super::file_error::FileError;
use super::input::Bytes;

/// Largest object, in bytes: a company with thousands of establishments stays well below.
const MAX_OBJECT: usize = 16 << 20;

/// Keys under which an outermost object wraps its list: what search services answer today, what
/// they answered before, and the annual accounts of Inpi.
const LISTS: [&[u8]; 3] = [b"\"results\"", b"\"records\"", b"\"bilansSaisis\""];

/// Iterates over objects as bytes, unparsed.
pub struct JsonObjects {
    bytes: std::io::Bytes<BufReader<Bytes>>,
    within_list: bool,
    depth_outside: u32,
    count: u64,
}

impl JsonObjects {
    /// Takes a stream of UTF-8.
    pub fn new(reader: Bytes) -> Self {
        let bytes = BufReader::with_capacity(256 << 10, reader).bytes();
        Self {
            bytes,
            within_list: false,
            depth_outside: 0,
            count: 0,
        }
    }

    /// Objects yielded so far: the rank, from 1, of the last one.
    pub fn rank(&self) -> u64 {
        self.count
    }

    fn next_byte(&mut self) -> Result<Option<u8>, FileError> {
        self.bytes.next().transpose().map_err(FileError::from_io)
    }

    fn next_object(&mut self) -> Result<Option<Vec<u8>>, FileError> {
        while let Some(byte) = self.next_byte()? {
            let wrapped = self.depth_outside > 0 && !self.within_list;
            match byte {
                // Past the list, in the object that wrapped it: nothing there is wanted.
                b'"' if wrapped => self.skip_string()?,
                b'{' | b'[' if wrapped => self.depth_outside += 1,
                b'}' | b']' if wrapped => self.depth_outside -= 1,
                _ if wrapped => {}
                b'[' if !self.within_list => self.within_list = true,
                b']' if self.within_list => self.within_list = false,
                b'{' => {
                    if let Some(object) = self.object()? {
                        self.count += 1;
                        return Ok(Some(object));
                    }
                }
                b',' | b' ' | b'\n' | b'\r' | b'\t' => {}
                _ => {
                    return Err(FileError::Json {
                        item: self.count + 1,
                    });
                }
            }
        }
        let open = self.within_list || self.depth_outside > 0;
        if open {
            Err(FileError::Truncated)
        } else {
            Ok(None)
        }
    }

    fn skip_string(&mut self) -> Result<(), FileError> {
        let mut escaped = false;
        while let Some(byte) = self.next_byte()? {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Ok(()),
                _ => {}
            }
        }
        Err(FileError::Truncated)
    }

    /// The rest of an object whose brace was just read; `None` when it wraps a list of results,
    /// which is entered instead.
    fn object(&mut self) -> Result<Option<Vec<u8>>, FileError> {
        let outermost = !self.within_list && self.depth_outside == 0;
        let mut object = vec![b'{'];
        let (mut depth, mut quoted, mut escaped) = (1_u32, false, false);
        while let Some(byte) = self.next_byte()? {
            object.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                _ if quoted => {}
                b'[' if outermost && depth == 1 && opens_list(&object) => {
                    self.within_list = true;
                    self.depth_outside = 1;
                    return Ok(None);
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(Some(object));
            }
            if object.len() > MAX_OBJECT {
                return Err(FileError::LineTooLong {
                    limit: MAX_OBJECT as u64,
                });
            }
        }
        Err(FileError::Truncated)
    }
}

/// True when the text so far ends with `"results": [` or the like.
fn opens_list(object: &[u8]) -> bool {
    let before = object[..object.len() - 1].trim_ascii_end();
    let key = before.strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    key.is_some_and(|key| LISTS.iter().any(|list| key.ends_with(list)))
}

impl Iterator for JsonObjects {
    type Item = Result<Vec<u8>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_object().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(text: &'static str) -> Result<Vec<String>, FileError> {
        let all = JsonObjects::new(Box::new(text.as_bytes()));
        all.map(|o| o.map(|bytes| String::from_utf8(bytes).unwrap()))
            .collect()
    }

    #[test]
    fn every_shape_yields_the_same_objects() {
        for text in [
            r#"[{"a":"}{"},{"b":[{"c":1}]}]"#,
            r#"{"total": 2, "note": "]", "results" : [ {"a":"}{"}, {"b":[{"c":1}]} ], "page": {"n": 1}}"#,
            "{\"a\":\"}{\"}\n{\"b\":[{\"c\":1}]}\n",
            "{\"results\":[{\"a\":\"}{\"}]}\n{\"results\":[{\"b\":[{\"c\":1}]}],\"p\":1}",
            r#"{"nhits":2,"parameters":{"q":"["},"records":[{"a":"}{"},{"b":[{"c":1}]}]}"#,
            r#"{"bilansSaisis":[{"a":"}{"},{"b":[{"c":1}]}]}"#,
            "[{\"a\":\"}{\"}]\n[{\"b\":[{\"c\":1}]}]\n",
        ] {
            assert_eq!(
                objects(text).unwrap(),
                [r#"{"a":"}{"}"#, r#"{"b":[{"c":1}]}"#],
                "{text}"
            );
        }
        assert!(objects(r#"{"results":[]}"#).unwrap().is_empty());
    }

    #[test]
    fn a_cut_file_is_said_to_be_cut() {
        for text in [
            r#"[{"a":1},{"b""#,
            r#"[{"a":1},"#,
            r#"{"results":[{"a":1}]"#,
        ] {
            assert_eq!(objects(text), Err(FileError::Truncated), "{text}");
        }
        assert_eq!(objects(r#"[{"a":1}, 5]"#), Err(FileError::Json { item: 2 }));
    }
}
