//! One line of our simple file of companies.

use chrono::NaiveDate;

use super::companies::Columns;
use super::rejection::{Cause, Rejection};
use super::rows::{
    Activity, Company, EstablishmentRow, EstablishmentState, Granularity, HeadcountRow,
    LegalUnitRow, UnitState,
};
use super::sirene::number;
use super::table::Row;
use super::values;
use crate::domain::{Siren, Siret};

/// Reads the values of one line and gathers the warnings.
pub(super) struct Reading<'a> {
    pub row: Row<'a>,
    pub as_of: NaiveDate,
    pub is_workbook: bool,
    pub warnings: Vec<Rejection>,
}

impl Reading<'_> {
    /// What the line says; a line without number or name is rejected.
    pub fn company(&mut self, c: &Columns) -> Result<Company, Rejection> {
        if let Some(rejection) = self.row.unreadable() {
            return Err(rejection);
        }
        let (siren, siret) = self.numbers(c)?;
        let Some(name) = self.owned(c.name) else {
            let expected = "la dénomination, par exemple EXEMPLE MÉCANIQUE";
            return Err(self.row.reject(c.name, "", Cause::Missing, expected));
        };
        let activity = self.row.text(c.naf).map(values::naf);
        let activity = activity.map(|code| Activity {
            code,
            nomenclature: None,
        });
        let created_on = self.created(c);
        let is_active = self.is_active(c);
        let unit = LegalUnitRow {
            name: Some(name),
            activity: activity.clone(),
            created_on,
            // A closed establishment says nothing of its legal unit, an open one does.
            state: is_active.filter(|a| *a || siret.is_none()).map(|a| {
                if a {
                    UnitState::Active
                } else {
                    UnitState::Ceased
                }
            }),
            ..LegalUnitRow::unknown(siren)
        };
        let place = siret.map(|siret| EstablishmentRow {
            activity,
            state: is_active.map(|a| {
                if a {
                    EstablishmentState::Active
                } else {
                    EstablishmentState::Closed
                }
            }),
            ..self.place(c, siret)
        });
        let headcount = siret.and_then(|siret| self.headcount(c, siret));
        Ok(Company {
            unit,
            establishments: place.into_iter().collect(),
            headcount,
        })
    }

    /// SIRET first; a SIREN beside it must agree.
    fn numbers(&self, c: &Columns) -> Result<(Siren, Option<Siret>), Rejection> {
        if self.row.text(c.siret).is_none() {
            let column = if c.siren.is_some() { c.siren } else { c.siret };
            return Ok((number(&self.row, column, values::siren)?, None));
        }
        let siret = number(&self.row, c.siret, values::siret)?;
        if let Some(text) = self.row.text(c.siren)
            && number(&self.row, c.siren, values::siren)? != siret.siren()
        {
            let expected = format!("{}, les 9 premiers chiffres du SIRET", siret.siren());
            return Err(self.row.reject(c.siren, text, Cause::Mismatch, &expected));
        }
        Ok((siret.siren(), Some(siret)))
    }

    fn place(&mut self, c: &Columns, siret: Siret) -> EstablishmentRow {
        let commune = self.row.text(c.commune_code).and_then(|text| {
            let code = values::insee_code(text);
            code.map_err(|error| {
                let expected = error.kind.expected();
                self.warn(c.commune_code, text, Cause::UnknownCode, expected);
            })
            .ok()
        });
        EstablishmentRow {
            shop_sign: self.owned(c.sign),
            address: self.owned(c.address),
            postcode: self.postcode(c),
            commune,
            commune_label: self.owned(c.commune),
            ..EstablishmentRow::unknown(siret)
        }
    }

    /// A spreadsheet writes 01000 as 1000.
    fn postcode(&self, c: &Columns) -> Option<String> {
        let text = self.row.text(c.postcode)?;
        let lost = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        Some(if lost {
            format!("0{text}")
        } else {
            text.to_owned()
        })
    }

    fn headcount(&mut self, c: &Columns, siret: Siret) -> Option<HeadcountRow> {
        let text = self.row.text(c.count)?;
        let headcount = match values::count(text) {
            Ok(count) => count,
            Err(cause) => {
                self.warn(c.count, text, cause, "un nombre entier, par exemple 54");
                return None;
            }
        };
        let year = self.row.text(c.year).unwrap_or_default();
        let period = year
            .parse()
            .ok()
            .and_then(|y| NaiveDate::from_ymd_opt(y, 1, 1));
        let floor = NaiveDate::from_ymd_opt(1950, 1, 1)?;
        let Some(period) = period.filter(|p| *p <= self.as_of && *p >= floor) else {
            let cause = if year.is_empty() {
                Cause::Missing
            } else {
                Cause::DateImplausible
            };
            self.warn(
                c.year,
                year,
                cause,
                "l’année de l’effectif, par exemple 2025",
            );
            return None;
        };
        Some(HeadcountRow {
            siret,
            period,
            granularity: Granularity::Year,
            headcount,
        })
    }

    fn created(&mut self, c: &Columns) -> Option<NaiveDate> {
        let text = self.row.text(c.created)?;
        let date = values::past_date(text, self.as_of, self.is_workbook);
        date.map_err(|cause| {
            self.warn(
                c.created,
                text,
                cause,
                "une date passée, par exemple 31/03/2024",
            );
        })
        .ok()
    }

    fn is_active(&mut self, c: &Columns) -> Option<bool> {
        let text = self.row.text(c.state)?;
        match super::header::fold(text).as_str() {
            "a" | "actif" | "active" | "ouvert" => Some(true),
            "f" | "c" | "ferme" | "fermee" | "cesse" | "cessee" => Some(false),
            _ => {
                self.warn(c.state, text, Cause::UnknownCode, "actif ou fermé");
                None
            }
        }
    }

    fn owned(&self, column: Option<usize>) -> Option<String> {
        self.row.text(column).map(str::to_owned)
    }

    fn warn(&mut self, column: Option<usize>, value: &str, cause: Cause, expected: &str) {
        self.warnings
            .push(self.row.reject(column, value, cause, expected));
    }
}
