//! Which layout a file follows, judged by its columns or by the keys of its JSON.

use std::io::{Cursor, Read};

use super::file_error::FileError;
use super::header::{Header, fold};
use super::input::{Content, Opened, TextFile};
use super::table::Table;
use super::text::fill;
use super::{bodacc, companies, headcounts, ratios, sirene, urssaf};

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
    /// Headcounts by month of whole companies (Urssaf, by SIREN).
    HeadcountsBySiren,
    /// Our simple file of companies.
    Companies,
    /// Legal notices of the BODACC, as a table or as JSON.
    Notices,
    /// Public financial ratios (`ratios_inpi_bce`), as a table or as JSON.
    PublicRatios,
    /// Annual accounts of Inpi (`bilansSaisis`), as JSON.
    AnnualAccounts,
    /// Debts to Urssaf (`sigfaible_debits`).
    SocialDebts,
    /// Contributions due to Urssaf (`sigfaible_cotisdues`).
    SocialContributions,
    /// Payment plans of Urssaf (`sigfaible_delais`).
    SocialDelays,
}

impl FileKind {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 12] = [
        Self::SireneLegalUnits,
        Self::SireneEstablishments,
        Self::Notices,
        Self::PublicRatios,
        Self::AnnualAccounts,
        Self::SocialDebts,
        Self::SocialContributions,
        Self::SocialDelays,
        Self::Headcounts,
        Self::HeadcountsBySiren,
        Self::Companies,
        Self::RechercheEntreprises,
    ];

    /// Whether its lines may not be shown as they stand.
    pub fn is_sensitive(self) -> bool {
        self == Self::Notices || self.is_social()
    }

    /// Whether it holds debts to social bodies, which the law keeps for a few.
    pub fn is_social(self) -> bool {
        matches!(
            self,
            Self::SocialDebts | Self::SocialContributions | Self::SocialDelays
        )
    }

    /// French name.
    pub fn label(self) -> &'static str {
        match self {
            Self::SireneLegalUnits => "SIRENE, unités légales",
            Self::SireneEstablishments => "SIRENE, établissements",
            Self::RechercheEntreprises => "Recherche d’entreprises (JSON)",
            Self::Headcounts => "Effectifs",
            Self::HeadcountsBySiren => "Effectifs par entreprise (Urssaf)",
            Self::Companies => "Liste d’entreprises",
            Self::Notices => "Annonces du BODACC",
            Self::PublicRatios => "Ratios financiers publics",
            Self::AnnualAccounts => "Comptes annuels de l’Inpi",
            Self::SocialDebts => "Débits de l’Urssaf",
            Self::SocialContributions => "Cotisations dues à l’Urssaf",
            Self::SocialDelays => "Délais de paiement de l’Urssaf",
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
            Self::HeadcountsBySiren => {
                "effectifs mensuels de l’Urssaf par SIREN (siren, eff202411…)"
            }
            Self::Companies => "liste d’entreprises (siret ou siren, nom), voir le modèle",
            Self::Notices => {
                "annonces du BODACC, CSV ou JSON (id, dateparution, familleavis, registre…)"
            }
            Self::PublicRatios => {
                "ratios_inpi_bce, CSV ou JSON (siren, date_cloture_exercice, type_bilan…)"
            }
            Self::AnnualAccounts => "JSON des comptes annuels de l’Inpi (bilansSaisis)",
            Self::SocialDebts => "sigfaible_debits (siret, num_ecn, num_hist_ecn, mt_po, mt_pp…)",
            Self::SocialContributions => "sigfaible_cotisdues (siret, periode, cotis_due…)",
            Self::SocialDelays => {
                "sigfaible_delais (siret, date_creation, date_echeance, montant_global_echeancier…)"
            }
        }
    }
}

/// A file whose layout is known, ready for the reader of that layout.
pub enum Recognised {
    /// A table, for the reader of the kind.
    Table(FileKind, Table),
    /// JSON, for the reader of the kind.
    Json(FileKind, TextFile),
}

impl Recognised {
    /// The layout.
    pub fn kind(&self) -> FileKind {
        match self {
            Self::Table(kind, _) | Self::Json(kind, _) => *kind,
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

/// Layouts of tables whose columns have names of their own: the columns that must be there, and
/// those of which one is enough to see which layout was meant.
const NAMED: [(FileKind, &[&str], &[&str]); 5] = [
    (
        FileKind::Notices,
        &bodacc::REQUIRED,
        &["familleavis", "listepersonnes"],
    ),
    (
        FileKind::PublicRatios,
        &ratios::REQUIRED,
        &["date_cloture_exercice", "type_bilan"],
    ),
    (
        FileKind::SocialDebts,
        urssaf::DEBT_COLUMNS,
        &["num_ecn", "num_hist_ecn", "mt_pp"],
    ),
    (
        FileKind::SocialContributions,
        urssaf::REQUIRED_CONTRIBUTION_COLUMNS,
        &["cotis_due"],
    ),
    (
        FileKind::SocialDelays,
        urssaf::REQUIRED_DELAY_COLUMNS,
        &["montant_global_echeancier"],
    ),
];

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
    let counts = missing_headcounts(header);
    let companies = missing_companies(header);
    let (lacks_count, lacks_company) = (counts.len() == 1, companies.len() == 1);
    let monthly = headcounts::wide_columns(header) > 0;
    // Each layout with what it lacks, and whether it resembles the file all the same.
    let mut tried = vec![
        (
            FileKind::SireneLegalUnits,
            missing(&sirene::legal_units::REQUIRED),
            suffixed("unitelegale"),
        ),
        (
            FileKind::SireneEstablishments,
            missing(&sirene::establishments::REQUIRED),
            suffixed("etablissement") && !header.has(headcounts::COUNT),
        ),
    ];
    tried.extend(NAMED.map(|(kind, required, own)| (kind, missing(required), header.has(own))));
    tried.push((
        FileKind::Headcounts,
        counts,
        lacks_count && (monthly || !header.has(companies::NAME)),
    ));
    if monthly {
        // They have a name too: read as a list, they would lose every count.
        if header.has(companies::SIREN) {
            tried.push((FileKind::HeadcountsBySiren, Vec::new(), true));
        }
    } else {
        tried.push((FileKind::Companies, companies, lacks_company));
    }
    if let Some((kind, ..)) = tried.iter().find(|(_, missing, _)| missing.is_empty()) {
        return Ok(*kind);
    }
    let near = tried.into_iter().find(|(.., resembles)| *resembles);
    Err(match near {
        Some((kind, missing, _)) => FileError::MissingColumns {
            layout: kind.label(),
            missing,
        },
        None => unknown(header.names().to_vec()),
    })
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
        .filter(|kind| !kind.is_social())
        .map(|k| k.accepted().to_owned())
        .collect();
    FileError::UnknownLayout { found, accepted }
}

/// Keys by which JSON is told, the most telling first: companies too have dates of accounts.
const KEYS: [(&str, FileKind); 7] = [
    ("\"bilanssaisis\"", FileKind::AnnualAccounts),
    ("\"bilansaisi\"", FileKind::AnnualAccounts),
    ("\"nom_complet\"", FileKind::RechercheEntreprises),
    ("\"familleavis\"", FileKind::Notices),
    ("\"date_cloture_exercice\"", FileKind::PublicRatios),
    ("\"siren\"", FileKind::RechercheEntreprises),
    ("\"results\"", FileKind::RechercheEntreprises),
];

/// Looks at the beginning of the JSON for the keys of a layout.
fn recognise_json(mut text: TextFile) -> Result<Recognised, FileError> {
    const HEAD: usize = 64 << 10;
    let mut head = vec![0; HEAD];
    let n = fill(&mut text.reader, &mut head).map_err(FileError::from_io)?;
    head.truncate(n);
    let shown = String::from_utf8_lossy(&head).to_lowercase();
    if shown.contains("\"featurecollection\"") {
        return Err(unknown(vec!["GeoJSON (contours)".to_owned()]));
    }
    let Some((_, kind)) = KEYS.iter().find(|(key, _)| shown.contains(key)) else {
        return Err(unknown(vec![
            "JSON sans « siren » ni « results »".to_owned(),
        ]));
    };
    text.reader = Box::new(Cursor::new(head).chain(text.reader));
    Ok(Recognised::Json(*kind, text))
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
    fn headcounts_by_siren_are_not_read_as_a_list_of_companies() {
        assert_eq!(
            kind("siren;eff202411;eff202412;rais_soc\n"),
            Ok(FileKind::HeadcountsBySiren)
        );
        assert_eq!(
            kind("siren;siret;eff202411;rais_soc\n"),
            Ok(FileKind::Headcounts)
        );
        assert_eq!(
            kind("rais_soc;eff202411\n"),
            Err(FileError::MissingColumns {
                layout: FileKind::Headcounts.label(),
                missing: vec!["siret".to_owned()],
            })
        );
    }

    #[test]
    fn financial_and_social_layouts_are_recognised_as_tables_or_json() {
        for (text, expected) in [
            (
                "\u{feff}id;dateparution;familleavis;registre;ville\n",
                FileKind::Notices,
            ),
            (
                "Siren;Date_cloture_exercice;Chiffre_d_affaires;Type_bilan\n",
                FileKind::PublicRatios,
            ),
            (
                "Dep;num_cpte;Siren;Siret;Periode;Num_Ecn;Num_Hist_Ecn;Dt_trt_ecn;Mt_PO;Mt_PP\n",
                FileKind::SocialDebts,
            ),
            (
                "Dep;Siret;Compte;periode;mer;enc_direct;cotis_due\n",
                FileKind::SocialContributions,
            ),
            (
                "Siret;Numero_compte_externe;Date_creation;Date_echeance;Montant_global_echeancier\n",
                FileKind::SocialDelays,
            ),
            (
                r#"{"total_count":1,"results":[{"id":"A1","familleavis":"collective","registre":["1"]}]}"#,
                FileKind::Notices,
            ),
            (
                r#"{"nhits":1,"records":[{"fields":{"siren":"1","date_cloture_exercice":"2023-12-31"}}]}"#,
                FileKind::PublicRatios,
            ),
            (
                r#"[{"siren":"1","nom_complet":"A","siege":{"date_cloture_exercice":null}}]"#,
                FileKind::RechercheEntreprises,
            ),
            (r#"{"bilansSaisis":[]}"#, FileKind::AnnualAccounts),
            (
                r#"[{"siren":"1","bilanSaisi":null}]"#,
                FileKind::AnnualAccounts,
            ),
        ] {
            assert_eq!(kind(text), Ok(expected), "{text}");
        }
        let error = kind("siret;compte;cotis_due\n").unwrap_err();
        assert_eq!(
            error,
            FileError::MissingColumns {
                layout: "Cotisations dues à l’Urssaf",
                missing: vec!["periode".into()]
            }
        );
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
