//! Who uses Vigie.

use super::Kind::{Code, Flag, Hidden, Instant, Organisation, Private, Territory, Text, User};
use super::Table;
use crate::features::accounts::journal::codes::{ACCOUNT, DAYS, ROLES};

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "users",
        label: "Comptes",
        inserted: "a créé le compte de {}",
        updated: "a modifié le compte de {}",
        deleted: "a supprimé le compte de {}",
        object: ("id", User),
        columns: &[
            ("full_name", "Nom", Text),
            ("email", "Adresse électronique", Text),
            ("role", "Rôle", Code(ROLES)),
            ("organisation_id", "Organisme", Organisation),
            ("status", "État du compte", Code(ACCOUNT)),
            ("password_hash", "Mot de passe", Private),
            ("password_changed_at", "Mot de passe choisi le", Instant),
            ("last_sign_in_at", "Dernière connexion", Instant),
            ("created_at", "Compte créé le", Instant),
            ("guide_hidden_at", "Premiers pas masqués le", Instant),
            ("id", "Identifiant", Hidden),
        ],
    },
    Table {
        name: "user_territories",
        label: "Territoires confiés",
        inserted: "a confié un territoire à {}",
        updated: "a modifié un territoire confié à {}",
        deleted: "a retiré un territoire à {}",
        object: ("user_id", User),
        columns: &[
            ("territory_siren", "Territoire", Territory),
            ("user_id", "Personne", Hidden),
        ],
    },
    Table {
        name: "notification_choices",
        label: "Choix de courriels",
        inserted: "a choisi les courriels de {}",
        updated: "a changé les courriels de {}",
        deleted: "a supprimé les choix de courriels de {}",
        object: ("user_id", User),
        columns: &[
            ("digest_day", "Jour du résumé", Code(DAYS)),
            ("on_assigned", "Alerte confiée", Flag),
            ("on_level", "Changement de niveau", Flag),
            ("on_action", "Où en sont ses actions", Flag),
            ("user_id", "Personne", Hidden),
        ],
    },
    Table {
        name: "calendar_feeds",
        label: "Agendas",
        inserted: "a ouvert l’agenda de {}",
        updated: "a changé l’adresse de l’agenda de {}",
        deleted: "a fermé l’agenda de {}",
        object: ("user_id", User),
        columns: &[
            ("token_hash", "Adresse", Private),
            ("created_at", "Depuis le", Instant),
            ("user_id", "Personne", Hidden),
        ],
    },
];
