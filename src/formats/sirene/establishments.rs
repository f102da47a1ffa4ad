//! Rows of `StockEtablissement`.

use chrono::NaiveDate;

use super::fields::{Fields, number};
use super::{Built, Seen};
use crate::formats::file_error::FileError;
use crate::formats::header::Header;
use crate::formats::rejection::Cause;
use crate::formats::rows::{EstablishmentRow, EstablishmentState};
use crate::formats::table::{Row, Step, Table};
use crate::formats::{Outcome, values};

/// Columns without which a file is no `StockEtablissement`.
pub const REQUIRED: [&str; 3] = [
    "siret",
    "codeCommuneEtablissement",
    "etatAdministratifEtablissement",
];

/// What a predicate sees of a line: the bytes of two columns, as written.
#[derive(Debug, Clone, Copy)]
pub struct Glimpse<'a> {
    /// Insee code of the commune.
    pub commune: &'a [u8],
    /// SIRET.
    pub siret: &'a [u8],
}

struct Columns {
    siret: Option<usize>,
    diffusion: Option<usize>,
    created: Option<usize>,
    band: Option<usize>,
    band_year: Option<usize>,
    updated: Option<usize>,
    head_office: Option<usize>,
    complement: Option<usize>,
    street: [Option<usize>; 4],
    distribution: Option<usize>,
    postcode: Option<usize>,
    commune: Option<usize>,
    label: [Option<usize>; 2],
    country: Option<usize>,
    lambert: [Option<usize>; 2],
    since: Option<usize>,
    state: Option<usize>,
    signs: [Option<usize>; 3],
    usual: Option<usize>,
    activity: Option<usize>,
    nomenclature: Option<usize>,
    naf25: Option<usize>,
    employer: Option<usize>,
}

impl Columns {
    fn find(header: &mut Header) -> Result<Self, FileError> {
        let mut place = |name: &str| header.find(&[&format!("{name}Etablissement"), name]);
        Ok(Self {
            siret: place("siret")?,
            diffusion: place("statutDiffusion")?,
            created: place("dateCreation")?,
            band: place("trancheEffectifs")?,
            band_year: place("anneeEffectifs")?,
            updated: place("dateDernierTraitement")?,
            head_office: place("etablissementSiege")?,
            complement: place("complementAdresse")?,
            street: [
                place("numeroVoie")?,
                place("indiceRepetition")?,
                place("typeVoie")?,
                place("libelleVoie")?,
            ],
            distribution: place("distributionSpeciale")?,
            postcode: place("codePostal")?,
            commune: place("codeCommune")?,
            label: [place("libelleCommune")?, place("libelleCommuneEtranger")?],
            country: place("libellePaysEtranger")?,
            lambert: [
                place("coordonneeLambertAbscisse")?,
                place("coordonneeLambertOrdonnee")?,
            ],
            since: place("dateDebut")?,
            state: place("etatAdministratif")?,
            signs: [
                place("enseigne1")?,
                place("enseigne2")?,
                place("enseigne3")?,
            ],
            usual: place("denominationUsuelle")?,
            activity: place("activitePrincipale")?,
            nomenclature: place("nomenclatureActivitePrincipale")?,
            naf25: place("activitePrincipaleNAF25")?,
            employer: place("caractereEmployeur")?,
        })
    }
}

/// Iterates over the establishments that a predicate keeps.
pub struct EstablishmentReader {
    table: Table,
    columns: Columns,
    keep: Box<dyn FnMut(Glimpse<'_>) -> bool + Send>,
    as_of: NaiveDate,
    seen: Seen,
}

impl EstablishmentReader {
    /// `keep` is asked before the row is built: `|g| g.commune.starts_with(b"81")`. Dates after
    /// `as_of` are implausible.
    pub fn new(
        mut table: Table,
        as_of: NaiveDate,
        keep: impl FnMut(Glimpse<'_>) -> bool + Send + 'static,
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

    fn next_outcome(&mut self) -> Result<Option<Outcome<EstablishmentRow>>, FileError> {
        let is_workbook = self.table.is_workbook();
        while let Some(step) = self.table.next_row()? {
            self.seen.lines += 1;
            let row = match step {
                Step::Rejected(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
                Step::Row(row) => row,
            };
            let (commune, siret) = (
                row.bytes(self.columns.commune),
                row.bytes(self.columns.siret),
            );
            if !(self.keep)(Glimpse { commune, siret }) {
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

impl Iterator for EstablishmentReader {
    type Item = Result<Outcome<EstablishmentRow>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_outcome().transpose()
    }
}

fn build(
    row: Row<'_>,
    c: &Columns,
    as_of: NaiveDate,
    is_workbook: bool,
) -> Built<EstablishmentRow> {
    if let Some(rejection) = row.unreadable() {
        return Err(rejection);
    }
    let siret = number(&row, c.siret, values::siret)?;
    let mut f = Fields {
        row,
        as_of,
        is_workbook,
        warnings: Vec::new(),
    };
    let mut place = EstablishmentRow {
        diffusion: f.diffusion(c.diffusion),
        is_head_office: f.flag(c.head_office),
        shop_sign: f.joined(&c.signs, ", "),
        usual_name: f.owned(c.usual),
        address: address(&f, c),
        postcode: f.owned(c.postcode),
        commune: commune(&mut f, c),
        commune_label: c.label.iter().find_map(|column| f.owned(*column)),
        country: f.owned(c.country),
        lambert_x: f.text(c.lambert[0]).and_then(|x| x.parse().ok()),
        lambert_y: f.text(c.lambert[1]).and_then(|y| y.parse().ok()),
        state: match row.bytes(c.state) {
            b"A" => Some(EstablishmentState::Active),
            b"F" => Some(EstablishmentState::Closed),
            _ => None,
        },
        created_on: f.date(c.created),
        state_since: f.date(c.since),
        activity: f.activity(c.activity, c.nomenclature),
        activity_naf25: f.text(c.naf25).map(values::naf),
        headcount: f.band(c.band, c.band_year),
        employer: f.flag(c.employer),
        updated_on: f.date(c.updated),
        ..EstablishmentRow::unknown(siret)
    };
    // The file does not say whether the owner is a natural person, so it may be one.
    place.mask(None);
    Ok((place, f.warnings))
}

fn address(f: &Fields<'_>, c: &Columns) -> Option<String> {
    let street = f.joined(&c.street, " ");
    let parts = [f.owned(c.complement), street, f.owned(c.distribution)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn commune(f: &mut Fields<'_>, c: &Columns) -> Option<crate::domain::InseeCode> {
    let text = f.text(c.commune)?;
    match values::insee_code(text) {
        Ok(code) => Some(code),
        Err(error) => {
            f.warn(c.commune, text, Cause::UnknownCode, error.kind.expected());
            None
        }
    }
}
