//! Pages of plans.

pub mod action;
pub mod document;
pub mod edit;
pub mod export;
pub mod list;
pub mod plan;

use chrono::NaiveDate;

use super::model::{self, EFFECTS, OUTCOMES, PILLARS, STATUSES, words};
use super::queries::actions::Action;
use super::queries::{Party, Plan};
use crate::auth::Permission;
use crate::domain::Dossier;
use crate::features::companies::model::shown_name;
use crate::web::Visit;
use crate::web::filters::{group_thousands, long_date};
use crate::web::forms::{Choice, ChoiceGroup};
use crate::web::shell::Shell;

/// Said when someone else was faster.
pub const OVERTAKEN: &str = "Une autre personne a enregistré pendant votre saisie. Rien n’est perdu\u{a0}: comparez les deux \
     versions ci-dessous, puis enregistrez la vôtre.";

/// Whether the visitor opens plans and writes actions.
pub fn may_run(visit: &Visit) -> bool {
    visit.may(Permission::RunPlans)
}

/// The frame of a page below a company's.
pub fn below_company(visit: &Visit, title: &str, siren: &str, name: &str) -> Shell {
    visit
        .shell(format!("{title}, {name}"))
        .via("Accueil", "/")
        .via("Entreprises", "/entreprises")
        .via(name, format!("/entreprises/{siren}"))
}

/// The path of the plan that runs.
pub fn plan_path(siren: &str) -> String {
    format!("/entreprises/{siren}/plan")
}

/// A table of codes as choices.
pub fn choices(table: &[(&str, &str)]) -> Vec<Choice> {
    table
        .iter()
        .map(|(code, words)| Choice::new(*code, *words))
        .collect()
}

/// Everyone who may carry out an action, grouped.
pub fn owners(parties: &[Party]) -> Vec<ChoiceGroup> {
    let of = |letter: &str| -> Vec<Choice> {
        let found = parties.iter().filter(|party| party.key.starts_with(letter));
        found
            .map(|party| Choice::new(party.key.as_str(), party.label.as_str()))
            .collect()
    };
    ChoiceGroup::ranked([
        ("Comptes de Vigie", of("u:")),
        ("Personnes des organismes", of("p:")),
        ("Organismes", of("o:")),
    ])
}

/// Organisations alone.
pub fn organisations(parties: &[Party]) -> Vec<Choice> {
    owners(parties)
        .pop()
        .map_or_else(Vec::new, |group| group.choices)
}

/// An amount in words.
pub fn euros(amount: i64) -> String {
    format!("{}\u{a0}€", group_thousands(amount))
}

impl Plan {
    /// Name of the company.
    pub fn company_name(&self) -> &str {
        shown_name(self.company.as_deref())
    }

    /// What came of it.
    pub fn outcome_words(&self) -> &str {
        words(&OUTCOMES, self.outcome.as_deref().unwrap_or_default())
    }

    /// Its page.
    pub fn href(&self) -> String {
        match self.closed_on {
            None => plan_path(&self.siren),
            Some(_) => format!("/plans/{}", self.id),
        }
    }
}

impl Action {
    /// Name of the company.
    pub fn company_name(&self) -> &str {
        shown_name(self.company.as_deref())
    }

    /// Its dossier in words.
    pub fn dossier_words(&self) -> &'static str {
        self.dossier
            .parse()
            .map_or("Autre", |dossier: Dossier| dossier.label())
    }

    /// Its measure in words.
    pub fn measure_words(&self) -> &str {
        model::measure_words(&self.measure)
    }

    /// Where it stands.
    pub fn status_words(&self) -> &str {
        words(&STATUSES, &self.status)
    }

    /// Who carries it out.
    pub fn who(&self) -> String {
        match &self.owner {
            Some(name) => format!("{name}, {}", self.owner_organisation),
            None => self.owner_organisation.clone(),
        }
    }

    /// The person, or else the organisation.
    pub fn who_in_short(&self) -> &str {
        self.owner.as_deref().unwrap_or(&self.owner_organisation)
    }

    /// Who reads it.
    pub fn readers(&self) -> &'static str {
        if self.is_shared {
            "Le Département, les partenaires du territoire et l’organisme pilote"
        } else {
            "Le Département seul"
        }
    }

    /// Whether it still has to be done.
    pub fn is_open(&self) -> bool {
        model::is_open(&self.status)
    }

    /// Whether its plan is closed.
    pub fn is_closed(&self) -> bool {
        self.closed_on.is_some()
    }

    /// Whether it is waited for: a closed plan waits for nothing any more.
    pub fn is_awaited(&self) -> bool {
        self.is_open() && !self.is_closed()
    }

    /// Whether it is late.
    pub fn is_late(&self, today: &NaiveDate) -> bool {
        self.is_awaited() && model::is_late(&self.status, self.due_on, *today)
    }

    /// Why it stands there: what blocks it, why it was dropped, what came of it.
    pub fn because(&self) -> Option<String> {
        match self.status.as_str() {
            "blocked" => Some(format!(
                "{} Peut débloquer\u{a0}: {}.",
                sentence(&self.reason),
                self.unblocker.trim_end_matches('.')
            )),
            "dropped" => Some(self.reason.clone()),
            "done" => Some(self.result.clone()),
            _ => None,
        }
    }

    /// The day on which it ended, in words.
    pub fn ended(&self) -> String {
        self.ended_on
            .map_or_else(String::new, |on| format!("Le {}", long_date(on)))
    }

    /// Planned, funded and spent, in one line; none when nothing is known.
    pub fn budget(&self) -> Option<String> {
        budget(self.planned_euros, self.funded_euros, self.spent_euros)
    }

    /// Effects that somebody expects or saw: pillar, expected, seen.
    pub fn effects(&self) -> Vec<(&'static str, &str, Option<&str>)> {
        PILLARS
            .iter()
            .zip(&self.expected)
            .zip(&self.seen)
            .map(|(((_, pillar), expected), seen)| {
                let seen = seen.as_deref().map(|code| words(&EFFECTS, code));
                (*pillar, words(&EFFECTS, expected), seen)
            })
            .filter(|(_, expected, seen)| *expected != EFFECTS[0].1 || seen.is_some())
            .collect()
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Planned, funded and spent, in one line; what goes over what was planned is said.
pub fn budget(planned: Option<i64>, funded: i64, spent: Option<i64>) -> Option<String> {
    let mut parts = Vec::new();
    let over = |euros_said: i64| match euros_said - planned.unwrap_or(euros_said) {
        over @ 1.. => format!(", soit {} de plus que prévu", euros(over)),
        _ => String::new(),
    };
    if let Some(planned) = planned {
        parts.push(format!("{} prévus", euros(planned)));
    }
    if funded > 0 {
        parts.push(format!("{} financés{}", euros(funded), over(funded)));
    }
    if let Some(spent) = spent {
        parts.push(format!("{} dépensés{}", euros(spent), over(spent)));
    }
    (!parts.is_empty()).then(|| parts.join("\u{202f}; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_over_what_was_planned_is_said() {
        assert_eq!(budget(None, 0, None), None);
        assert_eq!(
            budget(Some(10_000), 4_000, Some(12_500)).as_deref(),
            Some(
                "10\u{202f}000\u{a0}€ prévus\u{202f}; 4\u{202f}000\u{a0}€ financés\u{202f}; \
                 12\u{202f}500\u{a0}€ dépensés, soit 2\u{202f}500\u{a0}€ de plus que prévu"
            )
        );
        assert_eq!(
            budget(None, 0, Some(5)).as_deref(),
            Some("5\u{a0}€ dépensés")
        );
    }
}
