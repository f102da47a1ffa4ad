//! What people noted on a company, as its page shows it.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::auth::Permission;
use crate::features::companies::model::{direction_words, flag_label};
use crate::features::companies::queries::page::NoteRow;
use crate::web::Visit;
use crate::web::filters::{long_date, sentence_case};

/// Signals and the view on the level, for those who may see them.
#[derive(Debug)]
pub struct Notes {
    /// Signals that count today.
    pub in_force: Vec<NoteRow>,
    /// Signals that are over or were withdrawn.
    pub past: Vec<NoteRow>,
    /// The view on the level.
    pub view: Option<NoteRow>,
    /// Whether the person may note a signal.
    pub may_note: bool,
    /// Whether the person may give a view, and withdraw anybody's signal.
    pub may_decide: bool,
    user_id: Uuid,
}

impl Notes {
    /// What this person sees and may do.
    pub fn new(visit: &Visit, rows: Vec<NoteRow>) -> Self {
        let (signals, mut views): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.is_signal);
        let (in_force, past) = signals
            .into_iter()
            .partition(|row| row.in_force(visit.today));
        Self {
            in_force,
            past,
            view: views.pop(),
            may_note: visit.may(Permission::EditSignals),
            may_decide: visit.may(Permission::OverrideRisk),
            user_id: visit.user.id,
        }
    }

    /// Whether the person may withdraw this signal.
    pub fn may_withdraw(&self, row: &NoteRow) -> bool {
        self.may_note && (self.may_decide || row.author_id == self.user_id)
    }
}

impl NoteRow {
    /// What was seen, or which way the level moves.
    pub fn label(&self) -> String {
        if self.is_signal {
            flag_label(&self.code)
        } else {
            sentence_case(direction_words(&self.code))
        }
    }

    /// Who noted it, and for how long.
    pub fn signature(&self) -> String {
        let verb = if self.is_signal {
            "Constaté"
        } else {
            "Décidé"
        };
        format!(
            "{verb} le {}, par {}, valable jusqu’au {}.",
            long_date(self.on),
            self.author_name,
            long_date(self.until)
        )
    }

    /// Why it no longer counts.
    pub fn end(&self) -> String {
        let day: Option<NaiveDate> = self.withdrawn_on;
        match day {
            Some(day) => format!(
                "Retiré le {} par {}. Motif\u{a0}: {}",
                long_date(day),
                self.withdrawn_by.as_deref().unwrap_or_default(),
                self.withdrawal_motive.as_deref().unwrap_or_default()
            ),
            None => format!("Expiré le {}.", long_date(self.until)),
        }
    }
}
