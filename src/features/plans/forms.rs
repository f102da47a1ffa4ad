//! Forms of plans and of their actions.

use chrono::{Months, NaiveDate};
use serde::Deserialize;
use uuid::Uuid;

use super::model::{self, EFFECTS, OUTCOMES, euros};
use super::queries::actions::Action;
use super::queries::writing::NewAction;
use super::queries::{Need, Party, Plan};
use crate::domain::text::{one_line, paragraphs};
use crate::features::meetings::day;
use crate::features::organisations::forms::refuse_long;
use crate::formats::values;
use crate::web::forms::FormErrors;

/// Longest text of a few sentences.
pub const LONGEST_TEXT: usize = 2_000;
/// Longest title.
pub const LONGEST_LINE: usize = 200;
/// Characters of a motive, at least.
pub const SHORTEST_MOTIVE: usize = 10;
/// Months that an action lasts when nothing is said.
const USUAL: Months = Months::new(3);
/// Said of an amount that cannot be read.
pub const WHOLE_EUROS: &str =
    "Écrivez un nombre entier d’euros, de douze chiffres au plus, par exemple 12\u{a0}500.";

/// A version typed in a form; 0, which no row has, when it is unreadable.
pub fn version(typed: &str) -> i32 {
    typed.parse().unwrap_or(0)
}

/// The code, when the table knows it.
pub fn known(table: &[(&'static str, &'static str)], typed: &str) -> Option<&'static str> {
    table
        .iter()
        .map(|(code, _)| *code)
        .find(|code| *code == typed)
}

/// A text that must be there: its refusal says what to write.
pub fn required(errors: &mut FormErrors, field: &str, typed: &str, refusal: &str) -> String {
    let text = paragraphs(typed);
    if text.is_empty() {
        errors.add(field, refusal);
    }
    refuse_long(errors, field, &text, LONGEST_TEXT);
    text
}

/// An amount, perhaps none.
pub fn amount(errors: &mut FormErrors, field: &str, typed: &str) -> Option<i64> {
    let known = euros(typed);
    if known.is_none() && !typed.trim().is_empty() {
        errors.add(field, WHOLE_EUROS);
    }
    known
}

/// What a plan is for, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    /// Objective.
    pub objectif: String,
    /// Actions of the plan that this one takes again.
    pub actions: Vec<String>,
    /// Version that the form was filled from.
    pub version: String,
}

impl PlanForm {
    /// The form of a known plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            objectif: plan.objective.clone(),
            version: plan.version.to_string(),
            ..Self::default()
        }
    }

    /// The objective, or what is wrong with it.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let objective = objective(&mut errors, &self.objectif);
        errors.or(objective)
    }

    /// The actions that were ticked.
    pub fn kept(&self) -> Vec<Uuid> {
        self.actions
            .iter()
            .filter_map(|id| id.parse().ok())
            .collect()
    }
}

fn objective(errors: &mut FormErrors, typed: &str) -> String {
    required(
        errors,
        "objectif",
        typed,
        "Dites à quoi sert ce plan, par exemple «\u{a0}Garder l’atelier et ses 40 emplois\u{a0}».",
    )
}

/// What came of a plan, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CloseForm {
    /// Code.
    pub issue: String,
    /// Why.
    pub motif: String,
    /// Version that the form was filled from.
    pub version: String,
}

impl CloseForm {
    /// The outcome and its motive, or what is wrong.
    pub fn parse(&self) -> Result<(&'static str, String), FormErrors> {
        let mut errors = FormErrors::new();
        let outcome = known(&OUTCOMES, &self.issue);
        if outcome.is_none() {
            errors.add("issue", "Choisissez l’issue du plan.");
        }
        let motive = paragraphs(&self.motif);
        if motive.chars().count() < SHORTEST_MOTIVE {
            errors.add(
                "motif",
                "Dites ce qui a permis ou empêché d’aboutir, en dix caractères au moins.",
            );
        }
        refuse_long(&mut errors, "motif", &motive, LONGEST_TEXT);
        errors.or((outcome.unwrap_or_default(), motive))
    }
}

/// An action as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActionForm {
    /// Objective of the plan, when the action opens it.
    pub objectif: String,
    /// A verb and its object.
    pub titre: String,
    /// Measure, which has its dossier.
    pub mesure: String,
    /// Key of a [`Party`].
    pub pilote: String,
    /// Key of an organisation.
    pub partenaire: String,
    /// Name of an elected official.
    pub elu: String,
    /// First day.
    pub debut: String,
    /// For when.
    pub echeance: String,
    /// Budget.
    pub prevu: String,
    /// What was spent of it.
    pub depense: String,
    /// « oui » when partners may read it.
    pub partagee: String,
    /// Expected effects, by pillar.
    pub attendu_environnement: String,
    /// On people.
    pub attendu_social: String,
    /// On the economy.
    pub attendu_economie: String,
    /// On the way things are decided.
    pub attendu_gouvernance: String,
    /// The need that it answers.
    pub besoin: String,
    /// The plan that ran when the form was shown; empty when none did.
    pub plan: String,
    /// Version that the form was filled from.
    pub version: String,
}

/// What the address of a new action may say already.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Code of a dossier.
    pub dossier: String,
}

impl ActionForm {
    /// The form of a new action, that answers this need or belongs to this dossier.
    pub fn blank(today: NaiveDate, me: Uuid, need: Option<&Need>, dossier: &str) -> Self {
        let dossier = need.map_or(dossier, |need| need.dossier.as_str());
        let due_on = today.checked_add_months(USUAL).unwrap_or(today);
        let none = || "none".to_owned();
        let mut measures = model::MEASURES.iter();
        Self {
            titre: need.map_or_else(String::new, |need| need.need.clone()),
            mesure: measures
                .find(|(_, of, _)| of.code() == dossier)
                .map_or_else(String::new, |(code, ..)| (*code).to_owned()),
            pilote: format!("u:{me}"),
            debut: today.to_string(),
            echeance: due_on.to_string(),
            attendu_environnement: none(),
            attendu_social: none(),
            attendu_economie: none(),
            attendu_gouvernance: none(),
            besoin: need.map_or_else(String::new, |need| need.id.to_string()),
            ..Self::default()
        }
    }

    /// The form of a known action.
    pub fn of(known: &Action) -> Self {
        let key = |letter: char, id: Option<Uuid>| id.map(|id| format!("{letter}:{id}"));
        let euros = |amount: Option<i64>| amount.map_or_else(String::new, |n| n.to_string());
        let expected = |pillar: usize| known.expected.get(pillar).cloned().unwrap_or_default();
        Self {
            objectif: String::new(),
            titre: known.title.clone(),
            mesure: known.measure.clone(),
            pilote: key('u', known.owner_user_id)
                .or_else(|| key('p', known.owner_person_id))
                .unwrap_or_else(|| format!("o:{}", known.owner_organisation_id)),
            partenaire: key('o', known.partner_organisation_id).unwrap_or_default(),
            elu: known.elected_referent.clone(),
            debut: known.starts_on.to_string(),
            echeance: known.due_on.to_string(),
            prevu: euros(known.planned_euros),
            depense: euros(known.spent_euros),
            partagee: if known.is_shared { "oui" } else { "" }.to_owned(),
            attendu_environnement: expected(0),
            attendu_social: expected(1),
            attendu_economie: expected(2),
            attendu_gouvernance: expected(3),
            besoin: String::new(),
            plan: String::new(),
            version: known.version.to_string(),
        }
    }

    /// The same form, for this plan.
    #[must_use]
    pub fn of_plan(mut self, plan: Option<&Plan>) -> Self {
        self.plan = plan.map_or_else(String::new, |plan| plan.id.to_string());
        self
    }

    /// The plan that the action was written for, if one ran.
    pub fn meant(&self) -> Option<Uuid> {
        self.plan.parse().ok()
    }

    /// The objective of the plan that the action opens; `None` when it has one.
    pub fn opening(&self, opens: bool, errors: &mut FormErrors) -> Option<String> {
        opens.then(|| objective(errors, &self.objectif))
    }

    /// The action, or what is wrong with it, added to what is known to be wrong.
    pub fn parse(
        &self,
        mut errors: FormErrors,
        parties: &[Party],
    ) -> Result<NewAction, FormErrors> {
        let title = self.title(&mut errors);
        let measure = model::measure(&self.mesure);
        if measure.is_none() {
            errors.add("mesure", "Choisissez une mesure de la liste.");
        }
        let find = |key: &str| parties.iter().find(|party| party.key == key);
        let owner = find(&self.pilote);
        if owner.is_none() {
            errors.add("pilote", "Choisissez qui s’en charge.");
        }
        let partner = find(&self.partenaire);
        if partner.is_none() && !self.partenaire.is_empty() {
            errors.add("partenaire", "Choisissez un organisme de la liste.");
        }
        let elected_referent = one_line(&self.elu);
        refuse_long(&mut errors, "elu", &elected_referent, LONGEST_LINE);
        let (starts_on, due_on) = self.days(&mut errors);
        let planned_euros = amount(&mut errors, "prevu", &self.prevu);
        let spent_euros = amount(&mut errors, "depense", &self.depense);
        let expected = self.expected().map(|(field, typed)| {
            if known(&EFFECTS, typed).is_none() {
                errors.add(field, "Choisissez un effet de la liste.");
            }
            typed.to_owned()
        });
        let named = |letter: &str| self.pilote.strip_prefix(letter)?.parse().ok();
        let (measure, dossier) = measure.unwrap_or(model::FIRST_MEASURE);
        errors.or(NewAction {
            dossier: dossier.code(),
            measure,
            title,
            owner_organisation_id: owner.map(|party| party.organisation_id).unwrap_or_default(),
            owner_person_id: named("p:"),
            owner_user_id: named("u:"),
            partner_organisation_id: partner.map(|party| party.organisation_id),
            elected_referent,
            starts_on,
            due_on,
            planned_euros,
            spent_euros,
            is_shared: !self.partagee.is_empty(),
            expected,
        })
    }

    fn title(&self, errors: &mut FormErrors) -> String {
        let title = one_line(&self.titre);
        if title.is_empty() {
            errors.add(
                "titre",
                "Écrivez un verbe et son objet, par exemple «\u{a0}Trouver un atelier plus grand\u{a0}».",
            );
        }
        refuse_long(errors, "titre", &title, LONGEST_LINE);
        title
    }

    fn days(&self, errors: &mut FormErrors) -> (NaiveDate, NaiveDate) {
        let mut read = |field: &str, typed: &str| {
            let known = day(typed);
            if known.is_none() {
                let refusal = if values::date(typed.trim(), false).is_some() {
                    "Cette date est trop lointaine\u{a0}: écrivez-en une entre 1950 et 2199."
                } else {
                    "Écrivez une date, par exemple 31/01/2027."
                };
                errors.add(field, refusal);
            }
            known
        };
        let (starts, due) = (read("debut", &self.debut), read("echeance", &self.echeance));
        if let (Some(starts), Some(due)) = (starts, due)
            && due < starts
        {
            errors.add(
                "echeance",
                "L’échéance vient avant le début\u{a0}: choisissez une date plus tard.",
            );
        }
        (starts.unwrap_or_default(), due.unwrap_or_default())
    }

    /// Whether an effect is expected.
    pub fn has_effects(&self) -> bool {
        self.expected().iter().any(|(_, typed)| *typed != "none")
    }

    /// Expected effects: the field, what was typed.
    pub fn expected(&self) -> [(&'static str, &str); 4] {
        [
            ("attendu_environnement", &self.attendu_environnement),
            ("attendu_social", &self.attendu_social),
            ("attendu_economie", &self.attendu_economie),
            ("attendu_gouvernance", &self.attendu_gouvernance),
        ]
    }
}
