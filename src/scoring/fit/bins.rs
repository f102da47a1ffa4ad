//! Classes of a variable: where to cut, which class a value is in.

use crate::scoring::counting::{real, significant};

/// Cuts of a column: quantiles where failing rows and sound rows weigh the same in total, so that
/// the classes are fine where failures are. Rounded to three digits to be read. At most
/// `classes - 1` of them, strictly rising; none when nothing is known.
pub(super) fn cuts(column: &[f64], labels: &[bool], classes: usize) -> Vec<f64> {
    let mut known: Vec<(f64, bool)> = column
        .iter()
        .copied()
        .zip(labels.iter().copied())
        .filter(|(value, _)| !value.is_nan())
        .collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let failed = known.iter().filter(|(_, label)| *label).count();
    let weights = [
        1.0 / real(known.len() - failed).max(1.0),
        1.0 / real(failed).max(1.0),
    ];
    let total: f64 = known
        .iter()
        .map(|(_, label)| weights[usize::from(*label)])
        .sum();
    let step = total / real(classes);
    let (mut cuts, mut seen, mut goal): (Vec<f64>, f64, f64) = (Vec::new(), 0.0, step);
    for (value, label) in known {
        if seen >= goal && cuts.len() + 1 < classes {
            let cut = significant(value, 3);
            if cuts.last().is_none_or(|last| *last < cut) {
                cuts.push(cut);
            }
            while goal <= seen {
                goal += step;
            }
        }
        seen += weights[usize::from(label)];
    }
    cuts
}

/// Class of each value; the class after the last is for unknown values.
pub(super) fn classes(column: &[f64], cuts: &[f64]) -> Vec<u8> {
    let missing = byte(cuts.len() + 1);
    column
        .iter()
        .map(|value| {
            if value.is_nan() {
                missing
            } else {
                byte(cuts.partition_point(|cut| cut <= value))
            }
        })
        .collect()
}

/// A class number; there are fewer than 255.
pub(super) fn byte(class: usize) -> u8 {
    u8::try_from(class).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_finer_where_failures_are() {
        let column: Vec<f64> = (0..1000).map(f64::from).collect();
        let labels: Vec<bool> = (0..1000).map(|row| row < 20).collect();
        let found = cuts(&column, &labels, 10);
        assert!(found.is_sorted_by(|a, b| a < b));
        assert!(
            found.iter().filter(|cut| **cut <= 20.0).count() >= 5,
            "{found:?}"
        );
        assert!(found.len() < 10);
    }

    #[test]
    fn nothing_known_or_one_value_gives_no_cut() {
        assert!(cuts(&[f64::NAN, f64::NAN], &[true, false], 10).is_empty());
        assert!(cuts(&[3.0; 50], &[true; 50], 10).len() <= 1);
        assert_eq!(classes(&[1.0, 2.0, 3.0, f64::NAN], &[2.0]), [0, 1, 1, 2]);
    }
}
