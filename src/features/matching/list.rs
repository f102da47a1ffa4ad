//! What the list is narrowed to.

use serde::{Deserialize, Serialize};

use super::model::{DOSSIERS, SIDES, STATES, known};
use super::queries::{entries, introductions};
use crate::domain::{Dossier, Siren};
use crate::web::Error;

/// What the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Introductions.
    Introductions,
    /// Needs or offers: code of the side.
    Entries(&'static str),
}

/// Whether a need or an offer is open: code and words.
pub const OPENNESS: [(&str, &str); 2] = [("ouvert", "Ouvert"), ("clos", "Clos")];

/// Parameters of the list; the names are those of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct ListForm {
    /// « besoins », « offres », else introductions.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub voir: String,
    /// Code of a dossier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dossier: String,
    /// Code of a theme.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub theme: String,
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// Code of a state, or of `OPENNESS`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etat: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

fn dossier(typed: &str) -> Option<&'static str> {
    let known: Dossier = typed.parse().ok()?;
    DOSSIERS.contains(&known).then(|| known.code())
}

impl ListForm {
    /// The same, with values that mean nothing left out.
    pub fn tidied(&self) -> Self {
        let kept = |text: &str, ok: bool| if ok { text.to_owned() } else { String::new() };
        let is_kind = matches!(self.voir.as_str(), "besoins" | "offres");
        let states: &[(&str, &str)] = if is_kind { &OPENNESS } else { &STATES };
        let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
        Self {
            voir: kept(&self.voir, is_kind),
            dossier: kept(&self.dossier, dossier(&self.dossier).is_some()),
            theme: kept(
                &self.theme,
                self.theme.len() < 40 && self.theme.chars().all(is_word),
            ),
            territoire: kept(&self.territoire, Siren::parse(&self.territoire).is_ok()),
            etat: kept(
                &self.etat,
                states.iter().any(|(code, _)| *code == self.etat),
            ),
            page: self.page.clone(),
        }
    }

    /// What it shows.
    pub fn shown(&self) -> Shown {
        match self.voir.as_str() {
            "besoins" => Shown::Entries(SIDES[0].0),
            "offres" => Shown::Entries(SIDES[1].0),
            _ => Shown::Introductions,
        }
    }

    /// The introductions asked for, from tidied values.
    pub fn introductions(&self) -> introductions::Wanted {
        introductions::Wanted {
            dossier: dossier(&self.dossier),
            theme: some(&self.theme),
            territory: some(&self.territoire),
            state: known(&STATES, &self.etat),
            ..introductions::Wanted::default()
        }
    }

    /// The needs or offers asked for, from tidied values.
    pub fn entries(&self, side: &'static str) -> entries::Wanted {
        entries::Wanted {
            side: Some(side),
            dossier: dossier(&self.dossier),
            theme: some(&self.theme),
            territory: some(&self.territoire),
            is_open: known(&OPENNESS, &self.etat).map(|code| code == OPENNESS[0].0),
            ..entries::Wanted::default()
        }
    }

    /// The parameters as a query string, without the page.
    pub fn query(&self) -> Result<String, Error> {
        serde_html_form::to_string(self).map_err(Error::internal)
    }

    /// An address with these parameters.
    pub fn href(&self, path: &str) -> String {
        match self.query().unwrap_or_default() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Whether anything narrows what is shown.
    pub fn is_filtered(&self) -> bool {
        let asked = Self {
            voir: String::new(),
            page: String::new(),
            ..self.clone()
        };
        asked != Self::default()
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_left_out() {
        let form = ListForm {
            voir: "tout".to_owned(),
            dossier: "land".to_owned(),
            theme: "<b>".to_owned(),
            territoire: "1".to_owned(),
            etat: "ouvert".to_owned(),
            page: String::new(),
        };
        assert_eq!(form.tidied(), ListForm::default());
        let needs = ListForm {
            voir: "besoins".to_owned(),
            etat: "ouvert".to_owned(),
            ..ListForm::default()
        };
        assert_eq!(needs.tidied(), needs);
        assert_eq!(needs.href("/x"), "/x?voir=besoins&etat=ouvert");
    }
}
