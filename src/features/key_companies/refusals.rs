//! What a refusal of `places` says, and at which field.

use super::forms::DATE_TO_COME;
use super::places::Refusal;
use crate::web::filters::long_date;

/// The field and the sentence of a refusal; `Err` when the database failed.
pub fn explain(refusal: Refusal) -> Result<(&'static str, String), sqlx::Error> {
    let said = |field, text: &str| Ok((field, text.to_owned()));
    match refusal {
        Refusal::Database(error) => Err(error),
        Refusal::Full => said("", "Les cinq places de ce territoire sont prises."),
        Refusal::SlotTaken { slot, holder } => Ok((
            "place",
            format!("La place {slot} est tenue par {holder}. Choisissez une place libre."),
        )),
        Refusal::KeyHere { slot } => Ok((
            "",
            format!("Cette entreprise est déjà clé dans ce territoire, à la place {slot}."),
        )),
        Refusal::KeyElsewhere { territory, slot } => Ok((
            "",
            format!(
                "Cette entreprise est déjà clé dans le territoire {territory}, à la place {slot}. Libérez d’abord cette place, ou cochez « Autre site d’un groupe » si les deux sites comptent."
            ),
        )),
        Refusal::JustTaken => said(
            "",
            "Une autre personne vient de choisir cette entreprise. Rouvrez la page du territoire pour voir où elle en est.",
        ),
        Refusal::NotInTerritory => said(
            "siret",
            "Cet établissement n’est pas dans ce territoire. Choisissez-en un dans le vivier.",
        ),
        Refusal::Closed => said(
            "siret",
            "Cet établissement est fermé d’après le répertoire. Choisissez-en un autre dans le vivier.",
        ),
        Refusal::NotStaff => said(
            "referent",
            "Ce référent n’est plus un agent actif de la Direction du Développement. Choisissez-en un autre.",
        ),
        Refusal::DateToCome => said("date", DATE_TO_COME),
        Refusal::HeldUntil(day) => Ok((
            "date",
            format!(
                "La place était encore tenue : indiquez le {} ou une date plus récente.",
                long_date(day)
            ),
        )),
        Refusal::ExitBeforeEntry(day) => Ok((
            "date",
            format!(
                "L’entreprise est entrée le {} : sa sortie ne peut pas être plus ancienne.",
                long_date(day)
            ),
        )),
        Refusal::ShortMotive => said("motif", "Écrivez le motif en dix caractères au moins."),
        Refusal::Stale => said(
            "",
            "Quelqu’un a changé cette place pendant votre saisie. Vérifiez ce qu’elle est devenue, puis recommencez : votre saisie est gardée.",
        ),
        Refusal::NoChange => said("", "Rien ne changerait : choisissez une autre valeur."),
    }
}

/// Whether the state of the places refuses the act, rather than what was typed.
pub fn is_conflict(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Full
            | Refusal::SlotTaken { .. }
            | Refusal::KeyHere { .. }
            | Refusal::KeyElsewhere { .. }
            | Refusal::JustTaken
            | Refusal::Stale
    )
}
