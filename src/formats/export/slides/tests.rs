use std::io::Read as _;

use super::*;

fn deck(words: &str) -> Deck {
    let table = Table {
        columns: vec![SlideColumn {
            title: "Dossier",
            width: 244,
            is_number: false,
        }],
        rows: vec![vec![words.to_owned()]],
    };
    Deck {
        title: words.to_owned(),
        author: words.to_owned(),
        day: "2026-11-24".parse().unwrap(),
        foot: words.to_owned(),
        slides: vec![
            Slide {
                title: words.to_owned(),
                body: Body::Cover(vec![words.to_owned()]),
            },
            Slide {
                title: words.to_owned(),
                body: Body::Tables(vec![table], vec![words.to_owned()]),
            },
        ],
    }
}

fn bytes(deck: &Deck) -> Vec<u8> {
    let mut out = Vec::new();
    presentation(&mut out, deck).unwrap();
    out
}

#[test]
fn the_type_is_the_first_entry_and_is_not_packed() {
    let file = bytes(&deck("Mot"));
    // Thirty bytes of header without any extra field, then the name and what it says.
    assert_eq!(&file[30..38], b"mimetype");
    assert_eq!(&file[38..38 + MEDIA_TYPE.len()], MEDIA_TYPE.as_bytes());
}

#[test]
fn the_same_slides_give_the_same_bytes() {
    assert_eq!(bytes(&deck("Mot")), bytes(&deck("Mot")));
    assert_ne!(bytes(&deck("Mot")), bytes(&deck("Autre")));
}

#[test]
fn marks_are_escaped_and_control_characters_dropped() {
    let file = bytes(&deck("A <b> & \"c\"\u{0}\u{7}\u{1b}\nfin"));
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    for (name, times) in [("content.xml", 6), ("meta.xml", 3)] {
        let mut text = String::new();
        zip.by_name(name)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let safe = "A &lt;b&gt; &amp; &quot;c&quot; fin";
        assert_eq!(text.matches(safe).count(), times, "{text}");
        assert!(!text.contains(['\u{0}', '\u{7}', '\u{1b}']), "{text}");
    }
}
