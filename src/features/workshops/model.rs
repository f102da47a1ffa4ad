//! Words and rules of workshops. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Paris;

use crate::web::filters::{agree, long_date, long_instant};

/// Companies of an agenda, at most.
pub const MOST_COMPANIES: usize = 40;

/// Why a company is on the agenda, for the council: code and words.
pub const REASONS: [(&str, &str); 4] = [
    ("alert", "Alerte ouverte"),
    ("open_decision", "Décision à suivre"),
    ("not_reviewed", "Pas revue depuis six mois"),
    ("chosen", "Ajoutée à la main"),
];

/// What is decided: code and words.
pub const DECISIONS: [(&str, &str); 7] = [
    ("maintain", "Rien à faire"),
    ("watch", "Surveiller"),
    ("meet", "Rencontrer"),
    ("act", "Agir"),
    ("refer", "Orienter"),
    ("release", "Sortir des clés"),
    ("other", "Autre"),
];

/// What an entry is: code and words.
pub const ENTRIES: [(&str, &str); 3] = [
    ("shared", "Ce qui est partagé"),
    ("position", "Position"),
    ("confidential", "Réservé au Département"),
];

/// What a guest answered: code and words.
pub const ANSWERS: [(&str, &str); 4] = [
    ("none", "Sans réponse"),
    ("yes", "Vient"),
    ("no", "Ne vient pas"),
    ("replaced", "Se fait remplacer"),
];

/// Where a decision stands: code and words.
pub const STATUSES: [(&str, &str); 3] = [
    ("open", "En cours"),
    ("done", "Faite"),
    ("dropped", "Abandonnée"),
];

/// The words of a code; the code itself when it is unknown.
pub fn words<'a>(table: &[(&'static str, &'static str)], code: &'a str) -> &'a str {
    table
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, words)| words)
}

/// What was done of a workshop, counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Companies of the agenda.
    pub companies: i64,
    /// Those with a decision.
    pub decided: i64,
    /// Guests.
    pub guests: i64,
    /// Those who got their invitation.
    pub invited: i64,
    /// Those who have no address: they are told otherwise.
    pub unreachable: i64,
    /// Those who come, or send someone.
    pub coming: i64,
    /// Invited, without an answer.
    pub silent: i64,
    /// Mails of the last minutes that did not arrive.
    pub undelivered: i64,
    /// Ticked, present or absent.
    pub ticked: i64,
    /// Ticked as present.
    pub present: i64,
}

/// One of the five lines of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// The verb.
    pub label: &'static str,
    /// What is done there, on the button that leads to it.
    pub act: &'static str,
    /// How far it is.
    pub state: String,
    /// Whether it is done.
    pub is_done: bool,
    /// Whether it waits for the day of the workshop.
    pub waits: bool,
    /// Page below that of the workshop.
    pub page: &'static str,
}

/// The day of a workshop in Paris while that day is not there: until then nobody is present and
/// nothing is decided, so minutes have nothing to tell.
pub fn still_to_come(held_at: DateTime<Utc>, today: NaiveDate) -> Option<NaiveDate> {
    let day = held_at.with_timezone(&Paris).date_naive();
    (today < day).then_some(day)
}

fn invited_words(counts: Counts) -> String {
    let Counts {
        guests, invited, ..
    } = counts;
    if guests == 0 {
        return "personne n’est choisi".to_owned();
    }
    let noun = agree(guests, "invité", "invités");
    let come = match counts.coming {
        0 => "personne n’a encore dit oui".to_owned(),
        n => format!("{n}\u{a0}{}", agree(n, "vient", "viennent")),
    };
    format!("{invited} sur {guests}\u{a0}{noun}, {come}")
}

fn present_words(counts: Counts) -> String {
    if counts.ticked == 0 {
        return "présences à noter".to_owned();
    }
    let (present, absent) = (counts.present, counts.ticked - counts.present);
    format!(
        "{present}\u{a0}{}, {absent}\u{a0}{}",
        agree(present, "présent", "présents"),
        agree(absent, "absent", "absents")
    )
}

fn sent_words(sent_at: Option<DateTime<Utc>>, undelivered: i64) -> String {
    let Some(at) = sent_at else {
        return "compte rendu à relire puis à envoyer".to_owned();
    };
    let when = long_instant(at);
    if undelivered == 0 {
        return format!("compte rendu envoyé le {when}");
    }
    let words = agree(
        undelivered,
        "courriel n’est pas arrivé",
        "courriels ne sont pas arrivés",
    );
    format!("envoi demandé le {when}, {undelivered}\u{a0}{words}")
}

/// The five lines; `to_come` is the day of a workshop that is not there yet.
pub fn tasks(
    counts: Counts,
    sent_at: Option<DateTime<Utc>>,
    to_come: Option<NaiveDate>,
) -> [Task; 5] {
    let waits = to_come.is_some();
    let of = |done: i64, all: i64| format!("{done} sur {all}");
    let Counts {
        companies,
        decided,
        guests,
        invited,
        ticked,
        undelivered,
        ..
    } = counts;
    [
        Task {
            label: "Préparer",
            act: "Choisir les entreprises",
            state: match companies {
                0 => "ordre du jour vide".to_owned(),
                1 => "une entreprise à l’ordre du jour".to_owned(),
                many => format!("{many} entreprises à l’ordre du jour"),
            },
            is_done: companies > 0,
            waits: false,
            page: "ordre-du-jour",
        },
        Task {
            label: "Inviter",
            act: "Choisir et prévenir les invités",
            state: invited_words(counts),
            is_done: guests > 0 && invited + counts.unreachable == guests,
            waits: false,
            page: "invites",
        },
        Task {
            label: "Tenir",
            act: "Noter les présences",
            state: to_come.map_or_else(
                || present_words(counts),
                |day| format!("le {}", long_date(day)),
            ),
            is_done: guests > 0 && ticked == guests,
            waits,
            page: "presences",
        },
        Task {
            label: "Décider",
            act: "Passer aux entreprises",
            state: format!("{} avec une décision", of(decided, companies)),
            is_done: companies > 0 && decided == companies,
            waits,
            page: "decider",
        },
        Task {
            label: "Diffuser",
            act: "Relire le compte rendu",
            state: sent_words(sent_at, undelivered),
            is_done: sent_at.is_some() && undelivered == 0,
            waits,
            page: "compte-rendu",
        },
    ]
}

/// The first line that is not done; none when all are, or wait for the day.
pub fn next(tasks: &[Task]) -> Option<&Task> {
    tasks.iter().find(|task| !task.is_done && !task.waits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_verb(counts: Counts, sent_at: Option<DateTime<Utc>>, day: Option<NaiveDate>) -> String {
        let tasks = tasks(counts, sent_at, day);
        next(&tasks).map_or_else(String::new, |task| task.label.to_owned())
    }

    #[test]
    fn the_next_thing_to_do_is_the_first_line_that_is_not_done() {
        let mut counts = Counts::default();
        assert_eq!(next_verb(counts, None, None), "Préparer");
        counts.companies = 2;
        counts.guests = 3;
        counts.invited = 2;
        assert_eq!(next_verb(counts, None, None), "Inviter");
        counts.invited = 3;
        assert_eq!(next_verb(counts, None, None), "Tenir");
        counts.ticked = 3;
        counts.decided = 1;
        assert_eq!(next_verb(counts, None, None), "Décider");
        counts.decided = 2;
        assert_eq!(next_verb(counts, None, None), "Diffuser");
        assert_eq!(next_verb(counts, Some(DateTime::UNIX_EPOCH), None), "");
    }

    #[test]
    fn what_belongs_to_the_day_waits_for_it() {
        let counts = Counts {
            companies: 2,
            guests: 3,
            invited: 2,
            ..Counts::default()
        };
        let day = NaiveDate::from_ymd_opt(2026, 12, 3);
        assert_eq!(next_verb(counts, None, day), "Inviter");
        let ready = Counts {
            invited: 3,
            ..counts
        };
        assert_eq!(next_verb(ready, None, day), "");
        assert_eq!(tasks(ready, None, day)[2].state, "le 3\u{a0}décembre 2026");
    }

    #[test]
    fn the_day_begins_at_midnight_in_paris() {
        let held_at = "2026-12-02T23:30:00Z".parse().expect("a moment");
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d).expect("a day");
        assert_eq!(still_to_come(held_at, day(2)), Some(day(3)));
        assert_eq!(still_to_come(held_at, day(3)), None);
        assert_eq!(still_to_come(held_at, day(4)), None);
    }
}
