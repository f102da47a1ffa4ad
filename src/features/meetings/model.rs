//! The words of meetings.

use chrono::{Days, Months, NaiveDate};

use crate::domain::Dossier;
use crate::features::companies::model::{flag_label, meeting_kind};
use crate::scoring::flags::RedFlag;
use crate::web::forms::Choice;

/// How people met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// At the company's.
    Visit,
    /// By telephone.
    Call,
    /// On screen.
    Video,
    /// In writing.
    Mail,
    /// Head of the company and representative of the council.
    TopLevel,
}

impl Kind {
    /// Every kind, those of every day first.
    pub const ALL: [Self; 5] = [
        Self::Visit,
        Self::Call,
        Self::Video,
        Self::Mail,
        Self::TopLevel,
    ];

    /// The code that the database and forms hold.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Call => "call",
            Self::Video => "video",
            Self::Mail => "mail",
            Self::TopLevel => "top_level",
        }
    }

    /// The kind in words.
    pub fn label(self) -> &'static str {
        meeting_kind(self.code())
    }

    /// The kind of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Those that are noted in a minute.
    pub fn everyday() -> Vec<Choice> {
        Self::ALL[..4].iter().map(|kind| kind.choice()).collect()
    }

    /// All of them.
    pub fn choices() -> Vec<Choice> {
        Self::ALL.iter().map(|kind| kind.choice()).collect()
    }

    /// Those that a meeting may have: one at the highest level stays one, with its interview, and no other
    /// becomes one.
    pub fn choices_of(is_top_level: bool) -> Vec<Choice> {
        if is_top_level {
            vec![Self::TopLevel.choice()]
        } else {
            Self::everyday()
        }
    }

    fn choice(self) -> Choice {
        Choice::new(self.code(), self.label())
    }
}

pub use crate::features::companies::model::meeting_kind as kind_label;

/// The words of a status: only a rendez-vous is planned or called off.
pub fn status_label(code: &str) -> &'static str {
    match code {
        "planned" => "Prévu",
        "cancelled" => "Annulé",
        _ => "Tenu",
    }
}

/// Which side of the table.
pub fn side_label(code: &str) -> &'static str {
    match code {
        "council" => "Département",
        "partner" => "Partenaire",
        _ => "Entreprise",
    }
}

/// Themes of the interview: code, words.
pub const THEMES: [(&str, &str); 7] = [
    ("market", "Marché"),
    ("finance", "Finance"),
    ("workforce", "Main-d’œuvre"),
    ("premises", "Locaux et conformité"),
    ("environment", "Environnement"),
    ("succession", "Transmission"),
    ("projects", "Projets"),
];

/// The five dossiers.
pub fn dossiers() -> Vec<Choice> {
    Dossier::ALL
        .map(|dossier| Choice::new(dossier.code(), dossier.label()))
        .into()
}

/// The words of a dossier's code.
pub fn dossier_label(code: &str) -> &'static str {
    Dossier::ALL
        .into_iter()
        .find(|dossier| dossier.code() == code)
        .map_or("Autre", Dossier::label)
}

/// Red flags.
pub fn flags() -> Vec<Choice> {
    RedFlag::ALL
        .map(|flag| Choice::new(flag.code(), flag_label(flag.code())))
        .into()
}

/// When to come back to the company: code, words.
pub const FOLLOW_UPS: [(&str, &str); 4] = [
    ("rien", "Rien"),
    ("7", "7\u{a0}jours"),
    ("mois", "1\u{a0}mois"),
    ("date", "À une date"),
];

/// The choices of [`FOLLOW_UPS`].
pub fn follow_ups() -> Vec<Choice> {
    FOLLOW_UPS
        .map(|(code, label)| Choice::new(code, label))
        .into()
}

/// A week after.
pub fn in_a_week(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(7)).unwrap_or(today)
}

/// A month after.
pub fn in_a_month(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(1)).unwrap_or(today)
}

/// Months after which a company is said not to be met any more.
pub const SILENCE: Months = Months::new(6);

/// The day since which a company should have been met.
pub fn silence(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(SILENCE).unwrap_or(today)
}
