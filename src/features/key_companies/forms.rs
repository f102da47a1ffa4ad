//! The forms of this feature, as typed, and what a refusal says at which field.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::criteria::Criterion;
use super::facts::NewFact;
use super::model::{TOTAL, Weights};
use super::outcome::Outcome;
use super::places::{self, Exit, MOTIVE_MIN, Seen};
use crate::domain::Siret;
use crate::web::filters::agree;
use crate::web::forms::FormErrors;

/// Longest motive or note, in characters.
const TEXT_MAX: usize = 4_000;

/// Choose a company for a place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ChooseForm {
    /// SIRET of the establishment.
    pub siret: String,
    /// 1 to 5; empty for the first free place.
    pub place: String,
    /// Motive of the entry.
    pub motif: String,
    /// `users.id` of the referent.
    pub referent: String,
    /// Date of entry.
    pub date: String,
    /// « oui » : another site of a group that is key elsewhere.
    pub groupe: String,
}

impl ChooseForm {
    /// The choice, for this territory.
    pub fn parse(
        &self,
        territory: &str,
        mut errors: FormErrors,
    ) -> Result<places::Choice, FormErrors> {
        let siret = Siret::parse(&self.siret);
        if siret.is_err() {
            errors.add(
                "siret",
                "Choisissez une entreprise dans le vivier du territoire.",
            );
        }
        let slot = match self.place.trim() {
            "" => None,
            text => slot(text).or_else(|| {
                errors.add("place", "Choisissez une place de 1 à 5, par exemple « 3 ».");
                None
            }),
        };
        let motive = motive("motif", &self.motif, &mut errors);
        let referent_id = referent(&self.referent, &mut errors);
        let entered_on = date("date", &self.date, &mut errors);
        errors.or(places::Choice {
            territory: territory.to_owned(),
            siret: siret.map(|siret| siret.to_string()).unwrap_or_default(),
            slot,
            is_group_site: !self.groupe.is_empty(),
            referent_id,
            entered_on,
            motive,
        })
    }
}

/// Replace a key company by another.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReplaceForm {
    /// The company that leaves and its version, see [`seen_value`].
    pub sortante: String,
    /// What becomes of it: code of an [`Outcome`].
    pub issue: String,
    /// Motive of the exit.
    pub motif_sortie: String,
    /// SIRET of the company that enters.
    pub siret: String,
    /// Motive of the entry.
    pub motif: String,
    /// `users.id` of the referent.
    pub referent: String,
    /// Date of both.
    pub date: String,
    /// « oui » : another site of a group that is key elsewhere.
    pub groupe: String,
}

impl ReplaceForm {
    /// The same entry, typed in the form that chooses.
    pub fn of_choice(form: &ChooseForm) -> Self {
        let form = form.clone();
        Self {
            siret: form.siret,
            motif: form.motif,
            referent: form.referent,
            date: form.date,
            groupe: form.groupe,
            ..Self::default()
        }
    }

    /// Who leaves, how, and who enters.
    pub fn parse(
        &self,
        territory: &str,
        mut errors: FormErrors,
    ) -> Result<(Seen, Exit, places::Choice), FormErrors> {
        let seen = seen_of(&self.sortante);
        if seen.is_none() {
            errors.add(
                "sortante",
                "Choisissez l’entreprise à remplacer parmi les cinq.",
            );
        }
        let exit = ExitForm {
            date: self.date.clone(),
            issue: self.issue.clone(),
            ..ExitForm::default()
        };
        let outcome = exit.outcome(&mut errors);
        let motive = motive("motif_sortie", &self.motif_sortie, &mut errors);
        let entry = ChooseForm {
            siret: self.siret.clone(),
            motif: self.motif.clone(),
            referent: self.referent.clone(),
            date: self.date.clone(),
            groupe: self.groupe.clone(),
            place: String::new(),
        };
        let choice = entry.parse(territory, errors)?;
        let exit = Exit {
            on: choice.entered_on,
            outcome,
            motive,
        };
        Ok((
            seen.unwrap_or(Seen {
                id: Uuid::nil(),
                version: 0,
            }),
            exit,
            choice,
        ))
    }
}

/// Free a place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ExitForm {
    /// Date of exit.
    pub date: String,
    /// Code of an [`Outcome`].
    pub issue: String,
    /// Motive.
    pub motif: String,
    /// `key_companies.version` when the form was made.
    pub version: i32,
}

impl ExitForm {
    /// The exit.
    pub fn parse(&self, mut errors: FormErrors) -> Result<Exit, FormErrors> {
        let outcome = self.outcome(&mut errors);
        let motive = motive("motif", &self.motif, &mut errors);
        let on = date("date", &self.date, &mut errors);
        errors.or(Exit {
            on,
            outcome,
            motive,
        })
    }

    fn outcome(&self, errors: &mut FormErrors) -> Outcome {
        self.issue.parse().unwrap_or_else(|_| {
            errors.add(
                "issue",
                "Dites ce que devient l’entreprise, par exemple « Maintenue ».",
            );
            Outcome::Other
        })
    }
}

/// Move to another place.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct MoveForm {
    /// The place, and who held it on the page: « 3 » or « 3.id ».
    pub place: String,
    /// Motive.
    pub motif: String,
    /// `key_companies.version` when the form was made.
    pub version: i32,
}

impl MoveForm {
    /// The place, its expected holder, and the motive.
    pub fn parse(&self, mut errors: FormErrors) -> Result<(i16, Option<Uuid>, String), FormErrors> {
        let motive = motive("motif", &self.motif, &mut errors);
        let (place, holder) = self.place.split_once('.').unwrap_or((&self.place, ""));
        let target = slot(place).filter(|_| holder.is_empty() || holder.parse::<Uuid>().is_ok());
        if target.is_none() {
            errors.add(
                "place",
                "Choisissez la place d’arrivée parmi celles de la liste.",
            );
        }
        errors.or((target.unwrap_or(0), holder.parse().ok(), motive))
    }
}

/// Change the referent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReferentForm {
    /// `users.id`
    pub referent: String,
    /// Motive.
    pub motif: String,
    /// `key_companies.version` when the form was made.
    pub version: i32,
}

impl ReferentForm {
    /// The referent and the motive.
    pub fn parse(&self, mut errors: FormErrors) -> Result<(Uuid, String), FormErrors> {
        let motive = motive("motif", &self.motif, &mut errors);
        let referent = referent(&self.referent, &mut errors);
        errors.or((referent, motive))
    }
}

/// State a fact about a criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FactForm {
    /// Step of the scale: its worth.
    pub degre: String,
    /// What was observed.
    pub constat: String,
    /// When.
    pub date: String,
    /// Fact in force when the form was made, empty if none.
    pub vu: String,
}

impl FactForm {
    /// The form as it first shows.
    pub fn blank(today: NaiveDate) -> Self {
        Self {
            date: today.to_string(),
            ..Self::default()
        }
    }

    /// The fact, for this establishment and criterion.
    pub fn parse(
        &self,
        (siret, criterion): (&str, Criterion),
        author_id: Uuid,
        today: NaiveDate,
        mut errors: FormErrors,
    ) -> Result<NewFact, FormErrors> {
        let step = self
            .degre
            .parse()
            .ok()
            .and_then(|worth| criterion.step(worth));
        if step.is_none() {
            errors.add(
                "degre",
                "Choisissez le degré qui décrit le mieux la situation.",
            );
        }
        let note = motive("constat", &self.constat, &mut errors);
        let noted_on = date("date", &self.date, &mut errors);
        if noted_on > today {
            errors.add("date", DATE_TO_COME);
        }
        let worth = step.map_or(0, |step| step.worth);
        errors.or(NewFact {
            siret: siret.to_owned(),
            criterion,
            worth,
            note,
            noted_on,
            author_id,
        })
    }
}

/// Change the weights: one text by criterion, in the order of [`Criterion::ALL`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WeightsForm {
    /// Weights on the page when it was made, see [`weights_value`].
    pub vu: String,
    emplois: String,
    prestataire: String,
    dependants: String,
    #[serde(rename = "savoir-faire")]
    savoir_faire: String,
    fiscalite: String,
    environnement: String,
    ancrage: String,
}

impl WeightsForm {
    /// The form as it first shows.
    pub fn of(weights: Weights) -> Self {
        let text = |criterion| weights.of(criterion).to_string();
        Self {
            vu: weights_value(weights),
            emplois: text(Criterion::Jobs),
            prestataire: text(Criterion::Provider),
            dependants: text(Criterion::Dependents),
            savoir_faire: text(Criterion::KnowHow),
            fiscalite: text(Criterion::Fiscal),
            environnement: text(Criterion::Environment),
            ancrage: text(Criterion::Rooted),
        }
    }

    /// What was typed for a criterion.
    pub fn typed(&self, criterion: Criterion) -> &str {
        match criterion {
            Criterion::Jobs => &self.emplois,
            Criterion::Provider => &self.prestataire,
            Criterion::Dependents => &self.dependants,
            Criterion::KnowHow => &self.savoir_faire,
            Criterion::Fiscal => &self.fiscalite,
            Criterion::Environment => &self.environnement,
            Criterion::Rooted => &self.ancrage,
        }
    }

    /// The weights, whose sum must be [`TOTAL`].
    pub fn parse(&self, mut errors: FormErrors) -> Result<Weights, FormErrors> {
        let mut weights = Weights([0; 7]);
        let mut is_whole = true;
        for criterion in Criterion::ALL {
            match self.typed(criterion).trim().parse::<u8>() {
                Ok(weight) if weight <= 100 => weights.0[criterion as usize] = weight,
                _ => {
                    is_whole = false;
                    let label = criterion.label();
                    errors.add(
                        criterion.slug(),
                        format!("Donnez à « {label} » un poids entier de 0 à 100, par exemple 15."),
                    );
                }
            }
        }
        let sum = weights.sum();
        if is_whole && sum != TOTAL {
            let gap = i64::from(sum.abs_diff(TOTAL));
            let (verb, points) = (
                if sum > TOTAL { "retirez" } else { "ajoutez" },
                agree(gap, "point", "points"),
            );
            errors.add_general(format!(
                "La somme des poids fait {sum} et doit faire 100 : {verb} {gap} {points}."
            ));
        }
        errors.or(weights)
    }
}

/// Weights in a hidden field.
pub fn weights_value(weights: Weights) -> String {
    weights.0.map(|weight| weight.to_string()).join(" ")
}

/// A holder as the page shows it, in a field.
pub fn seen_value(seen: Seen) -> String {
    format!("{}.{}", seen.id, seen.version)
}

fn seen_of(value: &str) -> Option<Seen> {
    let (id, version) = value.split_once('.')?;
    Some(Seen {
        id: id.parse().ok()?,
        version: version.parse().ok()?,
    })
}

fn slot(text: &str) -> Option<i16> {
    text.trim()
        .parse()
        .ok()
        .filter(|slot| (1..=5).contains(slot))
}

/// Said of a date after today.
pub const DATE_TO_COME: &str =
    "Cette date n’est pas encore venue : indiquez aujourd’hui ou une date passée.";

/// A motive or a note: long enough to mean something.
fn motive(field: &str, text: &str, errors: &mut FormErrors) -> String {
    let text = text.trim();
    match text.chars().count() {
        ..MOTIVE_MIN => errors.add(
            field,
            "Écrivez pourquoi, en dix caractères au moins, par exemple « Dernier abattoir du canton ».",
        ),
        MOTIVE_MIN..=TEXT_MAX => {}
        _ => errors.add(field, "Raccourcissez ce texte : 4 000 caractères au plus."),
    }
    text.to_owned()
}

fn referent(value: &str, errors: &mut FormErrors) -> Uuid {
    value.parse().unwrap_or_else(|_| {
        errors.add("referent", "Choisissez le référent dans la liste.");
        Uuid::nil()
    })
}

/// A date as browsers send it, or as people write it.
fn date(field: &str, text: &str, errors: &mut FormErrors) -> NaiveDate {
    let text = text.trim();
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"));
    let in_century = |date: &NaiveDate| (1900..2200).contains(&chrono::Datelike::year(date));
    read.ok().filter(in_century).unwrap_or_else(|| {
        errors.add(field, "Indiquez une date complète, par exemple 27/03/2026.");
        NaiveDate::MIN
    })
}
