//! The queue.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::features::alerts::forms::{
    BulkForm, FOLLOWERS, LEVELS, QUEUE, QueueForm, STATES, seen_value,
};
use crate::features::alerts::model::{self, Stage};
use crate::features::alerts::queries::queue::{AlertRow, OptionRow, Totals};
use crate::features::companies::model::shown_name;
use crate::web::filters::{self, agree, group_thousands, long_date};
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::levels::Level;
use crate::web::pager::Page;
use crate::web::shell::Shell;
use crate::web::{Error, Visit};

/// Choices of the filters.
#[derive(Debug)]
pub struct Choices {
    /// States, besides open ones.
    pub states: Vec<Choice>,
    /// Levels.
    pub levels: Vec<Choice>,
    /// Territories that the person sees.
    pub territories: Vec<Choice>,
    /// Active staff.
    pub people: Vec<Choice>,
    /// Me, nobody, then active staff.
    pub followers: Vec<Choice>,
}

impl Choices {
    /// From what the database offers.
    pub fn new(options: Vec<OptionRow>) -> Self {
        let fixed = |pairs: &[(&str, &str)]| -> Vec<Choice> {
            pairs
                .iter()
                .map(|(code, label)| Choice::new(*code, *label))
                .collect()
        };
        let (territories, people): (Vec<OptionRow>, Vec<OptionRow>) = options
            .into_iter()
            .partition(|option| option.kind == "territory");
        let choices = |rows: Vec<OptionRow>| -> Vec<Choice> {
            rows.into_iter()
                .map(|row| Choice::new(row.value, row.label))
                .collect()
        };
        let people = choices(people);
        let mut followers = fixed(&FOLLOWERS);
        followers.extend(people.iter().cloned());
        Self {
            states: fixed(&STATES),
            levels: fixed(&LEVELS),
            territories: choices(territories),
            people,
            followers,
        }
    }

    /// The name of someone who can look after alerts.
    pub fn person(&self, id: Uuid) -> Option<&str> {
        let id = id.to_string();
        self.people
            .iter()
            .find(|choice| choice.value == id)
            .map(|choice| choice.label.as_str())
    }
}

impl AlertRow {
    /// The name of the company, or what stands for it.
    pub fn shown_name(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Its badge.
    pub fn badge(&self) -> Level {
        model::badge(&self.level, self.is_procedure, self.shown.as_deref())
    }

    /// Its key and version, for the forms.
    pub fn seen(&self) -> String {
        seen_value(self.id, self.version)
    }

    /// Who looks after it, or until when it waits.
    pub fn follower(&self) -> &str {
        self.assignee.as_deref().unwrap_or("personne")
    }
}

/// The queue of alerts.
#[derive(Template, WebTemplate)]
#[template(path = "alerts/index.html")]
pub struct QueuePage {
    /// Frame.
    pub shell: Shell,
    /// What was asked, tidied.
    pub form: QueueForm,
    /// Choices of the filters.
    pub choices: Choices,
    /// Filters in force, as chips.
    pub chips: Vec<ActiveFilter>,
    /// What there is to do.
    pub totals: Totals,
    /// Place in the queue.
    pub page: Page,
    /// The rows.
    pub rows: Vec<AlertRow>,
    /// Where the ticked ones are given.
    pub entrust: String,
    /// What was typed to give them.
    pub bulk: BulkForm,
    /// What is wrong with that.
    pub errors: FormErrors,
    no_error: FormErrors,
    query: String,
    now: DateTime<Utc>,
    today: chrono::NaiveDate,
}

impl QueuePage {
    /// The page for these parameters.
    pub fn new(
        visit: &Visit,
        form: QueueForm,
        choices: Choices,
        totals: Totals,
        page: Page,
        rows: Vec<AlertRow>,
    ) -> Result<Self, Error> {
        let shell = visit
            .shell(page.title("Alertes"))
            .via("Accueil", "/")
            .at("Alertes");
        Ok(Self {
            shell,
            chips: chips(&form, &choices)?,
            entrust: form.href("/alertes/confier")?,
            query: form.query()?,
            form,
            choices,
            totals,
            page,
            rows,
            bulk: BulkForm::default(),
            errors: FormErrors::new(),
            no_error: FormErrors::new(),
            now: visit.now,
            today: visit.today,
        })
    }

    /// The queue again, with what was ticked.
    pub fn refused(mut self, status: StatusCode, typed: &BulkForm, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.bulk = typed.clone();
        self.errors = errors;
        (status, self).into_response()
    }

    /// Whether an alert was ticked in the form that comes back.
    pub fn is_ticked(&self, row: &AlertRow) -> bool {
        self.bulk.alerte.contains(&row.seen())
    }

    /// Whether a filter is in force.
    pub fn is_filtered(&self) -> bool {
        !self.chips.is_empty()
    }

    /// The page of an alert, which keeps the filters and its place.
    pub fn href(&self, row: &AlertRow) -> String {
        let place = if row.assignee.is_none() {
            "libre=1"
        } else {
            ""
        };
        let joined = [self.query.as_str(), place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("&");
        let mark = if joined.is_empty() { "" } else { "?" };
        format!("{QUEUE}/{}{mark}{joined}", row.id)
    }

    /// « en attente jusqu’au 3 mars 2027 », « classée », where that is not what the list is about.
    pub fn state(&self, row: &AlertRow) -> Option<String> {
        let is_followed = row.assignee.is_some();
        match Stage::of(&row.status, row.waits_until, is_followed, self.today) {
            Stage::Waiting => row
                .waits_until
                .map(|day| format!("en attente jusqu’au {}", long_date(day))),
            Stage::Closed => Some("classée".to_owned()),
            Stage::Merged => Some("rattachée à une autre".to_owned()),
            Stage::New | Stage::Taken => None,
        }
    }

    /// « 25 alertes ouvertes, dont 7 critiques ; 9 sans responsable ».
    pub fn count_in_words(&self) -> String {
        let Totals {
            open,
            critical,
            procedures,
            unassigned,
            ..
        } = self.totals;
        let opened = agree(open, "alerte ouverte", "alertes ouvertes");
        let grave = match critical {
            0 => "aucune critique".to_owned(),
            n => format!("dont {n}\u{a0}{}", agree(n, "critique", "critiques")),
        };
        let free = match unassigned {
            0 => "toutes suivies".to_owned(),
            n => format!("{n}\u{a0}sans responsable"),
        };
        let states = match procedures {
            0 => String::new(),
            n => format!(
                " et {n}\u{a0}en procédure ou {}",
                agree(n, "radiée", "radiées")
            ),
        };
        format!(
            "{}\u{a0}{opened}, {grave}{states}\u{202f}; {free}.",
            group_thousands(open)
        )
    }

    /// « 12 traitées ce mois-ci. »
    pub fn done_in_words(&self) -> String {
        match self.totals.done {
            0 => "Aucune n’a été traitée ce mois-ci.".to_owned(),
            n => format!("{n}\u{a0}{} ce mois-ci.", agree(n, "traitée", "traitées")),
        }
    }
}

fn chips(form: &QueueForm, choices: &Choices) -> Result<Vec<ActiveFilter>, Error> {
    type Clear = fn(&mut QueueForm);
    let known: [(&str, &str, &[Choice], Clear); 4] = [
        ("État", &form.etat, &choices.states, |f| f.etat.clear()),
        ("Niveau", &form.niveau, &choices.levels, |f| {
            f.niveau.clear();
        }),
        ("Territoire", &form.territoire, &choices.territories, |f| {
            f.territoire.clear();
        }),
        ("Suivie par", &form.responsable, &choices.followers, |f| {
            f.responsable.clear();
        }),
    ];
    known
        .into_iter()
        .filter(|(_, value, ..)| !value.is_empty())
        .map(|(what, value, options, clear)| {
            let label = options
                .iter()
                .find(|choice| choice.value == value)
                .map_or("inconnu", |choice| choice.label.as_str());
            Ok(ActiveFilter {
                label: format!("{what}\u{a0}: {label}"),
                remove_href: form.href_with(clear)?,
            })
        })
        .collect()
}
