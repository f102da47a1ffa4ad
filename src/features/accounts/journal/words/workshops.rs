//! The journal's words for workshops. What was said in the room is never told.

use super::Kind::{
    Code, Company, Day, Flag, Hidden, Instant, Number, Organisation, Private, Territory, Text, User,
};
use super::Table;
use crate::features::accounts::journal::codes::{
    AGENDA_REASONS, ANSWERS, DECISION_STATUSES, DECISIONS, ENTRIES,
};

pub(super) const TABLES: &[Table] = &[
    WORKSHOPS,
    AGENDA,
    GUESTS,
    ENTRIES_TABLE,
    DECISIONS_TABLE,
    MINUTES,
    RECIPIENTS,
    ANSWERS_TABLE,
];

const WORKSHOPS: Table = Table {
    name: "workshops",
    label: "Ateliers",
    inserted: "a préparé l’atelier {}",
    updated: "a modifié un atelier",
    deleted: "a supprimé l’atelier {}",
    object: ("title", Text),
    columns: &[
        ("title", "Titre", Text),
        ("held_at", "Date", Instant),
        ("duration_minutes", "Durée en minutes", Number),
        ("place", "Lieu", Text),
        ("video_url", "Visioconférence", Text),
        ("territory_siren", "Territoire", Territory),
        ("organiser_id", "Organisé par", User),
        ("cancelled_at", "Annulé le", Instant),
        ("cancel_motive", "Motif", Private),
        ("minutes_intro", "Introduction du compte rendu", Private),
        ("minutes_remarks", "Remarques du compte rendu", Private),
        ("sequence", "Version de l’invitation", Hidden),
        ("created_at", "Créé le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const AGENDA: Table = Table {
    name: "workshop_companies",
    label: "Ordres du jour",
    inserted: "a mis {} à l’ordre du jour d’un atelier",
    updated: "a modifié la raison de {} à l’ordre du jour",
    deleted: "a retiré {} de l’ordre du jour d’un atelier",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("reason", "Raison", Code(AGENDA_REASONS)),
        ("position", "Rang", Hidden),
        ("workshop_id", "Atelier", Hidden),
    ],
};

const GUESTS: Table = Table {
    name: "workshop_guests",
    label: "Invités des ateliers",
    inserted: "a ajouté un invité de {} à un atelier",
    updated: "a modifié un invité d’un atelier",
    deleted: "a retiré un invité de {} d’un atelier",
    object: ("organisation_id", Organisation),
    columns: &[
        ("organisation_id", "Organisme", Organisation),
        ("answer", "Réponse", Code(ANSWERS)),
        ("answered_at", "Répondu le", Instant),
        ("answered_by", "Réponse notée par", User),
        ("invited_at", "Invité le", Instant),
        ("reminded_at", "Relancé le", Instant),
        ("attended", "Présent", Flag),
        ("user_id", "Compte", User),
        ("person_name", "Nom", Private),
        ("person_email", "Adresse électronique", Private),
        ("replacement_name", "Remplaçant", Private),
        ("replacement_email", "Adresse du remplaçant", Private),
        ("person_id", "Personne", Hidden),
        ("workshop_id", "Atelier", Hidden),
        ("told_sequence", "Version annoncée", Hidden),
        ("mail_id", "Courriel", Hidden),
        ("created_at", "Ajouté le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const ENTRIES_TABLE: Table = Table {
    name: "workshop_entries",
    label: "Saisies en atelier",
    inserted: "a noté ce qui est dit de {} en atelier",
    updated: "a modifié une saisie d’atelier",
    deleted: "a supprimé une saisie d’atelier sur {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("kind", "Nature", Code(ENTRIES)),
        ("organisation_id", "Organisme", Organisation),
        ("text", "Texte", Private),
        ("author_id", "Auteur", Hidden),
        ("workshop_id", "Atelier", Hidden),
        ("created_at", "Noté le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const DECISIONS_TABLE: Table = Table {
    name: "workshop_decisions",
    label: "Décisions d’atelier",
    inserted: "a enregistré une décision sur {}",
    updated: "a suivi une décision d’atelier",
    deleted: "a supprimé une décision sur {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("kind", "Décision", Code(DECISIONS)),
        ("owner_organisation_id", "Organisme chargé", Organisation),
        ("owner_user_id", "Compte chargé", User),
        ("due_on", "Échéance", Day),
        ("status", "État", Code(DECISION_STATUSES)),
        ("done_on", "Terminée le", Day),
        ("text", "Texte", Private),
        ("outcome", "Suite donnée", Private),
        ("owner_person_id", "Personne chargée", Hidden),
        ("decided_by", "Enregistrée par", Hidden),
        ("decided_at", "Enregistrée le", Hidden),
        ("workshop_id", "Atelier", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const MINUTES: Table = Table {
    name: "workshop_minutes",
    label: "Comptes rendus d’atelier",
    inserted: "a envoyé le compte rendu d’un atelier",
    updated: "a modifié le compte rendu d’un atelier",
    deleted: "a supprimé le compte rendu d’un atelier",
    object: ("number", Number),
    columns: &[
        ("number", "Numéro", Number),
        ("recipients", "Destinataires", Number),
        ("sent_at", "Envoyé le", Instant),
        ("content", "Texte", Private),
        ("sent_by", "Envoyé par", Hidden),
        ("workshop_id", "Atelier", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const RECIPIENTS: Table = Table {
    name: "workshop_minutes_recipients",
    label: "Destinataires de comptes rendus",
    inserted: "a désigné un destinataire de compte rendu",
    updated: "a écrit le courriel d’un compte rendu",
    deleted: "a retiré un destinataire de compte rendu",
    object: ("left_at", Instant),
    columns: &[
        ("left_at", "Courriel écrit le", Instant),
        ("mail_id", "Courriel", Hidden),
        ("minutes_id", "Compte rendu", Hidden),
        ("guest_id", "Invité", Hidden),
    ],
};

const ANSWERS_TABLE: Table = Table {
    name: "workshop_answers",
    label: "Réponses aux invitations",
    inserted: "a enregistré la réponse {} à une invitation",
    updated: "a modifié une réponse à une invitation",
    deleted: "a supprimé une réponse à une invitation",
    object: ("answer", Code(ANSWERS)),
    columns: &[
        ("answer", "Réponse", Code(ANSWERS)),
        ("noted_by", "Notée par", User),
        ("answered_at", "Le", Instant),
        ("guest_id", "Invité", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};
