//! The form of a meeting at the highest level, as typed.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::Paris;
use serde::Deserialize;

use super::forms::{day, refuse_name};
use super::invitation::USUAL;
use super::queries::top::NewPlanned;
use super::queries::{Meeting, TypedPerson};
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
    /// Hour of its end; empty for an hour later.
    pub fin: String,
    /// Where.
    pub lieu: String,
    /// « oui » when partners may read it.
    pub partage: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl PlanForm {
    /// The form of a known meeting.
    pub fn of(known: &Meeting) -> Self {
        let local =
            |at: DateTime<Utc>, shape: &str| at.with_timezone(&Paris).format(shape).to_string();
        let (head, representative) = (known.guest("company"), known.guest("council"));
        let typed = head.filter(|person| person.contact_id.is_none());
        let function = representative
            .and_then(|person| FUNCTIONS.iter().find(|(_, label)| *label == person.role));
        Self {
            contact: head
                .and_then(|person| person.contact_id)
                .map(|id| id.to_string())
                .unwrap_or_default(),
            dirigeant: typed.map(|person| person.name.clone()).unwrap_or_default(),
            dirigeant_fonction: typed.map(|person| person.role.clone()).unwrap_or_default(),
            representant: representative
                .map(|person| person.name.clone())
                .unwrap_or_default(),
            fonction: function.map_or("other", |(code, _)| code).to_owned(),
            date: known
                .planned_at
                .map(|at| local(at, "%Y-%m-%d"))
                .unwrap_or_default(),
            heure: known
                .planned_at
                .map(|at| local(at, "%H:%M"))
                .unwrap_or_default(),
            fin: known
                .ends_at
                .map(|at| local(at, "%H:%M"))
                .unwrap_or_default(),
            lieu: known.place.clone(),
            partage: if known.is_shared { "oui" } else { "" }.to_owned(),
            version: known.version.to_string(),
        }
    }

    /// The version that the form was filled from; 0, which no meeting has, when it is unreadable.
    pub fn version(&self) -> i32 {
        self.version.trim().parse().unwrap_or(0)
    }

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
        let (at, ends_at, on) = self.instants(&mut errors, now).unwrap_or_default();
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
            ends_at,
            place,
            is_shared: !self.partage.is_empty(),
        })
    }

    /// Beginning, end and day.
    fn instants(
        &self,
        errors: &mut FormErrors,
        now: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, DateTime<Utc>, NaiveDate)> {
        let on = day(&self.date);
        if on.is_none() {
            errors.add("date", "Indiquez la date, par exemple 27/03/2027.");
        }
        let begins = hour(&self.heure);
        if begins.is_none() {
            errors.add("heure", "Indiquez l’heure, par exemple 14:30.");
        }
        let typed_end = self.fin.trim();
        let ends = hour(typed_end);
        if ends.is_none() && !typed_end.is_empty() {
            errors.add(
                "fin",
                "Indiquez l’heure de fin, par exemple 16:00, ou laissez vide.",
            );
            return None;
        }
        let (on, begins) = (on?, begins?);
        let at = instant(errors, "heure", on, begins)?;
        if at <= now {
            errors.add(
                "date",
                "Cette date est passée\u{a0}: pour une rencontre qui a eu lieu, notez-la depuis l’entreprise.",
            );
            return None;
        }
        let ends_at = match ends {
            Some(hour) => instant(errors, "fin", on, hour)?,
            None => at + USUAL,
        };
        if ends_at <= at {
            errors.add(
                "fin",
                "La fin vient avant le début\u{a0}: indiquez une heure plus tardive, par exemple une heure après.",
            );
            return None;
        }
        Some((at, ends_at, on))
    }
}

/// The instant of an hour in France. The hour that comes twice in October is the first one; the one that
/// March skips is none.
fn instant(
    errors: &mut FormErrors,
    field: &str,
    on: NaiveDate,
    hour: NaiveTime,
) -> Option<DateTime<Utc>> {
    let at = Paris.from_local_datetime(&on.and_time(hour)).earliest();
    if at.is_none() {
        errors.add(
            field,
            "Cette heure n’existe pas ce jour-là\u{a0}: l’heure d’été commence cette nuit. Choisissez-en une autre.",
        );
    }
    at.map(|at| at.with_timezone(&Utc))
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
    fn an_end_comes_after_its_beginning_and_exists() {
        let ends = |date: &str, heure: &str, fin: &str| {
            PlanForm {
                dirigeant: "Claire Martin".into(),
                representant: "Paul Roux".into(),
                fonction: "president".into(),
                lieu: "Albi".into(),
                date: date.into(),
                heure: heure.into(),
                fin: fin.into(),
                ..PlanForm::default()
            }
            .parse(DateTime::UNIX_EPOCH)
            .map(|new| new.ends_at.to_rfc3339())
        };
        let known = |fin| ends("2026-12-01", "14:30", fin).expect("a meeting");
        assert_eq!(known(""), "2026-12-01T14:30:00+00:00");
        assert_eq!(known("16h"), "2026-12-01T15:00:00+00:00");
        for fin in ["14:30", "14:00", "tard"] {
            let errors = ends("2026-12-01", "14:30", fin).expect_err("refused");
            assert!(errors.get("fin").is_some(), "{fin}: {errors:?}");
        }
        let errors = ends("2027-03-28", "01:30", "02:15").expect_err("no such hour");
        assert!(errors.get("fin").expect("why").contains("n’existe pas"));
        // Half an hour of the clock that takes an hour and a half.
        assert_eq!(
            ends("2026-10-25", "02:30", "03:00").expect("a meeting"),
            "2026-10-25T02:00:00+00:00"
        );
    }

    #[test]
    fn a_name_is_one_line() {
        let meeting = parse("2026-12-01", "14:30").expect("a meeting");
        assert_eq!(meeting.representative.name, "Paul Roux");
    }
}
