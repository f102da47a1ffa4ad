//! From degrees to the integer grid of the drawing.

use super::{Degrees, FileError, Ring, Shapes, WIDTH};

/// A point of the drawing, y downwards.
pub type Point = (i32, i32);

/// Equirectangular at the mean latitude: over a département it differs from Lambert-93 by less
/// than a thousandth. Snapping to the grid is what makes both sides of a border meet exactly.
///
/// Gives the rings of each shape and the height of the drawing.
pub fn to_grid(shapes: &[Vec<Ring<Degrees>>]) -> Result<(Shapes, i32), FileError> {
    let (mut min, mut max) = ([f64::MAX; 2], [f64::MIN; 2]);
    for point in shapes.iter().flatten().flatten() {
        for axis in 0..2 {
            min[axis] = min[axis].min(point[axis]);
            max[axis] = max[axis].max(point[axis]);
        }
    }
    let squeeze = f64::midpoint(min[1], max[1]).to_radians().cos();
    let width = (max[0] - min[0]) * squeeze;
    let scale = f64::from(WIDTH) / width;
    let height = (max[1] - min[1]) * scale;
    if !(width > 0.0 && height >= 1.0 && height <= f64::from(WIDTH) * 10.0) {
        let why = "leur emprise est nulle ou démesurée. Vérifiez les coordonnées (EPSG:4326).";
        return Err(FileError::Geometry(why.to_owned()));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded by ten times the width"
    )]
    let snap = |[lon, lat]: &Degrees| {
        let x = (lon - min[0]) * squeeze * scale;
        let y = (max[1] - lat) * scale;
        (x.round() as i32, y.round() as i32)
    };
    let ring = |ring: &Ring<Degrees>| {
        let mut points: Ring<Point> = ring.iter().map(snap).collect();
        points.dedup();
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        points
    };
    let grid = shapes
        .iter()
        .map(|rings| rings.iter().map(ring).collect())
        .collect();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded by ten times the width"
    )]
    Ok((grid, height.ceil() as i32))
}
