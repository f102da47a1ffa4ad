//! Where a company stands once a procedure is over: said near the top of its page.

use crate::domain::insolvency::{Insolvency, Procedure, state_at};
use crate::features::companies::queries::page::RiskRow;
use crate::web::filters::long_date;

impl RiskRow {
    /// « Une procédure de redressement judiciaire est close depuis le 3 mars 2026. »; nothing while a
    /// procedure is open, which the badge tells, or when none was.
    pub fn state_sentence(&self) -> Option<String> {
        let notices = self.notices.as_deref()?;
        let found = state_at(notices, self.as_of);
        match self.state.as_str() {
            "struck_off" => {
                let left = found.radiation.as_ref().map_or_else(
                    || "Cette entreprise est radiée du registre du commerce.".to_owned(),
                    |radiation| {
                        let on = long_date(radiation.on);
                        format!(
                            "Cette entreprise est radiée du registre du commerce depuis le {on}."
                        )
                    },
                );
                let over = found.chain.last().is_some().then(|| closed(&found));
                Some(over.map_or(left.clone(), |over| format!("{left} {over}")))
            }
            "dissolved" => Some(dissolved(&found)),
            "closed" => Some(closed(&found)),
            _ => None,
        }
    }
}

fn dissolved(found: &Insolvency) -> String {
    let since = found.since.map(long_date);
    let since = since.map_or_else(String::new, |on| format!(" depuis le {on}"));
    format!(
        "Cette entreprise a cessé d’exister\u{a0}: sa liquidation judiciaire est close pour insuffisance d’actif{since}."
    )
}

fn closed(found: &Insolvency) -> String {
    let known = found.chain.iter().rev().map(|step| step.judgment.procedure);
    let what = match known
        .into_iter()
        .find(|procedure| *procedure != Procedure::None)
    {
        Some(Procedure::Safeguard) => "Une procédure de sauvegarde",
        Some(Procedure::Receivership) => "Une procédure de redressement judiciaire",
        Some(Procedure::Liquidation) => "Une procédure de liquidation judiciaire",
        Some(Procedure::None) | None => "Une procédure collective",
    };
    match found.since {
        Some(on) => format!("{what} est close depuis le {}.", long_date(on)),
        None => format!("{what} est close."),
    }
}
