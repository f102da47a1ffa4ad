//! `vigie import territoires` and `vigie import contours`: another département, another edition of the
//! perimeters, the drawn map. Each is one transaction: a refused file changes nothing.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};

use super::package::{self, Package, PackageError};
use super::queries::load::{self, Move, Source};
use crate::auth::audit::{self, Act, Acting};
use crate::formats::FileError;
use crate::web::filters::{agree, group_thousands, long_date};

/// How the version of imported files begins in `reference_sources`.
pub const IMPORTED: &str = "sha256:";
/// The package's largest file is of 9 MB.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Why an import is refused; `Display` is a French sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be found or read.
    #[error("{0}")]
    File(String),
    /// The files are not those of the package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// What is loaded is more recent.
    #[error(
        "Les périmètres déjà chargés datent du {loaded}\u{a0}: ces fichiers, datés du {given}, sont plus anciens. Vérifiez la date donnée (par exemple 2027-01-01)."
    )]
    Older {
        /// Date of what is loaded, in letters.
        loaded: String,
        /// Date given, in letters.
        given: String,
    },
    /// The file of contours cannot be used.
    #[error("Contours refusés, la carte reste comme avant\u{a0}: {0}")]
    Contours(#[from] FileError),
    /// The database refused.
    #[error("La base de données a refusé l’import, rien n’est changé\u{a0}: {0}")]
    Database(#[from] sqlx::Error),
}

/// What a load changed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Territories new or changed.
    pub territories: u64,
    /// Communes new or changed.
    pub municipalities: u64,
    /// Merged communes new or changed.
    pub former: u64,
    /// Memberships begun.
    pub memberships: u64,
    /// Communes that left their EPCI.
    pub moves: Vec<Move>,
}

impl Changes {
    /// Whether the load found everything in place.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What changed, in French sentences.
    pub fn lines(&self) -> Vec<String> {
        if self.is_empty() {
            return vec!["Rien à changer\u{a0}: ces données étaient déjà chargées.".to_owned()];
        }
        let counts = [
            (
                self.territories,
                "territoire créé ou modifié",
                "territoires créés ou modifiés",
            ),
            (
                self.municipalities,
                "commune créée ou modifiée",
                "communes créées ou modifiées",
            ),
            (
                self.former,
                "ancienne commune rattachée",
                "anciennes communes rattachées",
            ),
            (
                self.memberships,
                "appartenance ouverte",
                "appartenances ouvertes",
            ),
        ];
        let counts =
            counts
                .into_iter()
                .filter(|(count, ..)| *count > 0)
                .map(|(count, one, many)| {
                    let count = i64::try_from(count).unwrap_or(i64::MAX);
                    format!("{} {}", group_thousands(count), agree(count, one, many))
                });
        counts.chain(self.moves.iter().map(move_in_words)).collect()
    }
}

fn move_in_words(change: &Move) -> String {
    let Move {
        insee_code,
        name,
        from,
        ..
    } = change;
    match (&change.merged_into, &change.to) {
        (Some(into), _) => format!("{name} ({insee_code}) a fusionné dans {into}"),
        (None, Some(to)) => format!("{name} ({insee_code}) quitte {from} pour {to}"),
        (None, None) => format!("{name} ({insee_code}) quitte {from} pour un EPCI non suivi ici"),
    }
}

/// The two files of the package, as bytes.
#[derive(Debug, Clone)]
pub struct TerritoryFiles {
    /// `epci.json`
    pub epci: Vec<u8>,
    /// `communes.json`
    pub communes: Vec<u8>,
}

impl TerritoryFiles {
    /// Finds the files among paths: a folder that holds both (or holds `data/`), or the files.
    pub fn find(paths: &[PathBuf]) -> Result<Self, ImportError> {
        Ok(Self {
            epci: read("epci.json", paths)?,
            communes: read("communes.json", paths)?,
        })
    }

    fn fingerprint(&self) -> String {
        let digest = Sha256::new()
            .chain_update(&self.epci)
            .chain_update(&self.communes)
            .finalize();
        digest.iter().fold(IMPORTED.to_owned(), |text, byte| {
            format!("{text}{byte:02x}")
        })
    }
}

fn read(name: &str, paths: &[PathBuf]) -> Result<Vec<u8>, ImportError> {
    let candidates = paths.iter().flat_map(|path| {
        [
            path.clone(),
            path.join(name),
            path.join("data").join(name),
            path.join("package/data").join(name),
        ]
    });
    let found = candidates
        .into_iter()
        .find(|path| path.file_name().is_some_and(|n| n == name) && path.is_file());
    let path = found.ok_or_else(|| {
        ImportError::File(format!(
            "Le fichier {name} manque. Donnez le dossier du paquet «\u{a0}@etalab/decoupage-administratif\u{a0}», \
             ou ses fichiers epci.json et communes.json."
        ))
    })?;
    read_whole(&path)
}

/// The whole file, within [`LARGEST`].
fn read_whole(path: &Path) -> Result<Vec<u8>, ImportError> {
    let fault = |why: String| {
        ImportError::File(format!(
            "Le fichier {} ne peut pas être lu\u{a0}: {why}",
            path.display()
        ))
    };
    let file = File::open(path).map_err(|error| fault(format!("{error}.")))?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fault(format!("{error}.")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(fault(
            "il dépasse 64\u{a0}Mo. Donnez le fichier d’origine.".to_owned(),
        ));
    }
    Ok(bytes)
}

/// Loads the geography of a département as it is since `as_of`. A commune that changes EPCI keeps its
/// old membership, ended at that date; a commune merged since keeps resolving by its code.
pub async fn import_territories(
    conn: &mut PgConnection,
    acting: &Acting,
    files: &TerritoryFiles,
    department: &str,
    as_of: NaiveDate,
) -> Result<Changes, ImportError> {
    let package = package::read(files.epci.as_slice(), files.communes.as_slice(), department)?;
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, acting).await?;
    load::begin_load(&mut tx).await?;
    let sources = sources(files, department, as_of);
    refuse_older(&mut tx, &sources, as_of).await?;
    let changes = apply(&mut tx, &package, as_of).await?;
    if let Some(since) = changes
        .moves
        .iter()
        .filter_map(|change| change.since)
        .max()
        .filter(|since| *since > as_of)
    {
        return Err(older(since, as_of));
    }
    for source in &sources {
        load::sign_source(&mut tx, source).await?;
    }
    if !changes.is_empty() {
        record(&mut tx, acting, department, as_of, &changes).await?;
    }
    tx.commit().await?;
    Ok(changes)
}

fn sources(files: &TerritoryFiles, department: &str, as_of: NaiveDate) -> [Source; 2] {
    let version = files.fingerprint();
    let source = |code: &str, label: &str, producer: &str| Source {
        code: format!("{code}-{department}"),
        label: label.to_owned(),
        producer: producer.to_owned(),
        version: version.clone(),
        as_of,
    };
    [
        source("territories", "Périmètres des intercommunalités", "DGCL"),
        source(
            "municipalities",
            "Communes et populations municipales",
            "Insee",
        ),
    ]
}

fn older(loaded: NaiveDate, given: NaiveDate) -> ImportError {
    ImportError::Older {
        loaded: long_date(loaded),
        given: long_date(given),
    }
}

async fn refuse_older(
    conn: &mut PgConnection,
    sources: &[Source],
    as_of: NaiveDate,
) -> Result<(), ImportError> {
    // The perimeters decide: populations are revised at dates of their own.
    let loaded = load::source(conn, &sources[0].code)
        .await?
        .map(|source| source.as_of);
    match loaded.filter(|loaded| *loaded > as_of) {
        Some(loaded) => Err(older(loaded, as_of)),
        None => Ok(()),
    }
}

async fn record(
    conn: &mut PgConnection,
    acting: &Acting,
    department: &str,
    as_of: NaiveDate,
    changes: &Changes,
) -> sqlx::Result<()> {
    let act = Act {
        verb: "reference_imported",
        object: ("reference_sources", &format!("territories-{department}")),
        label: &format!("Territoires du département {department}"),
        details: Some(json!({ "as_of": as_of, "changes": changes.lines() })),
    };
    audit::record(conn, acting, act).await
}

/// Writes a geography as it is since a date. In the caller's transaction, after `load::begin_load`.
pub(super) async fn apply(
    conn: &mut PgConnection,
    package: &Package,
    as_of: NaiveDate,
) -> sqlx::Result<Changes> {
    let sirens: Vec<_> = package
        .territories
        .iter()
        .map(|t| t.siren.clone())
        .collect();
    let codes: Vec<_> = package
        .municipalities
        .iter()
        .map(|m| m.insee_code.clone())
        .collect();
    let owners: Vec<_> = package
        .municipalities
        .iter()
        .map(|m| m.territory.clone().unwrap_or_default())
        .collect();
    let territories = load::save_territories(conn, &package.territories).await?;
    let municipalities = load::save_municipalities(conn, &package.municipalities).await?;
    let forgotten = load::forget_former(conn, &codes).await?;
    let former = forgotten + load::save_former(conn, &package.former).await?;
    let moves = load::moves(conn, &sirens, &codes, &owners).await?;
    let leaving: Vec<_> = moves
        .iter()
        .map(|change| change.insee_code.clone())
        .collect();
    load::end_memberships(conn, &leaving, as_of).await?;
    let memberships = load::begin_memberships(conn, &codes, &owners, as_of).await?;
    load::count_members(conn).await?;
    Ok(Changes {
        territories,
        municipalities,
        former,
        memberships,
        moves,
    })
}
