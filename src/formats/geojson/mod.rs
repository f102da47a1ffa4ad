//! Contours of territories: `GeoJSON` in, light SVG paths out.
//!
//! Any `FeatureCollection` of polygons in WGS84 whose features hold a SIREN in some property.
//! Borders that two territories share stay shared: both sides lose the same points.

mod arcs;
mod path;
mod project;

use std::collections::BTreeMap;
use std::io::Read;

use geojson::{Feature, FeatureCollection, GeometryValue};

use super::file_error::FileError;
use super::input::TextFile;
use crate::domain::Siren;

/// Bytes of all the paths together, at most: they are in the page.
pub const MAX_SVG: usize = 60_000;

/// Width of the drawing, in its own units; the height follows.
pub const WIDTH: i32 = 2_000;

/// Largest file that is read, in bytes: it is held in memory.
const MAX_FILE: u64 = 64 << 20;

/// Properties that hold the SIREN as a rule, tried first.
const USUAL: [&str; 5] = ["siren", "siren_epci", "code_siren", "code_epci", "code"];

/// A position in degrees: longitude, latitude.
type Degrees = [f64; 2];
/// The rings of each territory, on the grid.
type Shapes = Vec<Vec<Ring<project::Point>>>;
/// A closed line; its last position is not repeated.
type Ring<T> = Vec<T>;

/// One territory, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contour {
    /// Its SIREN.
    pub siren: Siren,
    /// Value of the `d` attribute of an SVG `path`, to fill with `evenodd`.
    pub path: String,
    /// Where its label stands, inside it.
    pub label_x: i32,
    /// Where its label stands.
    pub label_y: i32,
}

/// All territories in one drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Width of the `viewBox`, from 0.
    pub width: i32,
    /// Height of the `viewBox`, from 0.
    pub height: i32,
    /// Territories, by SIREN.
    pub contours: Vec<Contour>,
}

/// Reads contours and draws the territories that `keep` wants.
pub fn read(text: TextFile, keep: impl Fn(Siren) -> bool) -> Result<Drawing, FileError> {
    let mut bytes = Vec::new();
    let size = text.reader.take(MAX_FILE + 1).read_to_end(&mut bytes);
    if size.map_err(FileError::from_io)? as u64 > MAX_FILE {
        return Err(FileError::TooLarge { limit: MAX_FILE });
    }
    let collection: FeatureCollection = serde_json::from_slice(&bytes).map_err(|e| {
        let cut = e.is_eof();
        let why = "le fichier n’est pas un GeoJSON de type FeatureCollection. \
                   Exportez la couche au format GeoJSON (EPSG:4326).";
        if cut {
            FileError::Truncated
        } else {
            FileError::Geometry(why.to_owned())
        }
    })?;
    let mut territories: BTreeMap<Siren, Vec<Ring<Degrees>>> = BTreeMap::new();
    for (rank, feature) in collection.features.iter().enumerate() {
        let siren = siren_of(feature).ok_or_else(|| {
            FileError::Geometry(format!(
                "aucune propriété du contour n°\u{a0}{} n’est un SIREN valide. Ajoutez-lui une \
                 propriété «\u{a0}siren\u{a0}», par exemple 248100737.",
                rank + 1
            ))
        })?;
        if keep(siren) {
            territories
                .entry(siren)
                .or_default()
                .extend(rings_of(feature, siren)?);
        }
    }
    if territories.is_empty() {
        let why = "aucun de ses contours n’est celui d’un territoire connu. \
                   Vérifiez que leurs SIREN sont ceux de vos territoires.";
        return Err(FileError::Geometry(why.to_owned()));
    }
    draw(territories)
}

/// Simplifies more and more until the drawing is light enough.
fn draw(territories: BTreeMap<Siren, Vec<Ring<Degrees>>>) -> Result<Drawing, FileError> {
    let (sirens, shapes): (Vec<_>, Vec<_>) = territories.into_iter().unzip();
    let (shapes, height) = project::to_grid(&shapes)?;
    let network = arcs::Network::new(&shapes);
    let mut tolerance = 0.5;
    loop {
        let simple = network.simplified(tolerance);
        let paths: Vec<String> = simple.iter().map(|rings| path::svg(rings)).collect();
        if paths.iter().map(String::len).sum::<usize>() > MAX_SVG {
            tolerance *= 1.3;
            if tolerance > f64::from(WIDTH) {
                let why = "les contours sont trop nombreux pour une carte légère. \
                           Gardez seulement ceux de votre département.";
                return Err(FileError::Geometry(why.to_owned()));
            }
            continue;
        }
        let contours = sirens
            .iter()
            .zip(paths)
            .zip(&simple)
            .map(|((siren, path), rings)| {
                let (label_x, label_y) = path::label(rings);
                Contour {
                    siren: *siren,
                    path,
                    label_x,
                    label_y,
                }
            });
        return Ok(Drawing {
            width: WIDTH,
            height,
            contours: contours.collect(),
        });
    }
}

fn siren_of(feature: &Feature) -> Option<Siren> {
    let parse = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Siren::parse(text).ok(),
        serde_json::Value::Number(number) => super::values::siren(&number.to_string()).ok(),
        _ => None,
    };
    let properties = feature.properties.as_ref();
    let usual = USUAL.iter().find_map(|key| parse(properties?.get(*key)?));
    usual
        .or_else(|| properties?.values().find_map(parse))
        .or_else(|| match &feature.id {
            Some(geojson::feature::Id::String(text)) => Siren::parse(text).ok(),
            _ => None,
        })
}

fn rings_of(feature: &Feature, siren: Siren) -> Result<Vec<Ring<Degrees>>, FileError> {
    let wrong =
        |what: &str| FileError::Geometry(format!("le contour du territoire {siren} {what}"));
    let polygons = match feature.geometry.as_ref().map(|g| &g.value) {
        Some(GeometryValue::Polygon { coordinates }) => std::slice::from_ref(coordinates),
        Some(GeometryValue::MultiPolygon { coordinates }) => &coordinates[..],
        _ => return Err(wrong("n’est pas une surface (Polygon ou MultiPolygon).")),
    };
    let mut rings = Vec::new();
    for ring in polygons.iter().flatten() {
        let mut points = Vec::with_capacity(ring.len());
        for position in ring {
            let &[lon, lat, ..] = position.as_slice() else {
                return Err(wrong("a un point sans latitude."));
            };
            if lon.abs() > 180.0 || lat.abs() > 85.0 {
                return Err(wrong(
                    "n’est pas en degrés. Exportez la couche en WGS84 (EPSG:4326).",
                ));
            }
            points.push([lon, lat]);
        }
        if points.first() != points.last() {
            return Err(wrong(
                "n’est pas fermé\u{a0}: son dernier point doit être le premier.",
            ));
        }
        points.pop();
        if points.len() < 3 {
            return Err(wrong("a moins de trois points."));
        }
        rings.push(points);
    }
    if rings.is_empty() {
        Err(wrong("est vide."))
    } else {
        Ok(rings)
    }
}

#[cfg(test)]
mod tests;
