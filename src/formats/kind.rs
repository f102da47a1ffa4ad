//! Which layout a file follows, judged by its columns or by the keys of its JSON.

use std::io::{Cursor, Read};

use super::file_error::FileError;
use super::header::{Header, fold};
use super::input::{Content, Opened, TextFile};
use super::table::Table;
use super::text::fill;
use super::{companies, headcounts, sirene};

/// The layouts that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `StockUniteLegale`.
    SireneLegalUnits,
    /// `StockEtablissement`.
    SireneEstablishments,
    /// JSON of recherche-entreprises.api.gouv.fr.
    RechercheEntreprises,
    /// Headcounts: ours, DSN, Urssaf.
    Headcounts,
    /// Our simple file of companies.
    Companies,
}

impl FileKind {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 5] = [
        Self::SireneLegalUnits,
        Self::SireneEstablishments,
        Self::Headcounts,
        Self::Companies,
        Self::RechercheEntreprises,
    ];

    /// French name.
    pub fn label(self) -> &'static str {
        match self {
            Self::SireneLegalUnits => "SIRENE, unités légales",
            Self::SireneEstablishments => "SIRENE, établissements",
            Self::RechercheEntreprises => "Recherche d’entreprises (JSON)",
            Self::Headcounts => "Effectifs",
            Self::Companies => "Liste d’entreprises",
        }
    }

    /// What such a file must hold, in French.
    pub fn accepted(self) -> &'static str {
        match self {
            Self::SireneLegalUnits => {
                "SIRENE StockUniteLegale (siren, etatAdministratifUniteLegale, denominationUniteLegale…)"
            }
            Self::SireneEstablishments => {
                "SIRENE StockEtablissement (siret, codeCommuneEtablissement, \
                 etatAdministratifEtablissement…)"
            }
            Self::RechercheEntreprises => "JSON de recherche-entreprises.api.gouv.fr (results)",
            Self::Headcounts => "effectifs (siret, mois ou annee, effectif)",
            Self::Companies => "liste d’entreprises (siret ou siren, nom), voir le modèle",
        }
    }
}

/// A file whose layout is known, ready for the reader of that layout.
pub enum Recognised {
    /// A table, for the reader of the kind.
    Table(FileKind, Table),
    /// JSON of companies.
    RechercheEntreprises(TextFile),
}

impl Recognised {
    /// The layout.
    pub fn kind(&self) -> FileKind {
        match self {
            Self::Table(kind, _) => *kind,
            Self::RechercheEntreprises(_) => FileKind::RechercheEntreprises,
        }
    }
}

/// Finds the layout; an unknown one is an error that names what was found and what is missing.
pub fn recognise(opened: Opened) -> Result<Recognised, FileError> {
    if let Content::Json(text) = opened.content {
        return recognise_json(text);
    }
    let table = Table::open(opened)?;
    let kind = of_header(table.header())?;
    Ok(Recognised::Table(kind, table))
}

/// The layout of a header.
pub fn of_header(header: &Header) -> Result<FileKind, FileError> {
    let missing = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .filter(|n| !header.has(&[n]))
            .map(|n| (*n).to_owned())
            .collect()
    };
    let suffixed = |suffix| header.names().iter().any(|n| fold(n).ends_with(suffix));
    let units = missing(&sirene::legal_units::REQUIRED);
    let places = missing(&sirene::establishments::REQUIRED);
    let counts = missing_headcounts(header);
    let companies = missing_companies(header);
    let tried = [
        (FileKind::SireneLegalUnits, &units),
        (FileKind::SireneEstablishments, &places),
        (FileKind::Headcounts, &counts),
        (FileKind::Companies, &companies),
    ];
    if let Some((kind, _)) = tried.iter().find(|(_, missing)| missing.is_empty()) {
        return Ok(*kind);
    }
    let resembles = [
        suffixed("unitelegale"),
        suffixed("etablissement") && !header.has(headcounts::COUNT),
        counts.len() == 1 && !header.has(companies::NAME),
        companies.len() == 1,
    ];
    let near = tried
        .iter()
        .zip(resembles)
        .find(|(_, resembles)| *resembles);
    if let Some(((kind, missing), _)) = near {
        let missing = (*missing).clone();
        return Err(FileError::MissingColumns {
            layout: kind.label(),
            missing,
        });
    }
    Err(unknown(header.names().to_vec()))
}

fn missing_headcounts(header: &Header) -> Vec<String> {
    let wide = headcounts::wide_columns(header) > 0;
    let wanted = [
        (headcounts::SIRET, "siret", false),
        (headcounts::PERIOD, "mois ou annee", wide),
        (headcounts::COUNT, "effectif", wide),
    ];
    let absent = wanted
        .iter()
        .filter(|(names, _, given)| !given && !header.has(names));
    absent.map(|(_, name, _)| (*name).to_owned()).collect()
}

fn missing_companies(header: &Header) -> Vec<String> {
    let number = header.has(companies::SIRET) || header.has(companies::SIREN);
    let wanted = [
        (number, "siret ou siren"),
        (header.has(companies::NAME), "nom"),
    ];
    wanted
        .iter()
        .filter(|(given, _)| !given)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

fn unknown(found: Vec<String>) -> FileError {
    let accepted = FileKind::ALL
        .iter()
        .map(|k| k.accepted().to_owned())
        .collect();
    FileError::UnknownLayout { found, accepted }
}

/// Looks at the beginning of the JSON for the keys of a company.
fn recognise_json(mut text: TextFile) -> Result<Recognised, FileError> {
    const HEAD: usize = 64 << 10;
    let mut head = vec![0; HEAD];
    let n = fill(&mut text.reader, &mut head).map_err(FileError::from_io)?;
    head.truncate(n);
    let shown = String::from_utf8_lossy(&head);
    if shown.contains("\"FeatureCollection\"") {
        return Err(unknown(vec!["GeoJSON (contours)".to_owned()]));
    }
    if !shown.contains("\"siren\"") && !shown.contains("\"results\"") {
        return Err(unknown(vec![
            "JSON sans « siren » ni « results »".to_owned(),
        ]));
    }
    text.reader = Box::new(Cursor::new(head).chain(text.reader));
    Ok(Recognised::RechercheEntreprises(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::input::{Limits, open};

    fn kind(text: &str) -> Result<FileKind, FileError> {
        let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default())?;
        recognise(opened).map(|r| r.kind())
    }

    #[test]
    fn each_layout_is_recognised_by_its_columns() {
        let units = "siren,denominationUniteLegale,etatAdministratifUniteLegale\n";
        assert_eq!(kind(units), Ok(FileKind::SireneLegalUnits));
        let places = "etatAdministratifEtablissement,SIRET,code_commune_etablissement\n";
        assert_eq!(kind(places), Ok(FileKind::SireneEstablishments));
        assert_eq!(kind("MOIS,SIRET,EFF_TOTAL\n"), Ok(FileKind::Headcounts));
        assert_eq!(
            kind("compte;siret;rais_soc;eff202411\n"),
            Ok(FileKind::Headcounts)
        );
        assert_eq!(kind("SIREN;Raison sociale\n"), Ok(FileKind::Companies));
        assert_eq!(
            kind("siret;nom;effectif;annee_effectif\n"),
            Ok(FileKind::Companies)
        );
        assert_eq!(kind("{\"results\":[]}"), Ok(FileKind::RechercheEntreprises));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = kind("siret,etatAdministratifEtablissement\n").unwrap_err();
        assert_eq!(
            error,
            FileError::MissingColumns {
                layout: "SIRENE, établissements",
                missing: vec!["codeCommuneEtablissement".into()]
            }
        );
        let error = kind("siret;effectif\n").unwrap_err();
        assert!(error.to_string().contains("mois ou annee"), "{error}");
        let error = kind("nom;adresse\n").unwrap_err();
        assert!(error.to_string().contains("siret ou siren"), "{error}");
    }

    #[test]
    fn an_unknown_layout_says_what_was_found_and_what_is_accepted() {
        let error = kind("couleur|taille\n1|2\n").unwrap_err().to_string();
        assert!(
            error.contains("couleur|taille") && error.contains("effectifs (siret"),
            "{error}"
        );
        let error = kind("{\"type\":\"FeatureCollection\"}")
            .unwrap_err()
            .to_string();
        assert!(error.contains("GeoJSON"), "{error}");
    }
}
