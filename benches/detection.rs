//! `cargo bench --bench detection`: the shipped grid and the trained models against the floors that
//! the design measured, then the speed of scoring and of training. `--out docs/detection.json` writes
//! the figures, which the model card (`/modele`) shows.
//!
//! The sets are looked for in `VIGIE_BACKTEST`, else in `../shared/data/backtest` beside the project;
//! without them the bench says so and stops. Read the figures with [`NOTE`] in mind.

use std::error::Error;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use serde_json::{Value, json};
use vigie::scoring::backtest::{
    self, Panel, Report, Settings, american, polish, scoring, slovak, splits,
};
use vigie::scoring::fit::{Options, OutOfFold, out_of_fold, out_of_fold_masked, train};
use vigie::scoring::metrics::ranking::{auc, average_precision};
use vigie::scoring::model::Model;
use vigie::scoring::random::Generator;
use vigie::scoring::score::Grid;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// What must be known to read the figures; written beside them.
const NOTE: &str = "Three public foreign sets, no French firm. The grid was never fitted, but floors were set after \
measuring it, and on the Slovak set the six ratios that it finds (72 of its 116 points) were matched among about 18 \
combinations by the AUC on that whole set: its AUC there is flattering. Trained figures are out of fold or out of time, \
yet settings, added variables and signs left open were chosen among about 45 configurations in sight of these same \
figures: they flatter the training; only a set never looked at would not. With every sign fixed by theory the American \
test gives about .870 AUC and .075 average precision, under the floor. The Polish set draws failed and sound firms from \
different years, and most of its trained gain comes from which values are absent: with its published ratios alone, about \
.899 AUC and .496 average precision. No trained model is shipped.";

/// Rows scored from memory.
const ROWS: usize = 1_000_000;

/// Runs of a measure of speed; the best one is kept.
const RUNS: usize = 5;

/// A figure beside its floor.
struct Figure {
    set: &'static str,
    what: &'static str,
    value: f64,
    /// At least this, or at most when `at_most`.
    bound: f64,
    at_most: bool,
}

impl Figure {
    fn passes(&self) -> bool {
        if self.at_most {
            self.value <= self.bound
        } else {
            self.value >= self.bound
        }
    }
}

/// What the bench found.
#[derive(Default)]
struct Found {
    figures: Vec<Figure>,
    /// The grid as it is, on each set.
    grid: Vec<(&'static str, Report)>,
}

impl Found {
    fn measure(&mut self, set: &'static str, grid: &Model, panel: &Panel) {
        let settings = Settings {
            draws: 0,
            ..Settings::default()
        };
        self.grid
            .push((set, backtest::run(grid, panel, "", &settings)));
    }
}

fn main() -> Outcome {
    let Some(folder) = folder() else {
        println!("detection: no back-test data (set VIGIE_BACKTEST to their folder); skipped");
        return Ok(());
    };
    let grid = Model::parse(include_str!("../models/grille-1.0.0.toml"))?;
    let options = Options::default();
    let mut found = Found::default();
    slovak_set(&folder, &grid, &options, &mut found)?;
    let american = american::read(open(&folder, "american.csv.gz")?, true)?;
    american_set(&american, &grid, &options, &mut found)?;
    polish_set(&folder, &grid, &options, &mut found)?;
    speed(&grid, &mut found.figures);
    print(&found.figures);
    println!("\n{NOTE}");
    write(&grid, &found)
}

fn folder() -> Option<PathBuf> {
    let given = std::env::var_os("VIGIE_BACKTEST").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/backtest");
    given.or(Some(beside)).filter(|folder| folder.is_dir())
}

fn open(folder: &Path, name: &str) -> Outcome<GzDecoder<File>> {
    Ok(GzDecoder::new(File::open(folder.join(name))?))
}

fn scores(model: &Model, panel: &Panel) -> Vec<f64> {
    scoring::points(model, panel)
        .into_iter()
        .map(f64::from)
        .collect()
}

fn floor(set: &'static str, what: &'static str, value: Option<f64>, bound: f64) -> Figure {
    Figure {
        set,
        what,
        value: value.unwrap_or(0.0),
        bound,
        at_most: false,
    }
}

fn ceiling(set: &'static str, what: &'static str, value: f64, bound: f64) -> Figure {
    Figure {
        set,
        what,
        value,
        bound,
        at_most: true,
    }
}

fn fitted(figures: &mut Vec<Figure>, set: &'static str, found: &OutOfFold, bounds: [f64; 2]) {
    let metric = |name: &str| found.metrics.get(name).copied();
    figures.push(floor(set, "trained AUC, pooled", metric("auc"), bounds[0]));
    let pooled = metric("average_precision");
    figures.push(floor(set, "trained AP, pooled", pooled, bounds[1]));
    let mean = metric("average_precision_mean_of_folds");
    figures.push(floor(set, "trained AP, mean of folds", mean, bounds[1]));
}

fn slovak_set(folder: &Path, grid: &Model, options: &Options, found: &mut Found) -> Outcome {
    const SET: &str = "Slovak 2013-15, 5 folds by firm";
    let panel = slovak::read(open(folder, "slovak_2013_2015.csv.gz")?, true)?;
    found.measure(SET, grid, &panel);
    let area = auc(&scores(grid, &panel), &panel.labels);
    found.figures.push(floor(SET, "grid AUC", area, 0.91));
    fitted(
        &mut found.figures,
        SET,
        &out_of_fold(&panel, options)?,
        [0.955, 0.30],
    );
    Ok(())
}

fn american_set(panel: &Panel, grid: &Model, options: &Options, found: &mut Found) -> Outcome {
    const SET: &str = "US, train <= 2011, test 2015-18";
    let parts = splits::by_time(panel, 2011, 2014);
    let test = panel.select(&parts.test);
    found.measure(SET, grid, &test);
    let area = auc(&scores(grid, &test), &test.labels);
    found.figures.push(floor(SET, "grid AUC", area, 0.825));
    let past = panel.select(&parts.train);
    let begun = Instant::now();
    let model = train(&past, options)?;
    let seconds = begun.elapsed().as_secs_f64();
    let scores = scores(&model, &test);
    let area = auc(&scores, &test.labels);
    found.figures.push(floor(SET, "trained AUC", area, 0.858));
    let precision = average_precision(&scores, &test.labels);
    found
        .figures
        .push(floor(SET, "trained AP", precision, 0.085));
    found
        .figures
        .push(ceiling(SET, "training, s", seconds, 60.0));
    println!(
        "US model: {} variables, {} points in all",
        model.variables.len(),
        model.total()
    );
    Ok(())
}

fn polish_set(folder: &Path, grid: &Model, options: &Options, found: &mut Found) -> Outcome {
    const SET: &str = "Polish, 1 year before, 5 folds";
    const HIDDEN: &str = "Polish, 40 % hidden at test";
    let panel = polish::read(open(folder, "polish_years_1_2_4_5.csv.gz")?)?;
    let panel = panel.select(&panel.rows_where(|file| file == 5));
    found.measure(SET, grid, &panel);
    let area = auc(&scores(grid, &panel), &panel.labels);
    found.figures.push(floor(SET, "grid AUC", area, 0.825));
    fitted(
        &mut found.figures,
        SET,
        &out_of_fold(&panel, options)?,
        [0.92, 0.65],
    );
    let hidden = panel.clone().masked(0.4, options.seed);
    let area = auc(&scores(grid, &hidden), &hidden.labels);
    found.figures.push(floor(HIDDEN, "grid AUC", area, 0.81));
    let trained = out_of_fold_masked(&panel, options, 0.4)?;
    let area = trained.metrics.get("auc").copied();
    found
        .figures
        .push(floor(HIDDEN, "trained AUC, pooled", area, 0.82));
    Ok(())
}

/// A million rows of made-up ratios, a tenth of them unknown, against a copy of the same memory.
fn speed(grid: &Model, figures: &mut Vec<Figure>) {
    const SET: &str = "Scoring 1,000,000 rows, one thread";
    let mut generator = Generator::new(1);
    let mut value = || match generator.unit() {
        hidden if hidden < 0.1 => f64::NAN,
        _ => 2.0 * generator.unit() - 0.5,
    };
    let width = grid.variables.len();
    let features: Vec<f64> = (0..ROWS * width).map(|_| value()).collect();
    let columns: Vec<&[f64]> = features.chunks(ROWS).collect();
    let ready = Grid::new(grid);
    let mut totals = vec![0; ROWS];
    let mut contributions = vec![0; ROWS * width];
    let scoring = best(|| ready.explain(&columns, &mut totals, &mut contributions));
    let mut copy = vec![0.0; features.len()];
    let copying = best(|| {
        copy.copy_from_slice(std::hint::black_box(&features));
        std::hint::black_box(&mut copy);
    });
    figures.push(ceiling(SET, "with contributions, s", scoring, 0.2));
    println!(
        "scoring {ROWS} rows x {width} variables: {scoring:.3} s, copying them: {copying:.3} s, ratio {:.1} (sum {})",
        scoring / copying,
        totals.iter().map(|total| u64::from(*total)).sum::<u64>()
    );
}

fn best(mut run: impl FnMut()) -> f64 {
    (0..RUNS)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

fn print(figures: &[Figure]) {
    println!(
        "{:<36} {:<28} {:>8} {:>10}",
        "set", "figure", "value", "bound"
    );
    for figure in figures {
        println!(
            "{:<36} {:<28} {:>8.4} {:>2} {:>7.3} {}",
            figure.set,
            figure.what,
            figure.value,
            if figure.at_most { "<=" } else { ">=" },
            figure.bound,
            if figure.passes() { "pass" } else { "MISS" }
        );
    }
}

fn write(grid: &Model, found: &Found) -> Outcome {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--out");
    let Some(path) = arguments.nth(1) else {
        return Ok(());
    };
    let figures: Vec<Value> = found
        .figures
        .iter()
        .map(|figure| {
            json!({
                "set": figure.set,
                "figure": figure.what,
                "value": figure.value,
                "bound": figure.bound,
                "at_most": figure.at_most,
                "pass": figure.passes(),
            })
        })
        .collect();
    let sets: Vec<Value> = found
        .grid
        .iter()
        .map(|(set, report)| measured(grid, set, report))
        .collect();
    let whole = json!({
        "note": NOTE,
        "model": format!("{} {}", grid.identity.id, grid.identity.version),
        "grid": sets,
        "figures": figures,
    });
    let mut text = serde_json::to_string_pretty(&whole)?;
    text.push('\n');
    Ok(std::fs::write(path, text)?)
}

/// The grid on a set, without any training.
fn measured(grid: &Model, set: &str, report: &Report) -> Value {
    let levels: Vec<Value> = report
        .by_level
        .iter()
        .map(|level| {
            json!({
                "level": level.group,
                "rows": level.rows,
                "failures": level.failures,
                "observed": level.observed,
            })
        })
        .collect();
    let known: u32 = grid
        .variables
        .iter()
        .filter(|variable| !report.absent.contains(&variable.id))
        .map(|variable| u32::from(variable.weight()))
        .sum();
    json!({
        "set": set,
        "rows": report.rows,
        "failures": report.failures,
        "absent": report.absent,
        "points_known": known,
        "auc": report.auc,
        "average_precision": report.average_precision,
        "top_5": report.top.get(1),
        "levels": levels,
    })
}
