//! Our own simple file of companies, one line each, and the model to download.

use chrono::NaiveDate;

use super::Outcome;
use super::company_line::Reading;
use super::file_error::FileError;
use super::header::Header;
use super::model_file::EXAMPLE_SIRET;
use super::rows::Company;
use super::table::{Step, Table};

/// Names of the column of the company’s name.
pub const NAME: &[&str] = &[
    "nom",
    "denomination",
    "raison_sociale",
    "nom_entreprise",
    "rais_soc",
    "entreprise",
];
/// Names of the column of the SIRET.
pub const SIRET: &[&str] = &["siret", "numero_siret", "siret_siege"];
/// Names of the column of the SIREN.
pub const SIREN: &[&str] = &["siren", "numero_siren"];

pub(super) struct Columns {
    pub siret: Option<usize>,
    pub siren: Option<usize>,
    pub name: Option<usize>,
    pub sign: Option<usize>,
    pub address: Option<usize>,
    pub postcode: Option<usize>,
    pub commune_code: Option<usize>,
    pub commune: Option<usize>,
    pub naf: Option<usize>,
    pub count: Option<usize>,
    pub year: Option<usize>,
    pub created: Option<usize>,
    pub state: Option<usize>,
}

impl Columns {
    fn find(header: &mut Header) -> Result<Self, FileError> {
        Ok(Self {
            siret: header.find(SIRET)?,
            siren: header.find(SIREN)?,
            name: header.find(NAME)?,
            sign: header.find(&["enseigne", "nom_commercial"])?,
            address: header.find(&["adresse", "rue", "voie"])?,
            postcode: header.find(&["code_postal", "cp"])?,
            commune_code: header.find(&["code_commune", "code_insee", "insee", "depcom"])?,
            commune: header.find(&["commune", "ville", "libelle_commune"])?,
            naf: header.find(&["naf", "ape", "code_naf", "code_ape", "activite_principale"])?,
            count: header.find(&["effectif", "effectifs", "nb_salaries", "salaries"])?,
            year: header.find(&["annee_effectif", "annee_effectifs"])?,
            created: header.find(&["date_creation", "creation", "date_de_creation"])?,
            state: header.find(&["etat", "etat_administratif", "statut"])?,
        })
    }
}

/// Iterates over the companies of a table.
pub struct SimpleReader {
    table: Table,
    columns: Columns,
    as_of: NaiveDate,
    has_example: bool,
}

impl SimpleReader {
    /// Dates after `as_of` are implausible.
    pub fn new(mut table: Table, as_of: NaiveDate) -> Result<Self, FileError> {
        let columns = Columns::find(table.header_mut())?;
        table.limit_texts();
        Ok(Self {
            table,
            columns,
            as_of,
            has_example: false,
        })
    }

    /// Columns and description of the file.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Whether the example line of our model was passed over so far.
    pub fn has_example(&self) -> bool {
        self.has_example
    }

    fn next_outcome(&mut self) -> Result<Option<Outcome<Company>>, FileError> {
        let is_workbook = self.table.is_workbook();
        while let Some(step) = self.table.next_row()? {
            let row = match step {
                Step::Rejected(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
                Step::Row(row) => row,
            };
            let line = row.line;
            let mut reading = Reading {
                row,
                as_of: self.as_of,
                is_workbook,
                warnings: vec![],
            };
            match reading.company(&self.columns) {
                Ok(company) if is_example(&company) => self.has_example = true,
                Ok(value) => {
                    let warnings = reading.warnings;
                    return Ok(Some(Outcome::Row {
                        line,
                        value,
                        warnings,
                    }));
                }
                Err(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
            }
        }
        Ok(None)
    }
}

impl Iterator for SimpleReader {
    type Item = Result<Outcome<Company>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_outcome().transpose()
    }
}

fn is_example(company: &Company) -> bool {
    company.unit.siren.as_str() == &EXAMPLE_SIRET[..9]
}

#[cfg(test)]
#[path = "companies_tests.rs"]
mod tests;
