//! Which assessments open an alert, and what an alert is told. Pure.

use chrono::{Months, NaiveDate};

use crate::features::risk::{Assessed, Standing};
use crate::scoring::level::Level;
use crate::scoring::numbers::long_date;
use crate::scoring::words;
use crate::web::filters::sentence_case;

/// A reason to handle a company now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The same cause never opens or enriches twice.
    pub key: String,
    /// What changed, since when, from which source.
    pub sentence: String,
}

/// What no longer gives a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The fact itself was taken back: nothing ever was.
    Undone(String),
    /// What it said was true, and is over.
    Over(String),
}

impl End {
    /// In French.
    pub fn words(&self) -> &str {
        match self {
            Self::Undone(words) | Self::Over(words) => words,
        }
    }
}

/// An open procedure in words; none for other states.
pub fn procedure_label(state: &str) -> Option<&'static str> {
    Some(match state {
        "safeguard" => "sauvegarde",
        "safeguard_plan" => "plan de sauvegarde",
        "receivership" => "redressement judiciaire",
        "receivership_plan" => "plan de redressement",
        "liquidation" => "liquidation judiciaire",
        _ => return None,
    })
}

/// The end of a company in words; none for other states.
fn end_label(state: &str) -> Option<&'static str> {
    match state {
        "struck_off" => Some("radiée du registre du commerce"),
        "dissolved" => Some("liquidation close pour insuffisance d’actif"),
        _ => None,
    }
}

/// A state that is no prediction any more, in words: an open procedure, the end of the company.
pub fn state_label(state: &str) -> Option<&'static str> {
    procedure_label(state).or_else(|| end_label(state))
}

/// Whether the company is in a state that is no prediction any more.
fn is_state(standing: &Standing) -> bool {
    state_label(&standing.state).is_some()
}

/// How grave an alert is after this assessment, and whether that is a state.
pub fn gravity(after: &Standing, known: Option<Level>) -> (Level, bool) {
    let is_state = is_state(after);
    let level = if is_state {
        Level::Critical
    } else {
        after.level.or(known).unwrap_or(Level::Moderate)
    };
    (level, is_state)
}

/// The causes that an assessment brings: a procedure or a radiation, a level that rises to Élevé or
/// Critique, a sudden drop.
pub fn causes(assessed: &Assessed) -> Vec<Cause> {
    [state(assessed), rise(assessed), drop(assessed)]
        .into_iter()
        .flatten()
        .collect()
}

fn state(assessed: &Assessed) -> Option<Cause> {
    let (notice, since) = assessed.notice.as_ref()?;
    let what = match procedure_label(&assessed.after.state) {
        Some(label) => format!("Procédure\u{a0}: {label}"),
        None if is_recent(*since, assessed.as_of) => {
            sentence_case(end_label(&assessed.after.state)?)
        }
        None => return None,
    };
    Some(Cause {
        key: format!("notice:{notice}"),
        sentence: format!(
            "{what} depuis le {}, annonce {notice} du BODACC.",
            long_date(*since)
        ),
    })
}

/// An old end is history: importing the past alerts nobody.
fn is_recent(since: NaiveDate, on: NaiveDate) -> bool {
    since
        .checked_add_months(Months::new(12))
        .is_some_and(|end| on <= end)
}

fn rise(assessed: &Assessed) -> Option<Cause> {
    let level = assessed.after.level.filter(|level| *level >= Level::High)?;
    if is_state(&assessed.after) {
        return None;
    }
    // What the procedure hid was not said: it rises anew once the procedure no longer stands.
    let before = assessed.before.as_ref().filter(|before| !is_state(before));
    let from = before.and_then(|before| before.level);
    if from.is_some_and(|from| from >= level) {
        return None;
    }
    let was_hidden = assessed.before.as_ref().is_some_and(is_state);
    let sentence = if was_hidden {
        let why = lowered(&assessed.sentence);
        format!("Sans procédure, niveau {}\u{a0}: {why}", level.word())
    } else {
        words::rise(from, level, &assessed.sentence)
    };
    Some(Cause {
        // Each rise is a cause of its own: the level may fall and rise again on the same accounts.
        key: format!("level:{}", assessed.assessment_id),
        sentence,
    })
}

fn drop(assessed: &Assessed) -> Option<Cause> {
    let was_sudden = assessed
        .before
        .as_ref()
        .is_some_and(|before| before.is_sudden);
    let is_new = assessed.after.is_sudden && !was_sudden && !is_state(&assessed.after);
    let closing = assessed.closing.filter(|_| is_new)?;
    Some(Cause {
        key: format!("drop:{}", assessed.assessment_id),
        sentence: format!(
            "Baisse brutale aux comptes du {}\u{a0}: {}",
            long_date(closing),
            lowered(&assessed.sentence)
        ),
    })
}

/// A sentence that goes on after a colon.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Why the cause kept under this key no longer stands; none while it does.
pub fn end(key: &str, assessed: &Assessed) -> Option<End> {
    let after = &assessed.after;
    let (kind, id) = key.split_once(':')?;
    match kind {
        "notice" if !assessed.standing.iter().any(|standing| standing == id) => Some(End::Undone(
            format!("L’annonce {id} a été annulée, corrigée ou retirée."),
        )),
        "notice" if !is_state(after) => Some(End::Over(match after.state.as_str() {
            "closed" => "La procédure est close.".to_owned(),
            _ => "La procédure n’est plus en cours.".to_owned(),
        })),
        "level" if !is_state(after) && after.level < Some(Level::High) => {
            let to = after.level.map_or("non évalué", Level::word);
            Some(End::Over(format!("Le niveau est revenu à\u{a0}: {to}.")))
        }
        "drop" if !after.is_sudden => Some(End::Over(
            "La baisse brutale n’est plus constatée.".to_owned(),
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn standing(level: Option<Level>, state: &str) -> Standing {
        Standing {
            level,
            state: state.to_owned(),
            is_sudden: false,
        }
    }

    fn assessed(before: Option<Standing>, after: Standing) -> Assessed {
        Assessed {
            siren: "000081018".into(),
            assessment_id: 1,
            as_of: day("2026-11-24"),
            before,
            after,
            closing: Some(day("2025-12-31")),
            notice: Some(("A202600311101".into(), day("2026-11-04"))),
            standing: vec!["A202600311101".into()],
            sentence: "Score 62.".into(),
        }
    }

    #[test]
    fn only_a_rise_to_high_or_critical_opens() {
        let cases = [
            (None, Some(Level::High), 1),
            (Some(Level::Low), Some(Level::Moderate), 0),
            (Some(Level::Moderate), Some(Level::High), 1),
            (Some(Level::High), Some(Level::Critical), 1),
            (Some(Level::Critical), Some(Level::High), 0),
            (Some(Level::High), Some(Level::High), 0),
            (Some(Level::High), None, 0),
        ];
        for (before, after, expected) in cases {
            let before = before.map(|level| standing(Some(level), "none"));
            let found = causes(&assessed(before.clone(), standing(after, "none")));
            assert_eq!(found.len(), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_notice_says_its_source_and_a_radiation_is_no_procedure() {
        let found = causes(&assessed(
            Some(standing(None, "none")),
            standing(None, "receivership"),
        ));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].key, "notice:A202600311101");
        assert_eq!(
            found[0].sentence,
            "Procédure\u{a0}: redressement judiciaire depuis le 4 novembre 2026, annonce A202600311101 du BODACC."
        );
        let mut struck_off = assessed(None, standing(Some(Level::High), "struck_off"));
        let found = causes(&struck_off);
        assert_eq!(found.len(), 1);
        assert!(found[0].sentence.starts_with("Radiée du registre"));
        let dissolved = assessed(None, standing(Some(Level::Low), "dissolved"));
        assert_eq!(
            causes(&dissolved)[0].sentence,
            "Liquidation close pour insuffisance d’actif depuis le 4 novembre 2026, annonce A202600311101 du BODACC."
        );
        // The past that an import brings alerts nobody.
        struck_off.notice = Some(("A201000311101".into(), day("2010-11-04")));
        assert_eq!(causes(&struck_off), []);
    }

    #[test]
    fn each_rise_counts_and_a_procedure_that_falls_leaves_the_level_to_be_told() {
        let rise = |id| Assessed {
            assessment_id: id,
            ..assessed(
                Some(standing(Some(Level::Low), "none")),
                standing(Some(Level::High), "none"),
            )
        };
        assert_ne!(causes(&rise(1))[0].key, causes(&rise(2))[0].key);
        let found = causes(&assessed(
            Some(standing(Some(Level::Critical), "receivership")),
            standing(Some(Level::Critical), "none"),
        ));
        assert_eq!(
            found[0].sentence,
            "Sans procédure, niveau critique\u{a0}: score 62."
        );
        let found = causes(&assessed(
            Some(standing(Some(Level::High), "none")),
            standing(Some(Level::Critical), "none"),
        ));
        assert!(
            found[0]
                .sentence
                .starts_with("Niveau passé d’élevé à critique")
        );
    }

    #[test]
    fn a_cause_ends_with_its_notice_its_procedure_or_its_level() {
        let after = |level, state| assessed(None, standing(level, state));
        let other = "notice:A1";
        let own = "notice:A202600311101";
        // A conversion was cancelled: the older procedure stands, the cancelled notice does not.
        assert!(matches!(
            end(other, &after(None, "receivership")),
            Some(End::Undone(_))
        ));
        assert_eq!(end(own, &after(None, "receivership")), None);
        assert_eq!(
            end(own, &after(None, "closed")),
            Some(End::Over("La procédure est close.".into()))
        );
        assert_eq!(end("level:7", &after(Some(Level::High), "none")), None);
        assert_eq!(
            end("level:7", &after(Some(Level::Low), "liquidation")),
            None
        );
        assert_eq!(
            end("level:7", &after(Some(Level::Low), "none")),
            Some(End::Over("Le niveau est revenu à\u{a0}: faible.".into()))
        );
    }
}
