//! The journal's words for partners and contacts.

use super::Kind::{
    Code, Company, Day, Flag, Hidden, Instant, Organisation, Private, Territory, Text, User,
};
use super::Table;
use crate::features::accounts::journal::codes::{DOSSIERS, ORGANISATIONS as KINDS};

pub(super) const TABLES: &[Table] = &[ORGANISATIONS, SKILLS, TERRITORIES, PEOPLE, CONTACTS];

const ORGANISATIONS: Table = Table {
    name: "organisations",
    label: "Organismes",
    inserted: "a ajouté l’organisme {}",
    updated: "a modifié l’organisme {}",
    deleted: "a supprimé l’organisme {}",
    object: ("id", Organisation),
    columns: &[
        ("name", "Nom", Text),
        ("kind", "Nature", Code(KINDS)),
        ("siren", "SIREN", Text),
        ("covers_everywhere", "Tous les territoires", Flag),
        ("email", "Adresse électronique", Text),
        ("phone", "Téléphone", Text),
        ("website", "Site internet", Text),
        ("note", "Note", Private),
        ("archived_on", "Archivé le", Day),
        ("created_at", "Ajouté le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const SKILLS: Table = Table {
    name: "organisation_skills",
    label: "Compétences des organismes",
    inserted: "a ajouté une compétence à l’organisme {}",
    updated: "a modifié une compétence de l’organisme {}",
    deleted: "a retiré une compétence à l’organisme {}",
    object: ("organisation_id", Organisation),
    columns: &[
        ("dossier", "Dossier", Code(DOSSIERS)),
        ("theme", "Thème", Text),
        ("organisation_id", "Organisme", Hidden),
    ],
};

const TERRITORIES: Table = Table {
    name: "organisation_territories",
    label: "Territoires des organismes",
    inserted: "a ajouté un territoire à l’organisme {}",
    updated: "a modifié un territoire de l’organisme {}",
    deleted: "a retiré un territoire à l’organisme {}",
    object: ("organisation_id", Organisation),
    columns: &[
        ("territory_siren", "Territoire", Territory),
        ("organisation_id", "Organisme", Hidden),
    ],
};

const PEOPLE: Table = Table {
    name: "partner_people",
    label: "Personnes des organismes",
    inserted: "a ajouté la personne {}",
    updated: "a modifié la personne {}",
    deleted: "a supprimé la personne {}",
    object: ("full_name", Text),
    columns: &[
        ("full_name", "Nom", Text),
        ("organisation_id", "Organisme", Organisation),
        ("job_title", "Fonction", Text),
        ("email", "Adresse électronique", Text),
        ("phone", "Téléphone", Text),
        ("user_id", "Compte", User),
        ("source", "Origine des coordonnées", Text),
        ("last_contact_on", "Dernier échange", Day),
        ("archived_on", "Archivée le", Day),
        ("erased_at", "Effacée le", Instant),
        ("created_at", "Ajoutée le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};

const CONTACTS: Table = Table {
    name: "contacts",
    label: "Contacts",
    inserted: "a ajouté le contact {}",
    updated: "a modifié le contact {}",
    deleted: "a supprimé le contact {}",
    object: ("full_name", Text),
    columns: &[
        ("full_name", "Nom", Text),
        ("siren", "Entreprise", Company),
        ("job_title", "Fonction", Text),
        ("email", "Adresse électronique", Text),
        ("phone", "Téléphone", Text),
        ("note", "Note", Private),
        ("source", "Origine des coordonnées", Text),
        ("last_contact_on", "Dernier échange", Day),
        ("archived_on", "Archivé le", Day),
        ("erased_at", "Effacé le", Instant),
        ("created_at", "Ajouté le", Instant),
        ("id", "Identifiant", Hidden),
    ],
};
