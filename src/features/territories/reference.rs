//! The reference that comes with the program: made by `scripts/reference-data`, embedded, written to
//! the database at start when its version is new.

use chrono::NaiveDate;
use csv::StringRecord;
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use super::import::{IMPORTED, apply};
use super::model::typographic;
use super::package::{FormerData, MunicipalityData, Package, TerritoryData};
use super::queries::load::{self, Source};
use super::queries::nomenclatures::{self, Activity, Band};
use crate::auth::audit::{self, Act, Acting};

/// The département whose geography is embedded.
pub const DEPARTMENT: &str = "81";

const SOURCES: &str = include_str!("reference/sources.csv");
const TERRITORIES: &str = include_str!("reference/territories.csv");
const MUNICIPALITIES: &str = include_str!("reference/municipalities.csv");
const FORMER: &str = include_str!("reference/former_municipalities.csv");
const NAF: &str = include_str!("reference/naf_rev2.csv");
const NAF_SECTIONS: &str = include_str!("reference/naf_sections.csv");
const BANDS: &str = include_str!("reference/headcount_bands.csv");
const LEGAL_CATEGORIES: &str = include_str!("reference/legal_categories.csv");

/// Every embedded file, for whoever keeps a copy of what they load (the template of the tests).
pub const EMBEDDED: [&str; 8] = [
    SOURCES,
    TERRITORIES,
    MUNICIPALITIES,
    FORMER,
    NAF,
    NAF_SECTIONS,
    BANDS,
    LEGAL_CATEGORIES,
];

/// Loads what is new in the embedded reference, in one transaction; gives the codes of the sources
/// that were loaded (none when there was nothing to do). The nomenclatures serve everywhere; the
/// geography is that of the Tarn and is left out when the service's `department` is another one.
pub async fn load(
    conn: &mut PgConnection,
    acting: &Acting,
    department: &str,
) -> sqlx::Result<Vec<String>> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, acting).await?;
    load::begin_load(&mut tx).await?;
    let mut loaded = Vec::new();
    for source in sources() {
        let is_ours = department == DEPARTMENT || !source.code.ends_with("-81");
        if is_ours && is_new(&mut tx, &source).await? {
            load_source(&mut tx, &source).await?;
            load::sign_source(&mut tx, &source).await?;
            loaded.push(source);
        }
    }
    if !loaded.is_empty() {
        record(&mut tx, acting, &loaded).await?;
    }
    tx.commit().await?;
    Ok(loaded.into_iter().map(|source| source.code).collect())
}

/// An import of someone's own is only overtaken by a later edition.
async fn is_new(conn: &mut PgConnection, ours: &Source) -> sqlx::Result<bool> {
    Ok(match load::source(conn, &ours.code).await? {
        None => true,
        Some(theirs) if theirs.version == ours.version => false,
        Some(theirs) if theirs.version.starts_with(IMPORTED) => ours.as_of > theirs.as_of,
        Some(theirs) => ours.as_of >= theirs.as_of,
    })
}

async fn load_source(conn: &mut PgConnection, source: &Source) -> sqlx::Result<()> {
    match source.code.as_str() {
        "territories-81" => apply(conn, &geography(), source.as_of).await.map(|_| ()),
        // Listed after the perimeters, whose load brings the communes too.
        "municipalities-81" => load::save_municipalities(conn, &geography().municipalities)
            .await
            .map(|_| ()),
        "naf-rev2" => nomenclatures::save_activities(conn, &activities()).await,
        "headcount-bands" => nomenclatures::save_bands(conn, &bands()).await,
        "legal-categories" => {
            let (codes, labels) = legal_categories();
            nomenclatures::save_legal_categories(conn, &codes, &labels).await
        }
        other => unreachable!("sources.csv names {other}, which no list bears"),
    }
}

async fn record(conn: &mut PgConnection, acting: &Acting, loaded: &[Source]) -> sqlx::Result<()> {
    let versions: serde_json::Map<_, _> = loaded
        .iter()
        .map(|source| (source.code.clone(), json!(source.version)))
        .collect();
    let act = Act {
        verb: "reference_loaded",
        object: ("reference_sources", "reference"),
        label: "Données de référence livrées avec Vigie",
        details: Some(versions.into()),
    };
    audit::record(conn, acting, act).await
}

/// The rows of an embedded file, without its header.
fn rows(text: &'static str) -> impl Iterator<Item = StringRecord> {
    csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .map(|row| row.expect("an embedded file is well formed"))
}

fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn sources() -> Vec<Source> {
    rows(SOURCES)
        .map(|row| Source {
            code: row[0].to_owned(),
            label: typographic(&row[1]),
            producer: row[2].to_owned(),
            version: row[3].to_owned(),
            as_of: number::<NaiveDate>(&row[4]).expect("an embedded source has a date"),
        })
        .collect()
}

/// The embedded geography.
pub fn geography() -> Package {
    Package {
        territories: rows(TERRITORIES)
            .map(|row| TerritoryData {
                siren: row[0].to_owned(),
                name: typographic(&row[1]),
                short_name: typographic(&row[2]),
                kind: row[3].to_owned(),
                tile: number(&row[4]).zip(number(&row[5])),
            })
            .collect(),
        municipalities: rows(MUNICIPALITIES)
            .map(|row| MunicipalityData {
                insee_code: row[0].to_owned(),
                name: typographic(&row[1]),
                department: row[2].to_owned(),
                siren: filled(&row[3]),
                population: number(&row[4]),
                postcodes: row[5].split('|').filter_map(filled).collect(),
                territory: filled(&row[6]),
            })
            .collect(),
        former: rows(FORMER)
            .map(|row| FormerData {
                insee_code: row[0].to_owned(),
                name: typographic(&row[1]),
                successor: row[2].to_owned(),
            })
            .collect(),
    }
}

fn activities() -> Vec<Activity> {
    let sections: Vec<StringRecord> = rows(NAF_SECTIONS).collect();
    let label = |section: &str| {
        let row = sections.iter().find(|row| &row[0] == section);
        typographic(&row.expect("a section of the NAF")[1])
    };
    rows(NAF)
        .map(|row| Activity {
            code: row[0].to_owned(),
            label: typographic(&row[1]),
            section: row[2].to_owned(),
            section_label: label(&row[2]),
        })
        .collect()
}

fn bands() -> Vec<Band> {
    rows(BANDS)
        .map(|row| Band {
            code: row[0].to_owned(),
            label: row[1].to_owned(),
            minimum: number(&row[2]).expect("a band has a minimum"),
            maximum: number(&row[3]),
            estimate: number(&row[4]).expect("a band has an estimate"),
        })
        .collect()
}

fn legal_categories() -> (Vec<String>, Vec<String>) {
    rows(LEGAL_CATEGORIES)
        .map(|row| (row[0].to_owned(), typographic(&row[1])))
        .unzip()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tarn_is_whole() {
        let package = geography();
        let inside = || {
            package
                .municipalities
                .iter()
                .filter(|m| m.department == "81")
        };
        assert_eq!(inside().count(), 314);
        assert_eq!(inside().filter_map(|m| m.population).sum::<i32>(), 397_352);
        assert_eq!(package.territories.len(), 16);
        let members = package
            .municipalities
            .iter()
            .filter(|m| m.territory.is_some());
        assert_eq!(members.count(), 351);
    }

    #[test]
    fn each_territory_has_a_tile_of_its_own_on_a_small_grid() {
        let package = geography();
        let tiles: BTreeSet<_> = package.territories.iter().filter_map(|t| t.tile).collect();
        assert_eq!(tiles.len(), package.territories.len());
        assert!(
            tiles
                .iter()
                .all(|(column, row)| (1..=6).contains(column) && (1..=5).contains(row))
        );
    }

    #[test]
    fn nomenclatures_are_whole() {
        assert_eq!(activities().len(), 732);
        assert_eq!(
            activities()
                .iter()
                .map(|a| a.section.clone())
                .collect::<BTreeSet<_>>()
                .len(),
            21
        );
        assert_eq!(bands().len(), 16);
        assert_eq!(legal_categories().0.len(), 260);
    }
}
