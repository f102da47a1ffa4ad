//! Forms of workshops.

use chrono::{DateTime, Duration, LocalResult, Months, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::Paris;
use serde::Deserialize;
use uuid::Uuid;

use super::model::{DECISIONS, ENTRIES};
use super::queries::Workshop;
use super::queries::decisions::{Decision, NewDecision, Outcome};
use super::queries::room::{Entry, NewEntry};
use crate::domain::text::{one_line, paragraphs};
use crate::features::organisations::forms::{email, refuse_long};
use crate::web::forms::FormErrors;

const LONGEST_TITLE: usize = 120;
const LONGEST_PLACE: usize = 200;
const LONGEST_TEXT: usize = 5000;
const LONGEST_MOTIVE: usize = 500;
/// Characters of a motive, at least.
const SHORTEST_MOTIVE: usize = 10;
/// Months ahead of a date, at most.
const FARTHEST: Months = Months::new(24);

/// A workshop that passed its form.
#[derive(Debug, Clone)]
pub struct NewWorkshop {
    /// Title.
    pub title: String,
    /// When it begins.
    pub held_at: DateTime<Utc>,
    /// How long.
    pub duration_minutes: i32,
    /// Place, perhaps empty.
    pub place: String,
    /// Address of the video meeting, perhaps empty.
    pub video_url: String,
    /// SIREN of the territory.
    pub territory_siren: Option<String>,
}

/// A workshop as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WorkshopForm {
    /// Title.
    pub titre: String,
    /// SIREN; empty for the département.
    pub territoire: String,
    /// Day.
    pub jour: String,
    /// Hour in France.
    pub heure: String,
    /// Minutes.
    pub duree: String,
    /// Place.
    pub lieu: String,
    /// Address of the video meeting.
    pub visio: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl WorkshopForm {
    /// The form of a known workshop.
    pub fn of(known: &Workshop) -> Self {
        let local = known.held_at.with_timezone(&Paris);
        Self {
            titre: known.title.clone(),
            territoire: known.territory_siren.clone().unwrap_or_default(),
            jour: local.format("%Y-%m-%d").to_string(),
            heure: local.format("%H:%M").to_string(),
            duree: known.duration_minutes.to_string(),
            lieu: known.place.clone(),
            visio: known.video_url.clone(),
            version: known.version.to_string(),
        }
    }

    /// The workshop, or what is wrong with it. `is_known` says whether the territory exists; a known
    /// workshop may keep its date though it is past.
    pub fn parse(
        &self,
        now: DateTime<Utc>,
        is_known: impl Fn(&str) -> bool,
        kept: Option<DateTime<Utc>>,
    ) -> Result<NewWorkshop, FormErrors> {
        let mut errors = FormErrors::new();
        let title = one_line(&self.titre);
        if title.is_empty() {
            errors.add(
                "titre",
                "Donnez un titre, par exemple «\u{a0}Atelier de printemps\u{a0}».",
            );
        }
        refuse_long(&mut errors, "titre", &title, LONGEST_TITLE);
        let territory = self.territoire.trim();
        if !territory.is_empty() && !is_known(territory) {
            errors.add("territoire", "Choisissez un territoire de la liste.");
        }
        let held_at = self.moment(&mut errors);
        if let Some(at) = held_at.filter(|at| kept != Some(*at)) {
            let farthest = now.checked_add_months(FARTHEST).unwrap_or(now);
            if at <= now || at > farthest {
                errors.add(
                    "jour",
                    "Choisissez une date à venir, dans deux ans au plus.",
                );
            }
        }
        let duration_minutes = self.duree.trim().parse().unwrap_or(0);
        if !(15..=600).contains(&duration_minutes) {
            errors.add(
                "duree",
                "Écrivez un nombre de minutes, de 15 à 600, par exemple 120.",
            );
        }
        let (place, video_url) = (one_line(&self.lieu), one_line(&self.visio));
        if place.is_empty() && video_url.is_empty() {
            errors.add(
                "lieu",
                "Indiquez un lieu, ou l’adresse d’une visioconférence.",
            );
        }
        refuse_long(&mut errors, "lieu", &place, LONGEST_PLACE);
        refuse_long(&mut errors, "visio", &video_url, LONGEST_PLACE * 2);
        let is_address = video_url.starts_with("https://") && !video_url.contains(' ');
        if !video_url.is_empty() && !is_address {
            errors.add(
                "visio",
                "Collez l’adresse entière, qui commence par https://.",
            );
        }
        errors.or(NewWorkshop {
            title,
            held_at: held_at.unwrap_or(now),
            duration_minutes,
            place,
            video_url,
            territory_siren: (!territory.is_empty()).then(|| territory.to_owned()),
        })
    }

    fn moment(&self, errors: &mut FormErrors) -> Option<DateTime<Utc>> {
        let day = day(&self.jour);
        if day.is_none() {
            errors.add("jour", "Écrivez une date, par exemple 03/12/2026.");
        }
        let typed = self.heure.trim().replace(['h', 'H'], ":");
        let hour = NaiveTime::parse_from_str(&typed, "%H:%M").ok();
        if hour.is_none() {
            errors.add("heure", "Écrivez une heure, par exemple 14:30.");
        }
        let local = day?.and_time(hour?);
        match Paris.from_local_datetime(&local) {
            // Of the hour that comes twice, the first one.
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
            LocalResult::None => {
                errors.add(
                    "heure",
                    "Cette heure n’existe pas\u{a0}: cette nuit-là, on passe à l’heure d’été. Choisissez une heure plus tard.",
                );
                None
            }
        }
    }
}

/// A day as a browser or a person writes it.
fn day(typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    NaiveDate::parse_from_str(typed, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y"))
        .ok()
}

/// A version typed in a form; 0, which no row has, when it is unreadable.
pub fn version(typed: &str) -> i32 {
    typed.parse().unwrap_or(0)
}

fn known_code(table: &[(&str, &str)], code: &str) -> bool {
    table.iter().any(|(known, _)| *known == code)
}

/// Companies to add to an agenda.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AgendaForm {
    /// SIREN of those ticked.
    pub entreprises: Vec<String>,
    /// Another one, by its number.
    pub siren: String,
}

/// Guests to add.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct GuestsForm {
    /// Keys of those ticked.
    pub invites: Vec<String>,
}

/// The tick of a guest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PresenceForm {
    /// `oui`, `non`, or nothing to take it back.
    pub presence: String,
}

/// Why a workshop is cancelled.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CancelForm {
    /// Motive.
    pub motif: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl CancelForm {
    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = one_line(&self.motif);
        if motive.chars().count() < SHORTEST_MOTIVE {
            errors.add(
                "motif",
                "Dites pourquoi, en dix caractères au moins\u{a0}: les invités le liront.",
            );
        }
        refuse_long(&mut errors, "motif", &motive, LONGEST_MOTIVE);
        errors.or(motive)
    }
}

/// The answer to an invitation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    /// `yes`, `no` or `replaced`.
    pub reponse: String,
    /// Who comes instead.
    pub remplacant: String,
    /// Their mail address, if it was given.
    pub remplacant_adresse: String,
    /// Version that the form was filled from, when it is noted for a guest.
    pub version: String,
}

impl AnswerForm {
    /// The answer, the replacement and their address, or what is wrong.
    pub fn parse(&self) -> Result<(&'static str, String, String), FormErrors> {
        let mut errors = FormErrors::new();
        let code = ["yes", "no", "replaced"]
            .into_iter()
            .find(|code| *code == self.reponse);
        let Some(code) = code else {
            errors.add("reponse", "Choisissez une réponse.");
            return Err(errors);
        };
        let (name, address) = if code == "replaced" {
            let typed = &self.remplacant_adresse;
            let address = email(&mut errors, "remplacant_adresse", typed);
            (one_line(&self.remplacant), address)
        } else {
            Default::default()
        };
        if code == "replaced" && name.is_empty() {
            errors.add(
                "remplacant",
                "Écrivez le nom de la personne qui vient à la place.",
            );
        }
        refuse_long(&mut errors, "remplacant", &name, LONGEST_TITLE);
        errors.or((code, name, address))
    }
}

/// An entry as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EntryForm {
    /// Kind.
    pub nature: String,
    /// Who says it.
    pub organisme: String,
    /// What.
    pub texte: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl EntryForm {
    /// The form of a known entry.
    pub fn of(known: &Entry) -> Self {
        Self {
            nature: known.kind.clone(),
            organisme: known.organisation_id.to_string(),
            texte: known.text.clone(),
            version: known.version.to_string(),
        }
    }

    /// The entry, or what is wrong with it.
    pub fn parse(
        &self,
        is_council: bool,
        may_speak: impl Fn(&str) -> bool,
    ) -> Result<NewEntry, FormErrors> {
        let mut errors = FormErrors::new();
        let is_reserved = self.nature == "confidential";
        if !known_code(&ENTRIES, &self.nature) || (is_reserved && !is_council) {
            errors.add("nature", "Dites si c’est partagé, ou une position.");
        }
        let organisation = self.organisme.parse::<Uuid>().ok();
        if organisation.is_none() || !may_speak(&self.organisme) {
            errors.add("organisme", "Choisissez l’organisme qui le dit.");
        }
        let text = paragraphs(&self.texte);
        if text.is_empty() {
            errors.add("texte", "Écrivez ce qui est dit, en une phrase.");
        }
        refuse_long(&mut errors, "texte", &text, LONGEST_TEXT);
        errors.or(NewEntry {
            kind: self.nature.clone(),
            organisation_id: organisation.unwrap_or_default(),
            text,
        })
    }
}

/// A decision as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DecisionForm {
    /// Kind.
    pub decision: String,
    /// What is to be done.
    pub quoi: String,
    /// Who.
    pub qui: String,
    /// For when.
    pub echeance: String,
}

impl DecisionForm {
    /// The decision, or what is wrong with it.
    pub fn parse(
        &self,
        today: NaiveDate,
        is_owner: impl Fn(&str) -> bool,
    ) -> Result<NewDecision, FormErrors> {
        let mut errors = FormErrors::new();
        if !known_code(&DECISIONS, &self.decision) {
            errors.add("decision", "Choisissez une décision.");
        }
        let text = paragraphs(&self.quoi);
        if text.is_empty() {
            errors.add(
                "quoi",
                "Dites ce qui est à faire, ou pourquoi il n’y a rien à faire.",
            );
        }
        refuse_long(&mut errors, "quoi", &text, LONGEST_MOTIVE);
        if !is_owner(&self.qui) {
            errors.add("qui", "Choisissez qui s’en charge.");
        }
        let due_on = due(&mut errors, "echeance", &self.echeance, today);
        errors.or(NewDecision {
            kind: self.decision.clone(),
            text,
            owner: self.qui.clone(),
            due_on,
        })
    }
}

fn due(errors: &mut FormErrors, field: &str, typed: &str, today: NaiveDate) -> NaiveDate {
    let farthest = today + Duration::days(3 * 366);
    let known = day(typed).filter(|day| (today..=farthest).contains(day));
    if known.is_none() {
        errors.add(field, "Écrivez une date à venir, par exemple 31/01/2027.");
    }
    known.unwrap_or(today)
}

/// What became of a decision, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FollowForm {
    /// `fait`, `pas_encore` or `abandonne`.
    pub etat: String,
    /// For when, if not yet.
    pub nouvelle_date: String,
    /// What came of it, or why.
    pub motif: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl FollowForm {
    /// What becomes of the decision, or what is wrong.
    pub fn parse(&self, known: &Decision, today: NaiveDate) -> Result<Outcome, FormErrors> {
        let mut errors = FormErrors::new();
        let said = paragraphs(&self.motif);
        refuse_long(&mut errors, "motif", &said, LONGEST_MOTIVE);
        let mut new = Outcome {
            status: "done",
            due_on: known.due_on,
            done_on: Some(today),
            said,
        };
        match self.etat.as_str() {
            "fait" => {}
            "pas_encore" => {
                new.status = "open";
                new.done_on = None;
                new.due_on = due(&mut errors, "nouvelle_date", &self.nouvelle_date, today);
            }
            "abandonne" => {
                new.status = "dropped";
                if new.said.chars().count() < SHORTEST_MOTIVE {
                    errors.add(
                        "motif",
                        "Dites pourquoi elle est abandonnée, en dix caractères au moins.",
                    );
                }
            }
            _ => errors.add("etat", "Dites si c’est fait."),
        }
        errors.or(new)
    }
}

/// What the council adds to the minutes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MinutesForm {
    /// Before what was recorded.
    pub introduction: String,
    /// After it.
    pub remarques: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl MinutesForm {
    /// The form of a workshop.
    pub fn of(known: &Workshop) -> Self {
        Self {
            introduction: known.minutes_intro.clone(),
            remarques: known.minutes_remarks.clone(),
            version: known.version.to_string(),
        }
    }

    /// The texts, or what is wrong with them.
    pub fn parse(&self) -> Result<(String, String), FormErrors> {
        let mut errors = FormErrors::new();
        let (intro, remarks) = (paragraphs(&self.introduction), paragraphs(&self.remarques));
        refuse_long(&mut errors, "introduction", &intro, LONGEST_TEXT);
        refuse_long(&mut errors, "remarques", &remarks, LONGEST_TEXT);
        errors.or((intro, remarks))
    }
}

/// Which page of the list, of which territory.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListForm {
    /// SIREN of a territory.
    pub territoire: String,
    /// Page of those that are over.
    pub page: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(day: &str, hour: &str) -> WorkshopForm {
        WorkshopForm {
            titre: "Atelier".into(),
            jour: day.into(),
            heure: hour.into(),
            duree: "120".into(),
            lieu: "Albi".into(),
            ..WorkshopForm::default()
        }
    }

    fn held(day: &str, hour: &str) -> Result<String, FormErrors> {
        let now = "2026-11-24T09:00:00Z".parse().expect("a moment");
        form(day, hour)
            .parse(now, |_| true, None)
            .map(|new| new.held_at.format("%Y-%m-%dT%H:%MZ").to_string())
    }

    #[test]
    fn an_hour_is_that_of_france_summer_and_winter() {
        assert_eq!(
            held("2026-12-03", "14:30").as_deref(),
            Ok("2026-12-03T13:30Z")
        );
        assert_eq!(
            held("03/07/2027", "14h30").as_deref(),
            Ok("2027-07-03T12:30Z")
        );
        // The hour that comes twice, and the one that never comes.
        assert_eq!(
            held("2027-10-31", "02:30").as_deref(),
            Ok("2027-10-31T00:30Z")
        );
        let refused = held("2027-03-28", "02:30").expect_err("no such hour");
        assert!(
            refused
                .get("heure")
                .expect("a message")
                .contains("heure d’été")
        );
    }

    #[test]
    fn a_past_or_far_date_is_refused() {
        for day in ["2026-11-23", "2029-01-01", "24 novembre"] {
            assert!(held(day, "10:00").expect_err(day).get("jour").is_some());
        }
    }
}
