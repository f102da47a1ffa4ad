//! One meeting.

use askama::Template;
use askama_web::WebTemplate;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::below_company;
use crate::auth::Permission::ConductMeetings;
use crate::features::companies::model::{flag_label, shown_name};
use crate::features::meetings::invitation::What;
use crate::features::meetings::model;
use crate::features::meetings::queries::invitations::Invited;
use crate::features::meetings::queries::needs::NotedNeed;
use crate::features::meetings::queries::undo::REGRET;
use crate::features::meetings::queries::{Meeting, Person, StepRow};
use crate::web::Visit;
use crate::web::filters::{self, long_date, long_instant};
use crate::web::shell::Shell;

/// A meeting, without its confidential part.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/show.html")]
pub struct MeetingPage {
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub meeting: Meeting,
    /// Name of the company.
    pub company: String,
    /// What was promised.
    pub steps: Vec<StepRow>,
    /// Red flags in words.
    pub flags: Vec<String>,
    /// Whether the visitor may change it.
    pub may_edit: bool,
    /// Whether the visitor may still take it back.
    pub may_undo: bool,
    /// Day in France.
    pub today: NaiveDate,
    /// Themes of the interview: words, shared part.
    pub themes: Vec<(&'static str, String)>,
    /// What the company needs, for those who conduct it.
    pub needs: Vec<NotedNeed>,
    /// Who was invited, for those who conduct it.
    pub invited: Vec<Invited>,
    /// When the page is read.
    pub now: DateTime<Utc>,
    council: bool,
    me: Uuid,
}

impl MeetingPage {
    /// The page of this meeting.
    pub fn new(visit: &Visit, meeting: Meeting, steps: Vec<StepRow>) -> Self {
        let company = shown_name(meeting.company.as_deref()).to_owned();
        let title = title(&meeting);
        let is_mine = meeting.author_id == visit.user.id;
        let council = visit.may(ConductMeetings);
        let may_undo =
            is_mine && meeting.kind != "top_level" && visit.now - meeting.created_at < REGRET;
        Self {
            shell: below_company(visit, &title, &meeting.siren, &company),
            company,
            may_edit: is_mine || council,
            may_undo,
            steps,
            flags: meeting.flags.iter().map(|code| flag_label(code)).collect(),
            needs: Vec::new(),
            themes: Vec::new(),
            invited: Vec::new(),
            now: visit.now,
            meeting,
            today: visit.today,
            council,
            me: visit.user.id,
        }
    }

    /// Tells the shared part of each theme, in their order.
    pub fn tell(&mut self, answers: Vec<(String, String)>) {
        self.themes = in_order(answers);
    }

    /// Whether the visitor sees who was invited.
    pub fn tells_invitations(&self) -> bool {
        self.council && self.meeting.kind == "top_level" && self.meeting.planned_at.is_some()
    }

    /// Mails that wait to be read before they leave: address below this meeting, words.
    pub fn mails(&self) -> Vec<(String, String)> {
        let mut mails = Vec::new();
        let sides = ["company", "council"].into_iter().filter(|side| {
            let known = self.invited.iter().find(|one| one.is_of(side));
            self.meeting.guest(side).is_some() && known.is_none_or(Invited::is_unreached)
        });
        let to_invite = sides.count();
        if to_invite > 0 && self.meeting.is_to_come(self.now) {
            mails.push(("inviter".to_owned(), format!("Inviter ({to_invite})")));
        }
        for what in [What::Change, What::Cancellation] {
            let count = what.due(&self.meeting, &self.invited, self.now).count();
            if count > 0 {
                let path = format!("prevenir/{}", what.path());
                mails.push((path, format!("{} ({count})", what.title())));
            }
        }
        mails
    }

    /// Whether the visitor conducts this meeting at the highest level.
    pub fn conducts(&self) -> bool {
        self.council && self.meeting.kind == "top_level" && self.meeting.status != "cancelled"
    }

    /// Address of a page of this meeting.
    pub fn below(&self, page: &str) -> String {
        format!("/rencontres/{}/{page}", self.meeting.id)
    }

    /// Address of the company.
    pub fn company_href(&self) -> String {
        super::section_of(&self.meeting.siren)
    }

    /// Dossiers in words.
    pub fn dossiers(&self) -> String {
        let words: Vec<&str> = self
            .meeting
            .dossiers
            .iter()
            .map(|code| model::dossier_label(code))
            .collect();
        words.join(", ")
    }

    /// Who may read it, in words.
    pub fn readers(&self) -> &'static str {
        if self.meeting.is_shared {
            "Le Département et les partenaires du territoire"
        } else {
            "Le Département et l’organisme qui l’a notée"
        }
    }

    /// Whether the visitor may say that a step is done.
    pub fn may_finish(&self, step: &StepRow) -> bool {
        step.done_on.is_none() && (self.council || step.owner_id == self.me)
    }
}

impl Person {
    /// Which side of the table, in words.
    pub fn side_label(&self) -> &'static str {
        model::side_label(&self.side)
    }
}

/// Texts under the words of their themes, in order.
fn in_order(mut answers: Vec<(String, String)>) -> Vec<(&'static str, String)> {
    let mut themes = Vec::new();
    for (code, label) in model::THEMES {
        if let Some(at) = answers.iter().position(|(theme, _)| theme == code) {
            themes.push((label, answers.swap_remove(at).1));
        }
    }
    themes
}

/// A status in words.
pub fn status(code: &str) -> &'static str {
    model::status_label(code)
}

/// « Visite du 3 mars 2026 ».
pub fn title(meeting: &Meeting) -> String {
    let kind = model::kind_label(&meeting.kind);
    match meeting.planned_at.filter(|_| meeting.status != "held") {
        Some(at) => format!("{kind} du {}", long_instant(at)),
        None => format!("{kind} du {}", long_date(meeting.held_on)),
    }
}

/// The confidential part of a meeting.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/confidential.html")]
pub struct ConfidentialPage {
    /// Frame.
    pub shell: Shell,
    /// The meeting.
    pub meeting: Meeting,
    /// Name of the company.
    pub company: String,
    /// What is confidential.
    pub text: String,
    /// The same by theme of the interview.
    pub themes: Vec<(&'static str, String)>,
}

impl ConfidentialPage {
    /// The page of this part.
    pub fn new(
        visit: &Visit,
        meeting: Meeting,
        text: String,
        answers: Vec<(String, String)>,
    ) -> Self {
        let company = shown_name(meeting.company.as_deref()).to_owned();
        let shell = visit
            .shell("Partie confidentielle")
            .via("Accueil", "/")
            .via("Entreprises", "/entreprises")
            .via(company.as_str(), format!("/entreprises/{}", meeting.siren))
            .via(title(&meeting), format!("/rencontres/{}", meeting.id))
            .at("Partie confidentielle");
        Self {
            shell,
            meeting,
            company,
            text,
            themes: in_order(answers),
        }
    }
}
