//! A page that holds everything that it needs to be printed elsewhere.

use std::fmt::Write as _;

use super::{Error, assets};

/// What a page fetches, from the first to the last line of its head (`templates/base.html`).
const FETCHED: [&str; 2] = ["<link rel=\"icon\"", "</script>\n</head>"];

/// The page with the style sheet in it, without script, and with these words at the foot of each page.
pub fn whole(page: &str, foot: &str) -> Result<String, Error> {
    let lost = || Error::internal("the head of the page has changed");
    let (before, rest) = page.split_once(FETCHED[0]).ok_or_else(lost)?;
    let (_, after) = rest.split_once(FETCHED[1]).ok_or_else(lost)?;
    let (style, foot) = (assets::style(), quoted(foot));
    Ok(format!(
        "{before}<style>{style}\n@page {{ @bottom-left {{ content: {foot}; }} }}</style>\n</head>{after}"
    ))
}

/// A string of a style sheet: every sign that could end it, or the sheet, is written by its number.
fn quoted(text: &str) -> String {
    let mut string = String::from("\"");
    for sign in text.chars() {
        if sign.is_alphanumeric() || sign == ' ' {
            string.push(sign);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(string, "\\{:x} ", u32::from(sign));
        }
    }
    string.push('"');
    string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_string() {
        assert_eq!(
            quoted("Zoé d’Oc</style>\"\\"),
            r#""Zoé d\2019 Oc\3c \2f style\3e \22 \5c ""#
        );
    }

    #[test]
    fn nothing_is_left_to_fetch() {
        let page = "<head><title>x</title>\n<link rel=\"icon\" href=\"/i\">\n<link rel=\"stylesheet\" href=\"/a.css\">\n\
                    <script src=\"/a.js\" defer></script>\n</head><body>Été</body>";
        let whole = whole(page, "Pied").expect("a page");
        assert!(
            !whole.contains("href=") && !whole.contains("<script"),
            "{whole}"
        );
        assert!(whole.contains("content: \"Pied\"") && whole.ends_with("</head><body>Été</body>"));
        assert!(super::whole("<head></head>", "").is_err());
    }
}
