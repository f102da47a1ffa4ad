//! Words and rules of plans. Pure.

use chrono::NaiveDate;

use crate::domain::Dossier;
use crate::web::forms::{Choice, ChoiceGroup};

pub use crate::features::workshops::model::words;

/// Measures: code, dossier, words.
pub const MEASURES: [(&str, Dossier, &str); 13] = [
    ("support", Dossier::Land, "Accompagnement"),
    ("investment", Dossier::Land, "Investissements"),
    ("compliance", Dossier::Land, "Mise en conformité"),
    ("works", Dossier::Accessibility, "Aménagements"),
    ("network", Dossier::Environment, "Réseau"),
    (
        "sustainability",
        Dossier::Environment,
        "Développement durable",
    ),
    (
        "pollution",
        Dossier::Environment,
        "Prévention des pollutions",
    ),
    ("skills", Dossier::Training, "Compétences"),
    ("hiring", Dossier::Training, "Recrutement"),
    ("succession", Dossier::Training, "Transmission"),
    ("companies", Dossier::Research, "Entre entreprises"),
    ("university", Dossier::Research, "Université"),
    ("public_research", Dossier::Research, "Recherche publique"),
];

/// A measure that stands for one which is refused.
pub const FIRST_MEASURE: (&str, Dossier) = ("support", Dossier::Land);

/// Where an action stands: code and words.
pub const STATUSES: [(&str, &str); 5] = [
    ("todo", "À faire"),
    ("ongoing", "En cours"),
    ("blocked", "Bloquée"),
    ("done", "Faite"),
    ("dropped", "Abandonnée"),
];

/// What came of a plan: code and words.
pub const OUTCOMES: [(&str, &str); 4] = [
    ("maintained", "Entreprise maintenue"),
    ("partly", "Objectif atteint en partie"),
    ("failed", "Objectif non atteint"),
    ("other", "Autre issue"),
];

/// An effect: code and words.
pub const EFFECTS: [(&str, &str); 4] = [
    ("none", "Aucun"),
    ("positive", "Positif"),
    ("strong", "Fort"),
    ("negative", "Négatif"),
];

/// The four pillars, in the order of the columns, with the names of their fields.
pub const PILLARS: [(&str, &str); 4] = [
    ("environnement", "Environnement"),
    ("social", "Social"),
    ("economie", "Économie"),
    ("gouvernance", "Gouvernance"),
];

/// The dossier of a measure, with the measure's own code.
pub fn measure(code: &str) -> Option<(&'static str, Dossier)> {
    MEASURES
        .iter()
        .find(|(known, ..)| *known == code)
        .map(|(known, dossier, _)| (*known, *dossier))
}

/// The words of a measure.
pub fn measure_words(code: &str) -> &str {
    MEASURES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(code, |(.., words)| words)
}

/// Measures under their dossiers.
pub fn measures() -> Vec<ChoiceGroup> {
    ChoiceGroup::ranked(Dossier::ALL.map(|dossier| {
        let of = MEASURES.iter().filter(|(_, of, _)| *of == dossier);
        let choices = of.map(|(code, _, words)| Choice::new(*code, *words));
        (dossier.label(), choices.collect())
    }))
}

/// Whether an action still has to be done.
pub fn is_open(status: &str) -> bool {
    !matches!(status, "done" | "dropped")
}

/// Whether an action that still has to be done is late on that day.
pub fn is_late(status: &str, due_on: NaiveDate, today: NaiveDate) -> bool {
    is_open(status) && due_on < today
}

/// Whole euros as people write them: « 12 500 € ».
pub fn euros(typed: &str) -> Option<i64> {
    let bare: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€')
        .collect();
    let is_plain = (1..=12).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    is_plain.then(|| bare.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_whole_euros_however_it_is_spaced() {
        assert_eq!(euros("12\u{202f}500 €"), Some(12_500));
        assert_eq!(euros("0"), Some(0));
        for wrong in ["", "12,50", "-3", "mille", "1234567890123"] {
            assert_eq!(euros(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_ended_is_never_late() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).expect("a day");
        assert!(is_late("blocked", day(1), day(2)));
        assert!(!is_late("todo", day(2), day(2)));
        assert!(!is_late("done", day(1), day(2)));
    }

    #[test]
    fn every_dossier_has_its_measures() {
        let groups = measures();
        assert_eq!(groups.len(), 5);
        assert_eq!(groups[4].first, 10);
        assert_eq!(
            measure("pollution"),
            Some(("pollution", Dossier::Environment))
        );
    }
}
