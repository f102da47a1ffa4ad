//! Slides, as an `OpenDocument` presentation (ODF 1.3): the same words give the same bytes.

mod drawing;

use std::io::{self, Cursor, Write};

use chrono::NaiveDate;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What the browser is told.
pub const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.presentation";

/// The slides, and what is said of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deck {
    /// Title of the document.
    pub title: String,
    /// Who exports it.
    pub author: String,
    /// Day of the export.
    pub day: NaiveDate,
    /// What is said at the foot of each slide but the first.
    pub foot: String,
    /// The slides.
    pub slides: Vec<Slide>,
}

/// A slide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slide {
    /// Its title.
    pub title: String,
    /// What it shows.
    pub body: Body,
}

/// What a slide shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The first slide: lines under the title.
    Cover(Vec<String>),
    /// Figures side by side.
    Figures(Vec<Figure>),
    /// Tables side by side, and what is said under them.
    Tables(Vec<Table>, Vec<String>),
    /// Terms and their meaning in columns, and what is said under them.
    Terms(Vec<Vec<(String, String)>>, String),
}

/// A figure told large.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it counts.
    pub name: String,
    /// The number.
    pub number: String,
    /// What follows it, smaller.
    pub of: String,
    /// Lines under it.
    pub lines: Vec<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Titles and widths.
    pub columns: Vec<SlideColumn>,
    /// Rows, as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlideColumn {
    /// Title.
    pub title: &'static str,
    /// Width in millimetres.
    pub width: u32,
    /// Whether it holds numbers, which stand to the right.
    pub is_number: bool,
}

/// Writes the slides.
pub fn presentation(mut out: impl Write, deck: &Deck) -> io::Result<()> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().last_modified_time(DateTime::DEFAULT);
    let (stored, packed) = (
        plain.compression_method(CompressionMethod::Stored),
        plain.compression_method(CompressionMethod::Deflated),
    );
    let content = drawing::content(deck);
    let meta = meta(deck);
    // Programs know the file by its first entry, which must not be packed.
    for (name, text, how) in [
        ("mimetype", MEDIA_TYPE, stored),
        (
            "META-INF/manifest.xml",
            include_str!("slides/manifest.xml"),
            packed,
        ),
        ("content.xml", &content, packed),
        ("styles.xml", include_str!("slides/styles.xml"), packed),
        ("meta.xml", &meta, packed),
    ] {
        zip.start_file(name, how).map_err(io::Error::other)?;
        zip.write_all(text.as_bytes())?;
    }
    let whole = zip.finish().map_err(io::Error::other)?;
    out.write_all(whole.get_ref())?;
    out.flush()
}

fn meta(deck: &Deck) -> String {
    let (title, author, day) = (escaped(&deck.title), escaped(&deck.author), deck.day);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-meta \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" office:version=\"1.3\"><office:meta>\
         <meta:generator>Vigie</meta:generator><dc:title>{title}</dc:title>\
         <meta:initial-creator>{author}</meta:initial-creator><dc:creator>{author}</dc:creator>\
         <meta:creation-date>{day}T00:00:00</meta:creation-date><dc:date>{day}T00:00:00</dc:date>\
         <dc:language>fr-FR</dc:language></office:meta></office:document-meta>\n"
    )
}

/// Text as XML takes it: marks escaped, blanks as spaces, other control characters dropped.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests;
