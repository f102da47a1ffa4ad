//! Legal notices of the BODACC (DILA), as its search service gives them: JSON of version 2.1 or 1,
//! one object per line, or the CSV export.
//!
//! Of natural persons only the SIREN is kept, and the fact that they are natural persons: no name,
//! no address, no free text. Sanctions against persons are not kept at all.

pub mod nature;
mod parts;
mod reader;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use reader::{NoticeReader, REQUIRED};

use crate::domain::Siren;
use crate::domain::insolvency::{Announced, Category, Judgment, Notice, NoticeKind};

/// What a notice is about (`familleavis`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Procédures collectives.
    Collective,
    /// Procédures de conciliation.
    Conciliation,
    /// Rétablissement professionnel.
    ProfessionalRecovery,
    /// Ventes et cessions.
    Sale,
    /// Immatriculations.
    Registration,
    /// Créations d’établissement.
    Creation,
    /// Annonces diverses.
    Miscellaneous,
    /// Modifications diverses.
    Modification,
    /// Radiations.
    Radiation,
    /// Dépôts des comptes.
    Accounts,
    /// A family that is not in the list.
    Unknown,
}

impl Family {
    /// All that are known, with their key in the files and their French name.
    pub const KNOWN: [(Self, &'static str, &'static str); 10] = [
        (Self::Collective, "collective", "Procédures collectives"),
        (
            Self::Conciliation,
            "conciliation",
            "Procédures de conciliation",
        ),
        (
            Self::ProfessionalRecovery,
            "retablissement_professionnel",
            "Procédures de rétablissement professionnel",
        ),
        (Self::Sale, "vente", "Ventes et cessions"),
        (Self::Registration, "immatriculation", "Immatriculations"),
        (Self::Creation, "creation", "Créations"),
        (Self::Miscellaneous, "divers", "Annonces diverses"),
        (Self::Modification, "modification", "Modifications diverses"),
        (Self::Radiation, "radiation", "Radiations"),
        (Self::Accounts, "dpc", "Dépôts des comptes"),
    ];

    /// French name.
    pub fn label(self) -> &'static str {
        let known = Self::KNOWN.iter().find(|(family, ..)| *family == self);
        known.map_or("Autre annonce", |(.., label)| label)
    }
}

/// One notice about one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// Letter of the edition, publication (8 digits) and number of the notice.
    pub id: String,
    /// The company; the first one when the notice is about several.
    pub siren: Siren,
    /// Other companies that the notice names in its register numbers.
    pub other_sirens: Vec<Siren>,
    /// Day of publication.
    pub published_on: NaiveDate,
    /// What it is about.
    pub family: Family,
    /// Whether it changes another notice.
    pub kind: NoticeKind,
    /// The notice that it changes.
    pub previous: Option<String>,
    /// The court or its registry, as written.
    pub court: Option<String>,
    /// Number of the département of the registry.
    pub department: Option<String>,
    /// Name of the company; never that of a natural person.
    pub trader: Option<String>,
    /// Postcode; not kept for a natural person.
    pub postcode: Option<String>,
    /// Town; not kept for a natural person.
    pub town: Option<String>,
    /// True when one of those named is a natural person; nothing when the file does not say.
    pub is_person: Option<bool>,
    /// The judgment that it announces.
    pub judgment: Option<JudgmentRow>,
    /// The deposit of accounts that it announces.
    pub deposit: Option<Deposit>,
    /// The radiation that it announces.
    pub radiation: Option<RadiationRow>,
}

/// A judgment as announced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgmentRow {
    /// Initial, rectificatif or annulation.
    pub kind: Option<NoticeKind>,
    /// Family, as written.
    pub family: Option<String>,
    /// Nature, as written.
    pub nature: Option<String>,
    /// Day of the judgment.
    pub decided_on: Option<NaiveDate>,
    /// Free text; not kept for a natural person.
    pub complement: Option<String>,
    /// What the judgment does.
    pub reading: Judgment,
}

/// A deposit of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// Day on which the accounts were closed.
    pub closed_on: Option<NaiveDate>,
    /// Type of the deposit, as written.
    pub kind: Option<String>,
    /// True when the company asked that all or part of the accounts stay confidential.
    pub confidential: bool,
}

/// A radiation from the register of commerce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RadiationRow {
    /// Day of the radiation, or of the end of the activity, when the notice gives it.
    pub on: Option<NaiveDate>,
    /// True when the company only moves to another court: it lives on.
    pub is_transfer: bool,
}

impl NoticeRow {
    /// What bears on the state of the company.
    pub fn notice(&self) -> Notice {
        let judged = self.judgment.as_ref();
        let radiated = self.radiation.as_ref();
        let announced = match (judged, radiated) {
            (Some(judgment), _) => Announced::Judgment(self.read(judgment)),
            (None, Some(radiation)) if !radiation.is_transfer => Announced::Radiation,
            _ => Announced::Other,
        };
        let decided_on = match announced {
            Announced::Judgment(_) => judged.and_then(|judgment| judgment.decided_on),
            Announced::Radiation => radiated.and_then(|radiation| radiation.on),
            Announced::Other => None,
        };
        Notice {
            published_on: self.published_on,
            id: self.id.clone(),
            kind: self.effect(),
            targets: self.previous.clone(),
            decided_on,
            announced,
        }
    }

    /// What the judgment does. Lack of assets ends a company, never a natural person, whose SIREN is
    /// kept for life and who may trade again.
    fn read(&self, judgment: &JudgmentRow) -> Judgment {
        let reading = judgment.reading;
        if reading.category == Category::Dissolution && self.is_person != Some(false) {
            return Judgment {
                category: Category::Closure,
                ..reading
            };
        }
        reading
    }

    /// Some corrections are published as plain notices: then the judgment says so, and the notice
    /// names the one before.
    fn effect(&self) -> NoticeKind {
        match (self.kind, &self.judgment, &self.previous) {
            (NoticeKind::Original, Some(judgment), Some(_)) => {
                judgment.kind.unwrap_or(NoticeKind::Original)
            }
            (kind, ..) => kind,
        }
    }
}

#[cfg(test)]
mod tests;
