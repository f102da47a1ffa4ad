//! Help: eight verbs, a page each, and on it the recipes that the person may follow.

use super::views::{HelpTask, HelpVerb};
use crate::auth::{CurrentUser, Permission};

/// Word of the address, title, what the page is for.
const VERBS: [(&str, &str, &str); 8] = [
    (
        "commencer",
        "Commencer",
        "Se connecter, importer, inviter, vérifier.",
    ),
    (
        "chercher",
        "Chercher",
        "Une entreprise, une personne, un mot d’une rencontre ou d’une décision.",
    ),
    (
        "choisir",
        "Choisir",
        "Les cinq entreprises clés de chaque territoire.",
    ),
    (
        "surveiller",
        "Surveiller",
        "Les alertes et les signes de difficulté.",
    ),
    (
        "rencontrer",
        "Rencontrer",
        "Noter un échange, préparer un rendez-vous au plus haut niveau.",
    ),
    (
        "decider",
        "Décider",
        "Tenir un atelier de partage avec les partenaires.",
    ),
    (
        "agir",
        "Agir",
        "Conduire un plan d’actions dans les cinq dossiers.",
    ),
    (
        "mesurer",
        "Mesurer",
        "Lire les indicateurs et les remettre aux élus.",
    ),
];

struct Recipe {
    /// Word of the page that holds it.
    verb: &'static str,
    anchor: &'static str,
    title: &'static str,
    /// Who may follow it; none: anyone, signed in or not.
    permission: Option<Permission>,
    href: Option<&'static str>,
    steps: &'static [&'static str],
}

const RECIPES: [Recipe; 18] = [
    Recipe {
        verb: "commencer",
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
        verb: "commencer",
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
        verb: "chercher",
        anchor: "trouver",
        title: "Trouver une entreprise, une personne, un mot",
        permission: Some(Permission::ViewCompanies),
        href: Some("/entreprises"),
        steps: &[
            "Tapez un nom, un SIREN, ou un mot d’une rencontre, d’un atelier, d’une décision ou d’une action dans le champ de recherche, présent sur chaque page (Ctrl\u{a0}+\u{a0}K).",
            "Un numéro exact ouvre la page de l’entreprise. Les accents et les petites fautes de frappe sont pardonnés.",
            "Filtrez la liste par territoire, commune, secteur ou effectif\u{a0}: les filtres restent dans l’adresse de la page.",
        ],
    },
    Recipe {
        verb: "choisir",
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
        verb: "choisir",
        anchor: "dependances",
        title: "Noter qui dépend de qui",
        permission: Some(Permission::LinkSupply),
        href: Some("/entreprises"),
        steps: &[
            "Sur la page d’une entreprise, «\u{a0}Clients et fournisseurs\u{a0}»\u{a0}: cherchez l’autre entreprise, ou donnez son nom si Vigie ne la connaît pas.",
            "Dites ce qui est fourni, qui dépend de l’autre et de combien, et qui le dit\u{a0}: une des deux entreprises, ou une estimation.",
            "«\u{a0}Si elle fermait\u{a0}» compte et nomme alors celles qui en dépendent. Un lien qui n’existe plus se termine, avec sa raison.",
        ],
    },
    Recipe {
        verb: "choisir",
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
        verb: "choisir",
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
        verb: "rencontrer",
        anchor: "noter",
        title: "Noter une rencontre",
        permission: Some(Permission::LogMeetings),
        href: Some("/rencontres"),
        steps: &[
            "Sur la page de l’entreprise, touchez «\u{a0}Noter une rencontre\u{a0}», choisissez appel, visite, courriel ou visio, et écrivez une phrase.",
            "Sans réseau, ou si la session expire, le brouillon reste sur votre appareil\u{a0}: rien n’est perdu.",
            "Un signe de difficulté coché là compte aussitôt dans le niveau de l’entreprise.",
        ],
    },
    Recipe {
        verb: "decider",
        anchor: "atelier",
        title: "Tenir un atelier de partage",
        permission: Some(Permission::RunWorkshops),
        href: Some("/ateliers"),
        steps: &[
            "Préparez l’ordre du jour\u{a0}: Vigie propose les alertes ouvertes, les décisions en cours et les entreprises qui n’ont pas été vues depuis six mois.",
            "Invitez\u{a0}: chacun répond par un lien, sans compte. Le jour venu, notez qui est là, ce qui est dit et ce qui est décidé.",
            "Relisez le compte rendu, puis envoyez-le aux présents. Les décisions reviennent au prochain atelier jusqu’à ce qu’elles soient faites.",
        ],
    },
    Recipe {
        verb: "agir",
        anchor: "plan",
        title: "Conduire un plan d’actions",
        permission: Some(Permission::ViewPlans),
        href: Some("/actions"),
        steps: &[
            "Le plan d’une entreprise s’ouvre depuis sa page, ou depuis un besoin noté lors d’une rencontre. Il range ses actions en cinq dossiers.",
            "Une action a un pilote et une échéance. Ses boutons disent où elle en est\u{a0}: en cours, bloquée, faite ou abandonnée.",
            "Ce qui est en retard vient en premier, sur le plan, dans la liste et à l’accueil de son pilote.",
        ],
    },
    Recipe {
        verb: "agir",
        anchor: "partenaire",
        title: "Mettre deux organismes en relation",
        permission: Some(Permission::MatchNeeds),
        href: Some("/mises-en-relation"),
        steps: &[
            "Notez un besoin ou une offre, par thème, sur la page d’une entreprise ou d’un organisme. Un besoin de R&D ou de formation noté lors d’une rencontre se cherche par un bouton.",
            "La page d’un besoin propose qui peut y répondre, dans un ordre qu’elle explique\u{a0}: même thème, compétence, dossier, puis territoire.",
            "Proposez la mise en relation, puis dites où elle en est\u{a0}: acceptée, rencontre faite, suite donnée ou sans suite. Elle est comptée dans les indicateurs.",
        ],
    },
    Recipe {
        verb: "mesurer",
        anchor: "indicateurs",
        title: "Lire les indicateurs",
        permission: Some(Permission::ViewIndicators),
        href: Some("/indicateurs"),
        steps: &[
            "Les deux premiers chiffres\u{a0}: les entreprises identifiées et suivies, puis celles qui sont maintenues. Leur définition est au bas de la page.",
            "Choisissez une date, une date de comparaison et des territoires. Ce qui n’est pas prouvé est dit «\u{a0}partiel\u{a0}», jamais compté comme acquis.",
            "Le rapport tient sur une page A4, le classeur donne une feuille par indicateur, le diaporama se montre en séance. Les arrêtés de chaque trimestre ne changent plus.",
        ],
    },
    Recipe {
        verb: "commencer",
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
        verb: "commencer",
        anchor: "verifier",
        title: "Savoir qui a fait quoi",
        permission: Some(Permission::Administer),
        href: Some("/journal"),
        steps: &[
            "Le journal dit chaque changement en une phrase, avec l’avant et l’après.",
            "Filtrez par personne, par objet ou par date.",
        ],
    },
    Recipe {
        verb: "chercher",
        anchor: "trouver-territoire",
        title: "Trouver un territoire ou une commune",
        permission: Some(Permission::ViewTerritories),
        href: Some("/recherche"),
        steps: &[
            "Tapez le nom d’une intercommunalité, d’une commune, ou un code postal dans le champ de recherche.",
            "La page du territoire dit ses places prises. Les noms d’entreprises n’y paraissent que pour ceux qui les suivent.",
        ],
    },
    Recipe {
        verb: "surveiller",
        anchor: "alerte",
        title: "Traiter une alerte",
        permission: Some(Permission::HandleAlerts),
        href: Some("/alertes"),
        steps: &[
            "Une alerte s’ouvre quand le niveau d’une entreprise s’aggrave\u{a0}: comptes, annonces légales ou signe constaté par une personne. Sa page dit pourquoi.",
            "Prenez-la en charge, confiez-la, mettez-la en attente jusqu’à une date, ou classez-la avec un motif.",
            "Dites si l’évaluation était utile\u{a0}: ces avis sont comptés dans les indicateurs.",
        ],
    },
    Recipe {
        verb: "surveiller",
        anchor: "signaler",
        title: "Signaler une difficulté",
        permission: Some(Permission::EditSignals),
        href: Some("/entreprises"),
        steps: &[
            "Sur la page de l’entreprise, choisissez «\u{a0}Signaler\u{a0}», le signe constaté, sa date et un motif en une phrase.",
            "Le niveau est recalculé aussitôt. Un signe s’éteint à sa date de fin, et chacun peut retirer les siens.",
        ],
    },
    Recipe {
        verb: "rencontrer",
        anchor: "rendez-vous",
        title: "Préparer un rendez-vous au plus haut niveau",
        permission: Some(Permission::ConductMeetings),
        href: Some("/rencontres"),
        steps: &[
            "Depuis la page de l’entreprise, fixez la date et le lieu, puis envoyez l’invitation avec son fichier d’agenda.",
            "La note de préparation tient sur une page\u{a0}: niveau, dernières rencontres, décisions et actions en cours, questions à poser.",
            "L’entretien se note par thème, avec une part partagée et une part confidentielle. Un besoin devient une action d’un geste.",
        ],
    },
];

/// The verbs and their recipes for this person; for a visitor, those that need no right. A verb without any is
/// left out.
pub fn verbs(user: Option<&CurrentUser>) -> Vec<HelpVerb> {
    VERBS
        .iter()
        .map(|(slug, title, about)| HelpVerb {
            slug,
            title,
            about,
            tasks: tasks(user, slug),
        })
        .filter(|verb| !verb.tasks.is_empty())
        .collect()
}

fn tasks(user: Option<&CurrentUser>, verb: &str) -> Vec<HelpTask> {
    let may = |permission: Option<Permission>| {
        permission.is_none_or(|permission| user.is_some_and(|user| user.may(permission)))
    };
    RECIPES
        .iter()
        .filter(|recipe| recipe.verb == verb && may(recipe.permission))
        .map(|recipe| HelpTask {
            anchor: recipe.anchor.to_owned(),
            title: recipe.title.to_owned(),
            steps: recipe.steps.iter().map(|step| (*step).to_owned()).collect(),
            href: recipe.href.map(str::to_owned),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_has_its_verb_and_every_verb_a_recipe() {
        for recipe in &RECIPES {
            assert!(
                VERBS.iter().any(|(slug, ..)| *slug == recipe.verb),
                "{}",
                recipe.anchor
            );
        }
        for (slug, ..) in VERBS {
            assert!(RECIPES.iter().any(|recipe| recipe.verb == slug), "{slug}");
        }
    }
}
