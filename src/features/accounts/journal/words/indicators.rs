//! The journal's words for the indicators.

use super::Kind::{Day, Flag, Hidden, Instant, Number, Text, User};
use super::Table;

pub(super) const TABLES: &[Table] = &[SETTINGS, COMMENTS, SNAPSHOTS];

const SETTINGS: Table = Table {
    name: "indicator_settings",
    label: "Objectifs des indicateurs",
    inserted: "a écrit les objectifs des indicateurs",
    updated: "a modifié les objectifs des indicateurs",
    deleted: "a supprimé les objectifs des indicateurs",
    object: ("is_only", Hidden),
    columns: &[
        ("kept_share", "Part des emplois gardés, en %", Number),
        ("followed_target", "Objectif de suivies, en %", Number),
        ("maintained_target", "Objectif de maintenues, en %", Number),
        ("is_only", "Identifiant", Hidden),
    ],
};

const COMMENTS: Table = Table {
    name: "indicator_comments",
    label: "Commentaires des indicateurs",
    inserted: "a commenté les indicateurs",
    updated: "a modifié un commentaire des indicateurs",
    deleted: "a supprimé un commentaire des indicateurs",
    object: ("text", Text),
    columns: &[
        ("text", "Commentaire", Text),
        ("author_id", "Auteur", User),
        ("at", "Date", Instant),
        ("id", "Identifiant", Hidden),
    ],
};

const SNAPSHOTS: Table = Table {
    name: "indicator_snapshots",
    label: "Arrêtés des indicateurs",
    inserted: "a arrêté les indicateurs au {}",
    updated: "a modifié un arrêté des indicateurs",
    deleted: "a supprimé un arrêté des indicateurs",
    object: ("evening", Day),
    columns: &[
        ("evening", "Arrêté au", Day),
        ("is_quarter", "Fin de trimestre", Flag),
        ("taken_by", "Signé par", User),
        ("taken_by_name", "Nom du signataire", Text),
        ("taken_at", "Signé le", Instant),
        ("hash", "Empreinte", Text),
        ("content", "Chiffres", Hidden),
        ("id", "Identifiant", Hidden),
    ],
};
