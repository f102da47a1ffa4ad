//! A mail about a meeting, read before it leaves; and what became of those that left.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::features::companies::model::shown_name;
use crate::features::meetings::inviting::{InviteForm, field_of};
use crate::features::meetings::model::side_label;
use crate::features::meetings::queries::Meeting;
use crate::features::meetings::queries::invitations::{Candidate, Invited};
use crate::web::Visit;
use crate::web::filters::long_instant;
use crate::web::forms::FormErrors;
use crate::web::letter::Preview;
use crate::web::shell::Shell;

/// The mail before it leaves.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/send.html")]
pub struct SendPage {
    /// Frame.
    pub shell: Shell,
    /// Page of the meeting.
    pub back: String,
    /// The mail; none when nobody is to get it.
    pub preview: Option<Preview>,
    /// Those who get it.
    pub due: Vec<Candidate>,
    /// Those who got it already.
    pub invited: Vec<Invited>,
    /// The addresses, as typed.
    pub form: InviteForm,
    /// Whether mails are only kept.
    pub is_kept: bool,
    /// What is wrong.
    pub errors: FormErrors,
}

impl SendPage {
    /// The frame of this page.
    pub fn shell(visit: &Visit, meeting: &Meeting, title: &str) -> Shell {
        let company = shown_name(meeting.company.as_deref());
        visit
            .shell(title)
            .via("Accueil", "/")
            .via(company, format!("/entreprises/{}", meeting.siren))
            .via(
                super::show::title(meeting),
                format!("/rencontres/{}", meeting.id),
            )
            .at(title)
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

impl Candidate {
    /// The field of the address.
    pub fn field(&self) -> &'static str {
        field_of(&self.side)
    }

    /// The label of the address.
    pub fn label(&self) -> String {
        format!("Adresse de {} ({})", self.name, side_label(&self.side))
    }
}

impl Invited {
    /// When the last mail was asked for, and where it stands.
    pub fn state(&self) -> String {
        let state = match self.mail_status.as_deref() {
            Some("waiting") => "en attente d’envoi",
            Some("kept") => "sans serveur de courriel, gardé en attente",
            Some("refused") => "échec, adresse refusée",
            Some("failed") => "échec, envoi abandonné",
            _ => "parti",
        };
        let what = if self.called_off_at.is_some() {
            "annulation envoyée"
        } else if self.told_at > self.invited_at {
            "changement envoyé"
        } else {
            "invitation envoyée"
        };
        let to = if self.address.is_empty() {
            String::new()
        } else {
            format!(" à {}", self.address)
        };
        let expected = if self.is_removed {
            ", n’est plus attendu"
        } else {
            ""
        };
        format!(
            "{what} le {}{to}\u{a0}: {state}{expected}",
            long_instant(self.told_at)
        )
    }
}
