//! Forms of needs, offers and introductions.

use chrono::NaiveDate;
use serde::Deserialize;

use super::model::{SIDES, known, says_outcome};
use super::queries::Theme;
use super::queries::entries::Entry;
use super::queries::writing::{NewEntry, Step};
use crate::domain::text::{one_line, paragraphs};
use crate::features::meetings::day;
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::FormErrors;

/// Characters of a need, an offer or a note, at most.
const LONGEST_TEXT: usize = 500;
/// Characters of a motive, at least.
const SHORTEST_MOTIVE: usize = 10;

/// A version typed in a form; 0, which no row has, when it is unreadable.
pub fn version(typed: &str) -> i32 {
    typed.parse().unwrap_or(0)
}

/// A need or an offer, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct EntryForm {
    /// `company_needs.id` of a need heard at a meeting.
    pub besoin: String,
    /// Code of a side.
    pub sens: String,
    /// Code of a theme.
    pub theme: String,
    /// What.
    pub texte: String,
    /// When it was said.
    pub dit_le: String,
    /// « oui » when partners read it.
    pub partage: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl EntryForm {
    /// The form of a known one.
    pub fn of(known: &Entry) -> Self {
        let shared = if known.is_shared { "oui" } else { "" };
        Self {
            sens: known.side.clone(),
            theme: known.theme.clone(),
            texte: known.text.clone(),
            dit_le: known.said_on.to_string(),
            partage: shared.to_owned(),
            version: known.version.to_string(),
            ..Self::default()
        }
    }

    /// What was typed, or what is wrong with it. Who is not of the council writes for everyone concerned.
    pub fn parse(
        &self,
        themes: &[Theme],
        council: bool,
        today: NaiveDate,
    ) -> Result<NewEntry, FormErrors> {
        let mut errors = FormErrors::new();
        let side = known(&SIDES, &self.sens);
        if side.is_none() {
            errors.add("sens", "Dites si c’est un besoin ou une offre.");
        }
        if !themes.iter().any(|theme| theme.code == self.theme) {
            errors.add("theme", "Choisissez un thème de la liste.");
        }
        let text = paragraphs(&self.texte);
        if text.is_empty() {
            errors.add(
                "texte",
                "Dites-le en une phrase, par exemple «\u{a0}Essayer un nouvel alliage sur de petites séries\u{a0}».",
            );
        }
        refuse_long(&mut errors, "texte", &text, LONGEST_TEXT);
        let said_on = past(&mut errors, "dit_le", &self.dit_le, None, today);
        errors.or(NewEntry {
            side: side.unwrap_or(SIDES[0].0),
            theme: self.theme.clone(),
            text,
            said_on,
            is_shared: !council || !self.partage.is_empty(),
        })
    }
}

/// A day that is past, and not before `since`.
fn past(
    errors: &mut FormErrors,
    field: &str,
    typed: &str,
    since: Option<NaiveDate>,
    today: NaiveDate,
) -> NaiveDate {
    let known = day(typed).filter(|day| *day <= today);
    if known.is_none() {
        errors.add(field, "Écrivez une date passée, par exemple 24/11/2026.");
    } else if since > known {
        errors.add(
            field,
            "Cette date vient avant la précédente\u{a0}: choisissez-en une plus tard.",
        );
    }
    known.unwrap_or(today)
}

/// Why a need or an offer is closed, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    /// The motive.
    pub motif: String,
    /// Version that the page showed.
    pub version: String,
}

impl CloseForm {
    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = one_line(&self.motif);
        if motive.chars().count() < SHORTEST_MOTIVE {
            errors.add(
                "motif",
                "Dites pourquoi en dix caractères au moins, par exemple «\u{a0}Poste pourvu\u{a0}».",
            );
        }
        refuse_long(&mut errors, "motif", &motive, LONGEST_TEXT);
        errors.or(motive)
    }
}

/// An introduction, or a step of one, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    /// `e:` and a need or an offer, `o:` and an organisation: with whom.
    pub avec: String,
    /// The day.
    pub jour: String,
    /// What is said of it.
    pub texte: String,
    /// Version that the page showed.
    pub version: String,
}

impl StepForm {
    /// The step, or what is wrong with it; an end says what came of it.
    pub fn parse(
        &self,
        mut errors: FormErrors,
        state: &'static str,
        since: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Step, FormErrors> {
        let note = paragraphs(&self.texte);
        if note.is_empty() && says_outcome(state) {
            let refusal = match state {
                "pursued" => {
                    "Dites ce qui suit, par exemple «\u{a0}Contrat d’essai signé pour un an\u{a0}»."
                }
                _ => {
                    "Dites pourquoi, par exemple «\u{a0}Délais trop longs pour l’entreprise\u{a0}»."
                }
            };
            errors.add("texte", refusal);
        }
        refuse_long(&mut errors, "texte", &note, LONGEST_TEXT);
        let on = past(&mut errors, "jour", &self.jour, since, today);
        errors.or(Step { state, on, note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).expect("a day")
    }

    #[test]
    fn an_end_says_what_came_of_it_and_no_step_comes_before_the_last() {
        let form = StepForm {
            jour: "2026-11-10".to_owned(),
            ..StepForm::default()
        };
        let parse = |state, since| form.parse(FormErrors::new(), state, Some(since), day(24));
        assert!(parse("met", day(10)).is_ok());
        assert!(parse("met", day(11)).is_err_and(|e| e.get("jour").is_some()));
        assert!(parse("dropped", day(1)).is_err_and(|e| e.get("texte").is_some()));
        assert!(
            form.parse(FormErrors::new(), "met", None, day(9))
                .is_err_and(|e| e.get("jour").is_some())
        );
    }

    #[test]
    fn what_an_adviser_writes_is_always_shared() {
        let themes = [Theme {
            code: "skills".to_owned(),
            dossier: "training".to_owned(),
            label: "Compétences".to_owned(),
        }];
        let form = EntryForm {
            sens: "need".to_owned(),
            theme: "skills".to_owned(),
            texte: "Former deux soudeurs".to_owned(),
            dit_le: "10/11/2026".to_owned(),
            ..EntryForm::default()
        };
        let shared = |council| {
            form.parse(&themes, council, day(24))
                .map(|new| new.is_shared)
        };
        assert_eq!(
            (shared(true).ok(), shared(false).ok()),
            (Some(false), Some(true))
        );
    }
}
