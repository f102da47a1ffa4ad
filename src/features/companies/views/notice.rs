//! What a legal notice says, in one French sentence.

use crate::domain::insolvency::NoticeKind;
use crate::formats::bodacc::NoticeRow;
use crate::web::filters::long_date;

/// « Procédures collectives : jugement d’ouverture…, Albi. »
pub fn sentence(notice: &NoticeRow) -> String {
    let mut parts = Vec::new();
    if let Some(judgment) = &notice.judgment {
        let nature = judgment.nature.as_deref().or(judgment.family.as_deref());
        parts.push(nature.unwrap_or("nature non communiquée").to_owned());
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
