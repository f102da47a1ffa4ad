//! From the readers' rows to the staged ones, in full buffers.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::columns::{self, Telling};
use super::communes::{Communes, Place};
use super::copy::CopyRows;
use super::facts::NewFact;
use super::model::{Fault, REJECTIONS_KEPT};
use crate::formats::rejection::Rejection;
use crate::formats::rows::{
    Diffusion, EstablishmentRow, EstablishmentState, Granularity, HeadcountRow, LegalUnitRow,
    SizeCategory, UnitState,
};

/// Where a buffer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `staged_companies`
    Companies,
    /// `staged_establishments`
    Establishments,
    /// `staged_headcounts`
    Headcounts,
    /// `staged_facts`
    Facts,
    /// `import_rejections`
    Rejections,
}

/// Rows ready for `COPY`.
pub type Batch = (Target, Vec<u8>);

/// The other side has stopped: nothing more is worth reading.
#[derive(Debug)]
pub struct Stopped;

/// Takes rows, counts them, and sends them on.
pub struct Sink {
    out: mpsc::Sender<Batch>,
    rows: [CopyRows; 5],
    import_id: Uuid,
    file: i16,
    /// The file is kept for a few: what it says is not told with what is set aside.
    hides_values: bool,
    communes: Communes,
    /// Legal units with an establishment in the département, as far as the files tell.
    pub local: HashSet<u32>,
    /// Companies that facts may speak of: those known, and those of this deposit.
    pub known: HashSet<u32>,
    tally: Tally,
}

/// What was set aside while reading.
#[derive(Debug, Default)]
pub struct Tally {
    /// Lines that cannot be kept.
    pub rejected: i64,
    /// Rejected lines by cause.
    pub causes: BTreeMap<String, i64>,
    /// Values set aside by cause.
    pub warnings: BTreeMap<String, i64>,
    /// Rejections kept one by one.
    pub kept: usize,
}

/// What becomes of one line, as far as reading can tell.
#[derive(Debug)]
pub enum Fate {
    /// It is staged.
    Kept,
    /// It lies outside the département.
    Outside,
    /// It cannot be kept.
    Rejected(Rejection, Fault),
}

/// In place of what a file of social data says.
const HIDDEN: &str = "non affichée";

/// A SIREN as a number: a third of the memory of its text.
pub fn compact(siren: &[u8]) -> Option<u32> {
    std::str::from_utf8(siren).ok()?.trim().parse().ok()
}

impl Sink {
    /// A sink for the files of one import.
    pub fn new(out: mpsc::Sender<Batch>, import_id: Uuid, communes: Communes) -> Self {
        Self {
            out,
            rows: std::array::from_fn(|_| CopyRows::new("")),
            import_id,
            file: 0,
            hides_values: false,
            communes,
            local: HashSet::new(),
            known: HashSet::new(),
            tally: Tally::default(),
        }
    }

    /// Rows to come are those of this file of the deposit, whose values may have to stay unseen.
    pub fn begin_file(&mut self, file: i16, hides_values: bool) {
        self.file = file;
        self.hides_values = hides_values;
        let start = format!("{}\t{file}", self.import_id);
        self.rows = std::array::from_fn(|_| CopyRows::new(&start));
    }

    /// Sends what waits.
    pub fn flush(&mut self) -> Result<(), Stopped> {
        for target in [
            Target::Companies,
            Target::Establishments,
            Target::Headcounts,
            Target::Facts,
            Target::Rejections,
        ] {
            let bytes = self.rows[target as usize].take();
            if !bytes.is_empty() {
                self.send(target, Some(bytes))?;
            }
        }
        Ok(())
    }

    fn send(&self, target: Target, full: Option<Vec<u8>>) -> Result<(), Stopped> {
        match full {
            Some(bytes) => self.out.blocking_send((target, bytes)).map_err(|_| Stopped),
            None => Ok(()),
        }
    }

    /// Sets a whole line aside.
    pub fn reject(&mut self, rejection: &Rejection) -> Result<(), Stopped> {
        self.tally.rejected += 1;
        self.set_aside(rejection, rejection.cause.key(), false)
    }

    /// Sets values aside in lines that stand.
    pub fn warn(&mut self, warnings: &[Rejection]) -> Result<(), Stopped> {
        warnings
            .iter()
            .try_for_each(|warning| self.set_aside(warning, warning.cause.key(), true))
    }

    fn set_aside(
        &mut self,
        what: &Rejection,
        cause: &str,
        keeps_line: bool,
    ) -> Result<(), Stopped> {
        let counts = if keeps_line {
            &mut self.tally.warnings
        } else {
            &mut self.tally.causes
        };
        *counts.entry(cause.to_owned()).or_default() += 1;
        if self.tally.kept >= REJECTIONS_KEPT {
            return Ok(());
        }
        self.tally.kept += 1;
        let value = if self.hides_values {
            HIDDEN
        } else {
            &what.value
        };
        let rows = &mut self.rows[Target::Rejections as usize];
        rows.begin()
            .plain(what.line)
            .text(Some(&what.column))
            .text(Some(value))
            .text(Some(cause))
            .text(Some(&what.expected))
            .flag(Some(keeps_line));
        let full = rows.end();
        self.send(Target::Rejections, full)
    }

    /// Sets aside what has no known place: the whole line, or a part of it when the rest stands.
    pub fn fault(
        &mut self,
        what: &Rejection,
        fault: Fault,
        keeps_line: bool,
    ) -> Result<(), Stopped> {
        self.tally.rejected += i64::from(!keeps_line);
        self.set_aside(what, fault.key(), keeps_line)
    }

    /// Ends: the database side then knows that nothing more comes.
    pub fn close(self) -> Tally {
        self.tally
    }

    /// Stages a legal unit.
    pub fn unit(&mut self, line: u64, row: &LegalUnitRow, telling: Telling) -> Result<(), Stopped> {
        self.known.extend(compact(row.siren.as_str().as_bytes()));
        let provides = columns::of_unit(row, telling.row);
        let ended = row
            .state_since
            .filter(|_| row.state == Some(UnitState::Ceased));
        let rows = &mut self.rows[Target::Companies as usize];
        rows.begin()
            .plain(line)
            .plain(row.siren.as_str())
            .plain(provides);
        rows.flag(row.diffusion.map(|d| d == Diffusion::Open))
            .flag(row.is_person)
            .text(row.name.as_deref())
            .text(row.usual_name.as_deref())
            .text(row.acronym.as_deref())
            .text(row.legal_category.as_deref())
            .flag(row.state.map(|s| s == UnitState::Active))
            .plain_or_null(row.created_on)
            .plain_or_null(ended);
        activity(rows, row.activity.as_ref(), row.activity_naf25.as_deref());
        band(rows, row.headcount.as_ref());
        rows.text(row.size.map(size_code))
            .text(row.head_office.as_ref())
            .flag(row.social_economy)
            .flag(row.mission)
            .flag(row.employer);
        let full = rows.end();
        self.send(Target::Companies, full)
    }

    /// Stages an establishment, unless its commune is unknown. Outside the département only what
    /// may be a head office is staged.
    pub fn establishment(
        &mut self,
        line: u64,
        row: &EstablishmentRow,
        telling: Telling,
    ) -> Result<Fate, Stopped> {
        let place = match (&row.commune, row.commune_label.as_deref()) {
            (Some(code), _) => Some(self.communes.by_code(code.as_str())),
            // A SIRENE file always has the code, except abroad; a list of ours may have the name alone.
            (None, Some(name)) if telling.file & 64 == 0 => Some(self.communes.by_name(name)),
            _ => None,
        };
        let insee_code = match place {
            Some(Place::Unknown) => {
                let value = row.commune.as_ref().map(crate::domain::InseeCode::as_str);
                let value = value.or(row.commune_label.as_deref()).unwrap_or_default();
                // The readers' own type cleans the value; its cause is replaced by ours.
                let cause = crate::formats::Cause::UnknownCode;
                let expected = Fault::Commune.expected();
                let what = Rejection::new(line, "commune", value, cause, expected);
                return Ok(Fate::Rejected(what, Fault::Commune));
            }
            Some(Place::Known(code)) => Some(code),
            Some(Place::Elsewhere) | None => None,
        };
        let is_local = self.communes.is_local(insee_code.as_deref());
        if !is_local && row.is_head_office == Some(false) {
            return Ok(Fate::Outside);
        }
        if is_local {
            let siren = row.siret.siren();
            self.local.extend(compact(siren.as_str().as_bytes()));
        }
        let has_commune = row.commune.is_some() || insee_code.is_some();
        let provides = columns::of_establishment(row, has_commune, telling.row);
        self.stage_establishment(line, row, provides, insee_code.as_deref())?;
        Ok(Fate::Kept)
    }

    fn stage_establishment(
        &mut self,
        line: u64,
        row: &EstablishmentRow,
        provides: i32,
        insee_code: Option<&str>,
    ) -> Result<(), Stopped> {
        let ended = row
            .state_since
            .filter(|_| row.state == Some(EstablishmentState::Closed));
        let code = row.commune.as_ref().map(crate::domain::InseeCode::as_str);
        let rows = &mut self.rows[Target::Establishments as usize];
        rows.begin()
            .plain(line)
            .plain(row.siret.as_str())
            .plain(row.siret.siren().as_str());
        rows.plain(provides)
            .flag(row.diffusion.map(|d| d == Diffusion::Open))
            .flag(row.is_head_office)
            .flag(row.state.map(|s| s == EstablishmentState::Active))
            .joined(&[row.shop_sign.as_deref(), row.usual_name.as_deref()])
            .text(row.address.as_deref())
            .text(row.postcode.as_deref())
            .text(code.or(insee_code))
            .text(row.commune_label.as_deref())
            .text(insee_code)
            .plain_or_null(row.created_on)
            .plain_or_null(ended);
        activity(rows, row.activity.as_ref(), row.activity_naf25.as_deref());
        band(rows, row.headcount.as_ref());
        rows.plain_or_null(row.lambert_x)
            .plain_or_null(row.lambert_y);
        let full = rows.end();
        self.send(Target::Establishments, full)
    }

    /// Stages a fact about a known company.
    pub fn fact<T: Serialize>(&mut self, line: u64, fact: &NewFact<'_, T>) -> Result<(), Stopped> {
        let rows = &mut self.rows[Target::Facts as usize];
        rows.begin()
            .plain(line)
            .text(Some(fact.kind.code()))
            .text(Some(&fact.key))
            .plain(fact.siren.as_str())
            .plain(fact.happened_on)
            .text(Some(fact.json()))
            .text(Some(fact.kind.producer()));
        let full = rows.end();
        self.send(Target::Facts, full)
    }

    /// Stages a headcount.
    pub fn headcount(&mut self, line: u64, row: &HeadcountRow) -> Result<(), Stopped> {
        let granularity = match row.granularity {
            Granularity::Month => "month",
            Granularity::Year => "year",
        };
        let rows = &mut self.rows[Target::Headcounts as usize];
        rows.begin()
            .plain(line)
            .plain(row.siret.as_str())
            .plain(row.period)
            .plain(granularity)
            .plain(row.headcount);
        let full = rows.end();
        self.send(Target::Headcounts, full)
    }
}

fn activity(
    rows: &mut CopyRows,
    activity: Option<&crate::formats::rows::Activity>,
    naf25: Option<&str>,
) {
    let code = activity.map(|a| a.code.as_str());
    let told = activity.and_then(|a| a.nomenclature.as_deref());
    rows.text(code)
        .text(code.map(|code| columns::nomenclature(code, told)))
        .text(naf25);
}

fn band(rows: &mut CopyRows, band: Option<&crate::formats::rows::HeadcountBand>) {
    rows.text(band.map(|b| b.code.as_str()))
        .plain_or_null(band.and_then(|b| b.year.and_then(|y| i16::try_from(y).ok())));
}

fn size_code(size: SizeCategory) -> &'static str {
    match size {
        SizeCategory::Pme => "PME",
        SizeCategory::Eti => "ETI",
        SizeCategory::Ge => "GE",
    }
}
