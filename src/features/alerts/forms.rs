//! What people type: the filters of the queue, the acts on an alert.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::Outcome;
use crate::domain::Siren;
use crate::web::Error;
use crate::web::forms::FormErrors;

/// Path of the queue.
pub const QUEUE: &str = "/alertes";
/// Months that an alert can wait, at most.
const LONGEST_WAIT: u32 = 6;
/// Shortest motive, in characters.
const MOTIVE_MIN: usize = 10;
/// Longest motive, in characters.
const MOTIVE_MAX: usize = 2_000;

/// Codes of the states and of the levels, as they stand in the address.
pub const STATES: [(&str, &str); 4] = [
    ("nouvelles", "Nouvelles"),
    ("en-charge", "Prises en charge"),
    ("en-attente", "En attente"),
    ("classees", "Classées"),
];
/// See [`STATES`].
pub const LEVELS: [(&str, &str); 4] = [
    ("eleve", "Élevé"),
    ("critique", "Critique"),
    ("modere", "Modéré, baisse brutale"),
    ("procedure", "Procédure ou radiation"),
];
/// See [`STATES`]; others are keys of people.
pub const FOLLOWERS: [(&str, &str); 2] = [("moi", "Moi"), ("personne", "Personne")];

/// Parameters of the queue; the names are those of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct QueueForm {
    /// Code of [`STATES`]; empty for open ones.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub etat: String,
    /// Code of [`LEVELS`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub niveau: String,
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// `moi`, `personne` or the key of someone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub responsable: String,
    /// `1` on the page of an alert that nobody followed in the queue that led there: its place in the
    /// queue stays, whatever is done with it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub libre: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

/// What the queue is narrowed to.
#[derive(Debug, Clone, Copy)]
pub struct Filters<'a> {
    /// `open`, `new`, `taken`, `waiting` or `done`.
    pub state: &'a str,
    /// A level, or `procedure`.
    pub level: Option<&'a str>,
    /// SIREN.
    pub territory: Option<&'a str>,
    /// Who looks after it.
    pub assignee: Option<Uuid>,
    /// Nobody does.
    pub unassigned: bool,
}

impl QueueForm {
    /// The same, with values that mean nothing left out.
    pub fn tidied(&self) -> Self {
        let kept = |value: &str, ok: bool| if ok { value.to_owned() } else { String::new() };
        let known =
            |value: &str, codes: &[(&str, &str)]| codes.iter().any(|(code, _)| *code == value);
        Self {
            etat: kept(&self.etat, known(&self.etat, &STATES)),
            niveau: kept(&self.niveau, known(&self.niveau, &LEVELS)),
            territoire: Siren::parse(&self.territoire)
                .map(|siren| siren.to_string())
                .unwrap_or_default(),
            responsable: kept(
                &self.responsable,
                known(&self.responsable, &FOLLOWERS) || self.responsable.parse::<Uuid>().is_ok(),
            ),
            libre: kept(&self.libre, self.libre == "1"),
            page: self.page.clone(),
        }
    }

    /// The filters, from tidied values, for this person.
    pub fn filters(&self, me: Uuid) -> Filters<'_> {
        Filters {
            state: match self.etat.as_str() {
                "nouvelles" => "new",
                "en-charge" => "taken",
                "en-attente" => "waiting",
                "classees" => "done",
                _ => "open",
            },
            level: match self.niveau.as_str() {
                "eleve" => Some("high"),
                "critique" => Some("critical"),
                "modere" => Some("moderate"),
                "procedure" => Some("procedure"),
                _ => None,
            },
            territory: Some(self.territoire.as_str()).filter(|siren| !siren.is_empty()),
            assignee: match self.responsable.as_str() {
                "moi" => Some(me),
                other => other.parse().ok(),
            },
            unassigned: self.responsable == "personne",
        }
    }

    /// The parameters as a query string, without the page.
    pub fn query(&self) -> Result<String, Error> {
        serde_html_form::to_string(self).map_err(Error::internal)
    }

    /// An address with these parameters.
    pub fn href(&self, path: &str) -> Result<String, Error> {
        let query = self.query()?;
        Ok(if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        })
    }

    /// The queue with some parameters changed.
    pub fn href_with(&self, change: impl FnOnce(&mut Self)) -> Result<String, Error> {
        let mut changed = self.clone();
        changed.libre.clear();
        change(&mut changed);
        changed.href(QUEUE)
    }
}

/// The forms of an alert, as typed; each act reads its own fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActForm {
    /// Version of the alert that the page showed.
    pub version: String,
    /// `users.id` of who shall look after it.
    pub confier_a: String,
    /// Day on which it is open again.
    pub jusqu_au: String,
    /// Why it waits.
    pub motif_attente: String,
    /// Code of an [`Outcome`].
    pub issue: String,
    /// Why it ends.
    pub motif: String,
    /// The alert to handle it with.
    pub alerte: String,
    /// `oui` or `non`.
    pub utile: String,
    /// Why the explanation served or not.
    pub motif_avis: String,
}

impl ActForm {
    /// The version that the page showed; 0, which no alert has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// Until when it waits, and why.
    pub fn wait(&self, today: NaiveDate) -> Result<(NaiveDate, String), FormErrors> {
        let mut errors = FormErrors::new();
        let latest = today + Months::new(LONGEST_WAIT);
        let until = date(&self.jusqu_au).unwrap_or(NaiveDate::MIN);
        if until == NaiveDate::MIN {
            errors.add(
                "jusqu_au",
                "Indiquez une date complète, par exemple 27/03/2027.",
            );
        } else if until <= today || until > latest {
            errors.add(
                "jusqu_au",
                "Choisissez un jour à venir, dans les six prochains mois.",
            );
        }
        let motive = motive("motif_attente", &self.motif_attente, &mut errors);
        errors.or((until, motive))
    }

    /// How it ends, and why.
    pub fn close(&self) -> Result<(Outcome, String), FormErrors> {
        let mut errors = FormErrors::new();
        let outcome = Outcome::from_code(&self.issue);
        if outcome.is_none() {
            errors.add("issue", "Choisissez ce que l’alerte est devenue.");
        }
        let motive = motive("motif", &self.motif, &mut errors);
        errors.or((outcome.unwrap_or(Outcome::Ended), motive))
    }

    /// Whether the explanation served, and why.
    pub fn feedback(&self) -> Result<(bool, String), FormErrors> {
        let mut errors = FormErrors::new();
        if !["oui", "non"].contains(&self.utile.as_str()) {
            errors.add(
                "utile",
                "Choisissez «\u{a0}Utile\u{a0}» ou «\u{a0}Pas utile\u{a0}».",
            );
        }
        let motive = motive("motif_avis", &self.motif_avis, &mut errors);
        errors.or((self.utile == "oui", motive))
    }
}

/// A motive: long enough to mean something.
fn motive(field: &str, text: &str, errors: &mut FormErrors) -> String {
    let text = text.trim().replace("\r\n", "\n");
    match text.chars().count() {
        ..MOTIVE_MIN => errors.add(
            field,
            "Écrivez pourquoi, en dix caractères au moins, par exemple «\u{a0}Rendez-vous pris le 3\u{a0}mars\u{a0}».",
        ),
        MOTIVE_MIN..=MOTIVE_MAX => {}
        _ => errors.add(field, "Raccourcissez ce texte\u{a0}: 2\u{202f}000 caractères au plus."),
    }
    text
}

/// A date as browsers send it, or as people write it.
fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"))
        .ok()
        .filter(|date| (1900..2200).contains(&chrono::Datelike::year(date)))
}

/// Alerts ticked in the queue, and who shall look after them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// Key and version of each alert, see [`seen_value`].
    pub alerte: Vec<String>,
    /// `users.id`
    pub confier_a: String,
}

/// An alert as the queue shows it, in a field.
pub fn seen_value(id: Uuid, version: i32) -> String {
    format!("{id}.{version}")
}

impl BulkForm {
    /// The alerts and the person, or what is missing.
    pub fn parse(&self) -> Result<(Vec<(Uuid, i32)>, Uuid), FormErrors> {
        let mut errors = FormErrors::new();
        let seen = |value: &String| {
            let (id, version) = value.split_once('.')?;
            Some((id.parse().ok()?, version.parse().ok()?))
        };
        let alerts: Vec<(Uuid, i32)> = self.alerte.iter().filter_map(seen).take(100).collect();
        if alerts.is_empty() {
            errors.add_general("Cochez au moins une alerte à confier.");
        }
        let person = self.confier_a.parse().ok();
        if person.is_none() {
            errors.add("confier_a", "Choisissez à qui confier les alertes cochées.");
        }
        errors.or((alerts, person.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_mean_nothing_are_left_out_of_the_queue() {
        let junk = QueueForm {
            etat: "x".into(),
            niveau: "ÉLEVÉ".into(),
            territoire: "-1".into(),
            responsable: "tous".into(),
            libre: "2".into(),
            page: "3".into(),
        };
        assert_eq!(junk.tidied().query().expect("a query"), "");
        let form = QueueForm {
            etat: "classees".into(),
            responsable: "moi".into(),
            ..QueueForm::default()
        };
        let me = Uuid::from_u128(7);
        assert_eq!(form.filters(me).assignee, Some(me));
        assert_eq!(
            form.href(QUEUE).expect("an address"),
            "/alertes?etat=classees&responsable=moi"
        );
    }

    #[test]
    fn a_wait_is_to_come_and_ends_within_six_months() {
        let today: NaiveDate = "2026-11-24".parse().expect("a day");
        let wait = |until: &str| {
            ActForm {
                jusqu_au: until.into(),
                motif_attente: "Comptes attendus en mars.".into(),
                ..ActForm::default()
            }
            .wait(today)
        };
        assert!(wait("25/11/2026").is_ok());
        assert!(wait("2027-05-24").is_ok());
        for refused in ["2026-11-24", "2027-05-25", "31/02/2027", "", "99999-01-01"] {
            assert!(wait(refused).is_err(), "{refused}");
        }
    }
}
