//! Lists of companies: one line tells of a legal unit and of its establishments, and stands or falls
//! with them.

use std::collections::HashMap;

use super::columns::Telling;
use super::intake::{Intake, PumpFault};
use super::sink::{Fate, Sink, Stopped};
use crate::domain::Siren;
use crate::formats::header::fold;
use crate::formats::rows::{Company, LegalUnitRow};
use crate::formats::{FileError, Outcome};

impl Intake {
    /// Gives the number of lines, and of those left out as lying elsewhere.
    pub(super) fn companies(
        &mut self,
        reader: impl Iterator<Item = Result<Outcome<Company>, FileError>>,
    ) -> Result<(u64, i64), PumpFault> {
        let mut list = List::default();
        self.pump(reader, |sink, line, company, _| {
            list.take(sink, line, company)
        })
    }
}

/// The legal units that a list told of so far.
#[derive(Default)]
struct List {
    told: HashMap<Siren, LegalUnitRow>,
}

impl List {
    /// Stages the establishments of a line, and its legal unit if any of them is.
    fn take(&mut self, sink: &mut Sink, line: u64, company: Company) -> Result<Fate, Stopped> {
        let mut fates = Vec::new();
        for place in &company.establishments {
            fates.push(sink.establishment(line, place, Telling::of(0, &[]))?);
        }
        let is_kept = fates.is_empty() || fates.iter().any(|fate| matches!(fate, Fate::Kept));
        if !is_kept {
            // A fault is worth telling before a place elsewhere.
            fates.sort_by_key(|fate| !matches!(fate, Fate::Rejected(..)));
            return Ok(fates.swap_remove(0));
        }
        for fate in fates {
            if let Fate::Rejected(what, fault) = fate {
                sink.fault(&what, fault, true)?;
            }
        }
        let unit = self.unit(company.unit);
        sink.unit(line, &unit, Telling::of(0, &[]))?;
        if let Some(headcount) = &company.headcount {
            sink.headcount(line, headcount)?;
        }
        Ok(Fate::Kept)
    }

    /// A list has one line for each establishment: the first line of a company speaks for its legal
    /// unit, but all must agree on its name.
    fn unit(&mut self, unit: LegalUnitRow) -> LegalUnitRow {
        let first = self.told.entry(unit.siren).or_insert_with(|| unit.clone());
        let same = |a: &Option<String>, b: &Option<String>| {
            fold(a.as_deref().unwrap_or_default()) == fold(b.as_deref().unwrap_or_default())
        };
        let mut spoken = first.clone();
        if !same(&first.name, &unit.name) {
            spoken.name = unit.name;
        }
        spoken
    }
}
