//! Forms of what happens to an action: its status, steps, notes and funders.

use chrono::NaiveDate;
use serde::Deserialize;

use super::forms::{LONGEST_LINE, SHORTEST_MOTIVE, WHOLE_EUROS, amount, known, required};
use super::model::{EFFECTS, euros};
use super::queries::Party;
use super::queries::parts::{NewFunder, NewNote};
use super::queries::writing::NewStatus;
use crate::domain::text::{one_line, paragraphs};
use crate::features::meetings::day;
use crate::features::organisations::forms::refuse_long;
use crate::web::forms::FormErrors;

/// A change of status: the word of its address, its code, its button, whether it asks for something.
pub const CHANGES: [(&str, &str, &str, bool); 5] = [
    ("en-cours", "ongoing", "Commencer", false),
    ("faite", "done", "Marquer comme faite", true),
    ("bloquee", "blocked", "Signaler un blocage", true),
    ("abandonnee", "dropped", "Abandonner", true),
    ("a-faire", "todo", "Remettre à faire", false),
];

/// What a new status has to say, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StatusForm {
    /// Why it is blocked or dropped.
    pub motif: String,
    /// Who can unblock it.
    pub qui: String,
    /// What came of it.
    pub resultat: String,
    /// Ended on that day.
    pub jour: String,
    /// What was spent.
    pub depense: String,
    /// Effects seen, by pillar.
    pub constate_environnement: String,
    /// On people.
    pub constate_social: String,
    /// On the economy.
    pub constate_economie: String,
    /// On the way things are decided.
    pub constate_gouvernance: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl StatusForm {
    /// The new status, or what is wrong; `since` is the first day of the action.
    pub fn parse(
        &self,
        status: &'static str,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Result<NewStatus, FormErrors> {
        let mut errors = FormErrors::new();
        let mut new = NewStatus {
            status,
            ..NewStatus::default()
        };
        match status {
            "blocked" => {
                new.reason = self.motive(&mut errors, "Dites ce qui bloque");
                new.unblocker = one_line(&self.qui);
                if new.unblocker.is_empty() {
                    errors.add(
                        "qui",
                        "Dites qui peut débloquer, par exemple «\u{a0}la mairie\u{a0}».",
                    );
                }
                refuse_long(&mut errors, "qui", &new.unblocker, LONGEST_LINE);
            }
            "dropped" => {
                new.reason = self.motive(&mut errors, "Dites pourquoi elle est abandonnée");
                new.ended_on = Some(today);
            }
            "done" => self.done(&mut errors, &mut new, since, today),
            _ => {}
        }
        errors.or(new)
    }

    fn motive(&self, errors: &mut FormErrors, what: &str) -> String {
        let motive = paragraphs(&self.motif);
        if motive.chars().count() < SHORTEST_MOTIVE {
            errors.add("motif", format!("{what}, en dix caractères au moins."));
        }
        refuse_long(errors, "motif", &motive, super::forms::LONGEST_TEXT);
        motive
    }

    fn done(
        &self,
        errors: &mut FormErrors,
        new: &mut NewStatus,
        since: NaiveDate,
        today: NaiveDate,
    ) {
        new.result = required(
            errors,
            "resultat",
            &self.resultat,
            "Dites ce qui a été obtenu, par exemple «\u{a0}Bail signé pour dix ans\u{a0}».",
        );
        new.ended_on = day(&self.jour).filter(|day| (since.min(today)..=today).contains(day));
        if new.ended_on.is_none() {
            errors.add(
                "jour",
                "Écrivez le jour où elle a été faite, entre son début et aujourd’hui.",
            );
        }
        new.spent_euros = amount(errors, "depense", &self.depense);
        new.seen = self.seen().map(|(field, typed)| {
            if typed.is_empty() {
                return None;
            }
            let code = known(&EFFECTS, typed);
            if code.is_none() {
                errors.add(field, "Choisissez un effet de la liste.");
            }
            code.map(str::to_owned)
        });
    }

    /// Effects seen: the field, what was typed.
    pub fn seen(&self) -> [(&'static str, &str); 4] {
        [
            ("constate_environnement", &self.constate_environnement),
            ("constate_social", &self.constate_social),
            ("constate_economie", &self.constate_economie),
            ("constate_gouvernance", &self.constate_gouvernance),
        ]
    }
}

/// A step as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    /// What.
    pub etape: String,
}

impl StepForm {
    /// The step, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let title = one_line(&self.etape);
        if title.is_empty() {
            errors.add(
                "etape",
                "Écrivez l’étape, par exemple «\u{a0}Visiter trois locaux\u{a0}».",
            );
        }
        refuse_long(&mut errors, "etape", &title, LONGEST_LINE);
        errors.or(title)
    }
}

/// The tick of a step.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TickForm {
    /// « oui » when it is done.
    pub faite: String,
}

/// A note as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NoteForm {
    /// What.
    pub note: String,
    /// The day that it speaks of.
    pub date: String,
    /// « oui » when partners may read it.
    pub partagee: String,
}

impl NoteForm {
    /// The note, or what is wrong with it.
    pub fn parse(&self, today: NaiveDate) -> Result<NewNote, FormErrors> {
        let mut errors = FormErrors::new();
        let text = required(&mut errors, "note", &self.note, "Écrivez la note.");
        let noted_on = day(&self.date).filter(|day| *day <= today);
        if noted_on.is_none() {
            errors.add("date", "Écrivez une date passée, par exemple 24/11/2026.");
        }
        errors.or(NewNote {
            noted_on: noted_on.unwrap_or(today),
            text,
            is_shared: !self.partagee.is_empty(),
        })
    }
}

/// Why a document is removed, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RemovalForm {
    /// The motive.
    pub motif: String,
}

impl RemovalForm {
    /// The motive, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let motive = one_line(&self.motif);
        if motive.chars().count() < SHORTEST_MOTIVE {
            errors.add("motif", "Dites pourquoi, en dix caractères au moins.");
        }
        refuse_long(&mut errors, "motif", &motive, LONGEST_LINE);
        errors.or(motive)
    }
}

/// A funder as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct FunderForm {
    /// Key of an organisation.
    pub organisme: String,
    /// Else a name.
    pub nom: String,
    /// Whole euros.
    pub montant: String,
}

impl FunderForm {
    /// Whether anything was typed: the form then shows.
    pub fn is_typed(&self) -> bool {
        [&self.organisme, &self.nom, &self.montant]
            .iter()
            .any(|typed| !typed.is_empty())
    }

    /// The funder, or what is wrong with it.
    pub fn parse(&self, parties: &[Party]) -> Result<NewFunder, FormErrors> {
        let mut errors = FormErrors::new();
        let typed_name = one_line(&self.nom);
        let party = parties.iter().find(|party| party.key == self.organisme);
        if self.organisme.is_empty() == typed_name.is_empty() {
            errors.add(
                "organisme",
                "Choisissez un organisme de la liste, ou écrivez un nom\u{a0}: l’un des deux.",
            );
        } else if party.is_none() && !self.organisme.is_empty() {
            errors.add("organisme", "Choisissez un organisme de la liste.");
        }
        refuse_long(&mut errors, "nom", &typed_name, LONGEST_LINE);
        let amount = euros(&self.montant).filter(|amount| *amount > 0);
        if amount.is_none() {
            let refusal = if euros(&self.montant) == Some(0) {
                "Écrivez ce que ce financeur apporte, au moins 1\u{a0}€."
            } else {
                WHOLE_EUROS
            };
            errors.add("montant", refusal);
        }
        errors.or(NewFunder {
            organisation_id: party.map(|party| party.organisation_id),
            typed_name,
            amount: amount.unwrap_or_default(),
        })
    }
}
