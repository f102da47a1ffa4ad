//! Where an alert stands, how it ends, and how its level looks.

use chrono::NaiveDate;

use crate::web::levels::Level;

/// Where an alert stands on a day: one that waited until a day that has come is open again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody looks after it.
    New,
    /// Someone does.
    Taken,
    /// Put off until a day to come.
    Waiting,
    /// Ended.
    Closed,
    /// Handled with another one.
    Merged,
}

impl Stage {
    /// From what the database holds.
    pub fn of(
        status: &str,
        waits_until: Option<NaiveDate>,
        is_followed: bool,
        today: NaiveDate,
    ) -> Self {
        match status {
            "closed" => Self::Closed,
            "merged" => Self::Merged,
            "waiting" if waits_until.is_some_and(|day| day > today) => Self::Waiting,
            _ if is_followed => Self::Taken,
            _ => Self::New,
        }
    }

    /// Whether it can still be acted upon.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Taken | Self::Waiting)
    }

    /// What takes back the act that led here, as the button says it.
    pub const fn undo(self) -> Option<&'static str> {
        Some(match self {
            Self::New => return None,
            Self::Taken => "Annuler la prise en charge",
            Self::Waiting => "Annuler la mise en attente",
            Self::Closed => "Annuler le classement",
            Self::Merged => "Annuler le rattachement",
        })
    }
}

/// How an alert ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Someone met the company.
    Met,
    /// Actions were decided.
    Plan,
    /// A partner takes over.
    Referred,
    /// There is nothing to fear.
    NoDifficulty,
    /// The facts were wrong.
    FalseAlert,
    /// Nothing more can be done.
    Ended,
}

impl Outcome {
    /// In the order of the form.
    pub const ALL: [Self; 6] = [
        Self::Met,
        Self::Plan,
        Self::Referred,
        Self::NoDifficulty,
        Self::FalseAlert,
        Self::Ended,
    ];

    /// Name in the database and in the form.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Plan => "plan",
            Self::Referred => "referred",
            Self::NoDifficulty => "no_difficulty",
            Self::FalseAlert => "false_alert",
            Self::Ended => "ended",
        }
    }

    /// In French.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Met => "Entreprise rencontrée",
            Self::Plan => "Plan d’actions engagé",
            Self::Referred => "Orientée vers un partenaire",
            Self::NoDifficulty => "Pas de difficulté",
            Self::FalseAlert => "Fausse alerte",
            Self::Ended => "Sans suite",
        }
    }

    /// The outcome of this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// An outcome of the database in French; `lifted` is Vigie's own.
pub fn outcome_label(code: &str) -> &'static str {
    Outcome::from_code(code).map_or("Raison levée", Outcome::label)
}

/// The badge of an alert: the state of its company, else the level of the database.
pub fn badge(level: &str, is_procedure: bool, shown: Option<&str>) -> Level {
    match (is_procedure, Level::from_code(shown)) {
        (true, Level::StruckOff) => Level::StruckOff,
        (true, _) => Level::Procedure,
        (false, _) => Level::from_code(Some(level)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_whose_day_has_come_is_over() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let today = day("2026-11-24");
        let stage = |until, followed| Stage::of("waiting", Some(day(until)), followed, today);
        assert_eq!(stage("2026-11-25", true), Stage::Waiting);
        assert_eq!(stage("2026-11-24", true), Stage::Taken);
        assert_eq!(stage("2026-11-24", false), Stage::New);
    }

    #[test]
    fn each_outcome_has_its_own_name() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::from_code("lifted"), None);
        assert_eq!(outcome_label("lifted"), "Raison levée");
    }
}
