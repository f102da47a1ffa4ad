//! The form of a meeting at the highest level, as typed.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::Paris;
use serde::Deserialize;

use super::forms::{day, refuse_name};
use super::queries::TypedPerson;
use super::queries::top::NewPlanned;
use crate::domain::text::one_line;
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::{Choice, FormErrors};

/// Functions of who represents the council: code, words.
const FUNCTIONS: [(&str, &str); 4] = [
    ("president", "Présidence"),
    ("vice_president", "Vice-présidence"),
    ("director", "Direction générale"),
    ("other", "Autre"),
];

/// The choices of [`FUNCTIONS`].
pub fn functions() -> Vec<Choice> {
    FUNCTIONS
        .map(|(code, label)| Choice::new(code, label))
        .into()
}

/// A meeting to come, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    /// `contacts.id` of the head of the company.
    pub contact: String,
    /// Else their name.
    pub dirigeant: String,
    /// And function.
    pub dirigeant_fonction: String,
    /// Who represents the council.
    pub representant: String,
    /// Code of [`FUNCTIONS`].
    pub fonction: String,
    /// Day.
    pub date: String,
    /// Hour in France.
    pub heure: String,
    /// Where.
    pub lieu: String,
    /// « oui » when partners may read it.
    pub partage: String,
}

impl PlanForm {
    /// The meeting, or what is wrong with it.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<NewPlanned, FormErrors> {
        let mut errors = FormErrors::new();
        let contact = self.contact.parse().ok();
        let head = one_line(&self.dirigeant);
        if contact.is_none() && head.is_empty() {
            errors.add(
                "dirigeant",
                "Indiquez qui dirige l’entreprise, par exemple «\u{a0}Claire Martin\u{a0}».",
            );
        }
        refuse_name(&mut errors, "dirigeant", &head);
        let head_role = one_line(&self.dirigeant_fonction);
        refuse_name(&mut errors, "dirigeant_fonction", &head_role);
        let name = one_line(&self.representant);
        if name.is_empty() {
            errors.add(
                "representant",
                "Indiquez qui représente le Département, par exemple «\u{a0}Paul Roux\u{a0}».",
            );
        }
        refuse_name(&mut errors, "representant", &name);
        let function = FUNCTIONS.iter().find(|(code, _)| *code == self.fonction);
        if function.is_none() {
            errors.add("fonction", "Choisissez sa fonction.");
        }
        let place = one_line(&self.lieu);
        if place.is_empty() {
            errors.add(
                "lieu",
                "Indiquez où, par exemple «\u{a0}dans l’entreprise\u{a0}» ou «\u{a0}Hôtel du Département\u{a0}».",
            );
        }
        refuse_long(&mut errors, "lieu", &place, 200);
        let (at, on) = self.instant(&mut errors, now).unwrap_or_default();
        errors.or(NewPlanned {
            contact,
            head: (contact.is_none()).then_some(TypedPerson {
                name: head,
                role: head_role,
            }),
            representative: TypedPerson {
                name,
                role: function
                    .filter(|(code, _)| *code != "other")
                    .map_or_else(String::new, |(_, label)| (*label).to_owned()),
            },
            at,
            on,
            place,
            is_shared: !self.partage.is_empty(),
        })
    }

    fn instant(
        &self,
        errors: &mut FormErrors,
        now: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, NaiveDate)> {
        let on = day(&self.date);
        if on.is_none() {
            errors.add("date", "Indiquez la date, par exemple 27/03/2027.");
        }
        let hour = hour(&self.heure);
        if hour.is_none() {
            errors.add("heure", "Indiquez l’heure, par exemple 14:30.");
        }
        let (on, hour) = (on?, hour?);
        // The hour that comes twice in October is the first one; the one that March skips is none.
        let Some(at) = Paris.from_local_datetime(&on.and_time(hour)).earliest() else {
            errors.add(
                "heure",
                "Cette heure n’existe pas ce jour-là\u{a0}: l’heure d’été commence cette nuit. Choisissez-en une autre.",
            );
            return None;
        };
        let at = at.with_timezone(&Utc);
        if at <= now {
            errors.add(
                "date",
                "Cette date est passée\u{a0}: pour une rencontre qui a eu lieu, notez-la depuis l’entreprise.",
            );
            return None;
        }
        Some((at, on))
    }
}

/// « 14:30 », « 14h30 », « 14 h ».
fn hour(text: &str) -> Option<NaiveTime> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (hours, minutes) = text.split_once([':', 'h', 'H'])?;
    let minutes = if minutes.is_empty() { "0" } else { minutes };
    let minutes = minutes.split(':').next()?;
    NaiveTime::from_hms_opt(hours.parse().ok()?, minutes.parse().ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(date: &str, heure: &str) -> Result<NewPlanned, FormErrors> {
        PlanForm {
            dirigeant: "Claire Martin".into(),
            representant: "Paul\r\nRoux".into(),
            fonction: "president".into(),
            lieu: "Albi".into(),
            date: date.into(),
            heure: heure.into(),
            ..PlanForm::default()
        }
        .parse(DateTime::UNIX_EPOCH)
    }

    #[test]
    fn an_hour_is_that_of_paris_even_on_the_nights_when_clocks_move() {
        let at = |date, heure| parse(date, heure).expect("a meeting").at.to_rfc3339();
        assert_eq!(at("2026-12-01", "14:30"), "2026-12-01T13:30:00+00:00");
        assert_eq!(at("01/07/2026", "9h"), "2026-07-01T07:00:00+00:00");
        assert_eq!(at("2026-10-25", "02:30"), "2026-10-25T00:30:00+00:00");
        let errors = parse("2027-03-28", "02:30").expect_err("no such hour");
        assert!(errors.get("heure").expect("why").contains("n’existe pas"));
        for bad in ["25:00", "midi", "", "14"] {
            assert!(parse("2026-12-01", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        let meeting = parse("2026-12-01", "14:30").expect("a meeting");
        assert_eq!(meeting.representative.name, "Paul Roux");
    }
}
