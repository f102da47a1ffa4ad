//! The map of the territories: equal tiles on a grid, or a drawing when contours were imported.
//!
//! Both are lists of links with the same names as the list beside them; neither is the only way in.

use super::levels::{Mark, places_in_words};

/// Width of the view box that contours are projected to: the map is drawn at about this many pixels,
/// so that its 15-unit text is 12 px or more.
pub const VIEW_WIDTH: f64 = 600.0;
/// Columns and rows of the tile grid; a position outside it flows after the others.
pub const GRID: u8 = 8;

/// A territory as both maps show it.
#[derive(Debug, Clone)]
pub struct OnMap {
    /// Key that joins it to its contour.
    pub siren: String,
    /// Name short enough for a tile: « Centre Tarn » rather than « CC Centre Tarn ».
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its five places.
    pub marks: [Mark; 5],
    /// Column and row of its tile, from 1.
    pub tile: Option<(u8, u8)>,
}

impl OnMap {
    /// Places held.
    pub fn held(&self) -> usize {
        self.marks
            .iter()
            .filter(|mark| **mark != Mark::Empty)
            .count()
    }

    /// Name of the link: what is written on the map, then the same words as in the list.
    pub fn accessible_name(&self) -> String {
        format!(
            "{}/5 {}. {}",
            self.held(),
            self.name,
            places_in_words(&self.marks)
        )
    }
}

/// A tile at its place.
#[derive(Debug, Clone)]
pub struct Tile<'a> {
    /// The territory.
    pub territory: &'a OnMap,
    /// CSS classes of its column and row; empty when it has no place on the grid.
    pub class: String,
}

/// Tiles in reading order: by row, then by column, those without a free place last.
pub fn tiles(territories: &[OnMap]) -> Vec<Tile<'_>> {
    let mut order: Vec<&OnMap> = territories.iter().collect();
    order.sort_by_key(|territory| territory.tile.map_or((u8::MAX, 0), |(col, row)| (row, col)));
    let mut taken = Vec::new();
    let mut placed = Vec::new();
    let mut flowing = Vec::new();
    for territory in order {
        let spot = territory
            .tile
            .filter(|(col, row)| (1..=GRID).contains(col) && (1..=GRID).contains(row));
        match spot.filter(|spot| !taken.contains(spot)) {
            Some((col, row)) => {
                taken.push((col, row));
                placed.push(Tile {
                    territory,
                    class: format!("c{col} r{row}"),
                });
            }
            None => flowing.push(Tile {
                territory,
                class: String::new(),
            }),
        }
    }
    placed.append(&mut flowing);
    placed
}

/// Outline of a territory, simplified at import.
#[derive(Debug, Clone)]
pub struct Contour {
    /// SIREN of the territory.
    pub siren: String,
    /// `d` attribute, in units of its own: see [`Drawing::scale`].
    pub path: String,
    /// Where its value is written, in view box units.
    pub label_x: f64,
    /// Where its value is written, in view box units.
    pub label_y: f64,
}

/// One link of the drawing.
#[derive(Debug, Clone)]
pub struct Shape<'a> {
    /// The territory.
    pub territory: &'a OnMap,
    /// Its outline.
    pub contour: &'a Contour,
}

/// Words written on the drawing, over every outline.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Words of the line.
    pub words: String,
    /// Middle of the line, in view box units.
    pub x: f64,
    /// Baseline, in view box units.
    pub y: f64,
    /// Whether this is the value rather than a line of the name.
    pub value: bool,
}

/// Longest line written on the drawing, in characters: about the width of a small territory.
const LINE: usize = 13;
/// Height of a line and half the width of a character of the drawing, in view box units.
const LINE_HEIGHT: f64 = 16.0;
const HALF_LETTER: f64 = 3.6;

/// The room a text takes: left, top, right, bottom.
type Room = [f64; 4];

fn room(lines: &[&str], x: f64, first_baseline: f64) -> Room {
    let letters = lines
        .iter()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    let half = f64::from(u32::try_from(letters).unwrap_or(u32::MAX)) * HALF_LETTER;
    let height = LINE_HEIGHT * f64::from(u32::try_from(lines.len()).unwrap_or(u32::MAX));
    let top = first_baseline - LINE_HEIGHT + 4.0;
    [x - half, top, x + half, top + height]
}

fn overlap(a: &Room, b: &Room) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Every value, and under it the name wherever it overlaps nothing written before (the list and the link say it anyway).
fn labels(shapes: &[Shape<'_>]) -> Vec<Label> {
    let mut labels = Vec::new();
    let mut taken = Vec::new();
    for Shape { territory, contour } in shapes {
        let words = format!("{}/5", territory.held());
        taken.push(room(&[&words], contour.label_x, contour.label_y));
        labels.push(Label {
            words,
            x: contour.label_x,
            y: contour.label_y,
            value: true,
        });
    }
    for Shape { territory, contour } in shapes {
        let lines = cut(&territory.name, LINE);
        let first = contour.label_y + LINE_HEIGHT;
        let wanted = room(&lines, contour.label_x, first);
        if taken.iter().any(|other| overlap(other, &wanted)) {
            continue;
        }
        taken.push(wanted);
        let mut y = first;
        for words in lines {
            labels.push(Label {
                words: words.to_owned(),
                x: contour.label_x,
                y,
                value: false,
            });
            y += LINE_HEIGHT;
        }
    }
    labels
}

/// Cuts a text between words so that no line passes `longest` characters, unless one word alone does.
fn cut(text: &str, longest: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let fits = rest
            .match_indices(' ')
            .map(|(at, _)| at)
            .chain([rest.len()])
            .take_while(|&at| rest[..at].chars().count() <= longest)
            .last();
        let at = fits.unwrap_or_else(|| rest.find(' ').unwrap_or(rest.len()));
        let (line, tail) = rest.split_at(at);
        lines.push(line);
        rest = tail.trim_start();
    }
    lines
}

/// The drawn map.
#[derive(Debug, Clone)]
pub struct Drawing<'a> {
    /// `viewBox` attribute.
    pub view_box: &'a str,
    /// View box units in one unit of the paths.
    pub scale: f64,
    /// Links, in the order of the list.
    pub shapes: Vec<Shape<'a>>,
    /// Values and names, to be written over the outlines.
    pub labels: Vec<Label>,
    /// Territories without a contour, to be named under the map.
    pub missing: Vec<&'a str>,
}

/// Joins territories to their contours. `None` when no territory has one: show the tiles.
pub fn drawing<'a>(
    view_box: &'a str,
    scale: f64,
    contours: &'a [Contour],
    territories: &'a [OnMap],
) -> Option<Drawing<'a>> {
    let mut shapes = Vec::new();
    let mut missing = Vec::new();
    for territory in territories {
        match contours
            .iter()
            .find(|contour| contour.siren == territory.siren)
        {
            Some(contour) => shapes.push(Shape { territory, contour }),
            None => missing.push(territory.name.as_str()),
        }
    }
    let labels = labels(&shapes);
    (!shapes.is_empty()).then_some(Drawing {
        view_box,
        scale,
        shapes,
        labels,
        missing,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::levels::Level;

    fn territory(siren: &str, tile: Option<(u8, u8)>) -> OnMap {
        let mut marks = [Mark::Empty; 5];
        marks[0] = Mark::Held(Level::High);
        OnMap {
            siren: siren.into(),
            name: format!("T{siren}"),
            href: format!("/territoires/{siren}"),
            marks,
            tile,
        }
    }

    #[test]
    fn tiles_read_row_by_row_and_two_never_share_a_place() {
        let territories = [
            territory("1", Some((2, 2))),
            territory("2", Some((1, 1))),
            territory("3", None),
            territory("4", Some((1, 1))),
            territory("5", Some((9, 1))),
        ];
        let tiles = tiles(&territories);
        let seen: Vec<_> = tiles
            .iter()
            .map(|t| (t.territory.siren.as_str(), t.class.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("2", "c1 r1"),
                ("1", "c2 r2"),
                ("4", ""),
                ("5", ""),
                ("3", "")
            ]
        );
    }

    #[test]
    fn a_territory_without_contour_is_named() {
        let contour = Contour {
            siren: "1".into(),
            path: "M0 0Z".into(),
            label_x: 0.0,
            label_y: 0.0,
        };
        let contours = [contour];
        let territories = [territory("1", None), territory("2", None)];
        let map = drawing("0 0 600 400", 1.0, &contours, &territories).expect("a map");
        assert_eq!((map.shapes.len(), map.missing), (1, vec!["T2"]));
        assert!(drawing("0 0 600 400", 1.0, &[], &territories).is_none());
    }

    #[test]
    fn two_names_never_overlap_and_every_value_is_written() {
        let at = |siren: &str, label_x| Contour {
            siren: siren.into(),
            path: String::new(),
            label_x,
            label_y: 50.0,
        };
        let contours = [at("1", 100.0), at("2", 112.0), at("3", 300.0)];
        let territories = [
            territory("1", None),
            territory("2", None),
            territory("3", None),
        ];
        let map = drawing("0 0 600 400", 1.0, &contours, &territories).expect("a map");
        let names: Vec<_> = map
            .labels
            .iter()
            .filter(|l| !l.value)
            .map(|l| l.words.as_str())
            .collect();
        assert_eq!(names, ["T1", "T3"]);
        assert_eq!(map.labels.len(), 5);
    }

    #[test]
    fn names_are_cut_between_words() {
        assert_eq!(
            cut("Sidobre Vals et Plateaux", 13),
            ["Sidobre Vals", "et Plateaux"]
        );
        assert_eq!(cut("Carmausin-Ségala", 13), ["Carmausin-Ségala"]);
        assert_eq!(cut("  ", 13), Vec::<&str>::new());
    }

    #[test]
    fn the_name_of_the_link_is_the_value() {
        let name = territory("1", None).accessible_name();
        assert_eq!(name, "1/5 T1. 1 place occupée sur 5\u{a0}: 1 élevée");
    }
}
