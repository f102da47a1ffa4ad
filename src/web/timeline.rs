//! Geometry of the timeline of due dates. Pure: counts in, marks out; `_macros/graphes.html` draws them with
//! their table.

use chrono::{Datelike as _, Months, NaiveDate};

use super::filters::agree;

const SHORT_MONTHS: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
/// Months drawn one by one, from the present one; what comes after them stands together.
const MONTHS: usize = 5;
/// Late ones, the months, what comes after.
const COLUMNS: usize = MONTHS + 2;
/// Width in SVG units: drawn at 288 px on the narrowest phone its 15-unit text is still 12 px.
const WIDTH: f64 = 360.0;
const TOP: f64 = 24.0;
const LANE: f64 = 62.0;

/// How many fall due in a month of a lane; none of a month for those that are late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Rank of the lane.
    pub lane: usize,
    /// First day of the month; none for late ones.
    pub month: Option<NaiveDate>,
    /// How many.
    pub count: i64,
}

/// A mark with its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Abscissa of its centre.
    pub x: f64,
    /// Ordinate.
    pub y: f64,
    /// How many.
    pub count: i64,
    /// A lozenge instead of a disc.
    pub is_late: bool,
}

/// A line of the drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its name.
    pub label: &'static str,
    /// Ordinate of its name.
    pub label_y: f64,
    /// Ordinate of its marks.
    pub y: f64,
    /// Columns that hold something.
    pub marks: Vec<Mark>,
    /// Every column, for the table.
    pub counts: [i64; COLUMNS],
}

/// A timeline ready to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The result in one sentence.
    pub title: String,
    /// What is drawn, in one sentence.
    pub description: String,
    /// Names of the columns with their abscissas.
    pub columns: Vec<(f64, String)>,
    /// The lines.
    pub lanes: Vec<Lane>,
    /// Height of the view box.
    pub height: f64,
}

impl Timeline {
    /// Width of the view box.
    pub const WIDTH: f64 = WIDTH;
}

/// Draws due dates by month, late ones first, a line for each lane; `noun` says what is counted, one and several.
/// None when nothing falls due.
pub fn timeline(
    today: NaiveDate,
    lanes: &[&'static str],
    noun: [&str; 2],
    due: &[Due],
) -> Option<Timeline> {
    let total: i64 = due.iter().map(|one| one.count).sum();
    if total == 0 {
        return None;
    }
    let mut counts = vec![[0; COLUMNS]; lanes.len()];
    for one in due {
        if let Some(lane) = counts.get_mut(one.lane) {
            lane[column(today, one.month)] += one.count;
        }
    }
    let late: i64 = counts.iter().map(|lane| lane[0]).sum();
    let step = WIDTH / f64::from(u32::try_from(COLUMNS).unwrap_or(1));
    let xs: Vec<f64> = (0u32..)
        .take(COLUMNS)
        .map(|rank| ((f64::from(rank) + 0.5) * step).round())
        .collect();
    let lanes: Vec<Lane> = lanes
        .iter()
        .zip(counts)
        .zip(0u32..)
        .map(|((label, counts), rank)| lane(label, counts, f64::from(rank), &xs))
        .collect();
    let columns = names(today);
    Some(Timeline {
        title: format!(
            "{total}\u{a0}{}, dont {late}\u{a0}en retard",
            agree(total, noun[0], noun[1])
        ),
        description: format!(
            "Une ligne par dossier\u{a0}; de gauche à droite, ce qui est en retard, puis chaque mois d’échéance de {} à {}, puis ce qui vient après. Le nombre est écrit dans chaque marque\u{a0}; un losange dit le retard.",
            columns[1], columns[MONTHS]
        ),
        height: TOP + LANE * f64::from(u32::try_from(lanes.len()).unwrap_or(0)),
        columns: xs.into_iter().zip(columns).collect(),
        lanes,
    })
}

fn lane(label: &'static str, counts: [i64; COLUMNS], rank: f64, xs: &[f64]) -> Lane {
    let top = TOP + LANE * rank;
    let y = top + 40.0;
    let marks = xs.iter().zip(counts).enumerate();
    Lane {
        label,
        label_y: top + 16.0,
        y,
        marks: marks
            .filter(|(_, (_, count))| *count > 0)
            .map(|(column, (x, count))| Mark {
                x: *x,
                y,
                count,
                is_late: column == 0,
            })
            .collect(),
        counts,
    }
}

fn column(today: NaiveDate, month: Option<NaiveDate>) -> usize {
    let Some(month) = month else {
        return 0;
    };
    let ahead = (month.year() - today.year()) * 12 + month.month().cast_signed()
        - today.month().cast_signed();
    usize::try_from(ahead).map_or(1, |ahead| ahead.min(MONTHS) + 1)
}

/// Names of the columns.
fn names(today: NaiveDate) -> Vec<String> {
    let months = (0u32..).take(MONTHS).map(|ahead| {
        let month = today + Months::new(ahead);
        SHORT_MONTHS[month.month0() as usize].to_owned()
    });
    std::iter::once("Retard".to_owned())
        .chain(months)
        .chain(std::iter::once("Après".to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn due(lane: usize, month: Option<&str>, count: i64) -> Due {
        Due {
            lane,
            month: month.map(day),
            count,
        }
    }

    #[test]
    fn late_ones_come_first_and_far_ones_stand_together() {
        let found = [
            due(0, None, 2),
            due(0, Some("2026-11-01"), 1),
            due(1, Some("2027-03-01"), 3),
            due(1, Some("2027-04-01"), 1),
            due(1, Some("2028-01-01"), 4),
        ];
        let noun = ["action à mener", "actions à mener"];
        let drawn = timeline(day("2026-11-24"), &["Foncier", "R&D"], noun, &found).expect("some");
        assert_eq!(
            drawn.title,
            "11\u{a0}actions à mener, dont 2\u{a0}en retard"
        );
        assert_eq!(drawn.lanes[0].counts, [2, 1, 0, 0, 0, 0, 0]);
        assert_eq!(drawn.lanes[1].counts, [0, 0, 0, 0, 0, 3, 5]);
        let names: Vec<&str> = drawn
            .columns
            .iter()
            .map(|(_, name)| name.as_str())
            .collect();
        assert_eq!(
            names,
            ["Retard", "nov.", "déc.", "janv.", "févr.", "mars", "Après"]
        );
        let marks = &drawn.lanes[0].marks;
        assert!(marks[0].is_late && !marks[1].is_late && marks[0].x < marks[1].x);
        let fits = |mark: &Mark| mark.x > 16.0 && mark.x < WIDTH - 16.0 && mark.y < drawn.height;
        assert!(drawn.lanes.iter().all(|lane| lane.marks.iter().all(fits)));
    }

    #[test]
    fn nothing_due_is_not_drawn() {
        let noun = ["action", "actions"];
        assert_eq!(timeline(day("2026-11-24"), &["Foncier"], noun, &[]), None);
    }
}
