//! The geography of a département as plain rows, and its reader from the files `epci.json` and
//! `communes.json` of `@etalab/decoupage-administratif`. No database here.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::model::{department_of, short_name, typographic};
use crate::domain::identifiers::IdentifierError;
use crate::domain::{InseeCode, Siren};

/// An EPCI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TerritoryData {
    /// SIREN.
    pub siren: String,
    /// Name with its kind.
    pub name: String,
    /// Name for lists and tiles.
    pub short_name: String,
    /// Code of the DGCL: CC, CA, CU, METRO, MET69.
    pub kind: String,
    /// Column and row of the tile, from 1.
    pub tile: Option<(i16, i16)>,
}

/// A commune of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MunicipalityData {
    /// Insee code.
    pub insee_code: String,
    /// Name.
    pub name: String,
    /// Code of the département.
    pub department: String,
    /// SIREN of the commune.
    pub siren: Option<String>,
    /// Inhabitants (population municipale).
    pub population: Option<i32>,
    /// Postcodes.
    pub postcodes: Vec<String>,
    /// SIREN of its EPCI, none for the few islands without one.
    pub territory: Option<String>,
}

/// A commune that was merged into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerData {
    /// Old Insee code.
    pub insee_code: String,
    /// Old name; that of the successor when the files do not give it.
    pub name: String,
    /// Insee code of the commune of today.
    pub successor: String,
}

/// The EPCI that touch a département, with all their communes and all those of the département.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// The EPCI.
    pub territories: Vec<TerritoryData>,
    /// The communes.
    pub municipalities: Vec<MunicipalityData>,
    /// The merged communes.
    pub former: Vec<FormerData>,
}

/// Why files cannot be read as a geography; `Display` is a French sentence that says what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PackageError {
    /// Not the JSON that the package holds.
    #[error(
        "Le fichier {file} n’est pas celui du paquet «\u{a0}@etalab/decoupage-administratif\u{a0}» (ligne {line})\u{a0}: {cause}. Donnez les fichiers epci.json et communes.json du même paquet, sans les modifier."
    )]
    NotThePackage {
        /// Name of the file.
        file: &'static str,
        /// Line of the fault.
        line: usize,
        /// What the reader met, in English.
        cause: String,
    },
    /// The département has no EPCI in the file.
    #[error(
        "Aucun EPCI du fichier epci.json n’a de commune dans le département «\u{a0}{0}\u{a0}». Vérifiez le code du département, par exemple 81 ou 2A."
    )]
    NoTerritory(String),
    /// A number fails its check.
    #[error("{cause} (fichier {file}, «\u{a0}{name}\u{a0}»). Reprenez le fichier d’origine.")]
    Identifier {
        /// Name of the file.
        file: &'static str,
        /// Name of the EPCI or of the commune.
        name: String,
        /// What is wrong with the number.
        cause: IdentifierError,
    },
    /// An unknown kind of EPCI.
    #[error(
        "L’EPCI «\u{a0}{1}\u{a0}» est d’un type inconnu («\u{a0}{0}\u{a0}»)\u{a0}: CC, CA, CU, METRO ou MET69 sont attendus."
    )]
    Kind(String, String),
    /// A member that the other file does not know.
    #[error(
        "La commune {0}, membre de «\u{a0}{1}\u{a0}», manque dans communes.json\u{a0}: les deux fichiers ne sont pas de la même version du paquet."
    )]
    UnknownMember(String, String),
    /// A commune in two EPCI.
    #[error(
        "La commune {0} figure dans deux EPCI («\u{a0}{1}\u{a0}» et «\u{a0}{2}\u{a0}»)\u{a0}: le fichier epci.json est abîmé, reprenez l’original."
    )]
    TwoTerritories(String, String, String),
}

#[derive(Deserialize)]
struct EpciRecord {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    membres: Vec<MemberRecord>,
}

#[derive(Deserialize)]
struct MemberRecord {
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommuneRecord {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    chef_lieu: Option<String>,
    siren: Option<String>,
    population: Option<i32>,
    #[serde(default)]
    codes_postaux: Vec<String>,
    #[serde(default)]
    anciens_codes: Vec<String>,
}

fn parse<T: DeserializeOwned>(
    file: &'static str,
    reader: impl Read,
) -> Result<Vec<T>, PackageError> {
    serde_json::from_reader(std::io::BufReader::new(reader)).map_err(|error| {
        PackageError::NotThePackage {
            file,
            line: error.line(),
            cause: error.to_string(),
        }
    })
}

/// Reads the geography of a département out of the two files for the whole country.
pub fn read(
    epci: impl Read,
    communes: impl Read,
    department: &str,
) -> Result<Package, PackageError> {
    let epci: Vec<EpciRecord> = parse("epci.json", epci)?;
    let communes: Vec<CommuneRecord> = parse("communes.json", communes)?;
    let epci: Vec<EpciRecord> = epci
        .into_iter()
        .filter(|e| {
            e.membres
                .iter()
                .any(|m| department_of(&m.code) == department)
        })
        .collect();
    if epci.is_empty() {
        return Err(PackageError::NoTerritory(department.to_owned()));
    }
    let current: BTreeMap<&str, &CommuneRecord> = communes
        .iter()
        .filter(|c| c.kind == "commune-actuelle")
        .map(|c| (c.code.as_str(), c))
        .collect();
    let owners = owners(&epci, &current)?;
    let kept = current
        .iter()
        .filter(|(code, _)| owners.contains_key(*code) || department_of(code) == department);
    let municipalities: Vec<_> = kept
        .map(|(code, commune)| municipality(commune, owners.get(code)))
        .collect::<Result<_, _>>()?;
    let former = former(&communes, &current, &municipalities);
    let territories = epci.iter().map(territory).collect::<Result<_, _>>()?;
    Ok(Package {
        territories,
        municipalities,
        former,
    })
}

/// Commune to the SIREN of its EPCI.
fn owners<'a>(
    epci: &'a [EpciRecord],
    current: &BTreeMap<&str, &CommuneRecord>,
) -> Result<HashMap<&'a str, &'a EpciRecord>, PackageError> {
    let mut owners: HashMap<&str, &EpciRecord> = HashMap::new();
    for record in epci {
        for member in &record.membres {
            if !current.contains_key(member.code.as_str()) {
                return Err(PackageError::UnknownMember(
                    member.code.clone(),
                    record.nom.clone(),
                ));
            }
            if let Some(other) = owners.insert(&member.code, record) {
                return Err(PackageError::TwoTerritories(
                    member.code.clone(),
                    other.nom.clone(),
                    record.nom.clone(),
                ));
            }
        }
    }
    Ok(owners)
}

fn territory(record: &EpciRecord) -> Result<TerritoryData, PackageError> {
    let siren = Siren::parse(&record.code).map_err(|cause| PackageError::Identifier {
        file: "epci.json",
        name: record.nom.clone(),
        cause,
    })?;
    if !["CC", "CA", "CU", "METRO", "MET69"].contains(&record.kind.as_str()) {
        return Err(PackageError::Kind(record.kind.clone(), record.nom.clone()));
    }
    let name = typographic(&record.nom);
    Ok(TerritoryData {
        siren: siren.as_str().to_owned(),
        short_name: short_name(&name),
        name,
        kind: record.kind.clone(),
        tile: None,
    })
}

fn municipality(
    commune: &CommuneRecord,
    owner: Option<&&EpciRecord>,
) -> Result<MunicipalityData, PackageError> {
    let insee_code = InseeCode::parse(&commune.code).map_err(|cause| PackageError::Identifier {
        file: "communes.json",
        name: commune.nom.clone(),
        cause,
    })?;
    Ok(MunicipalityData {
        insee_code: insee_code.as_str().to_owned(),
        name: typographic(&commune.nom),
        department: department_of(&commune.code).to_owned(),
        siren: commune.siren.clone(),
        population: commune.population,
        postcodes: commune.codes_postaux.clone(),
        territory: owner.map(|epci| epci.code.clone()),
    })
}

/// Old codes of the kept communes. A code given again to a commune of today resolves by itself.
fn former(
    communes: &[CommuneRecord],
    current: &BTreeMap<&str, &CommuneRecord>,
    kept: &[MunicipalityData],
) -> Vec<FormerData> {
    let kept: BTreeSet<&str> = kept.iter().map(|m| m.insee_code.as_str()).collect();
    let mut found: BTreeMap<&str, FormerData> = BTreeMap::new();
    let mut add = |code, name: &str, successor: &str| {
        if kept.contains(successor) && !current.contains_key(code) && InseeCode::parse(code).is_ok()
        {
            found.entry(code).or_insert_with(|| FormerData {
                insee_code: code.to_owned(),
                name: typographic(name),
                successor: successor.to_owned(),
            });
        }
    };
    for commune in communes {
        if let Some(successor) = &commune.chef_lieu {
            add(commune.code.as_str(), &commune.nom, successor);
        }
    }
    for commune in current.values() {
        for code in &commune.anciens_codes {
            add(code.as_str(), &commune.nom, &commune.code);
        }
    }
    found.into_values().collect()
}
