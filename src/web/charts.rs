//! Geometry of the few charts of the house. Pure: numbers in, coordinates out; `_macros/graphes.html` draws them.
//!
//! A missing value breaks the line, it is never drawn as zero. Every chart is accompanied by its table.

use std::fmt::Write as _;

use super::filters::{UNKNOWN, group_thousands, show_decimal};

/// Width of a line chart in SVG units: drawn at 288 px on the narrowest phone its 15-unit text is still 12 px.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 210.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 32.0;
/// Room for the labels under the axis, width of a letter and gap between two labels, in SVG units.
const LABELS_SPAN: usize = 276;
const LETTER: usize = 8;
const LABELS_GAP: usize = 12;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 34.0;

/// One value of a series, with the words of its period.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    /// Period or category: « 2025 », « mars 2026 », the name of a territory.
    pub label: String,
    /// The value; `None` when nobody gave it.
    pub value: Option<f64>,
}

impl Datum {
    /// A datum from its label and value.
    pub fn new(label: impl Into<String>, value: Option<f64>) -> Self {
        Self {
            label: label.into(),
            value,
        }
    }

    /// The value in French, or « Non communiqué ».
    pub fn shown(&self) -> String {
        self.value
            .map_or_else(|| UNKNOWN.to_owned(), |value| show_decimal(value, 1))
    }
}

/// A point of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Abscissa in SVG units.
    pub x: f64,
    /// Ordinate in SVG units.
    pub y: f64,
    /// Value in French.
    pub shown: String,
    /// Whether it is the most recent known value.
    pub last: bool,
}

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Position along the axis, in SVG units.
    pub at: f64,
    /// Words of the mark.
    pub label: String,
}

/// A line chart ready to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct LineChart {
    /// The result in one sentence: title of the drawing.
    pub title: String,
    /// What the axes are, in one sentence.
    pub description: String,
    /// `d` attribute of the line, with a gap where values are missing.
    pub path: String,
    /// Known points.
    pub points: Vec<Point>,
    /// Horizontal marks, from zero up.
    pub y_ticks: Vec<Tick>,
    /// Labels under the axis: as many as fit.
    pub x_ticks: Vec<Tick>,
    /// The data, for the table.
    pub data: Vec<Datum>,
}

impl LineChart {
    /// Width of the view box.
    pub const WIDTH: f64 = WIDTH;
    /// Height of the view box.
    pub const HEIGHT: f64 = HEIGHT;
    /// Abscissa of the vertical axis.
    pub const LEFT: f64 = LEFT;
    /// Abscissa of the right end.
    pub const RIGHT: f64 = WIDTH - RIGHT;
    /// Ordinate of the labels under the axis.
    pub const LABELS: f64 = HEIGHT - 10.0;
}

/// Draws a series over time from zero; `noun` says what is counted, one and
/// several (« salarié », « salariés »). `None` when no value is known.
pub fn line(subject: &str, noun: [&str; 2], data: Vec<Datum>) -> Option<LineChart> {
    let highest = data.iter().filter_map(finite).reduce(f64::max)?;
    let top = nice_ceiling(highest);
    let xs = abscissas(data.len(), LEFT, WIDTH - RIGHT);
    let y_of =
        |value: f64| round1(HEIGHT - BOTTOM - value.max(0.0) / top * (HEIGHT - BOTTOM - TOP));
    let points = points(&data, &xs, y_of);
    let y_ticks = (0..=2)
        .map(|step| f64::from(step) * top / 2.0)
        .map(|value| Tick {
            at: y_of(value),
            label: show_decimal(value, 1),
        })
        .collect();
    Some(LineChart {
        title: headline(subject, noun, &data),
        description: describe(noun, &data),
        path: path(&data, &xs, y_of),
        points,
        y_ticks,
        x_ticks: x_ticks(&data, &xs),
        data,
    })
}

/// A line of 150 × 48 units without axes, for a cell or a badge.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparkline {
    /// The movement in words.
    pub title: String,
    /// `d` attribute.
    pub path: String,
    /// Last known point.
    pub last: (f64, f64),
}

/// Draws a small series on the scale `0..=top`, the same for every row of a list. `None` when no value is known.
pub fn sparkline(subject: &str, noun: [&str; 2], data: &[Datum], top: f64) -> Option<Sparkline> {
    let top = if top > 0.0 { top } else { 1.0 };
    let xs = abscissas(data.len(), 5.0, 145.0);
    let y_of = |value: f64| round1(43.0 - (value / top).clamp(0.0, 1.0) * 38.0);
    let last = points(data, &xs, y_of).into_iter().next_back()?;
    Some(Sparkline {
        title: headline(subject, noun, data),
        path: path(data, &xs, y_of),
        last: (last.x, last.y),
    })
}

/// A zone of a bullet bar, in the unit of the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// CSS class.
    pub slug: &'static str,
    /// Name.
    pub word: &'static str,
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
}

/// A zone as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnZone {
    /// CSS class.
    pub slug: &'static str,
    /// Name.
    pub word: &'static str,
    /// Where it begins, in the unit of the measure.
    pub from: u32,
    /// Left side.
    pub x: f64,
    /// Width.
    pub width: f64,
}

/// One value on a scale of named zones (Few's bullet graph, with its zones in words).
#[derive(Debug, Clone, PartialEq)]
pub struct Bullet {
    /// The result in words.
    pub title: String,
    /// Zones, from the left.
    pub zones: Vec<DrawnZone>,
    /// Where the value stands.
    pub marker: f64,
}

impl Bullet {
    /// Width of the drawing.
    pub const WIDTH: f64 = 400.0;
}

/// Draws a value among zones that follow one another from zero.
pub fn bullet(value: u32, zones: &[Zone]) -> Bullet {
    let top = zones.last().map_or(1, |zone| zone.to.max(1));
    let x_of = |value: u32| round1(f64::from(value.min(top)) / f64::from(top) * Bullet::WIDTH);
    let here = zones.iter().rev().find(|zone| value >= zone.from);
    Bullet {
        title: format!(
            "{value} points sur {top}, zone {}",
            here.map_or("inconnue", |zone| zone.word)
        ),
        marker: x_of(value).clamp(2.0, Bullet::WIDTH - 2.0),
        zones: zones
            .iter()
            .map(|zone| DrawnZone {
                slug: zone.slug,
                word: zone.word,
                from: zone.from,
                x: x_of(zone.from),
                width: round1(x_of(zone.to) - x_of(zone.from)),
            })
            .collect(),
    }
}

/// One bar of a sorted list.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What is measured.
    pub label: String,
    /// Value in French.
    pub shown: String,
    /// Length out of 100; `None` when the value is missing: no bar is drawn.
    pub length: Option<f64>,
}

/// Horizontal bars from zero, longest first, missing values last.
pub fn bars(mut data: Vec<Datum>) -> Vec<Bar> {
    data.sort_by(|a, b| {
        finite(b)
            .unwrap_or(-1.0)
            .total_cmp(&finite(a).unwrap_or(-1.0))
    });
    let highest = data.iter().filter_map(finite).fold(0.0, f64::max);
    let length = |value: f64| {
        if highest > 0.0 {
            round1(value.max(0.0) / highest * 100.0)
        } else {
            0.0
        }
    };
    data.iter()
        .map(|datum| Bar {
            label: datum.label.clone(),
            shown: datum.shown(),
            length: finite(datum).map(length),
        })
        .collect()
}

/// The result of a series in one sentence: « Effectif : de 31 à 62 salariés entre 2019 et 2025 ».
pub fn headline(subject: &str, noun: [&str; 2], data: &[Datum]) -> String {
    let known: Vec<&Datum> = data
        .iter()
        .filter(|datum| finite(datum).is_some())
        .collect();
    match known[..] {
        [] => format!("{subject}\u{a0}: {}", UNKNOWN.to_lowercase()),
        [only] => format!(
            "{subject}\u{a0}: {} {} ({})",
            only.shown(),
            agreed(noun, only),
            only.label
        ),
        [first, .., last] if first.value == last.value => format!(
            "{subject}\u{a0}: {} {} en {} comme en {}",
            last.shown(),
            agreed(noun, last),
            first.label,
            last.label
        ),
        [first, .., last] => format!(
            "{subject}\u{a0}: de {} à {} {} entre {} et {}",
            first.shown(),
            last.shown(),
            agreed(noun, last),
            first.label,
            last.label
        ),
    }
}

/// The noun as it agrees with a value; plural from 2, as in French.
fn agreed<'a>([one, several]: [&'a str; 2], datum: &Datum) -> &'a str {
    let is_plural = finite(datum).is_some_and(|value| value.abs() >= 2.0);
    if is_plural { several } else { one }
}

fn describe([_, noun]: [&str; 2], data: &[Datum]) -> String {
    let ends = data.first().zip(data.last());
    let span = ends.map_or_else(String::new, |(a, b)| {
        format!(", de {} à {}", a.label, b.label)
    });
    let missing = data.iter().filter(|datum| finite(datum).is_none()).count();
    let gaps = match missing {
        0 => String::new(),
        1 => " Une valeur manque.".to_owned(),
        n => format!(
            " {} valeurs manquent.",
            group_thousands(i64::try_from(n).unwrap_or(i64::MAX))
        ),
    };
    format!(
        "En hauteur, le nombre de {noun} à partir de zéro\u{202f}; en largeur, le temps{span}.{gaps}"
    )
}

fn finite(datum: &Datum) -> Option<f64> {
    datum.value.filter(|value| value.is_finite())
}

fn points(data: &[Datum], xs: &[f64], y_of: impl Fn(f64) -> f64) -> Vec<Point> {
    let known = data
        .iter()
        .zip(xs)
        .filter_map(|(datum, &x)| Some((datum, x, finite(datum)?)));
    let mut points: Vec<Point> = known
        .map(|(datum, x, value)| Point {
            x,
            y: y_of(value),
            shown: datum.shown(),
            last: false,
        })
        .collect();
    if let Some(point) = points.last_mut() {
        point.last = true;
    }
    points
}

fn path(data: &[Datum], xs: &[f64], y_of: impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for (datum, x) in data.iter().zip(xs) {
        let Some(value) = finite(datum) else {
            pen_down = false;
            continue;
        };
        let pen = if pen_down { 'L' } else { 'M' };
        // Writing to a String cannot fail.
        let _ = write!(path, "{pen}{x} {}", y_of(value));
        pen_down = true;
    }
    path
}

/// Evenly spread abscissas; a single one stands in the middle.
fn abscissas(count: usize, left: f64, right: f64) -> Vec<f64> {
    if count == 1 {
        return vec![round1(f64::midpoint(left, right))];
    }
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let step = (right - left) / f64::from(count.saturating_sub(1).max(1));
    (0..count)
        .map(|index| round1(left + f64::from(index) * step))
        .collect()
}

/// First and last labels always, those between only as long as they leave about 64 units each.
fn x_ticks(data: &[Datum], xs: &[f64]) -> Vec<Tick> {
    let widest = data
        .iter()
        .map(|datum| datum.label.chars().count())
        .max()
        .unwrap_or(0);
    let fitting = (LABELS_SPAN / (widest * LETTER + LABELS_GAP)).clamp(1, 5);
    let every = data.len().div_ceil(fitting).max(1);
    let end = data.len().saturating_sub(1);
    let kept = |index: usize| index == end || (index.is_multiple_of(every) && end - index >= every);
    data.iter()
        .zip(xs)
        .enumerate()
        .filter(|(index, _)| kept(*index))
        .map(|(_, (datum, &at))| Tick {
            at,
            label: datum.label.clone(),
        })
        .collect()
}

/// Smallest of 1, 2, 4, 5, 8, 10 × 10ⁿ above the value, at least 2: half of it is a round mark.
fn nice_ceiling(value: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 < value {
        power *= 10.0;
    }
    let steps = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let ceiling = steps
        .into_iter()
        .map(|step| step * power)
        .find(|ceiling| *ceiling >= value);
    ceiling.unwrap_or(value).max(2.0)
}

/// A tenth of a unit is finer than a pixel.
fn round1(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOBS: [&str; 2] = ["salarié", "salariés"];

    fn series(values: &[Option<f64>]) -> Vec<Datum> {
        values
            .iter()
            .zip(2019..)
            .map(|(value, year)| Datum::new(year.to_string(), *value))
            .collect()
    }

    #[test]
    fn a_missing_year_breaks_the_line_and_is_said() {
        let data = series(&[Some(31.0), None, Some(40.0), Some(62.0)]);
        let chart = line("Effectif", JOBS, data).expect("a chart");
        assert_eq!(chart.path.matches('M').count(), 2);
        assert_eq!(chart.points.len(), 3);
        assert!(chart.description.ends_with("Une valeur manque."));
        assert_eq!(
            chart.title,
            "Effectif\u{a0}: de 31 à 62 salariés entre 2019 et 2022"
        );
        assert_eq!(chart.data[1].shown(), UNKNOWN);
    }

    #[test]
    fn zero_sits_on_the_axis_and_the_top_is_round() {
        let chart = line("Effectif", JOBS, series(&[Some(0.0), Some(47.0)])).expect("a chart");
        assert!((chart.points[0].y - (HEIGHT - BOTTOM)).abs() < 0.05);
        assert_eq!(
            chart.y_ticks.last().map(|tick| tick.label.as_str()),
            Some("50")
        );
        let large = line("Effectif", JOBS, series(&[Some(7_200.0)])).expect("a chart");
        assert_eq!(large.y_ticks[2].label, "8\u{202f}000");
    }

    #[test]
    fn nothing_known_draws_nothing() {
        let fallen = line("Effectif", JOBS, series(&[Some(3.0), Some(1.0)])).expect("a chart");
        assert_eq!(
            fallen.title,
            "Effectif\u{a0}: de 3 à 1 salarié entre 2019 et 2020"
        );
        assert_eq!(line("Effectif", JOBS, series(&[None, None])), None);
        assert_eq!(line("Effectif", JOBS, Vec::new()), None);
        assert_eq!(
            sparkline(
                "Score",
                ["point", "points"],
                &series(&[Some(f64::NAN)]),
                100.0
            ),
            None
        );
    }

    #[test]
    fn labels_stay_few_and_keep_both_ends() {
        let chart = line("Effectif", JOBS, series(&[Some(1.0); 13])).expect("a chart");
        assert!(chart.x_ticks.len() <= 6);
        assert_eq!(chart.x_ticks[0].label, "2019");
        assert_eq!(chart.x_ticks[chart.x_ticks.len() - 1].label, "2031");
    }

    #[test]
    fn bars_are_sorted_and_a_missing_value_has_none() {
        let data = vec![
            Datum::new("a", Some(5.0)),
            Datum::new("b", None),
            Datum::new("c", Some(10.0)),
            Datum::new("d", Some(0.0)),
        ];
        let bars = bars(data);
        let order: Vec<_> = bars
            .iter()
            .map(|bar| (bar.label.as_str(), bar.length))
            .collect();
        assert_eq!(
            order,
            [
                ("c", Some(100.0)),
                ("a", Some(50.0)),
                ("d", Some(0.0)),
                ("b", None)
            ]
        );
    }
}
