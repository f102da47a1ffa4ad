use std::collections::HashSet;
use std::io::Cursor;

use super::*;
use crate::formats::input::{Content, Limits, open};

fn draw_text(text: &str, keep: impl Fn(Siren) -> bool) -> Result<Drawing, FileError> {
    let opened = open(Cursor::new(text.as_bytes().to_vec()), Limits::default())?;
    let Content::Json(text) = opened.content else {
        panic!("not JSON")
    };
    read(text, keep)
}

fn feature(siren: &str, rings: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"nom":"EXEMPLE","code":"{siren}"}},"geometry":{{"type":"Polygon","coordinates":[{rings}]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

/// A border with many small teeth between two squares, walked down by one and up by the other.
fn neighbours() -> String {
    let tooth = |i: i32| {
        let wave = f64::from(i * 7919 % 101 - 50) / 4000.0;
        format!("[{:.6},{:.6}]", 2.0 + wave, 44.0 - f64::from(i) / 2000.0)
    };
    let down: Vec<String> = (0..=2000).map(tooth).collect();
    let mut up = down.clone();
    up.reverse();
    let west = format!("[[1,43],[1,44],{},[1,43]]", down.join(","));
    let east = format!("[[3,44],[3,43],{},[3,44]]", up.join(","));
    collection(&[feature("000081018", &west), feature("000081026", &east)])
}

/// The points of a path, in drawing units.
fn points(path: &str) -> HashSet<(i32, i32)> {
    let mut points = HashSet::new();
    let spaced = path.replace('-', " -").replace(['M', 'l', 'z'], " ");
    let numbers: Vec<i32> = spaced
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let mut at = (0, 0);
    for pair in numbers.chunks_exact(2) {
        at = (at.0 + pair[0], at.1 + pair[1]);
        points.insert(at);
    }
    points
}

#[test]
fn a_shared_border_stays_shared_and_light() {
    let drawing = draw_text(&neighbours(), |_| true).unwrap();
    let [west, east] = &drawing.contours[..] else {
        panic!("{drawing:?}")
    };
    assert!(west.path.len() + east.path.len() <= MAX_SVG);
    let corners = 2;
    let (west, east) = (points(&west.path), points(&east.path));
    let shared = west.intersection(&east).count();
    assert!(shared > 50, "{shared}");
    assert_eq!(
        (west.len() - shared, east.len() - shared),
        (corners, corners)
    );
}

#[test]
fn tolerance_grows_until_the_drawing_is_light() {
    // Enough points to pass 60 kB unless they are simplified.
    let ring = |shift: f64| {
        let point = |i: u32| {
            let (angle, wave) = (
                f64::from(i) * 0.000_314_159_27,
                f64::from(i * 31 % 17) / 30.0,
            );
            format!(
                "[{:.5},{:.5}]",
                shift + (1.0 + wave) * angle.cos(),
                44.0 + (1.0 + wave) * angle.sin()
            )
        };
        let points: Vec<String> = (0..20_000).map(point).collect();
        format!("[{},{}]", points.join(","), points[0])
    };
    let text = collection(&[
        feature("000081018", &ring(2.0)),
        feature("000081026", &ring(6.0)),
    ]);
    let drawing = draw_text(&text, |_| true).unwrap();
    let total: usize = drawing.contours.iter().map(|c| c.path.len()).sum();
    assert!((1_000..=MAX_SVG).contains(&total), "{total}");
}

#[test]
fn labels_stand_inside_and_unwanted_territories_are_left_out() {
    let square = "[[1,43],[1,44],[2,44],[2,43],[1,43]]";
    let far = "[[8,43],[8,44],[9,44],[9,43],[8,43]]";
    let text = collection(&[feature("000081018", square), feature("000081026", far)]);
    let drawing = draw_text(&text, |siren| siren.as_str() == "000081018").unwrap();
    let [contour] = &drawing.contours[..] else {
        panic!("{drawing:?}")
    };
    assert_eq!((drawing.width, contour.label_x), (WIDTH, WIDTH / 2));
    assert!(
        (drawing.height - 2764).abs() < 10,
        "cos 43.5° = 0.725: {}",
        drawing.height
    );
    assert!(
        (contour.label_y - drawing.height / 2).abs() < 5,
        "{}",
        contour.label_y
    );
    assert!(
        contour.path.starts_with('M') && contour.path.ends_with('z'),
        "{}",
        contour.path
    );
    assert!(
        draw_text(&text, |_| false)
            .unwrap_err()
            .to_string()
            .contains("territoire connu")
    );
}

#[test]
fn an_enclave_shares_its_border_with_the_hole_around_it() {
    let hole = "[[1.2,43.2],[1.8,43.2],[1.8,43.8],[1.5,43.83],[1.2,43.8],[1.2,43.2]]";
    let outer = format!("[[1,43],[1,44],[2,44],[2,43],[1,43]],{hole}");
    let inner = "[[1.8,43.8],[1.8,43.2],[1.2,43.2],[1.2,43.8],[1.5,43.83],[1.8,43.8]]";
    let text = collection(&[feature("000081018", &outer), feature("000081026", inner)]);
    let drawing = draw_text(&text, |_| true).unwrap();
    let inner = &drawing.contours[1].path;
    let hole = drawing.contours[0]
        .path
        .split_inclusive('z')
        .nth(1)
        .unwrap();
    assert_eq!(points(hole), points(inner));
}

#[test]
fn each_fault_is_told_in_french() {
    let told = |text: &str| draw_text(text, |_| true).unwrap_err().to_string();
    let metres = "[[600000,6300000],[600000,6310000],[610000,6310000],[600000,6300000]]";
    assert!(told(&collection(&[feature("000081018", metres)])).contains("EPSG:4326"));
    let open_ring = "[[1,43],[1,44],[2,44],[2,43]]";
    assert!(told(&collection(&[feature("000081018", open_ring)])).contains("fermé"));
    let flat = "[[1,43],[1,44],[1,43]]";
    assert!(told(&collection(&[feature("000081018", flat)])).contains("trois points"));
    assert!(told(&collection(&[feature("81", open_ring)])).contains("SIREN"));
    assert!(told(r#"{"type":"Topology"}"#).contains("FeatureCollection"));
    let cut = neighbours();
    let error = draw_text(&cut[..cut.len() / 2], |_| true).unwrap_err();
    assert_eq!(error, FileError::Truncated);
    let point = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"siren":"000081018"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#;
    assert!(told(point).contains("surface"));
}
