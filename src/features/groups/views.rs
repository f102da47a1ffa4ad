//! Pages of groups.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::forms::{JoinForm, LeaveForm};
use super::queries::{Group, GroupName, Member, Membership};
use crate::features::companies::model::shown_name;
use crate::features::companies::queries::identity::CompanyName;
use crate::web::Visit;
use crate::web::filters::{self, agree, long_date};
use crate::web::forms::{Choice, FormErrors};
use crate::web::levels::Level;
use crate::web::shell::Shell;

/// A group, its members, its consolidated accounts.
#[derive(Template, WebTemplate)]
#[template(path = "groups/show.html")]
pub struct GroupPage {
    /// Frame.
    pub shell: Shell,
    /// Its members within the scope.
    pub members: Vec<Member>,
    /// Members out of the scope.
    pub elsewhere: Option<String>,
    /// What stands first: the worst level and whose it is.
    pub worst: Option<(Level, String)>,
    /// What the consolidated accounts say, with their level.
    pub reading: Option<(Level, String)>,
    /// Whether the person may see levels.
    pub may_view_risk: bool,
}

impl GroupPage {
    /// The page of this group.
    pub fn new(visit: &Visit, group: Group, members: Vec<Member>, may_view_risk: bool) -> Self {
        let title = format!("Groupe {}", group.name);
        let shown = i64::try_from(members.len()).unwrap_or(i64::MAX);
        let hidden = group.members.saturating_sub(shown);
        let worst = members
            .iter()
            .map(|member| (member.level(), member))
            .max_by_key(|(level, _)| *level)
            .filter(|_| may_view_risk)
            .map(|(level, member)| (level, shown_name(member.name.as_deref()).to_owned()));
        let reading = group.reading.map(|reading| {
            let level = Level::from_code(reading.level.map(crate::scoring::level::Level::code));
            (level, reading.sentence())
        });
        Self {
            shell: visit
                .shell(title.as_str())
                .via("Accueil", "/")
                .via("Entreprises", "/entreprises")
                .at(title.as_str()),
            elsewhere: (hidden > 0).then(|| {
                let noun = agree(hidden, "autre entreprise", "autres entreprises");
                format!("{hidden}\u{a0}{noun} du groupe hors de vos territoires.")
            }),
            members,
            worst,
            reading,
            may_view_risk,
        }
    }
}

impl Member {
    /// Its level.
    fn level(&self) -> Level {
        Level::from_code(self.shown.as_deref())
    }

    /// Its name.
    fn shown_name(&self) -> &str {
        shown_name(self.name.as_deref())
    }
}

/// The membership of a company: the form that joins a group, or the one that leaves it.
#[derive(Template, WebTemplate)]
#[template(path = "groups/membership.html")]
pub struct MembershipPage {
    /// Frame.
    pub shell: Shell,
    /// SIREN of the company.
    pub siren: String,
    /// Name of the company.
    pub company: String,
    /// Where it belongs today.
    pub current: Option<Membership>,
    /// Groups that are known.
    pub groups: Vec<Choice>,
    /// What was typed to join.
    pub join: JoinForm,
    /// What was typed to leave.
    pub leave: LeaveForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl MembershipPage {
    /// The page of this company.
    pub fn new(
        visit: &Visit,
        company: &CompanyName,
        current: Option<Membership>,
        names: Vec<GroupName>,
    ) -> Self {
        let name = shown_name(company.name.as_deref());
        let title = match current {
            Some(_) => "Retirer du groupe",
            None => "Rattacher à un groupe",
        };
        Self {
            shell: visit
                .shell(title)
                .via("Accueil", "/")
                .via("Entreprises", "/entreprises")
                .via(name, format!("/entreprises/{}", company.siren))
                .at(title),
            siren: company.siren.clone(),
            company: name.to_owned(),
            current,
            groups: names
                .into_iter()
                .map(|group| Choice::new(group.id.to_string(), group.name))
                .collect(),
            join: JoinForm::default(),
            leave: LeaveForm::default(),
            errors: FormErrors::default(),
        }
    }

    /// With what was typed to join.
    #[must_use]
    pub fn with_join(self, join: JoinForm) -> Self {
        Self { join, ..self }
    }

    /// With what was typed to leave.
    #[must_use]
    pub fn with_leave(self, leave: LeaveForm) -> Self {
        Self { leave, ..self }
    }

    /// The page again, with what is wrong.
    pub fn refused(mut self, status: StatusCode, errors: FormErrors) -> Response {
        self.shell.has_errors = status != StatusCode::OK;
        self.errors = errors;
        (status, self).into_response()
    }
}

impl Membership {
    /// « Depuis le 3 mars 2026, selon … (écrit par …). »
    fn sentence(&self) -> String {
        format!(
            "Dans ce groupe depuis le {}, selon\u{a0}: {} (noté par {}).",
            long_date(self.joined_on),
            self.source,
            self.joined_by
        )
    }
}
