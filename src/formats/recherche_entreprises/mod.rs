//! Answers of recherche-entreprises.api.gouv.fr, saved as JSON.

mod raw;

use chrono::NaiveDate;
use raw::{RawPlace, RawUnit, activity, diffusion, flag, is_person, street, text};
use serde_json::Value;

use crate::domain::{Siren, Siret};
use crate::formats::Outcome;
use crate::formats::file_error::FileError;
use crate::formats::input::TextFile;
use crate::formats::json_objects::JsonObjects;
use crate::formats::rejection::{Cause, Rejection, is_too_long};
use crate::formats::rows::{
    Company, EstablishmentRow, EstablishmentState, HeadcountBand, LegalUnitRow, SizeCategory,
    UnitState, is_band,
};
use crate::formats::values;

/// Iterates over the companies of a file.
pub struct CompanyReader {
    objects: JsonObjects,
    as_of: NaiveDate,
}

impl CompanyReader {
    /// Dates after `as_of` are implausible.
    pub fn new(text: TextFile, as_of: NaiveDate) -> Self {
        Self {
            objects: JsonObjects::new(text.reader),
            as_of,
        }
    }
}

impl Iterator for CompanyReader {
    type Item = Result<Outcome<Company>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = match self.objects.next()? {
            Ok(bytes) => bytes,
            Err(error) => return Some(Err(error)),
        };
        let line = self.objects.rank();
        let mut item = Item {
            line,
            as_of: self.as_of,
            warnings: Vec::new(),
        };
        Some(Ok(match item.company(&bytes) {
            Ok(value) => Outcome::Row {
                line,
                value,
                warnings: item.warnings,
            },
            Err(rejection) => Outcome::Rejected(rejection),
        }))
    }
}

/// One object being read: its rank and what was set aside.
struct Item {
    line: u64,
    as_of: NaiveDate,
    warnings: Vec<Rejection>,
}

impl Item {
    fn company(&mut self, bytes: &[u8]) -> Result<Company, Rejection> {
        let raw: RawUnit = serde_json::from_slice(bytes).map_err(|_| {
            let value = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
            let expected = "un élément de « results » de l’API Recherche d’entreprises, tel quel";
            Rejection::new(self.line, "", &value, Cause::Structure, expected)
        })?;
        let text = text(&raw.siren).unwrap_or_default();
        let siren = Siren::parse(&text)
            .map_err(|error| Rejection::identifier(self.line, "siren", &text, error))?;
        let is_person = is_person(&raw);
        let places = raw
            .siege
            .iter()
            .chain(&raw.matching_etablissements)
            .enumerate();
        let mut establishments: Vec<EstablishmentRow> = Vec::new();
        for (rank, place) in places {
            let head_office = rank == 0 && raw.siege.is_some();
            if let Some(row) = self.place(place, siren, head_office, is_person)
                && !establishments.iter().any(|known| known.siret == row.siret)
            {
                establishments.push(row);
            }
        }
        let head_office = establishments
            .iter()
            .find(|e| e.is_head_office == Some(true));
        let head_office = head_office.map(|e| e.siret);
        let unit = self.unit(&raw, siren, is_person, head_office);
        let texts = unit.texts().into_iter();
        let texts = texts.chain(establishments.iter().flat_map(EstablishmentRow::texts));
        for (column, text) in texts {
            if let Some(text) = text.filter(|text| is_too_long(text.as_bytes())) {
                return Err(Rejection::too_long(self.line, column, text));
            }
        }
        Ok(Company {
            unit,
            establishments,
            headcount: None,
        })
    }

    fn unit(
        &mut self,
        raw: &RawUnit,
        siren: Siren,
        is_person: Option<bool>,
        head_office: Option<Siret>,
    ) -> LegalUnitRow {
        let mut unit = LegalUnitRow {
            diffusion: diffusion(&raw.statut_diffusion),
            is_person,
            name: text(&raw.nom_raison_sociale).or_else(|| text(&raw.nom_complet)),
            acronym: text(&raw.sigle),
            legal_category: text(&raw.nature_juridique),
            state: match text(&raw.etat_administratif).as_deref() {
                Some("A") => Some(UnitState::Active),
                Some("C") => Some(UnitState::Ceased),
                _ => None,
            },
            created_on: self.date("date_creation", &raw.date_creation),
            activity: activity(&raw.activite_principale),
            activity_naf25: text(&raw.activite_principale_naf25).map(|c| values::naf(&c)),
            headcount: self.band(
                &raw.tranche_effectif_salarie,
                &raw.annee_tranche_effectif_salarie,
            ),
            size: match text(&raw.categorie_entreprise).as_deref() {
                Some("PME") => Some(SizeCategory::Pme),
                Some("ETI") => Some(SizeCategory::Eti),
                Some("GE") => Some(SizeCategory::Ge),
                _ => None,
            },
            head_office,
            social_economy: raw.complements.est_ess,
            mission: raw.complements.est_societe_mission,
            employer: flag(&raw.caractere_employeur),
            updated_on: self.date("date_mise_a_jour_insee", &raw.date_mise_a_jour_insee),
            ..LegalUnitRow::unknown(siren)
        };
        unit.mask();
        unit
    }

    /// An establishment; one that is faulty is set aside, the company stands.
    fn place(
        &mut self,
        raw: &RawPlace,
        siren: Siren,
        is_head_office: bool,
        is_person: Option<bool>,
    ) -> Option<EstablishmentRow> {
        let number = text(&raw.siret).unwrap_or_default();
        let siret = match Siret::parse(&number) {
            Ok(siret) => siret,
            Err(error) => {
                self.warnings
                    .push(Rejection::identifier(self.line, "siret", &number, error));
                return None;
            }
        };
        if siret.siren() != siren {
            let expected = format!("un SIRET qui commence par {siren}");
            let cause = Cause::Mismatch;
            self.warnings.push(Rejection::new(
                self.line, "siret", &number, cause, &expected,
            ));
            return None;
        }
        let closed = self.date("date_fermeture", &raw.date_fermeture);
        let mut place = EstablishmentRow {
            diffusion: diffusion(&raw.statut_diffusion_etablissement),
            is_head_office: Some(is_head_office),
            shop_sign: raw
                .liste_enseignes
                .as_ref()
                .map(|l| l.join(", "))
                .filter(|s| !s.is_empty()),
            usual_name: text(&raw.nom_commercial),
            address: street(raw),
            postcode: text(&raw.code_postal),
            commune: text(&raw.commune).and_then(|c| values::insee_code(&c).ok()),
            commune_label: text(&raw.libelle_commune)
                .or_else(|| text(&raw.libelle_commune_etranger)),
            country: text(&raw.libelle_pays_etranger),
            latitude: text(&raw.latitude).and_then(|l| l.parse().ok()),
            longitude: text(&raw.longitude).and_then(|l| l.parse().ok()),
            state: match text(&raw.etat_administratif).as_deref() {
                Some("A") => Some(EstablishmentState::Active),
                Some("F") => Some(EstablishmentState::Closed),
                _ => None,
            },
            created_on: self.date("date_creation", &raw.date_creation),
            state_since: closed
                .or_else(|| self.date("date_debut_activite", &raw.date_debut_activite)),
            activity: activity(&raw.activite_principale),
            activity_naf25: text(&raw.activite_principale_naf25).map(|c| values::naf(&c)),
            headcount: self.band(
                &raw.tranche_effectif_salarie,
                &raw.annee_tranche_effectif_salarie,
            ),
            employer: flag(&raw.caractere_employeur),
            updated_on: self.date("date_mise_a_jour_insee", &raw.date_mise_a_jour_insee),
            ..EstablishmentRow::unknown(siret)
        };
        place.mask(is_person);
        Some(place)
    }

    fn date(&mut self, key: &str, value: &Value) -> Option<NaiveDate> {
        let text = text(value)?;
        let date = values::past_date(&text, self.as_of, false);
        date.map_err(|cause| {
            let expected = "une date passée, par exemple 2024-03-31";
            self.warnings
                .push(Rejection::new(self.line, key, &text, cause, expected));
        })
        .ok()
    }

    fn band(&mut self, code: &Value, year: &Value) -> Option<HeadcountBand> {
        let code = text(code)?;
        if !is_band(&code) {
            let (key, expected) = (
                "tranche_effectif_salarie",
                "un code de tranche, par exemple 12",
            );
            let cause = Cause::UnknownCode;
            self.warnings
                .push(Rejection::new(self.line, key, &code, cause, expected));
            return None;
        }
        Some(HeadcountBand {
            code,
            year: text(year).and_then(|y| y.parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests;
