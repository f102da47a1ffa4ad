use super::*;
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> (String, Encoding) {
    let mut stream = Decoding::new(bytes).unwrap();
    let mut out = Vec::new();
    // A tiny buffer cuts every sequence somewhere.
    let mut buf = [0; 5];
    loop {
        match stream.read(&mut buf).unwrap() {
            0 => break,
            n => out.extend_from_slice(&buf[..n]),
        }
    }
    (String::from_utf8(out).unwrap(), stream.found().get())
}

#[test]
fn every_encoding_gives_the_same_text() {
    let text = "nom;ville\nEXEMPLE MÉCANIQUE;Lavaur – été 12 €\n";
    let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        mark.into_iter()
            .chain(text.encode_utf16().flat_map(order))
            .collect::<Vec<_>>()
    };
    let bom = [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat();
    let ansi = WINDOWS_1252.encode(text).0.into_owned();
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (bom, Encoding::Utf8Bom),
        (utf16(u16::to_le_bytes, [0xFF, 0xFE]), Encoding::Utf16Le),
        (utf16(u16::to_be_bytes, [0xFE, 0xFF]), Encoding::Utf16Be),
        (ansi, Encoding::Windows1252),
    ] {
        assert_eq!(decode(&bytes), (text.to_owned(), encoding));
    }
}

#[test]
fn the_first_accent_decides_even_very_late() {
    let mut bytes = "siren;nom\n".repeat(50_000).into_bytes();
    let lines = bytes.len();
    bytes.extend_from_slice(b"000081018;EXEMPLE M\xC9CANIQUE\n");
    let (text, encoding) = decode(&bytes);
    assert_eq!(
        (&text[lines..], encoding),
        ("000081018;EXEMPLE MÉCANIQUE\n", Encoding::Windows1252)
    );
}

#[test]
fn one_damaged_byte_leaves_a_utf8_file_in_utf8() {
    let mut stream = Decoding::new(&b"\xC3\xA9t\xC3\xA9 ab\xEEm\xC3\xA9"[..]).unwrap();
    let mut out = Vec::new();
    stream.read_to_end(&mut out).unwrap();
    assert_eq!(stream.found().get(), Encoding::Utf8);
    assert_eq!(String::from_utf8_lossy(&out), "été ab\u{fffd}mé");
}

proptest! {
    #[test]
    fn utf8_passes_unchanged(text in "[a-zé€ -]{0,80}") {
        prop_assert_eq!(decode(text.as_bytes()).0, text);
    }
}
