//! The journal's words for meetings and what comes of them. What was said is for those who were there: the
//! audit holds a mask of it.

use super::Kind::{Code, Company, Day, Flag, Hidden, Instant, Private, Text, User};
use super::Table;
use crate::features::accounts::journal::codes::{Codes, DOSSIERS};

const KINDS: Codes = &[
    ("call", "appel"),
    ("visit", "visite"),
    ("mail", "courriel"),
    ("video", "visio"),
    ("top_level", "rendez-vous au plus haut niveau"),
];
const STATUSES: Codes = &[
    ("planned", "prévu"),
    ("held", "tenu"),
    ("cancelled", "annulé"),
];
const SIDES: Codes = &[
    ("company", "entreprise"),
    ("council", "Département"),
    ("partner", "partenaire"),
];
const THEMES: Codes = &[
    ("market", "marché"),
    ("finance", "finance"),
    ("workforce", "main-d’œuvre"),
    ("premises", "locaux et conformité"),
    ("environment", "environnement"),
    ("succession", "transmission"),
    ("projects", "projets"),
];
const NEEDS: Codes = &[
    ("open", "à traiter"),
    ("kept", "devenu une action"),
    ("dropped", "abandonné"),
];

/// Meetings, and what comes of them.
pub(super) const TABLES: &[Table] = &[
    MEETINGS,
    MEETING_DOSSIERS,
    MEETING_PEOPLE,
    INVITATIONS,
    MEETING_ANSWERS,
    NEEDS_TABLE,
    STEPS,
    DIAGNOSES,
];

const MEETINGS: Table = Table {
    name: "meetings",
    label: "Rencontres",
    inserted: "a noté une rencontre avec {}",
    updated: "a modifié une rencontre avec {}",
    deleted: "a supprimé une rencontre avec {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("kind", "Format", Code(KINDS)),
        ("status", "État", Code(STATUSES)),
        ("held_on", "Date", Day),
        ("planned_at", "Prévue le", Instant),
        ("ends_at", "Jusqu’à", Instant),
        ("place", "Lieu", Text),
        ("is_shared", "Partagée", Flag),
        ("undone_at", "Annulée le", Instant),
        ("summary", "Essentiel", Private),
        ("shared_text", "Compte rendu", Private),
        ("confidential_text", "Partie confidentielle", Private),
        ("questions", "Questions à poser", Private),
        ("by_council", "Du Département", Hidden),
        ("exchanges_before", "Derniers échanges avant elle", Hidden),
        ("sequence", "Version de l’invitation", Hidden),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Auteur", Hidden),
        ("organisation_id", "Organisme", Hidden),
        ("created_at", "Notée le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const MEETING_DOSSIERS: Table = Table {
    name: "meeting_dossiers",
    label: "Dossiers des rencontres",
    inserted: "a ajouté un dossier à une rencontre",
    updated: "a modifié un dossier d’une rencontre",
    deleted: "a retiré un dossier d’une rencontre",
    object: ("dossier", Code(DOSSIERS)),
    columns: &[
        ("dossier", "Dossier", Code(DOSSIERS)),
        ("meeting_id", "Rencontre", Hidden),
    ],
};

const MEETING_PEOPLE: Table = Table {
    name: "meeting_people",
    label: "Présents aux rencontres",
    inserted: "a ajouté une personne à une rencontre",
    updated: "a modifié une personne d’une rencontre",
    deleted: "a retiré une personne d’une rencontre",
    object: ("side", Code(SIDES)),
    columns: &[
        ("side", "Côté", Code(SIDES)),
        ("user_id", "Personne", User),
        // A name would outlive the erasure of its person.
        ("typed_name", "Nom", Private),
        ("typed_role", "Fonction", Private),
        ("contact_id", "Contact", Hidden),
        ("partner_id", "Partenaire", Hidden),
        ("position", "Rang", Hidden),
        ("meeting_id", "Rencontre", Hidden),
    ],
};

const INVITATIONS: Table = Table {
    name: "meeting_invitations",
    label: "Invitations aux rendez-vous",
    inserted: "a invité une personne à un rendez-vous ({})",
    updated: "a écrit de nouveau à une personne invitée à un rendez-vous",
    deleted: "a retiré une personne invitée à un rendez-vous",
    object: ("side", Code(SIDES)),
    columns: &[
        ("side", "Côté", Code(SIDES)),
        ("user_id", "Compte", User),
        ("invited_at", "Invitée le", Instant),
        ("told_at", "Dernier courriel demandé le", Instant),
        ("is_removed", "Remplacée par une autre personne", Flag),
        ("called_off_at", "Décommandée le", Instant),
        // Particulars would outlive the erasure of their person.
        ("person_name", "Nom", Private),
        ("address", "Adresse", Private),
        ("contact_id", "Contact", Hidden),
        ("told_sequence", "Version de l’invitation", Hidden),
        ("mail_id", "Courriel", Hidden),
        ("meeting_id", "Rencontre", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const MEETING_ANSWERS: Table = Table {
    name: "meeting_answers",
    label: "Entretiens",
    inserted: "a écrit un thème d’un entretien",
    updated: "a modifié un thème d’un entretien",
    deleted: "a supprimé un thème d’un entretien",
    object: ("theme", Code(THEMES)),
    columns: &[
        ("theme", "Thème", Code(THEMES)),
        ("shared_text", "Partie partagée", Private),
        ("confidential_text", "Partie confidentielle", Private),
        ("written_by", "Écrit par", Hidden),
        ("written_at", "Écrit le", Hidden),
        ("meeting_id", "Rencontre", Hidden),
    ],
};

const NEEDS_TABLE: Table = Table {
    name: "company_needs",
    label: "Besoins des entreprises",
    inserted: "a noté un besoin de {}",
    updated: "a traité un besoin de {}",
    deleted: "a supprimé un besoin de {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("dossier", "Dossier", Code(DOSSIERS)),
        ("status", "État", Code(NEEDS)),
        ("need", "Besoin", Private),
        ("drop_motive", "Motif de l’abandon", Private),
        ("dropped_at", "Abandonné le", Instant),
        ("dropped_by", "Abandonné par", Hidden),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Auteur", Hidden),
        ("created_at", "Noté le", Hidden),
        ("meeting_id", "Rencontre", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const STEPS: Table = Table {
    name: "next_steps",
    label: "Suites des rencontres",
    inserted: "a prévu une suite avec {}",
    updated: "a traité une suite avec {}",
    deleted: "a supprimé une suite avec {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("due_on", "Échéance", Day),
        ("owner_id", "Confiée à", User),
        ("done_on", "Faite le", Day),
        ("promise", "Suite", Private),
        ("is_contact", "Reprise de contact", Flag),
        ("done_by", "Faite par la rencontre", Hidden),
        ("created_at", "Prévue le", Hidden),
        ("meeting_id", "Rencontre", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const DIAGNOSES: Table = Table {
    name: "diagnoses",
    label: "Diagnostics",
    inserted: "a écrit une version du diagnostic de {}",
    updated: "a modifié le diagnostic de {}",
    deleted: "a supprimé le diagnostic de {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("rank", "Version", Text),
        ("strategy", "Stratégie", Private),
        ("technical", "Technique", Private),
        ("workforce_state", "Effectif\u{a0}: état", Private),
        ("workforce_project", "Effectif\u{a0}: projet", Private),
        ("workforce_help", "Effectif\u{a0}: aide souhaitée", Private),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Auteur", Hidden),
        ("at", "Écrit le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};
