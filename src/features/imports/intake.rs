//! Reads the files of a deposit, one after the other, on a thread of its own: parsing is work for
//! the processor, and the buffers that come out flow to the database meanwhile.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::NaiveDate;

use super::columns::{self, Telling};
use super::facts_intake::{Told, is_fact};
use super::model::{EXTRACT_LINES, FileReport, reading_rank};
use super::sink::{Fate, Sink, Stopped, Tally, compact};
use crate::formats::companies::SimpleReader;
use crate::formats::headcounts::{HeadcountReader, Sites};
use crate::formats::input::{self, Limits};
use crate::formats::kind::{FileKind, Recognised, recognise};
use crate::formats::recherche_entreprises::CompanyReader;
use crate::formats::sirene::{EstablishmentReader, LegalUnitReader};
use crate::formats::table::Table;
use crate::formats::{FileError, Outcome, Rejection, originals};

/// One file of a deposit, already on this machine's disk.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Name given by the person; only shown.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// Its size in bytes.
    pub size: u64,
}

impl SourceFile {
    fn open(&self) -> Result<File, FileError> {
        File::open(&self.path).map_err(FileError::from_io)
    }

    /// Reads some of its lines again, as they stand.
    pub fn originals(
        &self,
        limits: Limits,
        wanted: &BTreeSet<u64>,
    ) -> Result<Vec<(u64, serde_json::Value)>, FileError> {
        let recognised = recognise(input::open(self.open()?, limits)?)?;
        let mut kept = Vec::new();
        originals::read(recognised, wanted, |line, content| {
            kept.push((line, content));
        })?;
        Ok(kept)
    }
}

/// Why a deposit cannot be read.
#[derive(Debug)]
pub enum ReadFault {
    /// One file, by its name, and what is wrong with it.
    File(String, FileError),
    /// The database side stopped first; it knows why.
    Stopped,
}

impl From<Stopped> for ReadFault {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

/// What was found in the files of a deposit.
#[derive(Debug, Default)]
pub struct Found {
    /// One report for each file, in the order of the deposit.
    pub files: Vec<FileReport>,
    /// Layouts, in the same order.
    pub kinds: Vec<FileKind>,
    /// Lines left out because they lie outside the département.
    pub outside: i64,
    /// A file of legal units was national: those without a local establishment must go.
    pub national_units: bool,
}

/// A file whose place is known by others while it is read.
struct Metered {
    file: File,
    done: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.done.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// The reading of one deposit.
pub struct Intake {
    /// Takes the rows.
    pub sink: Sink,
    /// Files, in the order of the deposit.
    pub files: Vec<SourceFile>,
    /// INSEE code of the département.
    pub department: String,
    /// Dates after this day are implausible.
    pub as_of: NaiveDate,
    /// Bytes read so far.
    pub done: Arc<AtomicU64>,
    /// Limits of one file.
    pub limits: Limits,
    /// Legal units known to have an establishment in the département; asked for only when a
    /// national file needs it.
    pub known_local: Box<dyn FnOnce() -> HashSet<u32> + Send>,
    /// Whether social data of companies may be read today.
    pub takes_social: bool,
    /// Companies known; asked for only when a file tells facts.
    pub known_companies: Option<Box<dyn FnOnce() -> HashSet<u32> + Send>>,
    /// The establishments of companies; asked for only when a file counts whole companies.
    pub known_sites: Box<dyn FnOnce() -> Sites + Send>,
}

/// What a file of social data is called when it is refused.
const SOCIAL_FILE: &str = "un fichier de données sociales nominatives";
/// Why, and what to do: the page of a refused import shows the way to an administrator.
pub const SOCIAL_ADVICE: &str = "Un département n’en est pas destinataire d’ordinaire\u{a0}: leur import reste \
     désactivé tant que l’administration de Vigie n’a pas inscrit la base juridique qui l’autorise.";

type Opened = (FileKind, Recognised, String);

impl Intake {
    /// Reads every file.
    pub fn run(mut self) -> Result<(Found, Tally), ReadFault> {
        let mut found = Found::default();
        for file in &self.files.clone() {
            let (kind, _, description) = self.open(file)?;
            found.kinds.push(kind);
            found.files.push(FileReport {
                name: file.name.clone(),
                size: file.size,
                layout: kind.label().to_owned(),
                description,
                recognised: Vec::new(),
                ignored: Vec::new(),
                lines: 0,
                titles: Vec::new(),
                has_example: false,
            });
        }
        self.social_alone(&found)?;
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by_key(|rank| reading_rank(found.kinds[*rank]));
        for rank in order {
            self.sink.begin_file(
                i16::try_from(rank).unwrap_or(i16::MAX),
                found.kinds[rank].is_social(),
            );
            self.read(rank, &mut found)?;
            self.sink.flush()?;
        }
        Ok((found, self.sink.close()))
    }

    /// Social data stand in a deposit of their own: what is hidden of it hides nothing else.
    fn social_alone(&self, found: &Found) -> Result<(), ReadFault> {
        let social = found.kinds.iter().position(|kind| kind.is_social());
        match social.and_then(|rank| self.files.get(rank)) {
            Some(file) if !found.kinds.iter().all(|kind| kind.is_social()) => Err(ReadFault::File(
                file.name.clone(),
                FileError::Unsupported {
                    nature: SOCIAL_FILE,
                    advice: "Déposez ces fichiers à part, sans autre fichier.",
                },
            )),
            _ => Ok(()),
        }
    }

    fn open(&self, file: &SourceFile) -> Result<Opened, ReadFault> {
        let fault = |error| ReadFault::File(file.name.clone(), error);
        let metered = Metered {
            file: file.open().map_err(fault)?,
            done: Arc::clone(&self.done),
        };
        let opened = input::open(metered, self.limits).map_err(fault)?;
        let description = opened.describe();
        let recognised = recognise(opened).map_err(fault)?;
        if recognised.kind().is_social() && !self.takes_social {
            return Err(fault(FileError::Unsupported {
                nature: SOCIAL_FILE,
                advice: SOCIAL_ADVICE,
            }));
        }
        Ok((recognised.kind(), recognised, description))
    }

    fn read(&mut self, rank: usize, found: &mut Found) -> Result<(), ReadFault> {
        let file = self.files[rank].clone();
        let (_, recognised, _) = self.open(&file)?;
        let fault = |error| ReadFault::File(file.name.clone(), error);
        let report = &mut found.files[rank];
        match recognised {
            Recognised::Json(kind, text) if is_fact(kind) => {
                let told = self.facts(Told::Json(text), kind, report);
                found.outside += told.map_err(|e| e.named(&file.name))?;
            }
            Recognised::Table(kind, table) if is_fact(kind) => {
                let told = self.facts(Told::Table(table), kind, report);
                found.outside += told.map_err(|e| e.named(&file.name))?;
            }
            Recognised::Json(_, text) => {
                report.recognised = RECHERCHE_FIELDS.map(str::to_owned).to_vec();
                let told = self.companies(CompanyReader::new(text, self.as_of));
                let (lines, outside) = told.map_err(|e| e.named(&file.name))?;
                report.lines = whole(lines);
                found.outside += outside;
            }
            Recognised::Table(FileKind::SireneEstablishments, table) => {
                let (lines, outside) = self
                    .establishments(table, report)
                    .map_err(|e| e.named(&file.name))?;
                report.lines = whole(lines);
                found.outside += outside;
                if lines > EXTRACT_LINES {
                    self.head_offices_elsewhere(&file)?;
                }
            }
            Recognised::Table(FileKind::SireneLegalUnits, table) => {
                let (lines, outside) =
                    self.units(table, report).map_err(|e| e.named(&file.name))?;
                report.lines = whole(lines);
                found.outside += outside;
                found.national_units |= lines > EXTRACT_LINES;
            }
            Recognised::Table(FileKind::Headcounts, table) => {
                let reader = HeadcountReader::new(table, self.as_of).map_err(fault)?;
                let lines = self.headcounts(reader, report);
                report.lines = whole(lines.map_err(|e| e.named(&file.name))?);
            }
            Recognised::Table(FileKind::HeadcountsBySiren, table) => {
                let ask = std::mem::replace(&mut self.known_sites, Box::new(Sites::new));
                let reader =
                    HeadcountReader::by_company(table, self.as_of, ask()).map_err(fault)?;
                let lines = self.headcounts(reader, report);
                report.lines = whole(lines.map_err(|e| e.named(&file.name))?);
            }
            Recognised::Table(_, table) => {
                let mut reader = SimpleReader::new(table, self.as_of).map_err(fault)?;
                describe(report, reader.table());
                let (lines, outside) = self
                    .companies(&mut reader)
                    .map_err(|e| e.named(&file.name))?;
                report.lines = whole(lines);
                report.has_example = reader.has_example();
                found.outside += outside;
            }
        }
        if report.lines == 0 && report.has_example {
            return Err(fault(FileError::OnlyExample));
        }
        if report.lines == 0 {
            return Err(fault(FileError::NoRow));
        }
        Ok(())
    }

    fn headcounts(
        &mut self,
        reader: HeadcountReader,
        report: &mut FileReport,
    ) -> Result<u64, PumpFault> {
        describe(report, reader.table());
        let (lines, _) = self.pump(reader, |sink, line, row, _| {
            sink.headcount(line, &row)?;
            Ok(Fate::Kept)
        })?;
        Ok(lines)
    }

    /// Lines with at least one outcome, and those left out as lying elsewhere.
    pub(super) fn pump<T>(
        &mut self,
        reader: impl Iterator<Item = Result<Outcome<T>, FileError>>,
        mut stage: impl FnMut(&mut Sink, u64, T, &[Rejection]) -> Result<Fate, Stopped>,
    ) -> Result<(u64, i64), PumpFault> {
        let (mut lines, mut outside, mut last) = (0, 0, 0);
        for outcome in reader {
            let line = match outcome? {
                Outcome::Rejected(rejection) => {
                    self.sink.reject(&rejection)?;
                    rejection.line
                }
                Outcome::Row {
                    line,
                    value,
                    warnings,
                } => {
                    // A line that is not kept has one fault: why it is not.
                    match stage(&mut self.sink, line, value, &warnings)? {
                        Fate::Kept => self.sink.warn(&warnings)?,
                        Fate::Outside => outside += 1,
                        Fate::Rejected(what, fault) => self.sink.fault(&what, fault, false)?,
                    }
                    line
                }
            };
            lines += u64::from(line != last);
            last = line;
        }
        Ok((lines, outside))
    }

    fn establishments(
        &mut self,
        table: Table,
        report: &mut FileReport,
    ) -> Result<(u64, i64), PumpFault> {
        let department = self.department.clone();
        let mut line: u64 = 0;
        // Past the size of an extract, what lies elsewhere is not even built.
        let mut reader = EstablishmentReader::new(table, self.as_of, move |glimpse| {
            line += 1;
            line <= EXTRACT_LINES || glimpse.commune.starts_with(department.as_bytes())
        })?;
        describe(report, reader.table());
        let columns = columns::of_establishment_header(reader.table().header());
        let (_, outside) = self.pump(&mut reader, |sink, line, row, warnings| {
            sink.establishment(line, &row, Telling::of(columns, warnings))
        })?;
        let seen = reader.seen();
        Ok((seen.lines, outside + whole(seen.filtered)))
    }

    /// A second reading of a national file, for the head offices elsewhere of the units that the
    /// first one found in the département: they may stand anywhere in the file.
    fn head_offices_elsewhere(&mut self, file: &SourceFile) -> Result<(), ReadFault> {
        let (_, recognised, _) = self.open(file)?;
        let Recognised::Table(_, table) = recognised else {
            return Ok(());
        };
        let fault = |error| ReadFault::File(file.name.clone(), error);
        let (department, local) = (self.department.clone(), self.sink.local.clone());
        let mut line: u64 = 0;
        let reader = EstablishmentReader::new(table, self.as_of, move |glimpse| {
            line += 1;
            line > EXTRACT_LINES
                && !glimpse.commune.starts_with(department.as_bytes())
                && glimpse
                    .siret
                    .get(..9)
                    .and_then(compact)
                    .is_some_and(|siren| local.contains(&siren))
        });
        let reader = reader.map_err(fault)?;
        let columns = columns::of_establishment_header(reader.table().header());
        for outcome in reader {
            // Faults of these lines were told by the first reading, or lie outside its scope.
            if let Outcome::Row {
                line,
                value,
                warnings,
            } = outcome.map_err(fault)?
            {
                self.sink
                    .establishment(line, &value, Telling::of(columns, &warnings))?;
            }
        }
        Ok(())
    }

    fn units(&mut self, table: Table, report: &mut FileReport) -> Result<(u64, i64), PumpFault> {
        let local = self.sink.local.clone();
        let mut known_local = Some(std::mem::replace(
            &mut self.known_local,
            Box::new(HashSet::new),
        ));
        let mut wanted = local;
        let mut line: u64 = 0;
        let mut reader = LegalUnitReader::new(table, self.as_of, move |siren| {
            line += 1;
            if line <= EXTRACT_LINES {
                return true;
            }
            if let Some(ask) = known_local.take() {
                wanted.extend(ask());
            }
            compact(siren).is_some_and(|siren| wanted.contains(&siren))
        })?;
        describe(report, reader.table());
        let columns = columns::of_unit_header(reader.table().header());
        self.pump(&mut reader, |sink, line, row, warnings| {
            sink.unit(line, &row, Telling::of(columns, warnings))?;
            Ok(Fate::Kept)
        })?;
        let seen = reader.seen();
        Ok((seen.lines, whole(seen.filtered)))
    }
}

/// A fault inside a file whose name the caller knows.
pub(super) enum PumpFault {
    File(FileError),
    Stopped,
}

impl PumpFault {
    fn named(self, name: &str) -> ReadFault {
        match self {
            Self::File(error) => ReadFault::File(name.to_owned(), error),
            Self::Stopped => ReadFault::Stopped,
        }
    }
}

impl From<FileError> for PumpFault {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<Stopped> for PumpFault {
    fn from(_: Stopped) -> Self {
        Self::Stopped
    }
}

pub(super) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn describe(report: &mut FileReport, table: &Table) {
    report.recognised = table.header().recognised();
    report.ignored = table.header().ignored();
    report.titles = table.own_titles();
    table.description().clone_into(&mut report.description);
}

/// What is read of an answer of recherche-entreprises, as the service names it.
const RECHERCHE_FIELDS: [&str; 16] = [
    "siren",
    "nom_raison_sociale",
    "nom_complet",
    "sigle",
    "nature_juridique",
    "etat_administratif",
    "date_creation",
    "activite_principale",
    "activite_principale_naf25",
    "tranche_effectif_salarie",
    "categorie_entreprise",
    "caractere_employeur",
    "statut_diffusion",
    "siege",
    "matching_etablissements",
    "complements",
];
