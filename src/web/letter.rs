//! A mail written once and rendered twice: as text, and as a plain HTML document that says the same.

use askama::Template;

use crate::platform::mail::{Attachment, Mail};

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A title.
    Title(String),
    /// Points.
    List(Vec<String>),
    /// A link: its words, its absolute address.
    Link(String, String),
}

/// A letter to one person.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// Subject. Never a company's name beside a level: subjects show on locked screens.
    pub subject: String,
    /// First and last name of the reader; empty when unknown.
    pub to_name: String,
    /// What it says.
    pub blocks: Vec<Block>,
    /// Why the reader gets it, under a line.
    pub foot: Vec<Block>,
}

#[derive(Template)]
#[template(path = "_parts/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// A letter that says nothing yet.
    pub fn new(subject: impl Into<String>, to_name: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            to_name: to_name.into(),
            ..Self::default()
        }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Paragraph(text.into()));
        self
    }

    /// Adds a title and its points, unless there are none.
    #[must_use]
    pub fn list(mut self, title: impl Into<String>, points: Vec<String>) -> Self {
        if !points.is_empty() {
            self.blocks.push(Block::Title(title.into()));
            self.blocks.push(Block::List(points));
        }
        self
    }

    /// Adds a link.
    #[must_use]
    pub fn link(mut self, words: impl Into<String>, address: impl Into<String>) -> Self {
        self.blocks.push(Block::Link(words.into(), address.into()));
        self
    }

    /// Says why the reader gets this mail, and where to change that.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>, words: &str, address: String) -> Self {
        self.foot.push(Block::Paragraph(why.into()));
        self.foot.push(Block::Link(words.to_owned(), address));
        self
    }

    /// The words that greet.
    pub fn greeting(&self) -> String {
        let name = self.to_name.trim();
        if name.is_empty() {
            "Bonjour,".to_owned()
        } else {
            format!("Bonjour {name},")
        }
    }

    /// The letter as text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.greeting());
        for block in &self.blocks {
            write(&mut text, block);
        }
        if !self.foot.is_empty() {
            // The mark that mail software knows for what is not the message.
            text.push_str("\n-- \n");
            for (index, block) in self.foot.iter().enumerate() {
                if index > 0 {
                    write(&mut text, block);
                } else if let Block::Paragraph(words) = block {
                    text.push_str(words);
                    text.push('\n');
                }
            }
        }
        text
    }

    /// The letter as an HTML document.
    pub fn html(&self) -> Result<String, askama::Error> {
        Html { letter: self }.render()
    }

    /// The mail to this address.
    pub fn to(&self, address: &str) -> Result<Mail, askama::Error> {
        Ok(Mail {
            to: address.to_owned(),
            to_name: self.to_name.clone(),
            subject: self.subject.clone(),
            text: self.text(),
            html: self.html()?,
            ..Mail::default()
        })
    }
}

fn write(text: &mut String, block: &Block) {
    let words = match block {
        Block::Paragraph(words) | Block::Title(words) => format!("\n{words}\n"),
        Block::List(points) => points
            .iter()
            .flat_map(|point| ["- ", point, "\n"])
            .collect(),
        Block::Link(words, address) => format!("\n{words}\u{a0}:\n{address}\n"),
    };
    text.push_str(&words);
}

/// A mail as it will leave, for the page that asks before sending. Shown by `courriel::apercu` of
/// `_macros/courriel.html`.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Recipients, name and address.
    pub recipients: Vec<(String, String)>,
    /// Subject.
    pub subject: String,
    /// Text; none when it is not for the reader of the page.
    pub text: Option<String>,
    /// Names of the files.
    pub files: Vec<String>,
}

impl Preview {
    /// One letter to several people: the name in the greeting is that of the first.
    pub fn of(letter: &Letter, recipients: Vec<(String, String)>, files: &[Attachment]) -> Self {
        Self {
            recipients,
            subject: letter.subject.clone(),
            text: Some(letter.text()),
            files: files.iter().map(|file| file.file_name.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter::new("Vigie\u{a0}: essai", "Claire Martin")
            .say("Deux alertes vous attendent & <une> autre.")
            .list("Vos alertes", vec!["Première".into(), "Seconde".into()])
            .list("Rien", Vec::new())
            .link(
                "Ouvrir la file",
                "https://vigie.tarn.fr/alertes?etat=a&page=2",
            )
            .because(
                "Vous recevez ce courriel parce que vous suivez ces alertes.",
                "Changer ce choix",
                "https://vigie.tarn.fr/compte/courriels".into(),
            )
    }

    #[test]
    fn the_text_reads_alone() {
        assert_eq!(
            letter().text(),
            "Bonjour Claire Martin,\n\nDeux alertes vous attendent & <une> autre.\n\nVos alertes\n\
             - Première\n- Seconde\n\nOuvrir la file\u{a0}:\nhttps://vigie.tarn.fr/alertes?etat=a&page=2\n\
             \n-- \nVous recevez ce courriel parce que vous suivez ces alertes.\n\nChanger ce choix\u{a0}:\n\
             https://vigie.tarn.fr/compte/courriels\n"
        );
    }

    #[test]
    fn the_html_says_the_same_and_escapes() {
        let html = letter().html().expect("a document");
        assert!(html.starts_with("<!DOCTYPE html>"));
        for expected in [
            "lang=\"fr\"",
            "<title>Vigie\u{a0}: essai</title>",
            "Première</li>",
            "&#60;une&#62;",
            "Changer ce choix</a>",
        ] {
            assert!(html.contains(expected), "{expected} in\n{html}");
        }
        assert!(!html.contains("<script") && !html.contains("<img"));
        assert!(!html.contains("Rien"));
    }
}
