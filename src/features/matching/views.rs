//! Pages of needs, offers and introductions.

pub mod entry;
pub mod export;
pub mod introduction;
pub mod list;

use uuid::Uuid;

use super::model::{SIDES, STATES, is_running, place, tie, words};
use super::queries::entries::Entry;
use super::queries::introductions::{Event, Introduction};
use super::queries::suggestions::{Organisation, Suggestion};
use crate::auth::Permission;
use crate::domain::{Dossier, OrganisationKind};
use crate::features::companies::model::shown_name;
use crate::web::Visit;
use crate::web::filters::long_date;
use crate::web::shell::Shell;

/// Path of the list.
pub const LIST: &str = "/mises-en-relation";
/// The entry of the menu to which they belong.
const ACTIONS: &str = crate::features::plans::LIST;

/// Said when someone else was faster.
pub const OVERTAKEN: &str = "Une autre personne a enregistré pendant votre saisie. Rien n’est perdu\u{a0}: lisez ce qu’elle a écrit, puis enregistrez si votre réponse vaut toujours.";

/// The path of a need or an offer.
pub fn entry_path(id: Uuid) -> String {
    format!("/besoins-et-offres/{id}")
}

/// Whether the visitor is of the council.
pub fn is_council(visit: &Visit) -> bool {
    visit.may(Permission::RunPlans)
}

/// Whether the visitor changes this: the council, or the organisation that wrote it.
pub fn may_change(visit: &Visit, entry: &Entry) -> bool {
    is_council(visit) || !entry.by_council && entry.written_by == visit.user.organisation_id
}

/// The frame of a page below the list.
pub fn below_list(visit: &Visit, title: impl Into<String>) -> Shell {
    visit
        .shell(title)
        .within(ACTIONS)
        .via("Accueil", "/")
        .via("Mises en relation", LIST)
}

/// The page of a company or of an organisation.
pub fn bearer_path(siren: Option<&str>, organisation: Option<Uuid>) -> Option<String> {
    siren
        .map(|siren| format!("/entreprises/{siren}"))
        .or_else(|| organisation.map(|id| format!("/organismes/{id}")))
}

/// Where a need or an offer of theirs is noted.
pub fn new_path(siren: Option<&str>, organisation: Option<Uuid>) -> String {
    let bearer = bearer_path(siren, organisation).unwrap_or_default();
    format!("{bearer}/besoins-et-offres/nouveau")
}

fn dossier_words(code: &str) -> &'static str {
    code.parse()
        .map_or("Autre", |dossier: Dossier| dossier.label())
}

impl Entry {
    /// Name of who bears it.
    pub fn bearer_name(&self) -> &str {
        shown_name(self.bearer.as_deref())
    }

    /// Their page.
    pub fn bearer_href(&self) -> Option<String> {
        bearer_path(self.siren.as_deref(), self.organisation_id)
    }

    /// « Entreprise », or the kind of the organisation.
    pub fn bearer_words(&self) -> &'static str {
        match self.bearer_kind.as_deref() {
            None => "Entreprise",
            Some(code) => code
                .parse()
                .map_or("Autre organisme", OrganisationKind::label),
        }
    }

    /// « Besoin » or « Offre ».
    pub fn side_words(&self) -> &str {
        words(&SIDES, &self.side)
    }

    /// Whether it is a need.
    pub fn is_need(&self) -> bool {
        self.side == "need"
    }

    /// Its dossier in words.
    pub fn dossier_words(&self) -> &'static str {
        dossier_words(&self.dossier)
    }

    /// Where its bearer works.
    pub fn place(&self) -> String {
        if self.is_everywhere {
            "Tout le Département".to_owned()
        } else if self.territories.is_empty() {
            "Non communiqué".to_owned()
        } else {
            self.territories.join(", ")
        }
    }

    /// Who reads it.
    pub fn readers(&self) -> &'static str {
        if self.is_shared {
            "Le Département et les partenaires du territoire"
        } else {
            "Le Département et qui l’a noté"
        }
    }

    /// Who said what, when, and who wrote it down.
    pub fn signature(&self) -> String {
        format!(
            "Dit le {}, noté par {}, {}",
            long_date(self.said_on),
            self.author,
            self.written_by_name
        )
    }

    /// Its page.
    pub fn href(&self) -> String {
        entry_path(self.id)
    }
}

impl Suggestion {
    /// Its value in the form.
    pub fn key(&self) -> String {
        match (self.entry_id, self.organisation_id) {
            (Some(entry), _) => format!("e:{entry}"),
            (None, Some(organisation)) => format!("o:{organisation}"),
            (None, None) => String::new(),
        }
    }

    /// Its name.
    pub fn shown_name(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Its page: what they said, or the organisation.
    pub fn href(&self) -> String {
        self.entry_id.map_or_else(
            || bearer_path(self.siren.as_deref(), self.organisation_id).unwrap_or_default(),
            entry_path,
        )
    }

    /// Why, in words: what ties them, and where they are.
    pub fn reason(&self) -> String {
        format!(
            "{}, {}",
            tie(self.rank, &self.theme_label, self.skill.as_deref()),
            place(self.near, &self.territories)
        )
    }

    /// Who said it and when; none for a skill.
    pub fn signature(&self) -> Option<String> {
        let (on, by) = (self.said_on?, self.author.as_deref()?);
        Some(format!("Dit le {}, noté par {by}", long_date(on)))
    }
}

impl Organisation {
    /// Its value in the form.
    pub fn key(&self) -> String {
        format!("o:{}", self.id)
    }
}

impl Introduction {
    /// Name of who needs.
    pub fn bearer_name(&self) -> &str {
        shown_name(self.bearer.as_deref())
    }

    /// Their page.
    pub fn bearer_href(&self) -> Option<String> {
        bearer_path(self.need_siren.as_deref(), self.need_organisation_id)
    }

    /// Name of the other party.
    pub fn party_name(&self) -> &str {
        if self.is_party_seen {
            shown_name(self.party.as_deref())
        } else {
            "une entreprise d’un autre territoire"
        }
    }

    /// Their page.
    pub fn party_href(&self) -> Option<String> {
        bearer_path(self.siren.as_deref(), self.organisation_id)
    }

    /// Both, in words.
    pub fn between(&self) -> String {
        format!("{} et {}", self.bearer_name(), self.party_name())
    }

    /// Its state in words.
    pub fn state_words(&self) -> &str {
        words(&STATES, &self.state)
    }

    /// Whether it still goes on.
    pub fn is_running(&self) -> bool {
        is_running(&self.state)
    }

    /// The dossier of the need in words.
    pub fn dossier_words(&self) -> &'static str {
        dossier_words(&self.dossier)
    }

    /// Its page.
    pub fn href(&self) -> String {
        introduction::introduction_path(self.id)
    }
}

impl Event {
    /// The state in words.
    pub fn state_words(&self) -> &str {
        words(&STATES, &self.state)
    }
}
