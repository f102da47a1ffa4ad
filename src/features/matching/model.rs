//! Words and rules of needs, offers and introductions. Pure.

use crate::domain::Dossier;

pub use crate::features::plans::model::words;

/// Which side: code and words.
pub const SIDES: [(&str, &str); 2] = [("need", "Besoin"), ("offer", "Offre")];

/// Where an introduction stands, in the order in which it goes: code and words.
pub const STATES: [(&str, &str); 5] = [
    ("proposed", "Proposée"),
    ("accepted", "Acceptée"),
    ("met", "Rencontre faite"),
    ("pursued", "Suite donnée"),
    ("dropped", "Sans suite"),
];

/// What people say of an introduction: word of the address, code, button.
pub const CHANGES: [(&str, &str, &str); 4] = [
    ("acceptee", "accepted", "Les deux acceptent"),
    ("rencontre", "met", "Ils se sont rencontrés"),
    ("suite", "pursued", "Une suite est donnée"),
    ("sans-suite", "dropped", "Sans suite"),
];

/// The dossiers in which needs and offers meet.
pub const DOSSIERS: [Dossier; 2] = [Dossier::Training, Dossier::Research];

/// How suggestions are ranked, as the page says it.
pub const RULE: &str = "Ordre des propositions\u{a0}: le même thème d’abord\u{202f}; puis une compétence de l’organisme qui porte un mot du thème\u{202f}; puis un autre thème du même dossier\u{202f}; puis une compétence notée pour ce dossier. À égalité, le même territoire passe avant qui travaille partout, puis ailleurs\u{202f}; puis le plus récent. Rien d’autre n’est calculé, et personne n’est écarté.";

/// The code, when the table knows it.
pub fn known(table: &[(&'static str, &'static str)], typed: &str) -> Option<&'static str> {
    table
        .iter()
        .map(|(code, _)| *code)
        .find(|code| *code == typed)
}

/// Whether an introduction still goes on.
pub fn is_running(state: &str) -> bool {
    !matches!(state, "pursued" | "dropped")
}

/// Whether an introduction may go from a state to another: forward only, and an end is an end.
pub fn may_become(from: &str, to: &str) -> bool {
    let rank = |code: &str| STATES.iter().position(|(known, _)| *known == code);
    is_running(from) && rank(from) < rank(to)
}

/// Whether a state has to say what came of it.
pub fn says_outcome(state: &str) -> bool {
    !is_running(state)
}

/// Why somebody is suggested: their rank in the rule, from 1, in words.
pub fn tie(rank: i32, theme: &str, skill: Option<&str>) -> String {
    match (rank, skill) {
        (1, _) => format!("Même thème\u{a0}: {}", lower(theme)),
        (2, skill) => format!(
            "Compétence notée\u{a0}: {}",
            skill.unwrap_or_default().to_lowercase()
        ),
        (3, _) => format!("Même dossier, autre thème\u{a0}: {}", lower(theme)),
        (_, Some(skill)) if !skill.is_empty() => {
            format!(
                "Compétence notée dans ce dossier\u{a0}: {}",
                skill.to_lowercase()
            )
        }
        _ => "Compétence notée pour tout ce dossier".to_owned(),
    }
}

/// Where somebody suggested works, seen from the other side, in words.
pub fn place(rank: i32, territories: &[String]) -> String {
    match (rank, territories) {
        (1, _) => "même territoire".to_owned(),
        (2, _) => "travaille dans tout le Département".to_owned(),
        (_, []) => "territoire non communiqué".to_owned(),
        (_, names) => format!("ailleurs\u{a0}: {}", names.join(", ")),
    }
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_introduction_goes_forward_and_ends_once() {
        assert!(may_become("proposed", "met"));
        assert!(may_become("met", "dropped"));
        assert!(!may_become("met", "accepted"));
        assert!(!may_become("met", "met"));
        for (state, _) in STATES {
            assert!(!may_become("pursued", state) && !may_become("dropped", state));
            assert!(!may_become(state, "lost") || !is_running(state));
        }
    }

    #[test]
    fn a_suggestion_says_why_in_words() {
        assert_eq!(tie(1, "Énergie", None), "Même thème\u{a0}: énergie");
        assert_eq!(
            tie(2, "Textile et cuir", Some("textile technique")),
            "Compétence notée\u{a0}: textile technique"
        );
        assert_eq!(
            tie(4, "Énergie", Some("")),
            "Compétence notée pour tout ce dossier"
        );
        let elsewhere = ["Sidobre".to_owned(), "Sor et Agout".to_owned()];
        assert_eq!(
            place(3, &elsewhere),
            "ailleurs\u{a0}: Sidobre, Sor et Agout"
        );
        assert_eq!(place(1, &elsewhere), "même territoire");
    }
}
