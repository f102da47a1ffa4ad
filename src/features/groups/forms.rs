//! The forms of a group: joining one, leaving it.

use serde::Deserialize;
use uuid::Uuid;

use crate::domain::text::one_line;
use crate::web::forms::FormErrors;

/// Bounds of the name, as the table states them.
const NAME: std::ops::RangeInclusive<usize> = 2..=120;
/// Bounds of the source.
const SOURCE: std::ops::RangeInclusive<usize> = 3..=300;
/// Bounds of the motive.
const MOTIVE: std::ops::RangeInclusive<usize> = 10..=2_000;

/// A company joins a group, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct JoinForm {
    /// Id of a group that is known; empty for a new one.
    pub groupe: String,
    /// Name of a new group.
    pub nom: String,
    /// « oui »: the company files the group's consolidated accounts.
    pub tete: String,
    /// Who or what says so.
    pub source: String,
}

/// Which group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// One that is known.
    Known(Uuid),
    /// A new one, by its name.
    New(String),
}

/// A company joins a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// Which group.
    pub group: Chosen,
    /// Whether the company heads it.
    pub is_head: bool,
    /// Who or what says so.
    pub source: String,
}

impl JoinForm {
    /// What to write, or what to mend.
    pub fn parse(&self) -> Result<Join, FormErrors> {
        let mut errors = FormErrors::new();
        let name = one_line(&self.nom);
        let known = self.groupe.parse::<Uuid>().ok();
        if known.is_some() && !name.is_empty() {
            errors.add(
                "nom",
                "Choisissez un groupe connu ou donnez le nom d’un nouveau, pas les deux.",
            );
        } else if known.is_none() && !NAME.contains(&name.chars().count()) {
            errors.add(
                "nom",
                "Choisissez un groupe connu, ou écrivez le nom du nouveau en 2 à 120\u{a0}caractères.",
            );
        }
        let source = one_line(&self.source);
        if !SOURCE.contains(&source.chars().count()) {
            errors.add(
                "source",
                "Dites d’où vient cette information, par exemple «\u{a0}Comptes consolidés 2024\u{a0}» \
                 (3 à 300\u{a0}caractères).",
            );
        }
        errors.or(Join {
            group: known.map_or(Chosen::New(name), Chosen::Known),
            is_head: !self.tete.is_empty(),
            source,
        })
    }
}

/// A company leaves its group, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LeaveForm {
    /// Why.
    pub motif: String,
    /// The membership that the person saw.
    pub appartenance: String,
}

impl LeaveForm {
    /// The motive, or what to mend.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = self.motif.trim().replace("\r\n", "\n");
        if !MOTIVE.contains(&motive.chars().count()) {
            errors.add(
                "motif",
                "Écrivez le motif, en 10 à 2\u{202f}000\u{a0}caractères.",
            );
        }
        errors.or(motive)
    }
}
