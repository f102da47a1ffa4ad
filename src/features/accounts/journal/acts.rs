//! The journal's words for acts that change no row.

use super::words::Column;
use super::words::Kind::{Number, Text};

/// Acts that change no row: verb, what was done; `{}` stands for the object.
pub const ACTS: &[(&str, &str)] = &[
    ("sign_in", "a ouvert une session"),
    ("sign_in_failed", "a échoué à ouvrir la session de {}"),
    ("sign_out", "a fermé sa session"),
    ("sessions_closed", "a fermé des sessions de {}"),
    ("invitation_link", "a créé un lien d’invitation pour {}"),
    (
        "reset_link",
        "a créé un lien de nouveau mot de passe pour {}",
    ),
    ("export", "a exporté {}"),
    ("social_read", "a lu les données sociales de {}"),
    (
        "social_refused",
        "s’est vu refuser les données sociales de {}",
    ),
    (
        "read_confidential",
        "a lu la partie confidentielle d’une rencontre avec {}",
    ),
    ("access_refused", "s’est vu refuser l’accès à {}"),
    ("mail_sent_again", "a renvoyé le courriel {}"),
    ("kept_mails_sent", "a fait partir {}"),
    ("job_restarted", "a relancé la tâche {}"),
    ("job_abandoned", "a abandonné la tâche {}"),
    (
        "sign_in_throttled",
        "a dû attendre, après trop d’essais, pour ouvrir la session de {}",
    ),
];

/// Details of acts.
pub const DETAILS: &[Column] = &[
    ("ip", "Adresse IP", Text),
    ("rows", "Lignes", Number),
    ("format", "Format", Text),
    ("filters", "Filtres", Text),
];
