//! The form of a diagnosis, as typed.

use serde::Deserialize;

use super::forms::LONGEST_TEXT;
use super::queries::top::Diagnosis;
use crate::domain::text::paragraphs;
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::FormErrors;

/// Where a company's model is headed, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DiagnosisForm {
    /// Strategy.
    pub strategie: String,
    /// Technical aspect.
    pub technique: String,
    /// Its people.
    pub effectif_etat: String,
    /// What is planned for them.
    pub effectif_projet: String,
    /// Help wanted.
    pub effectif_aide: String,
    /// Rank of the version that the form was filled from.
    pub version: String,
}

impl DiagnosisForm {
    /// The form of a known version.
    pub fn of(known: &Diagnosis) -> Self {
        Self {
            strategie: known.strategy.clone(),
            technique: known.technical.clone(),
            effectif_etat: known.workforce_state.clone(),
            effectif_projet: known.workforce_project.clone(),
            effectif_aide: known.workforce_help.clone(),
            version: known.rank.to_string(),
        }
    }

    /// The rank of the version that the form was filled from.
    pub fn rank(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// A new version, or what is wrong with it.
    pub fn parse(&self, last: Option<&Self>) -> Result<Diagnosis, FormErrors> {
        let mut errors = FormErrors::new();
        let mut text = |field: &str, typed: &str| {
            let text = paragraphs(typed);
            refuse_long(&mut errors, field, &text, LONGEST_TEXT);
            text
        };
        let new = Diagnosis {
            strategy: text("strategie", &self.strategie),
            technical: text("technique", &self.technique),
            workforce_state: text("effectif_etat", &self.effectif_etat),
            workforce_project: text("effectif_projet", &self.effectif_projet),
            workforce_help: text("effectif_aide", &self.effectif_aide),
            ..Diagnosis::default()
        };
        let same = Self {
            version: self.version.clone(),
            ..Self::of(&new)
        };
        if same.is_empty() {
            errors.add("strategie", "Écrivez au moins une des cinq parties.");
        } else if last == Some(&same) {
            errors.add_general(
                "Rien n’a changé depuis la dernière version\u{a0}: il n’y a rien à enregistrer.",
            );
        }
        errors.or(new)
    }

    fn is_empty(&self) -> bool {
        self.strategie.is_empty()
            && self.technique.is_empty()
            && self.effectif_etat.is_empty()
            && self.effectif_projet.is_empty()
            && self.effectif_aide.is_empty()
    }
}
