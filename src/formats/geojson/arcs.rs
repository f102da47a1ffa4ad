//! Simplification that keeps shared borders shared.
//!
//! Rings are cut where borders meet into arcs; an arc that two territories share is simplified
//! once, always in the same direction, so both sides keep the same points.

use std::collections::HashMap;

use super::Ring;
use super::project::Point;

/// The rings of all shapes, cut into arcs.
pub struct Network {
    shapes: Vec<Vec<Vec<Vec<Point>>>>,
}

impl Network {
    /// Finds the meeting points and cuts there.
    pub fn new(shapes: &[Vec<Ring<Point>>]) -> Self {
        let meeting = meeting_points(shapes);
        let cut = |ring: &Ring<Point>| arcs(ring, &meeting);
        let usable = |ring: &&Ring<Point>| ring.len() >= 3;
        let shapes = shapes
            .iter()
            .map(|rings| rings.iter().filter(usable).map(cut).collect())
            .collect();
        Self { shapes }
    }

    /// Rings of each shape without the points closer than `tolerance` to the simpler line.
    ///
    /// Rings that vanish are left out, unless that leaves a shape with nothing.
    pub fn simplified(&self, tolerance: f64) -> Vec<Vec<Ring<Point>>> {
        self.shapes
            .iter()
            .map(|rings| shape(rings, tolerance))
            .collect()
    }
}

fn shape(rings: &[Vec<Vec<Point>>], tolerance: f64) -> Vec<Ring<Point>> {
    let join = |arcs: &Vec<Vec<Point>>, tolerance| {
        let mut ring: Ring<Point> = Vec::new();
        for arc in arcs {
            let simple = simplify(arc, tolerance);
            // The last point of an arc is the first of the next.
            ring.extend(&simple[..simple.len() - 1]);
        }
        ring
    };
    let simple: Vec<_> = rings
        .iter()
        .map(|r| join(r, tolerance))
        .filter(|r| r.len() >= 3)
        .collect();
    if !simple.is_empty() {
        return simple;
    }
    let whole = rings.iter().map(|r| join(r, 0.0));
    whole
        .max_by_key(|r| super::path::doubled_area(r).abs())
        .into_iter()
        .collect()
}

/// Points where the neighbours differ from one ring to another: three borders meet there, or a
/// shared border ends.
fn meeting_points(shapes: &[Vec<Ring<Point>>]) -> HashMap<Point, bool> {
    let mut neighbours: HashMap<Point, (Point, Point)> = HashMap::new();
    let mut meeting: HashMap<Point, bool> = HashMap::new();
    for ring in shapes.iter().flatten().filter(|r| r.len() >= 3) {
        for (i, point) in ring.iter().enumerate() {
            let before = ring[(i + ring.len() - 1) % ring.len()];
            let after = ring[(i + 1) % ring.len()];
            let pair = (before.min(after), before.max(after));
            let known = *neighbours.entry(*point).or_insert(pair);
            if known != pair {
                meeting.insert(*point, true);
            }
        }
    }
    meeting
}

/// A ring as arcs from meeting point to meeting point, its first point repeated at the end.
///
/// A ring that meets nothing is cut at its smallest point and at the farthest from that: its
/// twin, the hole around it, is cut at the same places.
fn arcs(ring: &Ring<Point>, meeting: &HashMap<Point, bool>) -> Vec<Vec<Point>> {
    let mut cuts: Vec<usize> = (0..ring.len())
        .filter(|i| meeting.contains_key(&ring[*i]))
        .collect();
    if cuts.len() < 2 {
        let start = cuts
            .pop()
            .or_else(|| (0..ring.len()).min_by_key(|i| ring[*i]))
            .unwrap_or(0);
        let far = |i: &usize| (squared(ring[start], ring[*i]), ring[*i]);
        let farthest = (0..ring.len()).max_by_key(far).unwrap_or(0);
        cuts = vec![start.min(farthest), start.max(farthest)];
    }
    let ends = cuts.iter().cycle().skip(1);
    let arc = |(from, to): (&usize, &usize)| {
        let length = (to + ring.len() - from - 1) % ring.len() + 1;
        (0..=length)
            .map(|step| ring[(from + step) % ring.len()])
            .collect()
    };
    cuts.iter().zip(ends).map(arc).collect()
}

fn squared(a: Point, b: Point) -> i64 {
    let (dx, dy) = (i64::from(a.0 - b.0), i64::from(a.1 - b.1));
    dx * dx + dy * dy
}

/// Douglas and Peucker, in the direction that starts at the smaller end whichever way it is given.
fn simplify(arc: &[Point], tolerance: f64) -> Vec<Point> {
    let backwards = arc.iter().rev().lt(arc.iter());
    let mut line = arc.to_vec();
    if backwards {
        line.reverse();
    }
    let mut keep = vec![false; line.len()];
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut spans = vec![(0, line.len() - 1)];
    while let Some((from, to)) = spans.pop() {
        let mut worst = (tolerance, None);
        for i in from + 1..to {
            let distance = distance(line[i], line[from], line[to]);
            if distance > worst.0 {
                worst = (distance, Some(i));
            }
        }
        if let Some(i) = worst.1 {
            keep[i] = true;
            spans.push((from, i));
            spans.push((i, to));
        }
    }
    let mut kept: Vec<Point> = line
        .into_iter()
        .zip(keep)
        .filter(|(_, k)| *k)
        .map(|(p, _)| p)
        .collect();
    if backwards {
        kept.reverse();
    }
    kept
}

/// From a point to a segment.
fn distance(p: Point, a: Point, b: Point) -> f64 {
    let (px, py) = (f64::from(p.0 - a.0), f64::from(p.1 - a.1));
    let (dx, dy) = (f64::from(b.0 - a.0), f64::from(b.1 - a.1));
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        ((px * dx + py * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (px - along * dx).hypot(py - along * dy)
}
