//! Words for the codes of the outbox and of the queue.

/// Kinds of mails: code, words. Other features bring theirs here.
pub const KINDS: &[(&str, &str)] = &[
    ("invitation", "Invitation à ouvrir un compte"),
    ("reset", "Nouveau mot de passe"),
    ("password_changed", "Mot de passe changé"),
    ("digest", "Résumé de la semaine"),
    ("assigned", "Alerte confiée"),
    ("level_changed", "Changement de niveau"),
    ("action_due", "Où en est une action"),
    ("meeting", "Rendez-vous"),
    ("workshop", "Atelier"),
    ("minutes", "Compte rendu"),
];

/// Where a mail stands: code, words.
pub const STATUSES: &[(&str, &str)] = &[
    ("waiting", "En attente"),
    ("kept", "Gardé, sans serveur de courriel"),
    ("sent", "Envoyé"),
    ("refused", "Refusé par le serveur"),
    ("failed", "Abandonné"),
];

const JOBS: &[(&str, &str)] = &[
    ("mail.send", "Envoi d’un courriel"),
    ("accounts.reset_asked", "Demande de nouveau mot de passe"),
    ("accounts.link", "Envoi d’un lien de compte"),
    ("workshops.minutes", "PDF d’un compte rendu, puis son envoi"),
    ("upkeep", "Entretien de la base"),
];

/// The words of a code; the code itself when nobody gave it words.
pub fn of<'a>(words: &[(&str, &'a str)], code: &'a str) -> &'a str {
    words
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, words)| words)
}

/// What a job does.
pub fn job(kind: &str) -> &str {
    of(JOBS, kind)
}

/// Why a job failed, from its technical cause.
pub fn job_failure(cause: &str) -> &'static str {
    if cause.contains("the mail server") {
        "le serveur de courriel refuse ou ne répond pas"
    } else if cause.contains("made no PDF") || cause.contains("no program that prints") {
        "le programme qui fait les PDF n’en a pas produit"
    } else {
        "la tâche s’est arrêtée sur une erreur"
    }
}

/// Why a mail did not leave, from its code.
pub fn failure(code: &str) -> String {
    match code {
        "disabled" => "aucun serveur de courriel n’est configuré".to_owned(),
        "unwritable" => "l’adresse ou l’objet ne peut pas s’écrire dans un courriel".to_owned(),
        "erased" => "la personne a demandé l’effacement de ses données".to_owned(),
        "too_late" => "ce qu’il annonce est passé, annulé ou déjà tenu".to_owned(),
        "superseded" => {
            "ce qu’il annonce a changé depuis, ou un courriel plus récent le remplace".to_owned()
        }
        "silent" => "le serveur de courriel ne répond plus".to_owned(),
        "connection" => "le serveur de courriel est injoignable".to_owned(),
        "530" | "534" | "535" | "538" => {
            format!("le serveur de courriel refuse l’accès de Vigie (code\u{a0}{code})")
        }
        "550" | "551" | "553" => {
            format!("refusé par le serveur, destinataire inconnu ou fermé (code\u{a0}{code})")
        }
        _ if code.starts_with('5') => format!("refusé par le serveur (code\u{a0}{code})"),
        _ => format!("le serveur demande de revenir plus tard (code\u{a0}{code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_by_what_to_do_about_it() {
        assert!(failure("550").starts_with("refusé par le serveur, destinataire"));
        assert!(failure("552").starts_with("refusé par le serveur (code"));
        assert!(failure("535").contains("l’accès de Vigie"));
        assert!(failure("451").contains("plus tard"));
        assert_eq!(of(STATUSES, "sent"), "Envoyé");
        assert_eq!(job("demain"), "demain");
    }
}
