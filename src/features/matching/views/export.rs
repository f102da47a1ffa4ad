//! The list as a file.

use std::borrow::Cow;
use std::io;

use chrono::NaiveDate;

use super::list::Rows;
use crate::features::matching::list::Shown;
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::introductions::Introduction;
use crate::formats::export::{Cell, Column, Preamble};

/// A file of the list.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Start of its name.
    pub name: &'static str,
    /// What the audit says was taken.
    pub label: &'static str,
    title: &'static str,
    columns: &'static [(&'static str, u16)],
}

const INTRODUCTIONS: File = File {
    name: "mises-en-relation",
    label: "la liste des mises en relation",
    title: "Vigie, mises en relation",
    columns: &[
        ("Qui a le besoin", 35),
        ("SIREN", 12),
        ("Territoires", 30),
        ("Dossier", 15),
        ("Thème", 25),
        ("Besoin", 45),
        ("Avec qui", 35),
        ("Offre", 45),
        ("Proposée le", 12),
        ("Par", 25),
        ("État", 18),
        ("Depuis le", 12),
        ("Suite ou raison", 45),
    ],
};

const ENTRIES: File = File {
    name: "besoins-et-offres",
    label: "la liste des besoins et des offres",
    title: "Vigie, besoins et offres",
    columns: &[
        ("Besoin ou offre", 12),
        ("Qui", 35),
        ("SIREN", 12),
        ("Nature", 25),
        ("Territoires", 30),
        ("Dossier", 15),
        ("Thème", 25),
        ("Texte", 45),
        ("Dit le", 12),
        ("Noté par", 25),
        ("Visible par", 40),
        ("Clos le", 12),
        ("Pourquoi", 45),
        ("Mises en relation", 12),
    ],
};

impl File {
    /// The file of what is shown.
    pub fn of(shown: Shown) -> Self {
        match shown {
            Shown::Introductions => INTRODUCTIONS,
            Shown::Entries(_) => ENTRIES,
        }
    }

    /// Titles and widths, in the order of the cells.
    pub fn columns(&self) -> Vec<Column> {
        let columns = self.columns.iter();
        columns
            .map(|(title, width)| Column::new(title, *width))
            .collect()
    }
}

impl Rows {
    /// Gives each row's cells.
    pub fn write(&self, mut row: impl FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Introductions(rows) => rows.iter().try_for_each(|one| row(&introduction(one))),
            Self::Entries(rows) => rows.iter().try_for_each(|one| row(&entry(one))),
        }
    }
}

fn known(text: Option<&str>) -> Cell<'_> {
    Cell::text(text.or(Some("")))
}

fn owned(text: String) -> Cell<'static> {
    Cell::Text(Cow::Owned(text))
}

fn introduction(one: &Introduction) -> Vec<Cell<'_>> {
    vec![
        known(Some(one.bearer_name())),
        known(one.need_siren.as_deref()),
        owned(one.territories.join(", ")),
        known(Some(one.dossier_words())),
        known(Some(&one.theme_label)),
        known(Some(&one.need)),
        known(Some(one.party_name())),
        known(one.offer.as_deref()),
        Cell::date(Some(one.proposed_on)),
        known(Some(&one.author)),
        known(Some(one.state_words())),
        Cell::date(Some(one.state_on)),
        known(Some(&one.outcome)),
    ]
}

fn entry(one: &Entry) -> Vec<Cell<'_>> {
    vec![
        known(Some(one.side_words())),
        known(Some(one.bearer_name())),
        known(one.siren.as_deref()),
        known(Some(one.bearer_words())),
        owned(one.place()),
        known(Some(one.dossier_words())),
        known(Some(&one.theme_label)),
        known(Some(&one.text)),
        Cell::date(Some(one.said_on)),
        known(Some(&one.author)),
        known(Some(one.readers())),
        one.closed_on.map_or_else(|| known(None), Cell::Date),
        known(Some(&one.closing_motive)),
        Cell::Integer(one.introductions),
    ]
}

/// What is said above the rows.
pub fn preamble(file: &File, filters: Vec<String>, today: NaiveDate, person: &str) -> Preamble {
    Preamble {
        title: file.title.to_owned(),
        filters,
        source: "saisies dans Vigie".to_owned(),
        exported_on: today,
        exported_by: person.to_owned(),
    }
}
