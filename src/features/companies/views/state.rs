//! What a procedure that is over leaves to say near the top of a company's page.

use crate::domain::insolvency::{Procedure, state_at};
use crate::features::companies::queries::page::RiskRow;
use crate::web::filters::long_date;

impl RiskRow {
    /// « Une procédure de redressement judiciaire est close depuis le 3 mars 2026. »; nothing when none
    /// was, nor in a state that the first sentence tells.
    pub fn past_procedure(&self) -> Option<String> {
        let notices = self.notices.as_deref().filter(|_| self.state == "closed")?;
        let found = state_at(notices, self.as_of);
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
        Some(match found.since {
            Some(on) => format!("{what} est close depuis le {}.", long_date(on)),
            None => format!("{what} est close."),
        })
    }
}
