//! What a model says of each row: a probability by rows that are not it, a level by its past.

use super::panel::Panel;
use super::run::{Settings, Split};
use super::splits;
use crate::scoring::counting::{real, share};
use crate::scoring::level::{Level, held};
use crate::scoring::metrics::probability::Platt;
use crate::scoring::model::Model;

/// Probability of each row by a line fitted on other rows; without both classes among those, the
/// base rate of all.
pub(super) fn calibrated(panel: &Panel, scores: &[f64], settings: &Settings) -> Vec<f64> {
    let fit = |rows: &[usize]| {
        let (some, labels): (Vec<f64>, Vec<bool>) = rows
            .iter()
            .map(|&row| (scores[row], panel.labels[row]))
            .unzip();
        Platt::fit(&some, &labels)
    };
    let base = share(real(panel.failures()), real(panel.len()));
    let tell = |line: Option<Platt>, score: f64| line.map_or(base, |line| line.probability(score));
    match settings.split {
        Split::Firm { folds } => {
            let of = splits::by_firm(panel, folds, settings.seed);
            let lines: Vec<Option<Platt>> = (0..folds)
                .map(|fold| {
                    let others: Vec<usize> =
                        (0..panel.len()).filter(|&row| of[row] != fold).collect();
                    fit(&others)
                })
                .collect();
            scores
                .iter()
                .zip(of)
                .map(|(score, fold)| tell(lines[fold], *score))
                .collect()
        }
        Split::Time {
            train_until,
            validate_until,
        } => {
            let parts = splits::by_time(panel, train_until, validate_until);
            let line = fit(&parts.validate).or_else(|| fit(&parts.train));
            scores.iter().map(|score| tell(line, *score)).collect()
        }
    }
}

/// Levels of each row, firm by firm in the order of time, without exit margin then with it.
pub(super) fn levels(model: &Model, panel: &Panel, points: &[u32]) -> [Vec<Level>; 2] {
    let mut free = model.clone();
    free.levels.exit_margin = 0;
    [&free, model].map(|model| {
        let mut levels = vec![Level::Low; panel.len()];
        for rows in panel.histories() {
            let mut before = None;
            for row in rows {
                levels[row] = held(points[row], before, model);
                before = Some(levels[row]);
            }
        }
        levels
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What happened to the firms of a fold never moves the probabilities of that fold.
    #[test]
    fn a_fold_is_calibrated_by_the_others() {
        let labels: Vec<bool> = (0..200).map(|row| row % 5 == 0).collect();
        let panel = Panel {
            firms: (0..200).collect(),
            periods: vec![2020; 200],
            labels,
            ..Panel::default()
        };
        let settings = Settings::default();
        let scores: Vec<f64> = (0..200).map(|row| f64::from(row % 17)).collect();
        let before = calibrated(&panel, &scores, &settings);
        // Scores of the first fold now tell its failures perfectly: its own line must not see it.
        let of = splits::by_firm(&panel, 5, settings.seed);
        let mut other = scores.clone();
        let rows: Vec<usize> = (0..200).filter(|&row| of[row] == 0).collect();
        for &row in &rows {
            other[row] = if panel.labels[row] { 100.0 } else { -100.0 };
        }
        let after = calibrated(&panel, &other, &settings);
        let one = rows.iter().copied().find(|&row| panel.labels[row]);
        let two = rows.iter().copied().find(|&row| {
            !panel.labels[row] && one.is_some_and(|one| scores[one].total_cmp(&scores[row]).is_ne())
        });
        let (one, two) = (one.unwrap(), two.unwrap());
        let slope = |p: &[f64], score: &[f64]| {
            let logit = |row: usize| (p[row] / (1.0 - p[row])).ln();
            (logit(one) - logit(two)) / (score[one] - score[two])
        };
        assert!((slope(&before, &scores) - slope(&after, &other)).abs() < 1e-6);
    }
}
