//! The form of a meeting, as typed: the same notes it and changes it.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{self, Kind};
use super::queries::{Company, Meeting, NewMeeting, Step, TypedPerson};
use crate::domain::Dossier;
use crate::domain::text::{one_line, paragraphs};
use crate::features::organisations::forms::refuse_long;
use crate::formats::values;
use crate::scoring::flags::RedFlag;
use crate::web::filters::long_date;
use crate::web::forms::FormErrors;

/// Longest essential: a sentence or three.
const LONGEST_ESSENTIAL: usize = 1_000;
/// Longest other text.
pub const LONGEST_TEXT: usize = 20_000;
/// Shortest motive of a signal.
pub const SHORTEST_MOTIVE: usize = 10;
/// People typed by name, at most.
const MOST_NAMES: usize = 20;
/// Longest name.
const LONGEST_NAME: usize = 120;

/// A meeting as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LogForm {
    /// The essential.
    pub essentiel: String,
    /// Day.
    pub date: String,
    /// Code of a [`Kind`].
    pub format: String,
    /// Codes of dossiers.
    pub dossier: Vec<String>,
    /// When to come back: code of [`model::FOLLOW_UPS`].
    pub suite: String,
    /// That day, when it is chosen.
    pub suite_date: String,
    /// `contacts.id` of those who were there.
    pub contact: Vec<String>,
    /// Others, one a line.
    pub autres: String,
    /// Codes of red flags.
    pub signal: Vec<String>,
    /// Shared part.
    pub compte_rendu: String,
    /// Confidential part.
    pub confidentiel: String,
    /// « oui » when partners may read it.
    pub partage: String,
    /// Version that the form was filled from.
    pub version: String,
}

/// A day as a date field or a person writes it.
pub fn day(text: &str) -> Option<NaiveDate> {
    let oldest = NaiveDate::from_ymd_opt(1950, 1, 1)?;
    let latest = NaiveDate::from_ymd_opt(2200, 1, 1)?;
    values::date(text.trim(), false).filter(|day| (oldest..latest).contains(day))
}

impl LogForm {
    /// The form as it first shows.
    pub fn blank(today: NaiveDate) -> Self {
        Self {
            date: today.to_string(),
            format: Kind::Visit.code().to_owned(),
            suite: "rien".to_owned(),
            ..Self::default()
        }
    }

    /// The form of a known meeting, with its confidential part for those who may read it.
    pub fn of(meeting: &Meeting, confidential: Option<String>) -> Self {
        Self {
            essentiel: meeting.summary.clone(),
            date: meeting.held_on.to_string(),
            format: meeting.kind.clone(),
            dossier: meeting.dossiers.clone(),
            contact: meeting
                .people
                .iter()
                .filter_map(|person| person.contact_id.map(|id| id.to_string()))
                .collect(),
            autres: meeting.typed_people(),
            compte_rendu: meeting.shared_text.clone(),
            confidentiel: confidential.unwrap_or_default(),
            partage: if meeting.is_shared { "oui" } else { "" }.to_owned(),
            version: meeting.version.to_string(),
            ..Self::default()
        }
    }

    /// The version that the form was filled from; 0, which no row has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.parse().unwrap_or(0)
    }

    /// Whether the fold holds anything.
    pub fn has_more(&self) -> bool {
        !(self.contact.is_empty()
            && self.signal.is_empty()
            && self.autres.trim().is_empty()
            && self.compte_rendu.trim().is_empty()
            && self.confidentiel.trim().is_empty()
            && self.partage.is_empty())
    }

    /// The meeting, or what is wrong with it; `is_top_level` when it is known as one.
    pub fn parse(
        &self,
        company: &Company,
        is_top_level: bool,
        today: NaiveDate,
    ) -> Result<NewMeeting, FormErrors> {
        let mut errors = FormErrors::new();
        let summary = paragraphs(&self.essentiel);
        let flags: Vec<RedFlag> = self
            .signal
            .iter()
            .filter_map(|code| RedFlag::from_code(code))
            .collect();
        if summary.is_empty() {
            errors.add(
                "essentiel",
                "Écrivez l’essentiel en une phrase, par exemple «\u{a0}Carnet plein, cherche deux soudeurs\u{a0}».",
            );
        } else if !flags.is_empty() && summary.chars().count() < SHORTEST_MOTIVE {
            errors.add(
                "essentiel",
                "L’essentiel est aussi le motif du signal\u{a0}: écrivez-le en dix caractères au moins.",
            );
        }
        refuse_long(&mut errors, "essentiel", &summary, LONGEST_ESSENTIAL);
        let held_on = held_on(&mut errors, &self.date, company, today);
        let kind =
            Kind::from_code(&self.format).filter(|kind| (*kind == Kind::TopLevel) == is_top_level);
        if kind.is_none() {
            errors.add("format", "Choisissez comment la rencontre a eu lieu.");
        }
        let (shared_text, confidential_text) = (
            paragraphs(&self.compte_rendu),
            paragraphs(&self.confidentiel),
        );
        refuse_long(&mut errors, "compte_rendu", &shared_text, LONGEST_TEXT);
        refuse_long(
            &mut errors,
            "confidentiel",
            &confidential_text,
            LONGEST_TEXT,
        );
        let follow_up = self.follow_up(&mut errors, today);
        let people = typed_people(&mut errors, "autres", &self.autres);
        errors.or(NewMeeting {
            kind: kind.unwrap_or(Kind::Visit),
            held_on,
            summary,
            shared_text,
            confidential_text,
            is_shared: !self.partage.is_empty(),
            dossiers: known_dossiers(&self.dossier),
            contacts: self
                .contact
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect(),
            people,
            flags,
            follow_up,
        })
    }

    fn follow_up(&self, errors: &mut FormErrors, today: NaiveDate) -> Option<Step> {
        let due_on = match self.suite.as_str() {
            "7" => model::in_a_week(today),
            "mois" => model::in_a_month(today),
            "date" => due_on(errors, "suite_date", &self.suite_date, today)?,
            _ => return None,
        };
        Some(Step {
            promise: "Reprendre contact".to_owned(),
            due_on,
            is_contact: true,
            owner_id: None,
        })
    }
}

/// Refuses a name or a function that is too long.
pub fn refuse_name(errors: &mut FormErrors, field: &str, name: &str) {
    refuse_long(errors, field, name, LONGEST_NAME);
}

/// A day to come.
pub fn due_on(
    errors: &mut FormErrors,
    field: &str,
    text: &str,
    today: NaiveDate,
) -> Option<NaiveDate> {
    match day(text) {
        Some(day) if day >= today => Some(day),
        Some(_) => {
            errors.add(
                field,
                "Cette date est passée\u{a0}: indiquez une date à venir.",
            );
            None
        }
        None => {
            errors.add(
                field,
                "Indiquez la date de la suite, par exemple 27/03/2027.",
            );
            None
        }
    }
}

/// The day of a meeting that took place.
pub fn held_on(
    errors: &mut FormErrors,
    text: &str,
    company: &Company,
    today: NaiveDate,
) -> NaiveDate {
    match day(text) {
        None => errors.add(
            "date",
            "Indiquez la date de la rencontre, par exemple 27/03/2026.",
        ),
        Some(day) if day > today => errors.add(
            "date",
            "Cette date est à venir\u{a0}: une rencontre se note quand elle a eu lieu.",
        ),
        Some(day) => match company.created_on.filter(|created| day < *created) {
            Some(created) => errors.add(
                "date",
                format!(
                    "L’entreprise a été créée le {}\u{a0}: indiquez une date plus récente.",
                    long_date(created)
                ),
            ),
            None => return day,
        },
    }
    today
}

/// Codes that are dossiers, once each.
fn known_dossiers(codes: &[String]) -> Vec<String> {
    Dossier::ALL
        .iter()
        .map(|dossier| dossier.code().to_owned())
        .filter(|code| codes.contains(code))
        .collect()
}

/// « Claire Martin, directrice », one a line.
fn typed_people(errors: &mut FormErrors, field: &str, text: &str) -> Vec<TypedPerson> {
    let people: Vec<TypedPerson> = text
        .lines()
        .map(one_line)
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once(',') {
            Some((name, role)) if !name.trim().is_empty() => TypedPerson {
                name: name.trim().to_owned(),
                role: role.trim().to_owned(),
            },
            _ => TypedPerson {
                name: line,
                role: String::new(),
            },
        })
        .collect();
    let is_long = |person: &TypedPerson| {
        person.name.chars().count() > LONGEST_NAME || person.role.chars().count() > LONGEST_NAME
    };
    if people.len() > MOST_NAMES || people.iter().any(is_long) {
        errors.add(
            field,
            "Écrivez une personne par ligne, vingt au plus, par exemple «\u{a0}Claire Martin, directrice\u{a0}».",
        );
    }
    people
}

/// Parameters of a list; the names are those of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(default)]
pub struct ListForm {
    /// SIREN of a territory.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub territoire: String,
    /// `users.id` of a referent, or « moi ».
    #[serde(skip_serializing_if = "String::is_empty")]
    pub referent: String,
    /// Code of a [`Kind`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// First day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub du: String,
    /// Last day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub au: String,
    /// « oui » for those that the visitor noted.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub miennes: String,
    /// Number of the page.
    #[serde(skip_serializing)]
    pub page: String,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filters<'a> {
    /// SIREN.
    pub territory: Option<&'a str>,
    /// `users.id`
    pub referent: Option<Uuid>,
    /// Code.
    pub kind: Option<&'a str>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// Who noted them.
    pub author: Option<Uuid>,
}

impl ListForm {
    /// The same, with values that mean nothing left out.
    pub fn tidied(&self) -> Self {
        let kept = |text: &str, ok: bool| if ok { text.to_owned() } else { String::new() };
        Self {
            territoire: kept(
                &self.territoire,
                crate::domain::Siren::parse(&self.territoire).is_ok(),
            ),
            referent: kept(
                &self.referent,
                self.referent == "moi" || self.referent.parse::<Uuid>().is_ok(),
            ),
            format: kept(&self.format, Kind::from_code(&self.format).is_some()),
            du: kept(&self.du, day(&self.du).is_some()),
            au: kept(&self.au, day(&self.au).is_some()),
            miennes: kept(&self.miennes, self.miennes == "oui"),
            page: self.page.clone(),
        }
    }

    /// The filters, from tidied values, for this person.
    pub fn filters(&self, me: Uuid) -> Filters<'_> {
        Filters {
            territory: Some(self.territoire.as_str()).filter(|text| !text.is_empty()),
            referent: match self.referent.as_str() {
                "moi" => Some(me),
                other => other.parse().ok(),
            },
            kind: Kind::from_code(&self.format).map(Kind::code),
            from: day(&self.du),
            until: day(&self.au),
            author: (!self.miennes.is_empty()).then_some(me),
        }
    }

    /// The parameters as a query string, without the page.
    pub fn query(&self) -> Result<String, crate::web::Error> {
        serde_html_form::to_string(self).map_err(crate::web::Error::internal)
    }

    /// An address with these parameters changed.
    pub fn href_without(&self, path: &str, clear: impl FnOnce(&mut Self)) -> String {
        let mut changed = self.clone();
        clear(&mut changed);
        match changed.query().unwrap_or_default() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }

    /// Whether anything is asked.
    pub fn is_filtered(&self) -> bool {
        let Self {
            territoire,
            referent,
            format,
            du,
            au,
            miennes,
            page: _,
        } = self;
        [territoire, referent, format, du, au, miennes]
            .iter()
            .any(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_person_is_a_name_and_perhaps_a_function() {
        let mut errors = FormErrors::new();
        let people = typed_people(&mut errors, "autres", "Paul Roux, maire\r\n\n  Léa  \n");
        assert!(errors.is_empty());
        assert_eq!(people[0].name, "Paul Roux");
        assert_eq!(people[0].role, "maire");
        assert_eq!(people[1].name, "Léa");
        typed_people(&mut errors, "autres", &"x\n".repeat(21));
        assert_eq!(errors.len(), 1);
    }
}
