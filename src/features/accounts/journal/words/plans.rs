//! The journal's words for action plans. What people wrote in them is never told.

use super::Kind::{Code, Company, Day, Flag, Hidden, Number, Organisation, Private, User};
use super::Table;
use crate::features::accounts::journal::codes::{Codes, DOSSIERS};

const OUTCOMES: Codes = &[
    ("maintained", "entreprise maintenue"),
    ("partly", "objectif atteint en partie"),
    ("failed", "objectif non atteint"),
    ("other", "autre issue"),
];
const MEASURES: Codes = &[
    ("support", "accompagnement"),
    ("investment", "investissements"),
    ("compliance", "mise en conformité"),
    ("works", "aménagements"),
    ("network", "réseau"),
    ("sustainability", "développement durable"),
    ("pollution", "prévention des pollutions"),
    ("skills", "compétences"),
    ("hiring", "recrutement"),
    ("succession", "transmission"),
    ("companies", "entre entreprises"),
    ("university", "université"),
    ("public_research", "recherche publique"),
];
const STATUSES: Codes = &[
    ("todo", "à faire"),
    ("ongoing", "en cours"),
    ("blocked", "bloquée"),
    ("done", "faite"),
    ("dropped", "abandonnée"),
];
const EFFECTS: Codes = &[
    ("none", "aucun"),
    ("positive", "positif"),
    ("strong", "fort"),
    ("negative", "négatif"),
];

const PLACES: Codes = &[
    ("database", "la base de données"),
    ("bucket", "l’espace de stockage"),
];

/// Plans, and what hangs from them.
pub(super) const TABLES: &[Table] = &[PLANS, ACTIONS, FUNDERS, NOTES, STEPS, DOCUMENTS];

const PLANS: Table = Table {
    name: "action_plans",
    label: "Plans d’actions",
    inserted: "a ouvert un plan d’actions pour {}",
    updated: "a modifié un plan d’actions",
    deleted: "a supprimé le plan d’actions de {}",
    object: ("siren", Company),
    columns: &[
        ("siren", "Entreprise", Company),
        ("objective", "Objectif", Private),
        ("opened_on", "Ouvert le", Day),
        ("closed_on", "Clos le", Day),
        ("closed_by", "Clos par", User),
        ("outcome", "Issue", Code(OUTCOMES)),
        ("outcome_motive", "Motif", Private),
        ("opened_by", "Ouvert par", Hidden),
        ("copied_from", "Repris du plan", Hidden),
        ("created_at", "Créé le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const ACTIONS: Table = Table {
    name: "actions",
    label: "Actions des plans",
    inserted: "a ajouté une action à un plan ({})",
    updated: "a modifié une action d’un plan",
    deleted: "a supprimé une action d’un plan ({})",
    object: ("dossier", Code(DOSSIERS)),
    columns: &[
        ("dossier", "Dossier", Code(DOSSIERS)),
        ("measure", "Mesure", Code(MEASURES)),
        ("title", "Action", Private),
        ("owner_organisation_id", "Organisme pilote", Organisation),
        ("owner_user_id", "Compte pilote", User),
        ("partner_organisation_id", "Partenaire", Organisation),
        ("elected_referent", "Élu référent", Private),
        ("starts_on", "Début", Day),
        ("due_on", "Échéance", Day),
        ("planned_euros", "Budget prévu, en euros", Number),
        ("spent_euros", "Budget dépensé, en euros", Number),
        ("status", "État", Code(STATUSES)),
        ("reason", "Motif", Private),
        ("unblocker", "Qui peut débloquer", Private),
        ("result", "Résultat", Private),
        ("ended_on", "Terminée le", Day),
        ("is_shared", "Partagée", Flag),
        (
            "expected_environment",
            "Effet attendu\u{a0}: environnement",
            Code(EFFECTS),
        ),
        (
            "expected_social",
            "Effet attendu\u{a0}: social",
            Code(EFFECTS),
        ),
        (
            "expected_economy",
            "Effet attendu\u{a0}: économie",
            Code(EFFECTS),
        ),
        (
            "expected_governance",
            "Effet attendu\u{a0}: gouvernance",
            Code(EFFECTS),
        ),
        (
            "seen_environment",
            "Effet constaté\u{a0}: environnement",
            Code(EFFECTS),
        ),
        ("seen_social", "Effet constaté\u{a0}: social", Code(EFFECTS)),
        (
            "seen_economy",
            "Effet constaté\u{a0}: économie",
            Code(EFFECTS),
        ),
        (
            "seen_governance",
            "Effet constaté\u{a0}: gouvernance",
            Code(EFFECTS),
        ),
        ("owner_person_id", "Personne pilote", Hidden),
        ("need_id", "Besoin", Hidden),
        ("plan_id", "Plan", Hidden),
        ("created_by", "Ajoutée par", Hidden),
        ("created_at", "Ajoutée le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const FUNDERS: Table = Table {
    name: "action_funders",
    label: "Financeurs des actions",
    inserted: "a ajouté un financeur à une action ({} euros)",
    updated: "a modifié un financeur d’une action",
    deleted: "a retiré un financeur d’une action ({} euros)",
    object: ("amount_euros", Number),
    columns: &[
        ("organisation_id", "Organisme", Organisation),
        ("typed_name", "Nom", Private),
        ("amount_euros", "Montant, en euros", Number),
        ("action_id", "Action", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const DOCUMENTS: Table = Table {
    name: "action_documents",
    label: "Documents des actions",
    inserted: "a ajouté un document à une action ({} octets)",
    updated: "a retiré un document d’une action",
    deleted: "a supprimé un document d’une action ({} octets)",
    object: ("size_bytes", Number),
    columns: &[
        ("name", "Nom", Private),
        ("size_bytes", "Taille, en octets", Number),
        ("removal_motive", "Motif du retrait", Private),
        ("removed_by", "Retiré par", User),
        ("removed_at", "Retiré le", Hidden),
        ("place", "Gardé dans", Code(PLACES)),
        ("sha256", "Empreinte", Hidden),
        ("media_type", "Nature", Hidden),
        ("added_by", "Ajouté par", Hidden),
        ("added_at", "Ajouté le", Hidden),
        ("action_id", "Action", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const NOTES: Table = Table {
    name: "action_notes",
    label: "Notes sur les actions",
    inserted: "a ajouté une note à une action, datée du {}",
    updated: "a modifié une note sur une action",
    deleted: "a supprimé une note sur une action",
    object: ("noted_on", Day),
    columns: &[
        ("noted_on", "Date", Day),
        ("text", "Note", Private),
        ("is_shared", "Partagée", Flag),
        ("organisation_id", "Organisme", Organisation),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Auteur", Hidden),
        ("at", "Notée le", Hidden),
        ("action_id", "Action", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const STEPS: Table = Table {
    name: "action_steps",
    label: "Étapes des actions",
    inserted: "a ajouté l’étape {} à une action",
    updated: "a modifié une étape d’une action",
    deleted: "a retiré l’étape {} d’une action",
    object: ("position", Number),
    columns: &[
        ("position", "Rang", Number),
        ("title", "Étape", Private),
        ("done_on", "Faite le", Day),
        ("action_id", "Action", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};
