use super::*;
use crate::scoring::backtest::{candidates, page, text};
use crate::scoring::model::samples::small;
use crate::scoring::random::Generator;

/// Six hundred firms over four years; those with little equity fail more.
fn panel() -> Panel {
    let model = small();
    let mut generator = Generator::new(5);
    let mut panel = Panel {
        name: "essai".to_owned(),
        candidates: candidates(&model),
        columns: vec![Vec::new(); 2],
        ..Panel::default()
    };
    for row in 0..2400_u32 {
        let equity = generator.unit() - 0.2;
        let year = i32::try_from(row % 4).unwrap();
        let failed = year == 3 && generator.unit() < if equity < 0.1 { 0.3 } else { 0.02 };
        panel.firms.push(row / 4);
        panel.periods.push(2019 + year);
        panel.labels.push(failed);
        panel.months_to_event.push(failed.then_some(0));
        panel.columns[0].push(equity);
        panel.columns[1].push(200.0 * generator.unit());
        panel
            .sectors
            .push(if row % 8 < 4 { "bois" } else { "textile" });
    }
    panel
}

fn by_firm() -> Settings {
    Settings {
        draws: 20,
        ..Settings::default()
    }
}

fn by_time() -> Settings {
    Settings {
        split: Split::Time {
            train_until: 2019,
            validate_until: 2020,
        },
        capacity: 50,
        draws: 20,
        ..Settings::default()
    }
}

#[test]
fn a_report_measures_the_rows_of_its_split() {
    let whole = run(&small(), &panel(), "", &by_firm());
    assert_eq!(
        (whole.rows, whole.firms, whole.periods),
        (2400, 600, (2019, 2022))
    );
    assert!(whole.auc.unwrap().value > 0.6);
    let late = run(&small(), &panel(), "", &by_time());
    assert_eq!((late.rows, late.periods), (1200, (2021, 2022)));
    assert_eq!(late.top.last().unwrap().flagged, 50);
    assert_eq!(late.by_period.len(), 2);
    let sectors: usize = late.by_sector.iter().map(|group| group.rows).sum();
    assert_eq!(sectors, 1200);
    let levels: usize = late.by_level.iter().map(|group| group.rows).sum();
    assert_eq!(levels, 1200);
}

/// Probabilities of each fold come from the other folds: over all rows they add up to about the
/// failures seen, without having been told them.
#[test]
fn calibration_is_told_out_of_fold() {
    let report = run(&small(), &panel(), "", &by_firm());
    let predicted: f64 = report
        .by_tenth
        .iter()
        .map(|tenth| tenth.predicted * real(tenth.rows))
        .sum();
    assert!(
        (predicted / real(report.failures) - 1.0).abs() < 0.1,
        "{predicted}"
    );
    assert!(report.brier_skill > 0.0);
}

#[test]
fn the_exit_margin_takes_changes_off() {
    let report = run(&small(), &panel(), "", &by_firm());
    let [free, kept] = &report.alerts;
    assert_eq!((free.exit_margin, kept.exit_margin), (0, 10));
    assert!(kept.churn.changes <= free.churn.changes);
    assert!(kept.recall >= free.recall);
}

#[test]
fn hidden_values_lower_the_figures_and_what_is_assessed() {
    let hidden = Settings {
        mask: 0.6,
        ..by_firm()
    };
    let whole = run(&small(), &panel(), "", &by_firm());
    let masked = run(&small(), &panel(), "", &hidden);
    assert_eq!(whole.not_assessed, 0);
    assert!(masked.not_assessed > 1000);
    assert!(masked.auc.unwrap().value < whole.auc.unwrap().value);
}

#[test]
fn a_model_is_not_praised_on_its_own_training_file() {
    let mut model = small();
    model.identity.sha256_training = Some("ab".repeat(32));
    let report = run(&model, &panel(), &"ab".repeat(32), &by_firm());
    assert!(report.same_as_training);
    let table = text::table(&report);
    assert!(table.starts_with("! ATTENTION\u{a0}: le modèle a été appris sur ce fichier même."));
    assert_eq!(
        table.matches("le flattent").count(),
        2,
        "before the figures and after them"
    );
    assert!(report.warnings[0].contains("le flattent"));
    assert!(page::page(&report).contains("class=\"attention\""));
    let other = run(&model, &panel(), &"cd".repeat(32), &by_firm());
    assert!(!other.same_as_training && other.warnings.is_empty());
    assert!(!text::table(&other).contains("ATTENTION"));
}

#[test]
fn the_same_inputs_give_the_same_bytes_in_every_form() {
    let report = || run(&small(), &panel(), "00", &by_time());
    let json = |report: &Report| serde_json::to_string(report).unwrap();
    assert_eq!(json(&report()), json(&report()));
    assert_eq!(page::page(&report()), page::page(&report()));
    assert_eq!(text::table(&report()), text::table(&report()));
}

#[test]
fn the_page_stands_alone_and_says_its_curves() {
    let mut report = run(&small(), &panel(), "00", &by_time());
    report.model = "<grille> & co".to_owned();
    let page = page::page(&report);
    assert!(page.contains("&lt;grille&gt; &amp; co"));
    assert_eq!(page.matches("role=\"img\"").count(), 2);
    assert_eq!(
        page.matches("<svg").count(),
        page.matches("</title>").count() - 1
    );
    assert!(!page.contains("<script") && !page.contains("http"));
    assert!(page.contains("<html lang=\"fr\">"));
}

#[test]
fn a_panel_without_failures_or_rows_is_measured_without_a_panic() {
    let mut sound = panel();
    sound.labels.fill(false);
    let report = run(&small(), &sound, "", &by_firm());
    assert_eq!((report.auc, report.average_precision), (None, None));
    let empty = run(&small(), &sound.select(&[]), "", &by_firm());
    assert_eq!(empty.rows, 0);
    assert!(text::table(&empty).contains("AUC (DeLong)"));
}
