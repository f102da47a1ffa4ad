//! A report as one HTML page, in French: no script, no style sheet to fetch, curves as inline SVG
//! beside the tables that hold the same figures.

use std::fmt::Write as _;

use super::report::Report;
use super::text::{calibration_cells, decimal, group_cells, percent, summary, warnings};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#1e1e1e;background:#fff}table{border-collapse:collapse;margin:1rem 0}\
caption{text-align:left;font-weight:bold}th,td{border:1px solid #767676;padding:.25rem .6rem;\
text-align:right}th:first-child,td:first-child{text-align:left}.attention{border:3px solid #b34000;padding:.6rem}svg{max-width:26rem;height:auto}";

/// Side of a curve, in SVG units.
const SIDE: f64 = 300.0;

/// The page.
pub fn page(report: &Report) -> String {
    let title = format!("Rétro-test\u{a0}: {}", escape(&report.model));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    for warning in warnings(report) {
        let _ = writeln!(
            page,
            "<p class=\"attention\" role=\"note\"><strong>{}</strong></p>",
            escape(&warning)
        );
    }
    let rows = summary(report)
        .into_iter()
        .map(|(label, value)| [label, value]);
    table(&mut page, "Mesures", ["Mesure", "Valeur"], rows);
    let _ = writeln!(page, "<h2>Courbe ROC</h2>\n{}", roc(report));
    let _ = writeln!(page, "<h2>Calage</h2>\n{}", reliability(report));
    for (title, groups) in [
        ("Niveau", &report.by_level),
        ("Période", &report.by_period),
        ("Dixième de probabilité", &report.by_tenth),
    ] {
        let header = [
            title,
            "Lignes",
            "Défaillances",
            "Observé",
            "Prévu",
            "Observé / prévu",
        ];
        let caption = format!("Observé et prévu\u{a0}: {}", title.to_lowercase());
        table(
            &mut page,
            &caption,
            header,
            groups.iter().map(calibration_cells),
        );
    }
    for (title, groups) in [("Secteur", &report.by_sector), ("Taille", &report.by_size)] {
        if !groups.is_empty() {
            let header = [title, "Lignes", "Défaillances", "AUC", "Rappel"];
            table(&mut page, title, header, groups.iter().map(group_cells));
        }
    }
    let shifts = report
        .psi
        .iter()
        .map(|shift| [shift.of.clone(), decimal(shift.psi, 3)]);
    table(
        &mut page,
        "Stabilité de la population",
        ["Variable", "PSI"],
        shifts,
    );
    let _ = write!(
        page,
        "<p>Empreinte des données (SHA-256)\u{a0}: <code>{}</code></p>\n</main>\n</body>\n</html>\n",
        escape(&report.sha256)
    );
    page
}

fn table<const N: usize>(
    page: &mut String,
    caption: &str,
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let _ = write!(
        page,
        "<table>\n<caption>{}</caption>\n<thead><tr>",
        escape(caption)
    );
    for cell in header {
        let _ = write!(page, "<th scope=\"col\">{}</th>", escape(cell));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for cells in rows {
        page.push_str("<tr>");
        for (place, cell) in cells.iter().enumerate() {
            let _ = if place == 0 {
                write!(page, "<th scope=\"row\">{}</th>", escape(cell))
            } else {
                write!(page, "<td>{}</td>", escape(cell))
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n");
}

fn roc(report: &Report) -> String {
    let auc = report
        .auc
        .map_or_else(|| "–".to_owned(), |auc| decimal(auc.value, 3));
    let words = format!("Courbe ROC, aire {auc}");
    let axes = ["entreprises saines signalées", "défaillances signalées"];
    curve(&words, axes, &report.roc, false)
}

/// Observed against predicted, both axes up to the largest of them.
fn reliability(report: &Report) -> String {
    let pairs: Vec<(f64, f64)> = report
        .by_tenth
        .iter()
        .map(|tenth| {
            (
                tenth.predicted,
                tenth.observed.map_or(0.0, |found| found.value),
            )
        })
        .collect();
    let most = pairs
        .iter()
        .fold(1e-9_f64, |most, pair| most.max(pair.0).max(pair.1));
    let scaled: Vec<(f64, f64)> = pairs.iter().map(|(x, y)| (x / most, y / most)).collect();
    let words = format!(
        "Fréquence observée selon la probabilité prévue, par dixième, jusqu’à {}",
        percent(most)
    );
    curve(
        &words,
        ["probabilité prévue", "fréquence observée"],
        &scaled,
        true,
    )
}

/// A square with its diagonal and a line through points of the unit square.
fn curve(words: &str, axes: [&str; 2], points: &[(f64, f64)], dots: bool) -> String {
    let place = |(x, y): &(f64, f64)| (40.0 + x * SIDE, 10.0 + (1.0 - y) * SIDE);
    let line: Vec<String> = points
        .iter()
        .map(place)
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    let mut marks = String::new();
    for (x, y) in points.iter().map(place).filter(|_| dots) {
        let _ = write!(
            marks,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#000091\"/>"
        );
    }
    let words = escape(words);
    let [across, up] = axes;
    format!(
        "<svg role=\"img\" aria-label=\"{words}\" viewBox=\"0 0 350 350\" width=\"350\" height=\"350\"><title>{words}</title>\
<rect x=\"40\" y=\"10\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#767676\"/>\
<line x1=\"40\" y1=\"310\" x2=\"340\" y2=\"10\" stroke=\"#767676\" stroke-dasharray=\"4 4\"/>\
<polyline points=\"{}\" fill=\"none\" stroke=\"#000091\" stroke-width=\"2\"/>{marks}\
<text x=\"190\" y=\"335\" text-anchor=\"middle\" font-size=\"13\">{across}</text>\
<text x=\"20\" y=\"160\" text-anchor=\"middle\" font-size=\"13\" transform=\"rotate(-90 20 160)\">{up}</text></svg>",
        line.join(" ")
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
