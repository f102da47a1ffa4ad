//! Documents, and the question that removing one asks.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::action::below;
use crate::features::plans::parts::RemovalForm;
use crate::features::plans::queries::actions::Action;
use crate::features::plans::queries::documents::Document;
use crate::web::Visit;
use crate::web::filters::{long_instant, show_decimal};
use crate::web::forms::FormErrors;
use crate::web::shell::Shell;

impl Document {
    /// « 1,2 Mo », or in kilobytes under one.
    pub fn size(&self) -> String {
        let kilobytes = f64::from(self.size_bytes) / 1024.0;
        if kilobytes < 1024.0 {
            format!("{}\u{a0}Ko", show_decimal(kilobytes.ceil(), 0))
        } else {
            format!("{}\u{a0}Mo", show_decimal(kilobytes / 1024.0, 1))
        }
    }

    /// Who removed it, when and why; none while it is there.
    pub fn removed(&self) -> Option<String> {
        let (at, by) = (self.removed_at?, self.removed_by.as_deref()?);
        let at = long_instant(at);
        let motive = &self.removal_motive;
        Some(format!("Retiré le {at} par {by}\u{a0}: {motive}"))
    }
}

/// Asks why a document is removed.
#[derive(Template, WebTemplate)]
#[template(path = "plans/remove_document.html")]
pub struct RemovalPage {
    /// Frame.
    pub shell: Shell,
    /// The document.
    pub document: Document,
    /// What was typed.
    pub form: RemovalForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl RemovalPage {
    /// The question about this document.
    pub fn new(visit: &Visit, action: &Action, document: Document, form: RemovalForm) -> Self {
        Self {
            shell: below(visit, action)
                .titled(format!("Retirer le document {}", document.name))
                .via(action.title.as_str(), format!("/actions/{}", action.id))
                .at("Retirer un document"),
            document,
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
