//! The group beside a company that is scored alone.

use crate::features::companies::model::shown_name;
use crate::features::companies::queries::page::GroupRow;
use crate::web::filters::agree;
use crate::web::levels::Level;

impl GroupRow {
    /// « 3 entreprises ».
    pub fn size(&self) -> String {
        let count = self.members;
        format!("{count}\u{a0}{}", agree(count, "entreprise", "entreprises"))
    }

    /// The worst level of the group, and whose it is.
    pub fn worst_level(&self) -> Option<(Level, &str, &str)> {
        let worst = self.worst.as_ref()?;
        let level = Level::from_code(Some(&worst.shown));
        Some((level, shown_name(worst.name.as_deref()), &worst.siren))
    }

    /// What its consolidated accounts say, with their level.
    pub fn consolidated(&self) -> Option<(Level, String)> {
        let reading = self.reading.as_ref()?;
        let code = reading.level.map(crate::scoring::level::Level::code);
        Some((Level::from_code(code), reading.sentence()))
    }
}
