//! The meetings of a company, as its page shows them.

use chrono::NaiveDate;

use crate::features::companies::model::meeting_kind;
use crate::features::companies::queries::exchanges::MetRow;

/// The last meetings that the reader may see.
#[derive(Debug)]
pub struct Met {
    /// The newest first.
    pub rows: Vec<MetRow>,
}

impl Met {
    /// The day of the last one that took place.
    pub fn last(&self) -> Option<NaiveDate> {
        let held = self.rows.iter().filter(|row| row.status == "held");
        held.map(|row| row.on).max()
    }
}

impl MetRow {
    /// How, and whether it is still to come.
    pub fn label(&self) -> String {
        let kind = meeting_kind(&self.kind);
        match self.status.as_str() {
            "planned" => format!("{kind} (prévu)"),
            "cancelled" => format!("{kind} (annulé)"),
            _ => kind.to_owned(),
        }
    }
}
