//! The page of an alert.

use askama::Template;
use askama_web::WebTemplate;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use uuid::Uuid;

use crate::features::alerts::forms::{ActForm, QUEUE, QueueForm};
use crate::features::alerts::model::{self, Outcome, Stage};
use crate::features::alerts::queries::page::{AlertDetail, CauseRow, EventRow, OptionRow};
use crate::features::companies::model::shown_name;
use crate::scoring::explanation::{Explanation, Factor};
use crate::web::filters::{self, long_date, long_instant};
use crate::web::forms::{Choice, ChoiceGroup, FormErrors};
use crate::web::levels::Level;
use crate::web::shell::Shell;
use crate::web::{Error, Visit};

/// Factors shown, the heaviest first.
const FACTORS: usize = 5;

/// What surrounds the alert itself.
pub struct Parts {
    /// Why it was opened, the newest first.
    pub causes: Vec<CauseRow>,
    /// What happened, the newest first.
    pub events: Vec<EventRow>,
    /// The alert that follows in the queue, and whether nobody follows it.
    pub next: Option<(Uuid, bool)>,
    /// People and other alerts.
    pub options: Vec<OptionRow>,
}

impl AlertDetail {
    /// Where it stands today.
    pub fn stage(&self, today: NaiveDate) -> Stage {
        let is_followed = self.assignee_id.is_some();
        Stage::of(&self.status, self.waits_until, is_followed, today)
    }

    /// The name of its company, or what stands for it.
    pub fn shown_name(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Its badge.
    pub fn badge(&self) -> Level {
        model::badge(&self.level, self.is_procedure, self.shown.as_deref())
    }
}

/// A cause with its days in France.
pub struct Cause {
    /// What changed.
    pub sentence: String,
    /// When Vigie found it.
    pub on: NaiveDate,
    /// When its notice was taken back.
    pub lifted_on: Option<NaiveDate>,
}

/// One step of the history.
pub struct Step {
    /// When, as a day in France.
    pub on: NaiveDate,
    /// What happened, by whom.
    pub sentence: String,
    /// Details.
    pub detail: Option<String>,
    /// The alert that came.
    pub other: Option<Uuid>,
}

/// The page of an alert.
#[derive(Template, WebTemplate)]
#[template(path = "alerts/show.html")]
pub struct AlertPage {
    /// Frame.
    pub shell: Shell,
    /// The alert.
    pub alert: AlertDetail,
    /// Why.
    pub causes: Vec<Cause>,
    /// What happened.
    pub steps: Vec<Step>,
    /// The alert that follows in the queue.
    pub next: Option<String>,
    /// Who can look after it.
    pub people: Vec<Choice>,
    /// What it can be handled with.
    pub others: Vec<ChoiceGroup>,
    /// How it can end.
    pub outcomes: Vec<Choice>,
    /// What was typed.
    pub typed: ActForm,
    /// The act whose form was refused.
    pub open: &'static str,
    /// What is wrong.
    pub errors: FormErrors,
    stage: Stage,
    me: Uuid,
    own_key: String,
    version: String,
    query: String,
    back: String,
    answers: Vec<Choice>,
}

impl AlertPage {
    /// The page of this alert, reached from this queue.
    pub fn new(
        visit: &Visit,
        form: &QueueForm,
        alert: AlertDetail,
        parts: Parts,
    ) -> Result<Self, Error> {
        let back = form.href_with(|_| ())?;
        let next = parts
            .next
            .map(|(id, is_free)| {
                let mut form = form.clone();
                form.libre = if is_free { "1".into() } else { String::new() };
                form.href(&format!("{QUEUE}/{id}"))
            })
            .transpose()?;
        let (people, others) = split(parts.options);
        let title = format!("Alerte\u{a0}: {}", alert.shown_name());
        Ok(Self {
            shell: visit
                .shell(title.as_str())
                .via("Accueil", "/")
                .via("Alertes", back.as_str())
                .at(alert.shown_name()),
            stage: alert.stage(visit.today),
            causes: parts.causes.into_iter().map(cause).collect(),
            steps: parts.events.into_iter().map(step).collect(),
            next,
            people,
            others,
            outcomes: Outcome::ALL
                .map(|outcome| Choice::new(outcome.code(), outcome.label()))
                .into(),
            answers: vec![Choice::new("oui", "Utile"), Choice::new("non", "Pas utile")],
            typed: first_form(&alert, visit.today),
            open: "",
            errors: FormErrors::new(),
            me: visit.user.id,
            own_key: visit.user.id.to_string(),
            version: alert.version.to_string(),
            query: form.query()?,
            back,
            alert,
        })
    }

    /// Address of an act, which keeps the filters of the queue.
    pub fn act(&self, name: &str) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{QUEUE}/{}/{name}{mark}{}", self.alert.id, self.query)
    }

    /// Whether a colleague looks after it.
    pub fn is_others(&self) -> bool {
        self.stage.is_open() && self.alert.assignee_id.is_some_and(|id| id != self.me)
    }

    /// What the assessment says.
    pub fn explanation(&self) -> &Explanation {
        &self.alert.explanation.0
    }

    /// Why this level is retained, where the sentence has not said it yet.
    pub fn retained(&self) -> Option<&str> {
        let Explanation {
            sentence, retained, ..
        } = self.explanation();
        retained
            .as_deref()
            .filter(|words| !sentence.contains(words.trim_end_matches('.')))
    }

    /// The terms of the score that weigh most.
    pub fn factors(&self) -> Vec<&Factor> {
        let factors = self.explanation().factors.iter();
        factors
            .filter(|factor| factor.points > 0)
            .take(FACTORS)
            .collect()
    }

    /// Where it stands, in a sentence.
    pub fn state(&self) -> String {
        let alert = &self.alert;
        let since = long_instant(alert.opened_at);
        let by = alert.closed_by_name.as_deref().unwrap_or("Vigie");
        let ended = alert.closed_at.map(long_instant).unwrap_or_default();
        match (self.stage, &alert.assignee) {
            (Stage::New, _) | (Stage::Taken, None) => {
                format!("Ouverte le {since}, sans responsable.")
            }
            (Stage::Taken, Some(name)) => format!("Ouverte le {since}, suivie par {name}."),
            (Stage::Waiting, name) => {
                let day = alert.waits_until.map(long_date).unwrap_or_default();
                let who = name.as_deref().map_or_else(
                    || "sans responsable".to_owned(),
                    |name| format!("suivie par {name}"),
                );
                format!("En attente jusqu’au {day}, {who}.")
            }
            (Stage::Closed, _) => {
                let outcome = model::outcome_label(alert.outcome.as_deref().unwrap_or_default());
                format!("Classée le {ended} par {by}\u{a0}: {outcome}.")
            }
            (Stage::Merged, _) => format!("Rattachée à une autre alerte le {ended} par {by}."),
        }
    }
}

/// What the forms hold at first.
fn first_form(alert: &AlertDetail, today: NaiveDate) -> ActForm {
    ActForm {
        version: alert.version.to_string(),
        jusqu_au: today
            .checked_add_months(Months::new(1))
            .unwrap_or(today + Days::new(30))
            .to_string(),
        utile: match alert.is_useful {
            Some(true) => "oui".to_owned(),
            Some(false) => "non".to_owned(),
            None => String::new(),
        },
        motif_avis: alert.feedback.clone().unwrap_or_default(),
        ..ActForm::default()
    }
}

fn split(options: Vec<OptionRow>) -> (Vec<Choice>, Vec<ChoiceGroup>) {
    let mut people = Vec::new();
    let mut close = [
        ("group", "Du même groupe", Vec::new()),
        ("territory", "Du même territoire", Vec::new()),
        ("other", "Ailleurs", Vec::new()),
    ];
    for option in options {
        let choice = Choice::new(option.value, option.label);
        match close.iter_mut().find(|(kind, ..)| *kind == option.kind) {
            Some((.., choices)) => choices.push(choice),
            None => people.push(choice),
        }
    }
    let close = close
        .into_iter()
        .filter(|(.., choices)| !choices.is_empty());
    let groups = ChoiceGroup::ranked(close.map(|(_, legend, choices)| (legend, choices)));
    (people, groups)
}

fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Paris).date_naive()
}

fn cause(row: CauseRow) -> Cause {
    Cause {
        sentence: row.sentence,
        on: day(row.at),
        lifted_on: row.lifted_at.map(day),
    }
}

fn step(row: EventRow) -> Step {
    let EventRow {
        at,
        actor,
        kind,
        text,
        other,
    } = row;
    let mut detail = None;
    let sentence = match kind.as_str() {
        "opened" => "Alerte ouverte".to_owned(),
        "enriched" => "Nouvelle raison".to_owned(),
        "taken" => format!("Prise en charge par {actor}"),
        "assigned" => format!("Confiée à {text} par {actor}"),
        "waiting" => format!("Mise en attente par {actor}"),
        "woken" => "L’attente est finie".to_owned(),
        "closed" => format!("Classée par {actor}"),
        "merged" => format!("Rattachée par {actor} à\u{a0}: {text}"),
        "joined" => format!("Alerte rattachée ici par {actor}\u{a0}: {text}"),
        "lifted" => "Raison annulée".to_owned(),
        _ => format!("Rouverte par {actor}"),
    };
    if !matches!(kind.as_str(), "assigned" | "merged" | "joined") && !text.is_empty() {
        detail = Some(text);
    }
    Step {
        on: day(at),
        sentence,
        detail,
        other,
    }
}

/// What happened while the person was looking: who did what, and when.
pub fn overtaken_words(alert: &AlertDetail, visit: &Visit) -> String {
    let stage = alert.stage(visit.today);
    let by = alert.closed_by_name.as_deref().unwrap_or("Vigie");
    let ended = alert.closed_at.map(long_instant).unwrap_or_default();
    match (stage, &alert.assignee, alert.taken_at) {
        (Stage::Taken, Some(name), Some(at)) if alert.assignee_id != Some(visit.user.id) => {
            format!(
                "{name} suit cette alerte depuis le {}. Rien n’est perdu\u{a0}: laissez-la, ou \
             confiez-la à vous-même.",
                long_instant(at)
            )
        }
        (Stage::Closed, ..) => format!(
            "{by} a classé cette alerte le {ended}. Rien n’est perdu\u{a0}: relisez son motif, ou \
             annulez le classement."
        ),
        (Stage::Merged, ..) => format!(
            "{by} a rattaché cette alerte à une autre le {ended}. Rien n’est perdu\u{a0}: suivez \
             l’autre, ou annulez le rattachement."
        ),
        _ => "Cette alerte a changé depuis que vous l’avez ouverte. Rien n’est perdu\u{a0}: \
              relisez-la, puis recommencez."
            .to_owned(),
    }
}
