//! The journal's words for needs, offers and introductions. What people wrote in them is never told.

use super::Kind::{Code, Company, Day, Flag, Hidden, Organisation, Private};
use super::Table;
use crate::features::accounts::journal::codes::Codes;

const SIDES: Codes = &[("need", "besoin"), ("offer", "offre")];
const THEMES: Codes = &[
    ("skills", "compétences"),
    ("hiring", "recrutement"),
    ("succession", "transmission"),
    ("materials", "matériaux et procédés"),
    ("textile", "textile et cuir"),
    ("food", "agroalimentaire"),
    ("digital", "numérique et automatisation"),
    ("energy", "énergie"),
    ("water", "eau et déchets"),
    ("tests", "essais et mesures"),
];
const STATES: Codes = &[
    ("proposed", "proposée"),
    ("accepted", "acceptée"),
    ("met", "rencontre faite"),
    ("pursued", "suite donnée"),
    ("dropped", "sans suite"),
];

/// Needs, offers and introductions.
pub(super) const TABLES: &[Table] = &[ENTRIES, INTRODUCTIONS, EVENTS];

const ENTRIES: Table = Table {
    name: "matching_entries",
    label: "Besoins et offres",
    inserted: "a noté un besoin ou une offre ({})",
    updated: "a modifié un besoin ou une offre",
    deleted: "a supprimé un besoin ou une offre ({})",
    object: ("theme", Code(THEMES)),
    columns: &[
        ("side", "Sens", Code(SIDES)),
        ("siren", "Entreprise", Company),
        ("organisation_id", "Organisme", Organisation),
        ("theme", "Thème", Code(THEMES)),
        ("text", "Texte", Private),
        ("said_on", "Dit le", Day),
        ("is_shared", "Visible par les partenaires", Flag),
        ("closed_on", "Clos le", Day),
        ("closing_motive", "Motif", Private),
        ("company_need_id", "Besoin entendu", Hidden),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Nom de l’auteur", Hidden),
        ("written_by", "Organisme de l’auteur", Hidden),
        ("by_council", "Noté par le Département", Hidden),
        ("created_at", "Créé le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const INTRODUCTIONS: Table = Table {
    name: "introductions",
    label: "Mises en relation",
    inserted: "a proposé une mise en relation, le {}",
    updated: "a suivi une mise en relation",
    deleted: "a supprimé une mise en relation du {}",
    object: ("proposed_on", Day),
    columns: &[
        ("siren", "Avec l’entreprise", Company),
        ("organisation_id", "Avec l’organisme", Organisation),
        ("state", "État", Code(STATES)),
        ("state_on", "Depuis le", Day),
        ("outcome", "Suite ou raison", Private),
        ("proposed_on", "Proposée le", Day),
        ("need_id", "Besoin", Hidden),
        ("need_side", "Sens du besoin", Hidden),
        ("offer_id", "Offre", Hidden),
        ("offer_side", "Sens de l’offre", Hidden),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Nom de l’auteur", Hidden),
        ("created_at", "Créée le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const EVENTS: Table = Table {
    name: "introduction_events",
    label: "Étapes des mises en relation",
    inserted: "a noté une étape d’une mise en relation ({})",
    updated: "a modifié une étape d’une mise en relation",
    deleted: "a supprimé une étape d’une mise en relation ({})",
    object: ("state", Code(STATES)),
    columns: &[
        ("state", "État", Code(STATES)),
        ("happened_on", "Le", Day),
        ("note", "Ce qui a été dit", Private),
        ("introduction_id", "Mise en relation", Hidden),
        ("actor_id", "Auteur", Hidden),
        ("actor_name", "Nom de l’auteur", Hidden),
        ("at", "Noté le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};
