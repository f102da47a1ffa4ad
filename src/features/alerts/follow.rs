//! Which assessments open an alert, and what an alert is told. Pure.

use crate::features::risk::{Assessed, Standing};
use crate::scoring::level::Level;
use crate::scoring::numbers::long_date;

/// A reason to handle a company now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The same cause never opens or enriches twice.
    pub key: String,
    /// What changed, since when, from which source.
    pub sentence: String,
    /// How grave.
    pub level: Level,
    /// An open procedure: a state, the least preventable.
    pub is_procedure: bool,
}

/// An open procedure in words; none for other states.
pub fn procedure_label(state: &str) -> Option<&'static str> {
    Some(match state {
        "safeguard" => "sauvegarde",
        "safeguard_plan" => "plan de sauvegarde",
        "receivership" => "redressement judiciaire",
        "receivership_plan" => "plan de redressement",
        "liquidation" => "liquidation judiciaire",
        "struck_off" => "radiation du registre du commerce",
        _ => return None,
    })
}

/// The causes that an assessment brings: a procedure, a level that rises to Élevé or Critique, a sudden
/// drop.
pub fn causes(assessed: &Assessed) -> Vec<Cause> {
    [procedure(assessed), rise(assessed), drop(assessed)]
        .into_iter()
        .flatten()
        .collect()
}

fn procedure(assessed: &Assessed) -> Option<Cause> {
    let label = procedure_label(&assessed.after.state)?;
    let is_known = assessed
        .before
        .as_ref()
        .is_some_and(|before| before.state == assessed.after.state);
    if is_known {
        return None;
    }
    let (key, source) = match &assessed.notice {
        Some((notice, since)) => (
            format!("notice:{notice}"),
            format!(
                " depuis le {}, annonce {notice} du BODACC",
                long_date(*since)
            ),
        ),
        None => (
            format!("state:{}:{}", assessed.after.state, assessed.as_of),
            ", annonce du BODACC".to_owned(),
        ),
    };
    Some(Cause {
        key,
        sentence: format!("Procédure\u{a0}: {label}{source}."),
        level: Level::Critical,
        is_procedure: true,
    })
}

fn rise(assessed: &Assessed) -> Option<Cause> {
    let level = assessed.after.level.filter(|level| *level >= Level::High)?;
    let before = assessed.before.as_ref().and_then(|before| before.level);
    if before.is_some_and(|before| before >= level)
        || procedure_label(&assessed.after.state).is_some()
    {
        return None;
    }
    let from = before.map_or("non évalué", Level::word);
    let since = assessed.closing.unwrap_or(assessed.as_of);
    Some(Cause {
        key: format!("level:{}:{since}", level.code()),
        sentence: format!(
            "Niveau passé de {from} à {}\u{a0}: {}",
            level.word(),
            lowered(&assessed.sentence)
        ),
        level,
        is_procedure: false,
    })
}

fn drop(assessed: &Assessed) -> Option<Cause> {
    let is_new = assessed.after.is_sudden
        && !assessed
            .before
            .as_ref()
            .is_some_and(|before| before.is_sudden);
    let closing = assessed.closing.filter(|_| is_new)?;
    Some(Cause {
        key: format!("drop:{closing}"),
        sentence: format!(
            "Baisse brutale aux comptes du {}\u{a0}: {}",
            long_date(closing),
            lowered(&assessed.sentence)
        ),
        level: Level::Moderate,
        is_procedure: false,
    })
}

/// A sentence that goes on after a colon.
fn lowered(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Whether a cause kept under this key no longer stands: a procedure whose notice was cancelled or
/// replaced.
pub fn is_lifted(key: &str, after: &Standing, notice: Option<&str>) -> bool {
    let Some(id) = key.strip_prefix("notice:") else {
        return false;
    };
    procedure_label(&after.state).is_none() && notice != Some(id) && after.state != "closed"
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

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
    fn a_notice_opens_once_and_says_its_source() {
        let open = standing(None, "receivership");
        let found = causes(&assessed(Some(standing(None, "none")), open.clone()));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].key, "notice:A202600311101");
        assert_eq!(
            found[0].sentence,
            "Procédure\u{a0}: redressement judiciaire depuis le 4 novembre 2026, annonce A202600311101 du BODACC."
        );
        assert_eq!(causes(&assessed(Some(open.clone()), open)), []);
    }

    #[test]
    fn a_cancelled_notice_lifts_its_cause_and_the_end_of_a_procedure_does_not() {
        assert!(is_lifted("notice:A1", &standing(None, "none"), None));
        assert!(!is_lifted("notice:A1", &standing(None, "closed"), None));
        assert!(!is_lifted(
            "notice:A1",
            &standing(None, "liquidation"),
            Some("A2")
        ));
        assert!(!is_lifted(
            "level:high:2025-12-31",
            &standing(None, "none"),
            None
        ));
    }
}
