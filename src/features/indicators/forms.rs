//! What is asked of the indicators, and what is typed about them.

use chrono::{Datelike as _, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::model::Settings;
use crate::domain::text::one_line;
use crate::web::forms::FormErrors;

/// Letters of a commentary: three lines.
const LONGEST: usize = 600;
/// Years that one may look back.
const PAST_YEARS: u32 = 50;

/// The evening, the one compared with, the territories: the address of every page of the feature.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The evening; empty for today.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub au: String,
    /// The evening compared with; empty for a year before.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub face: String,
    /// SIREN of territories; none for all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub territoire: Vec<String>,
}

/// What is asked, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The evening.
    pub evening: NaiveDate,
    /// The one compared with; none for a year before.
    pub before: Option<NaiveDate>,
}

impl Asked {
    /// The two evenings, or what to mend.
    pub fn wanted(&self, today: NaiveDate) -> Result<Wanted, FormErrors> {
        let mut errors = FormErrors::new();
        let farthest = today - Months::new(12 * PAST_YEARS);
        let mut day = |field: &str, typed: &str, until: NaiveDate, words: &str| {
            let typed = typed.trim();
            if typed.is_empty() {
                return None;
            }
            let known = typed.parse::<NaiveDate>().ok();
            let known = known.filter(|day| (farthest..=until).contains(day));
            if known.is_none() {
                errors.add(field, words);
            }
            known
        };
        let evening = day(
            "au",
            &self.au,
            today,
            "Choisissez une date passée ou celle d’aujourd’hui, par exemple 31/12/2025.",
        )
        .unwrap_or(today);
        let before = day(
            "face",
            &self.face,
            evening.pred_opt().unwrap_or(evening),
            "Choisissez une date qui précède celle de l’arrêté.",
        );
        errors.or(Wanted { evening, before })
    }

    /// The same territories over a whole year: until its last evening, or today for the present one, beside the
    /// end of the year before.
    pub fn over_year(&self, year: i32, today: NaiveDate) -> Self {
        let end = |year: i32| format!("{year:04}-12-31");
        Self {
            au: if year == today.year() {
                String::new()
            } else {
                end(year)
            },
            face: end(year - 1),
            territoire: self.territoire.clone(),
        }
    }

    /// The same as the end of an address: empty, or « ?… ».
    pub fn query(&self) -> String {
        let query = serde_html_form::to_string(self).unwrap_or_default();
        if query.is_empty() {
            query
        } else {
            format!("?{query}")
        }
    }
}

/// A commentary, as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CommentForm {
    /// Its text.
    pub commentaire: String,
}

impl CommentForm {
    /// Its text, or what to mend.
    pub fn parse(&self) -> Result<String, FormErrors> {
        let mut errors = FormErrors::new();
        let text = one_line(&self.commentaire);
        if text.chars().count() > LONGEST {
            errors.add(
                "commentaire",
                "Trois lignes suffisent\u{a0}: raccourcissez ce texte à 600\u{a0}caractères.",
            );
        }
        errors.or(text)
    }
}

/// Settings, as they were typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    /// Part of its jobs that a company keeps.
    pub seuil: String,
    /// Part to follow.
    pub suivies: String,
    /// Part to maintain.
    pub maintenues: String,
    /// Version that was read.
    pub version: String,
}

impl SettingsForm {
    /// The form of the settings in force.
    pub fn of(settings: Settings, version: i32) -> Self {
        Self {
            seuil: settings.kept_share.to_string(),
            suivies: settings.followed_target.to_string(),
            maintenues: settings.maintained_target.to_string(),
            version: version.to_string(),
        }
    }

    /// The settings, or what to mend.
    pub fn parse(&self) -> Result<Settings, FormErrors> {
        let mut errors = FormErrors::new();
        let mut share = |field: &str, typed: &str| {
            let known = typed.trim().trim_end_matches(['%', '\u{a0}', ' ']).parse();
            let known = known.ok().filter(|share| (1..=100).contains(share));
            if known.is_none() {
                errors.add(field, "Écrivez un nombre de 1 à 100, par exemple 80.");
            }
            known.unwrap_or_default()
        };
        let settings = Settings {
            kept_share: share("seuil", &self.seuil),
            followed_target: share("suivies", &self.suivies),
            maintained_target: share("maintenues", &self.maintenues),
        };
        errors.or(settings)
    }
}

/// The evening of a snapshot taken by hand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SnapshotForm {
    /// The evening; empty for today.
    pub au: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn evenings_to_come_and_dates_that_are_none_are_refused() {
        let today = day("2026-11-24");
        let asked = |au: &str, face: &str| Asked {
            au: au.to_owned(),
            face: face.to_owned(),
            ..Asked::default()
        };
        let known = asked("2026-06-30", "2025-06-30").wanted(today);
        assert_eq!(
            known,
            Ok(Wanted {
                evening: day("2026-06-30"),
                before: Some(day("2025-06-30"))
            })
        );
        for (au, face) in [
            ("2026-11-25", ""),
            ("hier", ""),
            ("1900-01-01", ""),
            ("2026-06-30", "2026-06-30"),
        ] {
            assert!(asked(au, face).wanted(today).is_err(), "{au} {face}");
        }
    }

    #[test]
    fn a_year_ends_on_its_last_evening_and_the_present_one_today() {
        let today: NaiveDate = "2026-11-24".parse().expect("a day");
        let asked = Asked {
            au: "2024-05-05".into(),
            territoire: vec!["248100737".into()],
            ..Asked::default()
        };
        let past = asked.over_year(2025, today);
        assert_eq!(
            past.query(),
            "?au=2025-12-31&face=2024-12-31&territoire=248100737"
        );
        let wanted = past.wanted(today).expect("two evenings");
        assert_eq!(wanted.evening, "2025-12-31".parse().expect("a day"));
        let present = asked.over_year(2026, today);
        assert_eq!(present.query(), "?face=2025-12-31&territoire=248100737");
        assert_eq!(present.wanted(today).expect("two evenings").evening, today);
    }
}
