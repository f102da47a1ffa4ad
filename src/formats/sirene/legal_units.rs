//! Rows of `StockUniteLegale`.

use chrono::NaiveDate;

use super::fields::{Fields, number};
use super::{Built, Seen};
use crate::domain::Siret;
use crate::formats::file_error::FileError;
use crate::formats::header::Header;
use crate::formats::rejection::{Cause, Rejection, is_too_long};
use crate::formats::rows::{LegalUnitRow, SizeCategory, UnitState};
use crate::formats::table::{Row, Step, Table};
use crate::formats::{Outcome, values};

/// Columns without which a file is no `StockUniteLegale`.
pub const REQUIRED: [&str; 2] = ["siren", "etatAdministratifUniteLegale"];

struct Columns {
    siren: Option<usize>,
    diffusion: Option<usize>,
    created: Option<usize>,
    acronym: Option<usize>,
    first_names: [Option<usize>; 2],
    last_names: [Option<usize>; 2],
    denomination: Option<usize>,
    usual: [Option<usize>; 3],
    pseudonym: Option<usize>,
    band: Option<usize>,
    band_year: Option<usize>,
    updated: Option<usize>,
    size: Option<usize>,
    since: Option<usize>,
    state: Option<usize>,
    category: Option<usize>,
    activity: Option<usize>,
    nomenclature: Option<usize>,
    naf25: Option<usize>,
    nic: Option<usize>,
    social: Option<usize>,
    mission: Option<usize>,
    employer: Option<usize>,
}

impl Columns {
    fn find(header: &mut Header) -> Result<Self, FileError> {
        let mut unit = |name: &str| header.find(&[&format!("{name}UniteLegale"), name]);
        Ok(Self {
            siren: unit("siren")?,
            diffusion: unit("statutDiffusion")?,
            created: unit("dateCreation")?,
            acronym: unit("sigle")?,
            first_names: [unit("prenomUsuel")?, unit("prenom1")?],
            last_names: [unit("nomUsage")?, unit("nom")?],
            denomination: unit("denomination")?,
            usual: [
                unit("denominationUsuelle1")?,
                unit("denominationUsuelle2")?,
                unit("denominationUsuelle3")?,
            ],
            pseudonym: unit("pseudonyme")?,
            band: unit("trancheEffectifs")?,
            band_year: unit("anneeEffectifs")?,
            updated: unit("dateDernierTraitement")?,
            size: unit("categorieEntreprise")?,
            since: unit("dateDebut")?,
            state: unit("etatAdministratif")?,
            category: unit("categorieJuridique")?,
            activity: unit("activitePrincipale")?,
            nomenclature: unit("nomenclatureActivitePrincipale")?,
            naf25: unit("activitePrincipaleNAF25")?,
            nic: unit("nicSiege")?,
            social: unit("economieSocialeSolidaire")?,
            mission: unit("societeMission")?,
            employer: unit("caractereEmployeur")?,
        })
    }
}

/// Decides on the bytes of a SIREN whether its line is wanted.
type Keep = Box<dyn FnMut(&[u8]) -> bool + Send>;

/// Iterates over the legal units that a predicate keeps.
pub struct LegalUnitReader {
    table: Table,
    columns: Columns,
    keep: Keep,
    as_of: NaiveDate,
    seen: Seen,
}

impl LegalUnitReader {
    /// `keep` is asked with the bytes of the SIREN, before the row is built; dates after `as_of`
    /// are implausible.
    pub fn new(
        mut table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(&[u8]) -> bool + Send + 'static,
    ) -> Result<Self, FileError> {
        let columns = Columns::find(table.header_mut())?;
        table.limit_texts();
        Ok(Self {
            table,
            columns,
            keep: Box::new(keep),
            as_of,
            seen: Seen::default(),
        })
    }

    /// Columns and description of the file.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Lines read and left out so far.
    pub fn seen(&self) -> Seen {
        self.seen
    }

    fn next_outcome(&mut self) -> Result<Option<Outcome<LegalUnitRow>>, FileError> {
        let is_workbook = self.table.is_workbook();
        while let Some(step) = self.table.next_row()? {
            self.seen.lines += 1;
            let row = match step {
                Step::Rejected(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
                Step::Row(row) => row,
            };
            if !(self.keep)(row.bytes(self.columns.siren)) {
                self.seen.filtered += 1;
                continue;
            }
            let line = row.line;
            return Ok(Some(
                match build(row, &self.columns, self.as_of, is_workbook) {
                    Ok((value, warnings)) => Outcome::Row {
                        line,
                        value,
                        warnings,
                    },
                    Err(rejection) => Outcome::Rejected(rejection),
                },
            ));
        }
        Ok(None)
    }
}

impl Iterator for LegalUnitReader {
    type Item = Result<Outcome<LegalUnitRow>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_outcome().transpose()
    }
}

fn build(row: Row<'_>, c: &Columns, as_of: NaiveDate, is_workbook: bool) -> Built<LegalUnitRow> {
    if let Some(rejection) = row.unreadable() {
        return Err(rejection);
    }
    let siren = number(&row, c.siren, values::siren)?;
    let mut f = Fields {
        row,
        as_of,
        is_workbook,
        warnings: Vec::new(),
    };
    let mut unit = LegalUnitRow {
        diffusion: f.diffusion(c.diffusion),
        is_person: is_person(&f, c),
        name: f.owned(c.denomination).or_else(|| person_name(&f, c)),
        usual_name: f.joined(&c.usual, ", ").or_else(|| f.owned(c.pseudonym)),
        acronym: f.owned(c.acronym),
        legal_category: f.owned(c.category),
        state: match row.bytes(c.state) {
            b"A" => Some(UnitState::Active),
            b"C" => Some(UnitState::Ceased),
            _ => None,
        },
        created_on: f.date(c.created),
        state_since: f.date(c.since),
        activity: f.activity(c.activity, c.nomenclature),
        activity_naf25: f.text(c.naf25).map(values::naf),
        headcount: f.band(c.band, c.band_year),
        size: match row.bytes(c.size) {
            b"PME" => Some(SizeCategory::Pme),
            b"ETI" => Some(SizeCategory::Eti),
            b"GE" => Some(SizeCategory::Ge),
            _ => None,
        },
        head_office: head_office(&mut f, c, siren.as_str()),
        social_economy: f.flag(c.social),
        mission: f.flag(c.mission),
        employer: f.flag(c.employer),
        updated_on: f.date(c.updated),
        ..LegalUnitRow::unknown(siren)
    };
    // Three usual names become one.
    let usual = unit.usual_name.as_deref().unwrap_or_default();
    if is_too_long(usual.as_bytes()) {
        return Err(Rejection::too_long(
            f.row.line,
            f.row.name(c.usual[0]),
            usual,
        ));
    }
    unit.mask();
    Ok((unit, f.warnings))
}

/// Categories beginning with 1 are natural persons; old lines have a name and no category.
fn is_person(f: &Fields<'_>, c: &Columns) -> Option<bool> {
    match f.text(c.category) {
        Some(category) => Some(category.starts_with('1')),
        None if f.text(c.denomination).is_some() => Some(false),
        None if c.last_names.iter().any(|n| !f.row.bytes(*n).is_empty()) => Some(true),
        None => None,
    }
}

fn person_name(f: &Fields<'_>, c: &Columns) -> Option<String> {
    let first = |columns: &[Option<usize>]| columns.iter().find_map(|column| f.text(*column));
    match (first(&c.first_names), first(&c.last_names)?) {
        (Some(first), last) => Some(format!("{first} {last}")),
        (None, last) => Some(last.to_owned()),
    }
}

fn head_office(f: &mut Fields<'_>, c: &Columns, siren: &str) -> Option<Siret> {
    let nic = f.text(c.nic)?;
    let siret = Siret::parse(&format!("{siren}{nic:0>5}")).ok();
    if siret.is_none() {
        let expected = "les 5 derniers chiffres du SIRET du siège, par exemple 00013";
        f.warn(c.nic, nic, Cause::IdentifierChecksum, expected);
    }
    siret
}
