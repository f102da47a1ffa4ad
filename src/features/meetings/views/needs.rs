//! Needs told at a meeting, and the page that asks why one is not pursued.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::send::SendPage;
use crate::features::meetings::model;
use crate::features::meetings::queries::Meeting;
use crate::features::meetings::queries::needs::{Need, NotedNeed};
use crate::features::meetings::routes::needs::DropForm;
use crate::web::Visit;
use crate::web::filters::long_instant;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;

/// Asks why a need is not pursued.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/need.html")]
pub struct DropPage {
    /// Frame.
    pub shell: Shell,
    /// Page of the meeting.
    pub back: String,
    /// The need.
    pub need: NotedNeed,
    /// What was typed.
    pub form: DropForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl DropPage {
    /// The question about this need.
    pub fn new(visit: &Visit, meeting: &Meeting, need: NotedNeed, form: DropForm) -> Self {
        Self {
            shell: SendPage::shell(visit, meeting, "Ne pas poursuivre un besoin"),
            back: format!("/rencontres/{}#besoins", meeting.id),
            need,
            form,
            errors: FormErrors::default(),
        }
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

impl Need {
    /// Its dossier in words.
    pub fn dossier_label(&self) -> &'static str {
        model::dossier_label(&self.dossier)
    }
}

impl NotedNeed {
    /// Its dossier in words.
    pub fn dossier_label(&self) -> &'static str {
        model::dossier_label(&self.dossier)
    }

    /// Whether companies and organisations are introduced about such needs.
    pub fn is_matched(&self) -> bool {
        matches!(self.dossier.as_str(), "training" | "research")
    }

    /// Whether it may be set aside.
    pub fn is_open(&self) -> bool {
        self.status == "open"
    }

    /// Whether it may be taken back.
    pub fn is_dropped(&self) -> bool {
        self.status == "dropped"
    }

    /// What became of it, when something did.
    pub fn outcome(&self) -> Option<String> {
        if let (Some(at), Some(by), Some(motive)) =
            (self.dropped_at, &self.dropped_by, &self.motive)
        {
            let at = long_instant(at);
            return Some(format!(
                "non poursuivi depuis le {at}, par {by}\u{a0}: {motive}"
            ));
        }
        (self.status == "kept").then(|| "devenu une action".to_owned())
    }
}
