//! What the list of actions is narrowed to.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::forms::known;
use super::model::STATUSES;
use super::queries::actions::Wanted;
use crate::domain::{Dossier, Siren};
use crate::features::meetings::day;
use crate::web::Error;

/// Parameters of the list; the names are those of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct ListForm {
    /// Code of a dossier.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dossier: String,
    /// « moi », or `organisations.id`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pilote: String,
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// Code of a status.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etat: String,
    /// « oui » for late ones.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub retard: String,
    /// Last due day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub avant: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

impl ListForm {
    /// The same, with values that mean nothing left out.
    pub fn tidied(&self) -> Self {
        let kept = |text: &str, ok: bool| if ok { text.to_owned() } else { String::new() };
        let is_owner = self.pilote == "moi" || self.pilote.parse::<Uuid>().is_ok();
        Self {
            dossier: kept(&self.dossier, self.dossier.parse::<Dossier>().is_ok()),
            pilote: kept(&self.pilote, is_owner),
            territoire: kept(&self.territoire, Siren::parse(&self.territoire).is_ok()),
            etat: kept(&self.etat, known(&STATUSES, &self.etat).is_some()),
            retard: kept(&self.retard, self.retard == "oui"),
            avant: kept(&self.avant, day(&self.avant).is_some()),
            page: self.page.clone(),
        }
    }

    /// The actions that this person asks for, from tidied values.
    pub fn wanted(&self, me: Uuid) -> Wanted {
        Wanted {
            dossier: self.dossier.parse().ok().map(Dossier::code),
            organisation_id: self.pilote.parse().ok(),
            user_id: (self.pilote == "moi").then_some(me),
            territory: Some(self.territoire.clone()).filter(|siren| !siren.is_empty()),
            status: known(&STATUSES, &self.etat),
            is_late: !self.retard.is_empty(),
            due_before: day(&self.avant),
            ..Wanted::default()
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

    /// Whether anything is asked.
    pub fn is_filtered(&self) -> bool {
        let asked = Self {
            page: String::new(),
            ..self.clone()
        };
        asked != Self::default()
    }
}
