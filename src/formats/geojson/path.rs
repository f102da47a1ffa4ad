//! The text of an SVG path, and the place of a label.

use std::fmt::Write;

use super::Ring;
use super::project::Point;

/// `M12 34l5-6 7 8z…`: relative whole numbers, no separator where a sign does.
pub fn svg(rings: &[Ring<Point>]) -> String {
    let mut path = String::new();
    for ring in rings {
        let Some(&(mut x, mut y)) = ring.first() else {
            continue;
        };
        // Writing to a `String` cannot fail.
        let _ = write!(path, "M{x} {y}l");
        for (i, &(to_x, to_y)) in ring[1..].iter().enumerate() {
            let (dx, dy) = (to_x - x, to_y - y);
            let before = if i == 0 || dx < 0 { "" } else { " " };
            let between = if dy < 0 { "" } else { " " };
            let _ = write!(path, "{before}{dx}{between}{dy}");
            (x, y) = (to_x, to_y);
        }
        path.push('z');
    }
    path
}

/// Twice the signed area, in square units.
pub fn doubled_area(ring: &[Point]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross = |(a, b): (&Point, &Point)| {
        i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)
    };
    ring.iter().zip(next).map(cross).sum()
}

/// A point inside the largest ring, far from its sides: the middle of the widest of some
/// horizontal cuts.
pub fn label(rings: &[Ring<Point>]) -> (i32, i32) {
    const CUTS: i32 = 12;
    let Some(ring) = rings.iter().max_by_key(|r| doubled_area(r).abs()) else {
        return (0, 0);
    };
    let top = ring.iter().map(|p| p.1).min().unwrap_or(0);
    let bottom = ring.iter().map(|p| p.1).max().unwrap_or(0);
    let middle = i32::midpoint(top, bottom);
    let mut best = (0.0, (ring[0].0, middle));
    for cut in 1..CUTS {
        let y = top + (bottom - top) * cut / CUTS;
        let crossings = crossings(ring, f64::from(y) + 0.25);
        for pair in crossings.chunks_exact(2) {
            // Near the middle of the height a label has the most room around it.
            let off = f64::from((y - middle).abs()) / f64::from((bottom - top).max(1));
            let worth = (pair[1] - pair[0]) * (1.0 - off);
            if worth > best.0 {
                #[expect(clippy::cast_possible_truncation, reason = "inside the drawing")]
                let x = f64::midpoint(pair[0], pair[1]).round() as i32;
                best = (worth, (x, y));
            }
        }
    }
    best.1
}

/// Where a horizontal line enters and leaves a ring, from left to right.
fn crossings(ring: &[Point], y: f64) -> Vec<f64> {
    let next = ring.iter().cycle().skip(1);
    let mut crossings: Vec<f64> = ring
        .iter()
        .zip(next)
        .filter(|(a, b)| (f64::from(a.1) < y) != (f64::from(b.1) < y))
        .map(|(a, b)| {
            let along = (y - f64::from(a.1)) / f64::from(b.1 - a.1);
            f64::from(a.0) + along * f64::from(b.0 - a.0)
        })
        .collect();
    crossings.sort_by(f64::total_cmp);
    crossings
}
