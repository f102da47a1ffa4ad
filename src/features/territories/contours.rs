//! `vigie import contours`: the drawn map that takes the place of the tiles.

use std::fs::File;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use super::import::ImportError;
use super::queries::load;
use crate::auth::audit::{self, Act, Acting};
use crate::domain::Siren;
use crate::formats::FileError;
use crate::formats::geojson::{self, Drawing};
use crate::formats::input::{Content, Limits, open};

/// What an import of contours gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnMap {
    /// Territories drawn.
    pub drawn: usize,
    /// Known territories that the file does not draw.
    pub missing: usize,
    /// Bytes of all the outlines.
    pub bytes: usize,
}

/// Draws the map out of a `GeoJSON` file whose features bear the SIREN of known territories; the map of
/// before is replaced at once, or stays when the file is refused. `at` is the moment of the import.
pub async fn import_contours(
    conn: &mut PgConnection,
    acting: &Acting,
    file: &Path,
    at: DateTime<Utc>,
) -> Result<DrawnMap, ImportError> {
    let mut tx = conn.begin().await?;
    audit::sign(&mut tx, acting).await?;
    load::begin_load(&mut tx).await?;
    let known = load::known(&mut tx).await?;
    let drawing = read(file, &known)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    load::replace_contours(&mut tx, &drawing, &name, at).await?;
    let map = DrawnMap {
        drawn: drawing.contours.len(),
        missing: known.len() - drawing.contours.len(),
        bytes: drawing.contours.iter().map(|c| c.path.len()).sum(),
    };
    let act = Act {
        verb: "contours_imported",
        object: ("territory_contours", "contours"),
        label: "Carte des territoires",
        details: Some(json!({ "file": name, "drawn": map.drawn, "missing": map.missing })),
    };
    audit::record(&mut tx, acting, act).await?;
    tx.commit().await?;
    Ok(map)
}

fn read(file: &Path, known: &[String]) -> Result<Drawing, ImportError> {
    let source = File::open(file).map_err(|error| {
        ImportError::File(format!(
            "Le fichier {} ne peut pas être ouvert\u{a0}: {error}.",
            file.display()
        ))
    })?;
    let Content::Json(text) = open(source, Limits::default())?.content else {
        let why =
            "ce n’est pas un fichier GeoJSON. Exportez la couche au format GeoJSON (EPSG:4326).";
        return Err(FileError::Geometry(why.to_owned()).into());
    };
    let is_known = |siren: Siren| known.iter().any(|k| k == siren.as_str());
    Ok(geojson::read(text, is_known)?)
}
