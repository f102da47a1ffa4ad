//! The structured interview, as typed: each theme knows what it started from, so that two people who write at
//! once meet only where both changed the same one.

use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::forms::{LONGEST_TEXT, day, due_on, held_on};
use super::model::THEMES;
use super::queries::top::Answer;
use super::queries::{Meeting, Step};
use crate::domain::Dossier;
use crate::domain::text::{one_line, paragraphs};
use crate::features::organisations::forms::refuse_long;
use crate::scoring::flags::RedFlag;
use crate::web::forms::FormErrors;

/// Longest essential.
const LONGEST_ESSENTIAL: usize = 1_000;
/// Longest need or promise.
const LONGEST_LINE: usize = 300;

/// Every field of the form, by name.
pub type Fields = Vec<(String, String)>;

/// The interview as it shows in the form.
#[derive(Debug, Clone, Default)]
pub struct InterviewForm {
    /// The essential; with it, the meeting is held.
    pub essential: String,
    /// Day on which it took place.
    pub date: String,
    /// Version of the meeting.
    pub version: i32,
    /// What the essential was when the form was filled.
    pub start: String,
    /// The seven themes.
    pub themes: Vec<ThemeForm>,
    /// Needs to add: code of the dossier, words, text.
    pub needs: Vec<(String, &'static str, String)>,
    /// Codes of red flags.
    pub flags: Vec<String>,
    /// Something to come back to.
    pub promise: String,
    /// For when.
    pub due_on: String,
    /// `users.id` of who does it.
    pub owner: String,
}

/// A theme as it shows in the form.
#[derive(Debug, Clone)]
pub struct ThemeForm {
    /// Code.
    pub code: String,
    /// Words.
    pub label: &'static str,
    /// Shared part.
    pub shared: String,
    /// Confidential part.
    pub confidential: String,
    /// Version that the form was filled from; 0 when nobody wrote it.
    pub version: i32,
    /// What it was then, in short.
    pub start: String,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Answer>,
}

/// What an interview adds, once it passed its form.
#[derive(Debug)]
pub struct Parsed {
    /// The essential and its day, when they are given.
    pub held: Option<(String, NaiveDate)>,
    /// Needs: code of the dossier, text.
    pub needs: Vec<(String, String)>,
    /// Red flags.
    pub flags: Vec<RedFlag>,
    /// Something to come back to.
    pub step: Option<Step>,
}

/// A short print of texts: equal only when nothing was typed.
pub fn print(texts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    let number = digest
        .finalize()
        .iter()
        .take(8)
        .fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}

impl InterviewForm {
    /// The form of what is written, nothing to add.
    pub fn of(meeting: &Meeting, answers: &[Answer], today: NaiveDate) -> Self {
        let theme = |(code, label): (&str, &'static str)| {
            let known = answers.iter().find(|answer| answer.theme == code);
            let (shared, confidential, version) = known.map_or_else(Default::default, |known| {
                (
                    known.shared_text.clone(),
                    known.confidential_text.clone(),
                    known.version,
                )
            });
            ThemeForm {
                code: code.to_owned(),
                label,
                start: print(&[&shared, &confidential]),
                shared,
                confidential,
                version,
                theirs: None,
            }
        };
        let date = meeting.held_on.min(today).to_string();
        Self {
            start: print(&[&meeting.summary, &date]),
            essential: meeting.summary.clone(),
            date,
            version: meeting.version,
            themes: THEMES.into_iter().map(theme).collect(),
            needs: Dossier::ALL
                .map(|d| (d.code().to_owned(), d.label(), String::new()))
                .into(),
            ..Self::default()
        }
    }

    /// The form as it was typed.
    pub fn typed(fields: &Fields) -> Self {
        let get = |name: &str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let number = |name: &str| get(name).parse().unwrap_or(0);
        Self {
            essential: paragraphs(&get("essentiel")),
            date: get("date"),
            version: number("version"),
            start: get("depart"),
            themes: THEMES
                .into_iter()
                .map(|(code, label)| ThemeForm {
                    code: code.to_owned(),
                    label,
                    shared: paragraphs(&get(&format!("partage_{code}"))),
                    confidential: paragraphs(&get(&format!("confidentiel_{code}"))),
                    version: number(&format!("version_{code}")),
                    start: get(&format!("depart_{code}")),
                    theirs: None,
                })
                .collect(),
            needs: Dossier::ALL
                .map(|d| {
                    let need = one_line(&get(&format!("besoin_{}", d.code())));
                    (d.code().to_owned(), d.label(), need)
                })
                .into(),
            flags: fields
                .iter()
                .filter(|(key, _)| key == "signal")
                .map(|(_, value)| value.clone())
                .collect(),
            promise: one_line(&get("suite")),
            due_on: get("suite_date"),
            owner: get("suite_par"),
        }
    }

    /// Whether the essential or its day were touched.
    pub fn is_touched(&self) -> bool {
        self.start != print(&[&self.essential, &self.date])
    }

    /// What it adds, or what is wrong.
    pub fn parse(&self, meeting: &Meeting, today: NaiveDate) -> Result<Parsed, FormErrors> {
        let mut errors = FormErrors::new();
        let flags: Vec<RedFlag> = self
            .flags
            .iter()
            .filter_map(|code| RedFlag::from_code(code))
            .collect();
        if !flags.is_empty() && self.essential.chars().count() < 10 {
            errors.add(
                "essentiel",
                "L’essentiel est aussi le motif du signal\u{a0}: écrivez-le en dix caractères au moins.",
            );
        }
        refuse_long(&mut errors, "essentiel", &self.essential, LONGEST_ESSENTIAL);
        let held = (!self.essential.is_empty()).then(|| {
            let on = held_on(&mut errors, &self.date, &meeting.of_company(), today);
            (self.essential.clone(), on)
        });
        // Someone else may have written it meanwhile: who did not touch it does not erase it.
        if held.is_none() && meeting.status == "held" && self.is_touched() {
            errors.add("essentiel", "Écrivez l’essentiel en une phrase.");
        }
        for theme in &self.themes {
            let field = format!("partage_{}", theme.code);
            refuse_long(&mut errors, &field, &theme.shared, LONGEST_TEXT);
            let field = format!("confidentiel_{}", theme.code);
            refuse_long(&mut errors, &field, &theme.confidential, LONGEST_TEXT);
        }
        for (code, _, need) in &self.needs {
            refuse_long(&mut errors, &format!("besoin_{code}"), need, LONGEST_LINE);
        }
        refuse_long(&mut errors, "suite", &self.promise, LONGEST_LINE);
        let step = self.step(&mut errors, today);
        errors.or(Parsed {
            held,
            needs: self
                .needs
                .iter()
                .filter(|(_, _, need)| !need.is_empty())
                .map(|(code, _, need)| (code.clone(), need.clone()))
                .collect(),
            flags,
            step,
        })
    }

    fn step(&self, errors: &mut FormErrors, today: NaiveDate) -> Option<Step> {
        if self.promise.is_empty() {
            if day(&self.due_on).is_some() {
                errors.add(
                    "suite",
                    "Écrivez ce qui est promis, par exemple «\u{a0}Envoyer le plan du site\u{a0}».",
                );
            }
            return None;
        }
        Some(Step {
            promise: self.promise.clone(),
            due_on: due_on(errors, "suite_date", &self.due_on, today)?,
            is_contact: false,
            owner_id: self.owner.parse::<Uuid>().ok(),
        })
    }
}

impl ThemeForm {
    /// Whether this person changed it.
    pub fn is_touched(&self) -> bool {
        self.start != print(&[&self.shared, &self.confidential])
    }

    /// Whether it holds anything: it then shows unfolded.
    pub fn is_written(&self) -> bool {
        !self.shared.is_empty() || !self.confidential.is_empty() || self.theirs.is_some()
    }

    /// What to keep, signed.
    pub fn answer(&self, by: &str) -> Answer {
        Answer {
            theme: self.code.clone(),
            shared_text: self.shared.clone(),
            confidential_text: self.confidential.clone(),
            written_by: by.to_owned(),
            version: self.version,
        }
    }
}
