//! A need or an offer: its page, its form, why it is closed.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::{OVERTAKEN, bearer_path, below_list, is_council, may_change, new_path};
use crate::domain::Dossier;
use crate::features::matching::forms::{CloseForm, EntryForm};
use crate::features::matching::model::{RULE, SIDES};
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::introductions::Introduction;
use crate::features::matching::queries::suggestions::Suggestion;
use crate::features::matching::queries::{Bearer, Theme};
use crate::features::workshops::queries::LastChange;
use crate::scoring::words::of;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::{Choice, ChoiceGroup, FormErrors};
use crate::web::shell::Shell;

/// A need or an offer, with who could be introduced.
#[derive(Template, WebTemplate)]
#[template(path = "matching/show.html")]
pub struct EntryPage {
    /// Frame.
    pub shell: Shell,
    /// The need or offer.
    pub entry: Entry,
    /// Who could be introduced, in the order of the rule.
    pub suggested: Vec<Suggestion>,
    /// Introductions about it.
    pub introduced: Vec<Introduction>,
    /// How suggestions are ordered.
    pub rule: &'static str,
    /// Whether the visitor changes it.
    pub may_change: bool,
}

impl EntryPage {
    /// The page.
    pub fn new(
        visit: &Visit,
        entry: Entry,
        suggested: Vec<Suggestion>,
        introduced: Vec<Introduction>,
    ) -> Self {
        let title = format!("{} {}", entry.side_words(), of(entry.bearer_name()));
        Self {
            shell: below_list(visit, title).at(entry.side_words()),
            may_change: entry.closed_on.is_none() && may_change(visit, &entry),
            entry,
            suggested,
            introduced,
            rule: RULE,
        }
    }

    /// Where somebody who is not suggested is introduced.
    pub fn propose_href(&self) -> String {
        format!("{}/proposer", self.entry.href())
    }
}

/// The form of a need or an offer, new or known.
#[derive(Template, WebTemplate)]
#[template(path = "matching/form.html")]
pub struct EntryFormPage {
    /// Frame.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Where « Annuler » leads.
    pub back: String,
    /// Whose it is.
    pub bearer: String,
    /// Need or offer; empty when it is settled.
    pub sides: Vec<Choice>,
    /// Themes under their dossiers.
    pub themes: Vec<ChoiceGroup>,
    /// Whether the visitor chooses who reads it.
    pub may_hide: bool,
    /// What was typed.
    pub form: EntryForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<(Entry, Option<LastChange>)>,
}

fn grouped(themes: &[Theme]) -> Vec<ChoiceGroup> {
    ChoiceGroup::ranked([Dossier::Training, Dossier::Research].map(|dossier| {
        let of = themes
            .iter()
            .filter(|theme| theme.dossier == dossier.code());
        let choices = of.map(|theme| Choice::new(theme.code.as_str(), theme.label.as_str()));
        (dossier.label(), choices.collect())
    }))
}

impl EntryFormPage {
    /// A new one.
    pub fn add(visit: &Visit, bearer: &Bearer, themes: &[Theme], form: EntryForm) -> Self {
        let is_heard = !form.besoin.is_empty();
        let title = if is_heard {
            "Chercher qui peut répondre à un besoin"
        } else {
            "Noter un besoin ou une offre"
        };
        let all = SIDES
            .iter()
            .map(|(code, words)| Choice::new(*code, *words))
            .collect();
        Self {
            shell: below_list(visit, title).at("Noter"),
            action: new_path(bearer.siren.as_deref(), bearer.organisation_id),
            back: bearer_path(bearer.siren.as_deref(), bearer.organisation_id).unwrap_or_default(),
            bearer: bearer.name.clone(),
            sides: if is_heard { Vec::new() } else { all },
            themes: grouped(themes),
            may_hide: is_council(visit),
            form,
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// A known one.
    pub fn edit(visit: &Visit, known: &Entry, themes: &[Theme], form: EntryForm) -> Self {
        let title = format!("Modifier {}", known_words(known));
        Self {
            shell: below_list(visit, title)
                .via(known.side_words(), known.href())
                .at("Modifier"),
            action: format!("{}/modifier", known.href()),
            back: known.href(),
            bearer: known.bearer_name().to_owned(),
            sides: Vec::new(),
            themes: grouped(themes),
            may_hide: is_council(visit),
            form,
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// The form again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The form again, beside what someone else wrote meanwhile.
    pub fn overtaken(mut self, theirs: Entry, change: Option<LastChange>) -> Response {
        self.form.version = theirs.version.to_string();
        self.theirs = Some((theirs, change));
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}

fn known_words(entry: &Entry) -> &'static str {
    if entry.is_need() {
        "ce besoin"
    } else {
        "cette offre"
    }
}

/// Asks why a need or an offer is closed.
#[derive(Template, WebTemplate)]
#[template(path = "matching/close.html")]
pub struct ClosePage {
    /// Frame.
    pub shell: Shell,
    /// Which.
    pub entry: Entry,
    /// What was typed.
    pub form: CloseForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl ClosePage {
    /// The question.
    pub fn new(visit: &Visit, entry: Entry, form: CloseForm) -> Self {
        let title = format!("Clore {}", known_words(&entry));
        let form = CloseForm {
            version: if form.version.is_empty() {
                entry.version.to_string()
            } else {
                form.version
            },
            ..form
        };
        Self {
            shell: below_list(visit, title)
                .via(entry.side_words(), entry.href())
                .at("Clore"),
            entry,
            form,
            errors: FormErrors::default(),
        }
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }

    /// The page again, under what someone else wrote meanwhile.
    pub fn overtaken(mut self) -> Response {
        self.form.version = self.entry.version.to_string();
        let mut errors = FormErrors::new();
        errors.add_general(OVERTAKEN);
        self.refused(StatusCode::CONFLICT, errors)
    }
}
