//! The journal's words for links between suppliers and customers. What people wrote in them is never told.

use super::Kind::{Code, Company, Day, Hidden, Number, Organisation, Private, Text};
use super::Table;
use crate::features::accounts::journal::codes::Codes;

const DEGREES: Codes = &[
    ("weak", "faible"),
    ("medium", "moyenne"),
    ("strong", "forte"),
];
const BASES: Codes = &[
    ("supplier", "le fournisseur"),
    ("customer", "le client"),
    ("estimate", "une estimation"),
];

/// Links.
pub(super) const TABLES: &[Table] = &[Table {
    name: "supply_links",
    label: "Clients et fournisseurs",
    inserted: "a noté un lien entre un fournisseur et un client, selon {}",
    updated: "a modifié un lien entre un fournisseur et un client",
    deleted: "a supprimé un lien entre un fournisseur et un client",
    object: ("basis", Code(BASES)),
    columns: &[
        ("supplier_siren", "Fournisseur", Company),
        ("supplier_name", "Nom du fournisseur", Private),
        ("customer_siren", "Client", Company),
        ("customer_name", "Nom du client", Private),
        ("goods", "Ce qui est fourni", Private),
        (
            "supplier_dependence",
            "Dépendance du fournisseur",
            Code(DEGREES),
        ),
        (
            "supplier_share",
            "Part de son chiffre d’affaires, en %",
            Number,
        ),
        ("customer_dependence", "Dépendance du client", Code(DEGREES)),
        ("customer_share", "Part de ses achats, en %", Number),
        ("basis", "Selon", Code(BASES)),
        ("said_on", "Dit le", Day),
        ("said_by", "Estimé par", Organisation),
        ("seen_since", "Connu depuis le", Day),
        ("ended_on", "Terminé le", Day),
        ("ended_by", "Terminé par", Text),
        ("end_reason", "Raison", Private),
        ("author_id", "Auteur", Hidden),
        ("author_name", "Nom de l’auteur", Hidden),
        ("written_by", "Organisme de l’auteur", Hidden),
        ("by_council", "Noté par le Département", Hidden),
        ("created_at", "Noté le", Hidden),
        ("id", "Identifiant", Hidden),
    ],
}];
