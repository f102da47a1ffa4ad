//! What a legal notice says, in one French sentence.

use crate::domain::insolvency::{Category, Judgment, NoticeKind, Procedure};
use crate::formats::bodacc::NoticeRow;
use crate::web::filters::long_date;

/// « Procédures collectives : jugement d’ouverture…, Albi. »
pub fn sentence(notice: &NoticeRow) -> String {
    let mut parts = Vec::new();
    if let Some(judgment) = &notice.judgment {
        let nature = judgment.nature.as_deref().or(judgment.family.as_deref());
        let vague = nature.is_none_or(is_vague);
        let nature = nature.unwrap_or("nature non communiquée");
        parts.push(if vague {
            format!("{nature} ({})", read_as(judgment.reading))
        } else {
            nature.to_owned()
        });
        parts.extend(
            judgment
                .decided_on
                .map(|day| format!("jugement du {}", long_date(day))),
        );
    }
    if let Some(deposit) = &notice.deposit {
        parts.extend(deposit.kind.clone());
        parts.extend(
            deposit
                .closed_on
                .map(|day| format!("exercice clos le {}", long_date(day))),
        );
        if deposit.confidential {
            parts.push("comptes confidentiels".to_owned());
        }
    }
    if let Some(radiation) = &notice.radiation {
        let what = if radiation.is_transfer {
            "transfert vers un autre greffe"
        } else {
            "radiation"
        };
        parts.push(match radiation.on {
            Some(day) => format!("{what} le {}", long_date(day)),
            None => what.to_owned(),
        });
    }
    parts.extend(notice.court.clone());
    match notice.kind {
        NoticeKind::Original => {}
        NoticeKind::Correction => parts.push("rectificatif".to_owned()),
        NoticeKind::Cancellation => parts.push("annulation".to_owned()),
    }
    let family = notice.family.label();
    if parts.is_empty() {
        format!("{family}.")
    } else {
        format!("{family}\u{a0}: {}.", parts.join(", "))
    }
}

/// Whether a nature names no judgment: « Autre jugement et ordonnance ».
fn is_vague(nature: &str) -> bool {
    let nature = nature.to_lowercase();
    nature
        .split_whitespace()
        .next()
        .is_none_or(|first| first.starts_with("autre"))
}

/// What a judgment that its nature does not name is read as, from its text.
fn read_as(judgment: Judgment) -> String {
    let named = match judgment.procedure {
        Procedure::None => None,
        Procedure::Safeguard => Some("sauvegarde"),
        Procedure::Receivership => Some("redressement judiciaire"),
        Procedure::Liquidation => Some("liquidation judiciaire"),
    };
    let of = |what: &str, alone: &str| match named {
        Some(procedure) => format!("{what} {procedure}"),
        None => alone.to_owned(),
    };
    let read = match judgment.category {
        Category::Opening => of("ouverture\u{a0}:", "ouverture d’une procédure"),
        Category::Closure => of("clôture\u{a0}:", "clôture d’une procédure"),
        Category::Dissolution => "clôture de la liquidation pour insuffisance d’actif".to_owned(),
        Category::PlanResolution => of("fin du plan, puis", "fin du plan"),
        Category::Conversion => of("conversion en", "conversion d’une procédure"),
        Category::Extension => of("extension\u{a0}:", "extension d’une procédure"),
        Category::Plan => of("plan de", "plan de cession"),
        Category::Retraction => "rétractation d’un jugement".to_owned(),
        Category::Appeal => "jugement infirmé en appel".to_owned(),
        Category::ProcedureAct => "acte de procédure, sans effet sur l’état".to_owned(),
        Category::PersonalSanction => "sanction d’une personne".to_owned(),
        Category::ToQualify | Category::Unknown => {
            return "effet non précisé, à lire dans l’annonce".to_owned();
        }
    };
    format!("lu comme {read}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vague_nature_says_what_it_is_read_as() {
        assert!(is_vague("Autre jugement et ordonnance") && is_vague("Autres"));
        assert!(!is_vague("Jugement d’ouverture de redressement"));
        let read = |category, procedure| {
            read_as(Judgment {
                category,
                procedure,
            })
        };
        assert_eq!(
            read(Category::Plan, Procedure::Safeguard),
            "lu comme plan de sauvegarde"
        );
        assert_eq!(
            read(Category::Plan, Procedure::None),
            "lu comme plan de cession"
        );
        assert_eq!(
            read(Category::Conversion, Procedure::Liquidation),
            "lu comme conversion en liquidation judiciaire"
        );
        assert_eq!(
            read(Category::Unknown, Procedure::None),
            "effet non précisé, à lire dans l’annonce"
        );
    }
}
