//! What people write about the figures: commentary, settings, snapshots.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;

use crate::auth::Permission;
use crate::features::indicators::forms::{CommentForm, SettingsForm, SnapshotForm};
use crate::features::indicators::model::{Settings, quarter_after};
use crate::features::indicators::routes::PATH;
use crate::features::indicators::snapshots::Listed;
use crate::web::Visit;
use crate::web::filters;
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;

/// The commentary, to write.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/comment.html")]
pub struct CommentPage {
    /// Frame.
    pub shell: Shell,
    /// What was typed.
    pub form: CommentForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl CommentPage {
    /// The page of this commentary.
    pub fn new(visit: &Visit, form: CommentForm) -> Self {
        Self {
            shell: below(visit, "Commentaire"),
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
}

/// What the service aims at, to change.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/settings.html")]
pub struct SettingsPage {
    /// Frame.
    pub shell: Shell,
    /// What was typed.
    pub form: SettingsForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// What someone else wrote meanwhile.
    pub theirs: Option<Settings>,
}

impl SettingsPage {
    /// The page of these settings.
    pub fn new(visit: &Visit, form: SettingsForm) -> Self {
        Self {
            shell: below(visit, "Objectifs et seuil"),
            form,
            errors: FormErrors::default(),
            theirs: None,
        }
    }

    /// The page again.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

fn below(visit: &Visit, title: &str) -> Shell {
    visit
        .shell(title)
        .via("Accueil", "/")
        .via("Indicateurs", PATH)
        .at(title)
}

/// The snapshots.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/snapshots.html")]
pub struct SnapshotsPage {
    /// Frame.
    pub shell: Shell,
    /// The snapshots.
    pub rows: Vec<Listed>,
    /// What was typed.
    pub form: SnapshotForm,
    /// What is wrong.
    pub errors: FormErrors,
    may_take: bool,
    next_quarter: NaiveDate,
}

impl SnapshotsPage {
    /// The page of these snapshots.
    pub fn new(visit: &Visit, rows: Vec<Listed>) -> Self {
        Self {
            shell: below(visit, "Arrêtés"),
            rows,
            form: SnapshotForm::default(),
            errors: FormErrors::default(),
            may_take: visit.may(Permission::ManageIndicators),
            next_quarter: quarter_after(visit.today),
        }
    }
}
