//! The recipes of the help page: one verb each, only what the person may do.

use super::views::HelpTask;
use crate::auth::{CurrentUser, Permission};

struct Recipe {
    anchor: &'static str,
    title: &'static str,
    /// Who may follow it; none: anyone, signed in or not.
    permission: Option<Permission>,
    href: Option<&'static str>,
    steps: &'static [&'static str],
}

const RECIPES: [Recipe; 8] = [
    Recipe {
        anchor: "se-connecter",
        title: "Se connecter la première fois",
        permission: None,
        href: Some("/connexion"),
        steps: &[
            "Ouvrez le lien d’invitation reçu de l’administration de Vigie. Il sert une fois, pendant 72 heures.",
            "Choisissez un mot de passe d’au moins 14 caractères, par exemple quatre ou cinq mots sans lien entre eux.",
            "Le lien est périmé\u{202f}? Demandez-en un autre à l’administration.",
        ],
    },
    Recipe {
        anchor: "importer",
        title: "Importer des entreprises",
        permission: Some(Permission::ManageImports),
        href: Some("/imports/nouveau"),
        steps: &[
            "Déposez un ou plusieurs fichiers\u{a0}: stocks Sirene, réponse de recherche-entreprises, effectifs, ou le modèle à télécharger.",
            "Relisez l’aperçu\u{a0}: rien n’est encore enregistré. Les lignes rejetées sont groupées par cause.",
            "Confirmez. Un import peut être annulé tant que rien de plus récent n’en dépend.",
        ],
    },
    Recipe {
        anchor: "trouver",
        title: "Trouver une entreprise",
        permission: Some(Permission::ViewCompanies),
        href: Some("/entreprises"),
        steps: &[
            "Tapez un nom, un SIREN ou un SIRET dans le champ de recherche, présent sur chaque page (Ctrl\u{a0}+\u{a0}K).",
            "Un numéro exact ouvre la page de l’entreprise. Les accents et les petites fautes de frappe sont pardonnés.",
            "Filtrez la liste par territoire, commune, secteur ou effectif\u{a0}: les filtres restent dans l’adresse de la page.",
        ],
    },
    Recipe {
        anchor: "comparer",
        title: "Comparer des candidates",
        permission: Some(Permission::ViewCompanies),
        href: Some("/territoires"),
        steps: &[
            "Ouvrez un territoire, puis son vivier\u{a0}: les candidates y sont classées par points d’impact.",
            "Cochez deux ou trois entreprises et comparez-les critère par critère.",
            "Ce qui est inconnu est montré comme inconnu\u{a0}: complétez les faits depuis la page de l’entreprise.",
        ],
    },
    Recipe {
        anchor: "choisir",
        title: "Choisir une entreprise clé",
        permission: Some(Permission::ManageKeyCompanies),
        href: Some("/territoires"),
        steps: &[
            "Ouvrez le territoire et choisissez une candidate pour une place libre.",
            "Écrivez le motif du choix et désignez la personne référente.",
            "Les cinq places sont prises\u{202f}? Vigie propose d’en remplacer une, avec un motif.",
        ],
    },
    Recipe {
        anchor: "liberer",
        title: "Remplacer, libérer ou déplacer",
        permission: Some(Permission::ManageKeyCompanies),
        href: Some("/territoires"),
        steps: &[
            "Sur la page du territoire, chaque place propose ses actions.",
            "Une sortie dit ce qu’est devenue l’entreprise\u{a0}: maintenue, fermée, partie ou autre, avec un motif.",
            "L’historique garde chaque entrée et chaque sortie, datées et signées.",
        ],
    },
    Recipe {
        anchor: "inviter",
        title: "Inviter une personne",
        permission: Some(Permission::ManageUsers),
        href: Some("/utilisateurs/inviter"),
        steps: &[
            "Donnez son adresse, son organisme et son rôle\u{a0}; pour un conseil consulaire, ses territoires.",
            "Le lien part par courriel, ou s’affiche une seule fois si l’envoi n’est pas configuré.",
            "La personne choisit elle-même son mot de passe.",
        ],
    },
    Recipe {
        anchor: "verifier",
        title: "Savoir qui a fait quoi",
        permission: Some(Permission::Administer),
        href: Some("/journal"),
        steps: &[
            "Le journal dit chaque changement en une phrase, avec l’avant et l’après.",
            "Filtrez par personne, par objet ou par date.",
        ],
    },
];

/// The recipes for this person; for a visitor, those that need no right.
pub fn tasks(user: Option<&CurrentUser>) -> Vec<HelpTask> {
    let may = |permission: Option<Permission>| {
        permission.is_none_or(|permission| user.is_some_and(|user| user.may(permission)))
    };
    RECIPES
        .iter()
        .filter(|recipe| may(recipe.permission))
        .map(|recipe| HelpTask {
            anchor: recipe.anchor.to_owned(),
            title: recipe.title.to_owned(),
            steps: recipe.steps.iter().map(|step| (*step).to_owned()).collect(),
            href: recipe.href.map(str::to_owned),
        })
        .collect()
}
