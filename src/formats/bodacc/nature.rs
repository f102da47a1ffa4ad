//! What a judgment does, from its family, its nature and, failing these, its free text.
//!
//! The natures are those observed in the BODACC. Clerks write the words of a nature in many ways
//! (accents, apostrophes, capitals), hence the comparison on folded text. A nature outside the list
//! is [`Category::Unknown`]: kept, and without effect.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::domain::insolvency::{Category, Judgment, Procedure};
use crate::formats::header::fold;

use Category::{
    Appeal, Closure, Conversion, Dissolution, Extension, Opening, PersonalSanction, Plan,
    PlanResolution, ProcedureAct, ToQualify,
};
use Procedure::{Liquidation, None as NoProcedure, Receivership, Safeguard};

/// The natures as the clerks of court write them.
///
/// Four choices go beyond the words. The treatment « de sortie de crise » (law 2021-689, article 13)
/// presupposes a cessation of payments and follows the rules of redressement: it counts as one. After
/// the end of a plan, the procedure is the one that the judgment opens: none when it names none.
/// « Reprise de la liquidation » opens it again. « Liquidation des biens » (law of 1967) has no
/// effect on the state.
const NATURES: &[(Category, Procedure, &[&str])] = &[
    (
        Opening,
        Safeguard,
        &[
            "Jugement d'ouverture d'une procédure de sauvegarde",
            "Jugement d'ouverture d'une procédure de sauvegarde accélérée",
            "Jugement d'ouverture d'une procédure de sauvegarde financière accélérée",
        ],
    ),
    (
        Opening,
        Receivership,
        &[
            "Jugement d'ouverture d'une procédure de redressement judiciaire",
            "Jugement d'ouverture d'une procédure de traitement de sortie de crise",
        ],
    ),
    (
        Opening,
        Liquidation,
        &[
            "Jugement d'ouverture de liquidation judiciaire",
            "Jugement de reprise de la procédure de liquidation judiciaire",
        ],
    ),
    (
        ToQualify,
        NoProcedure,
        &[
            "Autre jugement d'ouverture",
            "Autre arrêt de la Cour d'Appel",
            "Autre jugement prononçant",
            "Autre jugement et ordonnance",
        ],
    ),
    (
        Extension,
        Safeguard,
        &["Jugement d'extension d'une procédure de sauvegarde"],
    ),
    (
        Extension,
        Receivership,
        &["Jugement d'extension d'une procédure de redressement judiciaire"],
    ),
    (
        Extension,
        Liquidation,
        &["Jugement d'extension de liquidation judiciaire"],
    ),
    (
        Conversion,
        Receivership,
        &[
            "Jugement de conversion en redressement judiciaire de la procédure de sauvegarde",
            "Jugement de conversion en redressement judiciaire de la procédure de sauvegarde financière accélérée",
            "Jugement mettant fin à la procédure de traitement de sortie de crise et ouvrant une procédure de redressement judiciaire",
        ],
    ),
    (
        Conversion,
        Liquidation,
        &[
            "Jugement de conversion en liquidation judiciaire",
            "Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde",
            "Jugement de conversion en liquidation judiciaire de la procédure de sauvegarde financière accélérée",
            "Jugement mettant fin à la procédure de traitement de sortie de crise et ouvrant une procédure de liquidation judiciaire",
        ],
    ),
    (
        Plan,
        Safeguard,
        &[
            "Jugement arrêtant le plan de sauvegarde",
            "Jugement arrêtant le plan de sauvegarde financière accélérée",
            "Jugement modifiant le plan de sauvegarde",
        ],
    ),
    (
        Plan,
        Receivership,
        &[
            "Jugement arrêtant le plan de redressement",
            "Jugement de plan de redressement",
            "Jugement modifiant le plan de redressement",
            "Jugement modifiant le plan de continuation",
            "Jugement de plan de traitement de sortie de crise",
        ],
    ),
    (Plan, NoProcedure, &["Jugement arrêtant un plan de cession"]),
    (
        PlanResolution,
        NoProcedure,
        &[
            "Jugement prononçant la résolution du plan de sauvegarde",
            "Jugement prononçant la résolution du plan de redressement",
        ],
    ),
    (
        PlanResolution,
        Receivership,
        &[
            "Jugement prononçant la résolution du plan de sauvegarde et le redressement judiciaire",
            "Jugement prononçant la résolution du plan de traitement de sortie de crise et le redressement judiciaire",
        ],
    ),
    (
        PlanResolution,
        Liquidation,
        &[
            "Jugement prononçant la résolution du plan de cession et la liquidation judiciaire",
            "Jugement prononçant la résolution du plan de redressement et la liquidation judiciaire",
            "Jugement prononçant la résolution du plan de sauvegarde accélérée et la liquidation judiciaire",
            "Jugement prononçant la résolution du plan de sauvegarde et la liquidation judiciaire",
            "Jugement prononçant la résolution du plan de sauvegarde financière accélérée et la liquidation judiciaire",
            "Jugement prononçant la résolution du plan de traitement de sortie de crise et la liquidation judiciaire",
        ],
    ),
    (
        Closure,
        NoProcedure,
        &[
            "Autre jugement de clôture",
            "Jugement de clôture pour extinction du passif",
            "Jugement prononçant la clôture de la procédure de rétablissement professionnel",
        ],
    ),
    (
        Closure,
        Safeguard,
        &[
            "Jugement de clôture de la procédure de sauvegarde",
            "Jugement mettant fin à la procédure de sauvegarde",
            "Jugement mettant fin à la procédure de sauvegarde financière accélérée",
        ],
    ),
    (
        Closure,
        Receivership,
        &["Jugement mettant fin à la procédure de redressement judiciaire"],
    ),
    (
        Closure,
        Liquidation,
        &["Jugement de clôture de la liquidation des biens pour extinction du passif"],
    ),
    (
        Dissolution,
        Liquidation,
        &[
            "Jugement de clôture pour insuffisance d'actif",
            "Jugement de clôture pour insuffisance d'actif et autorisant la reprise des poursuites individuelles",
            "Jugement de clôture de la liquidation des biens pour insuffisance d'actif",
        ],
    ),
    (
        ProcedureAct,
        Liquidation,
        &[
            "Autre jugement de liquidation des biens",
            "Liste des créances nées après le jugement d'ouverture d'une procédure de liquidation judiciaire",
        ],
    ),
    (
        ProcedureAct,
        NoProcedure,
        &[
            "Autre avis de dépôt",
            "Autres avis de dépôt",
            "Dépôt de l'état de collocation",
            "Dépôt de l'état des créances",
            "Dépôt de l'état des créances Loi de 1985",
            "Dépôt de l'état des créances et du projet de répartition",
            "Dépôt du projet de répartition",
            "Jugement accordant un délai pour déposer la liste des créances",
            "Jugement de désignation des organes de la procédure",
            "Jugement modifiant la date de cessation des paiements",
        ],
    ),
    (
        ProcedureAct,
        Receivership,
        &[
            "Liste des créances nées après le jugement d'ouverture d'une procédure de redressement judiciaire",
        ],
    ),
    (
        Appeal,
        NoProcedure,
        &["Arrêt de la cour d'appel infirmant une décision soumise à publicité"],
    ),
    (
        PersonalSanction,
        NoProcedure,
        &[
            "Jugement d'interdiction de gérer",
            "Jugement d'interdiction de gérer Loi de 1985",
            "Jugement de faillite personnelle",
            "Jugement de faillite personnelle Loi de 1985",
        ],
    ),
];

static BY_FOLDED: LazyLock<BTreeMap<String, Judgment>> = LazyLock::new(|| {
    let folded = NATURES.iter().flat_map(|(category, procedure, natures)| {
        let judgment = of(*category, *procedure);
        natures.iter().map(move |nature| (fold(nature), judgment))
    });
    folded.collect()
});

/// Reads a judgment. Blank texts are empty.
pub fn read(family: &str, nature: &str, complement: &str) -> Judgment {
    let (family, nature, complement) = (fold(family), fold(nature), fold(complement));
    let listed = BY_FOLDED.get(&nature).copied();
    let unknown = of(Category::Unknown, NoProcedure);
    if is_sanction(&nature) || is_sanction(&family) {
        return of(PersonalSanction, NoProcedure);
    }
    if is_retraction(&nature) || is_retraction(&complement) {
        return of(Category::Retraction, NoProcedure);
    }
    // What clerks deposit, and procedures of before 1986, say nothing about today.
    if family.contains("avisdedepot") || family.contains("loide1967") {
        return of(ProcedureAct, NoProcedure);
    }
    if family.contains("extraitdejugement") {
        let named = listed.filter(|judgment| judgment.category != ToQualify);
        return named
            .or_else(|| in_words(&complement))
            .unwrap_or(of(ProcedureAct, NoProcedure));
    }
    if family.contains("jugementdecloture") {
        let named = listed.filter(|judgment| matches!(judgment.category, Closure | Dissolution));
        return named.unwrap_or_else(|| closure_in(&nature, of(Closure, NoProcedure)));
    }
    match listed {
        Some(judgment) if judgment.category == ToQualify => {
            in_words(&complement).unwrap_or(judgment)
        }
        listed => listed.unwrap_or(unknown),
    }
}

fn of(category: Category, procedure: Procedure) -> Judgment {
    Judgment {
        category,
        procedure,
    }
}

/// Whether a free text speaks of a sanction against a person: it must not be kept.
pub fn mentions_sanction(complement: &str) -> bool {
    is_sanction(&fold(complement))
}

fn is_sanction(folded: &str) -> bool {
    has(folded, &["interdictiondegerer", "faillitepersonnelle"])
}

fn is_retraction(folded: &str) -> bool {
    folded.contains("retractationsurtierceopposition")
}

/// A closure for lack of assets always ends a liquidation, and the company.
fn closure_in(folded: &str, otherwise: Judgment) -> Judgment {
    if folded.contains("insuffisancedactif") {
        of(Dissolution, Liquidation)
    } else {
        otherwise
    }
}

fn has(folded: &str, words: &[&str]) -> bool {
    words.iter().any(|word| folded.contains(word))
}

/// Reads a judgment in its free text, from the most telling words to the vaguest.
///
/// « clôture » alone proves nothing: a judgment that opens a liquidation also sets the time after
/// which its closure will be examined. Nor does « plan »: an opening may look forward to one.
fn in_words(complement: &str) -> Option<Judgment> {
    const CLOSED: &[&str] = &[
        "lacloturepour",
        "decloturepour",
        "prononcantlacloture",
        "prononcelacloture",
        "jugementdecloture",
        "mettantfinalaprocedure",
    ];
    const PRONOUNCED: &[&str] = &[
        "enliquidationjudiciaire",
        "ouverturedelaliquidation",
        "ouverturedeliquidation",
        "ouvertureduneproceduredeliquidation",
        "prononcantlaliquidation",
        "prononcelaliquidation",
        "etlaliquidationjudiciaire",
    ];
    // Not the mere beginning « infirm »: companies of nurses (« infirmiers ») exist.
    const REVERSED: &[&str] = &["infirmele", "infirmela", "infirmant"];
    const OPENED: &[&str] = &["ouvertureduneprocedure", "ouvrantuneprocedure"];
    const PLANS: &[&str] = &[
        "arretantleplan",
        "arreteleplan",
        "modifiantleplan",
        "modifieleplan",
        "plandesauvegarde",
        "planderedressement",
        "plandecontinuation",
    ];
    let named = procedure_in(complement);
    let (closed, liquidated) = (has(complement, CLOSED), has(complement, PRONOUNCED));
    // Better lose a judgment than keep a sanction.
    if is_sanction(complement) {
        return Some(of(PersonalSanction, NoProcedure));
    }
    if has(complement, REVERSED) {
        return Some(of(Appeal, NoProcedure));
    }
    if complement.contains("resolutionduplan") {
        return Some(of(PlanResolution, opened_after_plan(complement)));
    }
    if closed && !liquidated {
        return Some(closure_in(complement, of(Closure, named)));
    }
    let opened = liquidated || (has(complement, OPENED) && named != NoProcedure);
    let rejected = complement.contains("rejet");
    if complement.contains("plandecession") && !opened && !rejected {
        return Some(of(Plan, NoProcedure));
    }
    if has(complement, PLANS) && !opened && !rejected {
        let procedure = if complement.contains("plandesauvegarde") {
            Safeguard
        } else {
            Receivership
        };
        return Some(of(Plan, procedure));
    }
    match named {
        NoProcedure => None,
        procedure if complement.contains("conversionen") => Some(of(Conversion, procedure)),
        procedure => Some(of(Opening, procedure)),
    }
}

/// The gravest procedure that the words name.
fn procedure_in(complement: &str) -> Procedure {
    if complement.contains("liquidationjudiciaire") {
        Liquidation
    } else if complement.contains("redressementjudiciaire") {
        Receivership
    } else if complement.contains("sauvegarde") {
        Safeguard
    } else {
        NoProcedure
    }
}

/// What follows the end of a plan; the name of the plan itself opens nothing.
fn opened_after_plan(complement: &str) -> Procedure {
    match procedure_in(&complement.replace("planderedressementjudiciaire", "")) {
        Safeguard | NoProcedure => NoProcedure,
        graver => graver,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(family: &str, nature: &str, complement: &str) -> String {
        let read = read(family, nature, complement);
        format!("{:?} {:?}", read.category, read.procedure)
    }

    #[test]
    fn no_two_natures_fold_alike() {
        let natures = NATURES.iter().map(|(_, _, natures)| natures.len());
        assert_eq!(BY_FOLDED.len(), natures.sum::<usize>());
    }

    #[test]
    fn a_nature_is_known_however_it_is_written() {
        for nature in [
            "Jugement d'ouverture d'une procédure de redressement judiciaire",
            "JUGEMENT D’OUVERTURE D’UNE PROCEDURE DE REDRESSEMENT JUDICIAIRE",
            "Jugement\u{a0}d'ouverture d'une procédure de redressement\u{202f}judiciaire.",
        ] {
            assert_eq!(
                shown("Jugement d'ouverture", nature, ""),
                "Opening Receivership"
            );
        }
        assert_eq!(
            shown("Jugement prononçant", "Jugement d'un autre genre", ""),
            "Unknown None"
        );
        assert_eq!(shown("", "", ""), "Unknown None");
    }

    #[test]
    fn vague_natures_are_read_in_their_free_text() {
        let read = |complement| shown("", "Autre jugement et ordonnance", complement);
        for (complement, expected) in [
            (
                "Jugement arrêtant le plan de sauvegarde, durée du plan 9 ans",
                "Plan Safeguard",
            ),
            (
                "Jugement modifiant le plan de redressement",
                "Plan Receivership",
            ),
            (
                "Jugement arrêtant le plan de cession au profit de",
                "Plan None",
            ),
            (
                "Conversion en liquidation judiciaire du redressement",
                "Conversion Liquidation",
            ),
            (
                "Prononce l'ouverture d'une procédure de redressement judiciaire",
                "Opening Receivership",
            ),
            (
                "Jugement prononçant la clôture de la procédure de liquidation judiciaire",
                "Closure Liquidation",
            ),
            (
                "Jugement de clôture pour insuffisance d'actif",
                "Dissolution Liquidation",
            ),
            (
                "Résolution du plan de redressement et ouverture de la liquidation judiciaire",
                "PlanResolution Liquidation",
            ),
            ("Résolution du plan de sauvegarde", "PlanResolution None"),
            (
                "Résolution du plan de redressement judiciaire",
                "PlanResolution None",
            ),
            (
                "Nomme un juge ; activité : soins infirmiers",
                "ToQualify None",
            ),
            (
                "Rejette le plan de redressement et prononce la liquidation judiciaire",
                "Opening Liquidation",
            ),
            ("Rejet du plan de sauvegarde", "Opening Safeguard"),
            (
                "Ouverture d'une procédure de redressement judiciaire en vue d'un plan de redressement",
                "Opening Receivership",
            ),
            ("Ordonnance remplaçant le liquidateur", "ToQualify None"),
            ("", "ToQualify None"),
        ] {
            assert_eq!(read(complement), expected, "{complement}");
        }
        let opened = "Liquidation judiciaire simplifiée ; fixe à six mois le délai au terme duquel \
                      la clôture de la procédure sera examinée";
        assert_eq!(
            shown("", "Autre jugement d'ouverture", opened),
            "Opening Liquidation"
        );
        assert_eq!(
            shown("", "Autre jugement prononçant", "Sauvegarde"),
            "Opening Safeguard"
        );
    }

    #[test]
    fn families_decide_before_natures() {
        let liquidation = "Jugement d'ouverture de liquidation judiciaire";
        assert_eq!(shown("Avis de dépôt", liquidation, ""), "ProcedureAct None");
        assert_eq!(shown("Loi de 1967", liquidation, ""), "ProcedureAct None");
        assert_eq!(
            shown("Extrait de jugement", "Autre", ""),
            "ProcedureAct None"
        );
        let content = "Jugement de conversion en liquidation judiciaire";
        assert_eq!(
            shown("Extrait de jugement", "Autre", content),
            "Conversion Liquidation"
        );
        assert_eq!(shown("Jugement de clôture", "Autre", ""), "Closure None");
        let safeguard = "Jugement de clôture de la procédure de sauvegarde";
        assert_eq!(
            shown("Jugement de clôture", safeguard, ""),
            "Closure Safeguard"
        );
    }

    #[test]
    fn sanctions_retractions_and_appeals_are_told_apart() {
        let sanction = "Jugement d'interdiction de gérer";
        assert_eq!(
            shown("Autre jugement", sanction, ""),
            "PersonalSanction None"
        );
        let words = "Prononce une interdiction de gérer à l'encontre de M. X";
        let vague = "Autre jugement prononçant";
        assert_eq!(shown("", vague, words), "PersonalSanction None");
        let within =
            "Faillite personnelle de M. X, dirigeant d'une société en liquidation judiciaire";
        assert_eq!(shown("", vague, within), "PersonalSanction None");
        let retraction = "Jugement de rétractation sur tierce opposition";
        assert_eq!(
            shown("Rétractation sur tierce opposition", retraction, ""),
            "Retraction None"
        );
        let court = "Autre arrêt de la Cour d'Appel";
        assert_eq!(
            shown("", court, "Infirme le jugement du 3 mars"),
            "Appeal None"
        );
        assert_eq!(
            shown("", court, "Confirme le jugement du 3 mars"),
            "ToQualify None"
        );
    }
}
