//! What people and files write on one line, and bytes in letters.

/// Whether a character is neither seen nor a space: controls, and those that join, hide or turn
/// around what is beside them.
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text on one line, without useless spaces or invisible characters.
pub fn one_line(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A long text as it is kept: without invisible characters, lines ended as here, whatever sign of a new line
/// was typed or pasted (Word writes a vertical tab). Emoji stay whole: the joiner that ties them is kept.
pub fn paragraphs(text: &str) -> String {
    let breaks = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let text = text.replace("\r\n", "\n").replace(breaks, "\n");
    let kept: String = text
        .chars()
        .filter(|c| *c == '\n' || *c == '\u{200d}' || !is_invisible(*c))
        .collect();
    kept.trim().to_owned()
}

/// A text that people wrote, cut at a word when it is longer than so many letters.
pub fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(letters).collect();
    let whole = cut.rsplit_once(char::is_whitespace);
    let kept = whole.map_or(cut.as_str(), |(before, _)| before);
    format!("{}…", kept.trim_end_matches([',', ';', '.', ' ']))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_lines_and_its_emoji_and_loses_what_hides() {
        assert_eq!(
            paragraphs(" Carnet\r\nplein 👩\u{200d}🔧\u{202e}\u{7} "),
            "Carnet\nplein 👩\u{200d}🔧"
        );
    }

    #[test]
    fn a_line_broken_by_word_stays_broken_and_no_word_is_joined_to_the_next() {
        assert_eq!(
            paragraphs("un\u{b}deux\u{85}trois\rquatre"),
            "un\ndeux\ntrois\nquatre"
        );
        assert_eq!(one_line("un\u{b}deux\u{85}trois"), "un deux trois");
    }

    #[test]
    fn a_long_text_is_cut_at_a_word_and_says_so() {
        assert_eq!(shortened("Court.", 140), "Court.");
        let long = "Énorme commande perdue, ".repeat(20);
        let cut = shortened(&long, 140);
        assert!(
            cut.ends_with("perdue…") || cut.ends_with("commande…") || cut.ends_with("Énorme…"),
            "{cut}"
        );
        assert!(cut.chars().count() <= 141);
        assert_eq!(shortened(&"x".repeat(400), 140).chars().count(), 141);
    }

    #[test]
    fn a_line_keeps_what_is_seen() {
        assert_eq!(
            one_line(" Claire\u{200b}\u{202e}\u{0}\r\n\tMartin\u{a0}d’Œuvre \u{feff}"),
            "Claire Martin d’Œuvre"
        );
        assert_eq!(one_line("\u{200d}\u{e0041}\u{7f}"), "");
    }
}
