//! The page for what went wrong: what happened, whether work is lost, what to do, and a number to quote.

use askama::Template;

use super::shell::Shell;

/// `templates/error.html`. Never carries the inner text of an error: it is logged under `reference`.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Frame; its title is the page's `h1`.
    pub shell: Shell,
    /// HTTP status.
    pub code: u16,
    /// Request id, as in the log.
    pub reference: String,
    /// What happened, in one sentence.
    pub happened: String,
    /// Whether the work is saved.
    pub saved: String,
    /// What to do now.
    pub advice: String,
    /// For 403: who can grant the right.
    pub grants: Option<String>,
    /// Path and words of the page that shows why.
    pub link: Option<(String, &'static str)>,
}

impl ErrorPage {
    /// The usual words for a status; `shell` may be bare when the user is unknown.
    pub fn new(shell: Shell, code: u16, reference: impl Into<String>) -> Self {
        let words = words(code);
        Self {
            shell: shell.titled(words.title),
            code,
            reference: reference.into(),
            happened: words.happened.to_owned(),
            saved: words.saved.to_owned(),
            advice: words.advice.to_owned(),
            grants: (code == 403).then(|| {
                "L’administratrice ou l’administrateur de Vigie, dans votre service.".to_owned()
            }),
            link: None,
        }
    }

    /// For an address that was only read: nothing was to be saved.
    #[must_use]
    pub fn of_a_reading(mut self) -> Self {
        NOTHING_SENT.clone_into(&mut self.saved);
        self
    }

    /// Replaces the advice by one that knows the case, for instance the delay of a 429 in minutes.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

struct Words {
    title: &'static str,
    happened: &'static str,
    saved: &'static str,
    advice: &'static str,
}

const NOTHING_SENT: &str = "Rien n’a été modifié.";
const NOT_SAVED: &str = "Ce que vous veniez d’envoyer n’est pas enregistré. Le bouton Précédent du navigateur le fait souvent réapparaître.";

fn words(code: u16) -> Words {
    let (title, happened, saved, advice) = match code {
        400 => (
            "Demande illisible",
            "L’adresse ou le formulaire reçu n’a pas la forme attendue.",
            NOTHING_SENT,
            "Repartez de la page précédente ou de l’accueil.",
        ),
        403 => (
            "Accès réservé",
            "Votre compte ne donne pas accès à cette page.",
            NOTHING_SENT,
            "Si vous en avez besoin pour votre travail, demandez ce droit en indiquant l’adresse de la page.",
        ),
        404 => (
            "Page introuvable",
            "Cette adresse ne mène à rien\u{a0}: la page a changé de place, n’existe plus, ou l’adresse est incomplète.",
            NOTHING_SENT,
            "Vérifiez l’adresse, ou cherchez l’entreprise ou le territoire par son nom.",
        ),
        405 => (
            "Action impossible ici",
            "Cette adresse n’accepte pas cette action.",
            NOTHING_SENT,
            "Repartez de la page précédente ou de l’accueil.",
        ),
        409 => (
            "Impossible en l’état",
            "La demande ne va pas avec l’état actuel de cet élément.",
            NOT_SAVED,
            "Revenez à la page précédente et rouvrez-la\u{a0}: elle dit ce qui est possible maintenant.",
        ),
        410 => (
            "Ce lien ne sert plus",
            "Il a déjà servi, son délai est passé, ou ce à quoi il menait n’a plus lieu.",
            NOTHING_SENT,
            "Demandez un nouveau lien à l’administration de Vigie.",
        ),
        413 => (
            "Envoi trop volumineux",
            "Le fichier ou le texte envoyé dépasse la taille acceptée.",
            NOT_SAVED,
            "Réduisez le fichier ou découpez-le, puis envoyez-le de nouveau.",
        ),
        422 => (
            "Formulaire incomplet",
            "Une ou plusieurs réponses ne peuvent pas être acceptées telles quelles.",
            NOT_SAVED,
            "Revenez au formulaire et corrigez les points signalés.",
        ),
        429 => (
            "Trop d’essais",
            "Trop de demandes sont arrivées en peu de temps depuis votre compte ou votre réseau.",
            NOTHING_SENT,
            "Attendez quelques minutes, puis recommencez.",
        ),
        503 => (
            "Service momentanément indisponible",
            "Vigie ne peut pas joindre ses données en ce moment.",
            NOT_SAVED,
            "Réessayez dans une minute. Le service reprend de lui-même.",
        ),
        _ => (
            "Une erreur est survenue",
            "Vigie n’a pas pu terminer cette action. L’incident est noté dans son journal.",
            NOT_SAVED,
            "Réessayez. Si l’erreur revient, transmettez la référence ci-dessous au service.",
        ),
    };
    Words {
        title,
        happened,
        saved,
        advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_what_happened_and_gives_its_reference() {
        for code in [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 418] {
            let page = ErrorPage::new(Shell::bare("Département", ""), code, "0197-ab").render();
            let html = page.expect("renders");
            assert!(
                html.contains("0197-ab") && html.contains("Que faire"),
                "{code}"
            );
            assert_eq!(
                html.contains("Qui peut ouvrir ce droit"),
                code == 403,
                "{code}"
            );
        }
    }
}
