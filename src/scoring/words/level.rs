//! Why a level is what it is, in one short sentence that comes before the score.

use crate::domain::insolvency::State;
use crate::scoring::events::EventId;
use crate::scoring::level::Level;
use crate::scoring::numbers::long_date;
use crate::scoring::retained::{Cause, Override, Retained, Shift, Source, Standing, StandingKind};

/// What the statistics did beyond the points of the last accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// The points give the level.
    Plain,
    /// The trend raised the level by one.
    Raised,
    /// Many points at once.
    Sudden,
    /// The level of the exercise before stays until the points fall below this.
    Kept(u32),
}

/// « Élevé, à cause de deux signaux de terrain (difficulté avec la banque, litige). » Nothing when the
/// points alone give the level: the sentence of the score says it all.
pub fn why(retained: &Retained, course: Course) -> Option<String> {
    if let Some(known) = retained.standing {
        return Some(standing(known));
    }
    let (level, found) = retained.level.zip(retained.before_override)?;
    let view = retained.applied.as_ref().filter(|_| level != found);
    let others = retained
        .decisive()
        .any(|cause| cause.source != Source::Statistical);
    if view.is_none() && !others && course == Course::Plain {
        return None;
    }
    let reasons = reasons(retained, course);
    Some(match view {
        None => format!("{}, {reasons}.", level.label()),
        Some(view) => format!(
            "{}\u{a0}: {}, {reasons}, puis {} d’un niveau par {}.",
            level.label(),
            found.word(),
            moved(view.shift),
            view.author
        ),
    })
}

/// « Procédure ouverte : sauvegarde depuis le 4 mars 2026. »
fn standing(known: Standing) -> String {
    let since = long_date(known.since);
    match known.kind {
        StandingKind::Procedure(state) => {
            let label = procedure(state).unwrap_or("procédure collective");
            format!("Procédure ouverte\u{a0}: {label} depuis le {since}.")
        }
        StandingKind::Dissolved => format!(
            "Cette entreprise a cessé d’exister\u{a0}: sa liquidation judiciaire est close pour insuffisance d’actif depuis le {since}."
        ),
        StandingKind::StruckOff => {
            format!("Cette entreprise est radiée du registre du commerce depuis le {since}.")
        }
    }
}

/// An open procedure in French; none for the states that are no procedure.
pub fn procedure(state: State) -> Option<&'static str> {
    Some(match state {
        State::Safeguard => "sauvegarde",
        State::SafeguardPlan => "plan de sauvegarde",
        State::Receivership => "redressement judiciaire",
        State::ReceivershipPlan => "plan de redressement",
        State::Liquidation => "liquidation judiciaire",
        State::None | State::Closed | State::Dissolved => return None,
    })
}

/// What the first sentence does not say of the level: what accounts alone give, and the expert's view.
pub fn beside(retained: &Retained) -> Option<String> {
    if let Some(known) = retained.standing {
        let view = retained.applied.as_ref()?;
        let why = match known.kind {
            StandingKind::Procedure(_) => "tant que la procédure est ouverte",
            StandingKind::Dissolved | StandingKind::StruckOff => {
                "sur une entreprise qui n’est plus"
            }
        };
        return Some(format!(
            "L’avis de {} jusqu’au {} est sans effet {why}.",
            view.author,
            long_date(view.expires_on)
        ));
    }
    let level = retained.level?;
    let alone = retained.statistical.filter(|found| *found != level);
    let alone = alone.map(|found| format!("D’après les comptes seuls\u{a0}: {}.", found.word()));
    let has_moved = retained.before_override != Some(level);
    let view = retained.applied.as_ref();
    let view = view.map(|view| view_words(view, has_moved));
    let sentences: Vec<String> = alone.into_iter().chain(view).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// « passé de faible à élevé », « passé d’élevé à critique ».
pub fn passed(from: Option<Level>, to: Level) -> String {
    let from = from.map_or("«\u{a0}non évalué\u{a0}»", Level::word);
    format!("passé {} à {}", of(from), to.word())
}

/// « Niveau passé de faible à élevé, à cause de… » from the first sentence of an explanation whose
/// level is `to`.
pub fn rise(from: Option<Level>, to: Level, sentence: &str) -> String {
    let passed = passed(from, to);
    let head = sentence.strip_prefix(to.label());
    match head.filter(|rest| rest.starts_with([',', '\u{a0}'])) {
        Some(rest) => format!("Niveau {passed}{rest}"),
        None => format!("Niveau {passed}\u{a0}: {}.", clause(sentence)),
    }
}

/// « d’après les comptes et à cause d’un signal de terrain (litige) ».
fn reasons(retained: &Retained, course: Course) -> String {
    let decisive = || retained.decisive();
    let statistical = decisive()
        .any(|cause| cause.source == Source::Statistical)
        .then(|| match course {
            Course::Plain => "d’après les comptes".to_owned(),
            Course::Raised => "relevé d’un niveau par la tendance".to_owned(),
            Course::Sudden => "à cause d’une baisse brutale en un an".to_owned(),
            Course::Kept(points) => {
                format!("maintenu tant que le score ne descend pas sous {points}")
            }
        });
    let facts: Vec<String> = decisive()
        .filter(|cause| cause.source != Source::Statistical)
        .map(|cause| of(&noun(cause)))
        .collect();
    let facts = (!facts.is_empty()).then(|| format!("à cause {}", facts.join(" et ")));
    let all: Vec<String> = statistical.into_iter().chain(facts).collect();
    all.join(" et ")
}

/// A cause as a noun: « deux signaux de terrain (…) », « deux pertes de suite et … ».
fn noun(cause: &Cause) -> String {
    if cause.source == Source::Human {
        let many = cause.words.split(", ").count();
        let noun = if many > 1 { "signaux" } else { "signal" };
        return format!("{} {noun} de terrain ({})", count(many), cause.words);
    }
    let event = cause.event.as_deref().and_then(EventId::from_code);
    match event {
        Some(event) => event.short().to_owned(),
        None => clause(&cause.words),
    }
}

fn count(number: usize) -> String {
    const WORDS: [&str; 7] = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six"];
    let word = WORDS.get(number).map(|word| (*word).to_owned());
    word.unwrap_or_else(|| number.to_string())
}

fn moved(shift: Shift) -> &'static str {
    match shift {
        Shift::Up => "relevé",
        Shift::Down => "abaissé",
    }
}

fn view_words(view: &Override, has_moved: bool) -> String {
    let until = long_date(view.expires_on);
    let reason = clause(&view.reason);
    if has_moved {
        return format!("Avis de {}, jusqu’au {until}\u{a0}: {reason}.", view.author);
    }
    let end = match view.shift {
        Shift::Up => "haut",
        Shift::Down => "bas",
    };
    format!(
        "L’avis de {} jusqu’au {until} ({reason}) est sans effet\u{a0}: le niveau est déjà le plus {end}.",
        view.author
    )
}

/// « de » before words, with its elision and contractions: « d’élevé », « des dettes », « du bilan ».
pub fn of(words: &str) -> String {
    if let Some(rest) = words.strip_prefix("les ") {
        return format!("des {rest}");
    }
    if let Some(rest) = words.strip_prefix("le ") {
        return format!("du {rest}");
    }
    let vowels = ['a', 'à', 'e', 'é', 'è', 'ê', 'i', 'î', 'o', 'ô', 'u', 'y'];
    if words.to_lowercase().starts_with(vowels) {
        format!("d’{words}")
    } else {
        format!("de {words}")
    }
}

/// A sentence that goes on after a colon: neither capital nor final stop. An acronym keeps its own.
pub(super) fn clause(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    let first = letters.next();
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return sentence.to_owned();
    }
    first
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect()
}
