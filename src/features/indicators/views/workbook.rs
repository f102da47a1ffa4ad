//! The figures as a workbook: one sheet for each indicator, with its definition and its date.

use super::Origin;
use crate::domain::Dossier;
use crate::features::indicators::model::{IntroductionLine, Line, Report};
use crate::features::indicators::words;
use crate::formats::export::book::Sheet;
use crate::formats::export::{Cell, Column};
use crate::web::Visit;
use crate::web::filters::long_date;

type Value = fn(&Line) -> Cell<'static>;
type Columns = &'static [(&'static str, Value)];

const IDENTIFIED: Columns = &[
    ("Places", |line| count(line.places())),
    ("Identifiées", |line| count(line.identified)),
    ("Suivies", |line| count(line.followed)),
];

const MAINTAINED: Columns = &[
    ("Entrées depuis un an", |line| count(line.due)),
    ("Maintenues", |line| count(line.maintained)),
    ("Perdues", |line| count(line.lost)),
    ("Sans preuve", |line| count(line.unproven)),
];

/// Tabs and columns of the other indicators, in the order of [`words::others`].
const OTHERS: [(&str, Columns); 6] = [
    (
        "Emplois",
        &[
            ("Identifiées", |line| count(line.identified)),
            ("Effectif connu", |line| count(line.jobs_known)),
            ("Emplois à l’entrée", |line| known(line, line.jobs_then)),
            ("Emplois à cette date", |line| known(line, line.jobs_now)),
        ],
    ),
    (
        "Alertes et contact",
        &[
            ("Alertes", |line| count(line.alerts)),
            ("Suivies d’une rencontre", |line| count(line.alerts_met)),
            ("Jours (médiane)", |line| Cell::integer(line.contact_days)),
        ],
    ),
    (
        "Alertes jugées utiles",
        &[
            ("Avis", |line| count(line.judged)),
            ("Utiles", |line| count(line.useful)),
        ],
    ),
    (
        "Ateliers",
        &[
            ("Ateliers tenus", |line| count(line.workshops)),
            ("Organismes présents", |line| count(line.partners)),
        ],
    ),
    (
        "Décisions",
        &[
            ("Arrivées à échéance", |line| count(line.decisions)),
            ("Tenues à temps", |line| count(line.decisions_in_time)),
        ],
    ),
    (
        "Pollutions et services",
        &[
            ("Identifiées", |line| count(line.identified)),
            ("Pollution renseignée", |line| {
                Cell::integer(line.pollutions_known)
            }),
            ("Risques de pollution", |line| {
                stated(line.polluting, line.pollutions_known)
            }),
            ("Service renseigné", |line| {
                Cell::integer(line.providers_known)
            }),
            ("Sans autre prestataire", |line| {
                stated(line.providers, line.providers_known)
            }),
        ],
    ),
];

fn count(number: i32) -> Cell<'static> {
    Cell::Integer(number.into())
}

/// Jobs, unless none are known: what is not known is not zero.
fn known(line: &Line, jobs: i32) -> Cell<'static> {
    if line.jobs_known == 0 {
        Cell::Unknown
    } else {
        count(jobs)
    }
}

/// What people stated, unless nobody stated anything. A snapshot of before that was counted keeps its number.
fn stated(number: i32, known: Option<i32>) -> Cell<'static> {
    if known == Some(0) {
        Cell::Unknown
    } else {
        count(number)
    }
}

/// The sheets, the two first figures first.
pub fn sheets(report: &Report, origin: &Origin, visit: &Visit) -> Vec<Sheet<'static>> {
    let head = |title: &str, definition: String| {
        let exported = format!(
            "Exporté de Vigie le {} par {}",
            long_date(visit.today),
            visit.user.name
        );
        vec![
            title.to_owned(),
            format!("Définition\u{a0}: {definition}"),
            format!("{}.", origin.words(report)),
            words::SOURCES.to_owned(),
            exported,
        ]
    };
    let [identified, followed, maintained] = report.definitions();
    let mut sheets = vec![
        sheet(
            "Identifiées et suivies",
            head(
                "Entreprises clés identifiées et suivies",
                format!("{} {}", identified.1, followed.1),
            ),
            IDENTIFIED,
            rows(report, IDENTIFIED, |_| true),
        ),
        sheet(
            "Maintenues",
            head("Entreprises maintenues", maintained.1),
            MAINTAINED,
            rows(report, MAINTAINED, |_| true),
        ),
    ];
    for (one, (name, columns)) in report.others().iter().zip(OTHERS) {
        let is_told = |line: &Line| !one.is_about_alerts || report.tells_alerts_of(line);
        sheets.push(sheet(
            name,
            head(one.label, one.definition.to_owned()),
            columns,
            rows(report, columns, is_told),
        ));
    }
    sheets.push(dossiers(
        report,
        head("Actions par dossier", words::DOSSIERS.to_owned()),
    ));
    if let Some(rows) = &report.introductions {
        let lines = head("Mises en relation", words::INTRODUCTIONS.to_owned());
        sheets.push(introductions(rows, lines));
    }
    sheets
}

fn sheet(
    name: &'static str,
    lines: Vec<String>,
    columns: Columns,
    rows: Vec<Vec<Cell<'static>>>,
) -> Sheet<'static> {
    let titles = columns.iter().map(|(title, _)| Column::new(title, 22));
    Sheet {
        name,
        lines,
        columns: std::iter::once(Column::new("Territoire", 32))
            .chain(titles)
            .collect(),
        rows,
    }
}

/// All together that evening, then on the one compared with, then territory by territory.
fn rows(
    report: &Report,
    columns: Columns,
    is_told: impl Fn(&Line) -> bool,
) -> Vec<Vec<Cell<'static>>> {
    let cells = |name: String, line: &Line| {
        let values = columns.iter().map(|(_, value)| {
            if is_told(line) {
                value(line)
            } else {
                Cell::Unknown
            }
        });
        std::iter::once(Cell::Text(name.into()))
            .chain(values)
            .collect()
    };
    let mut rows = vec![cells("Ensemble".to_owned(), &report.total)];
    if report.has_past() {
        let then = format!("Ensemble au {}", long_date(report.before));
        rows.push(cells(then, &report.total_before));
    }
    rows.extend(
        report
            .lines
            .iter()
            .map(|line| cells(line.name.clone().unwrap_or_default(), line)),
    );
    rows
}

fn dossiers(report: &Report, lines: Vec<String>) -> Sheet<'static> {
    let row = |dossier: Dossier| {
        let found = report.dossier(dossier);
        vec![
            Cell::text(Some(dossier.label())),
            count(found.companies),
            count(found.actions),
            count(found.done),
            count(found.late),
            Cell::integer(found.planned_euros),
            Cell::integer(found.spent_euros),
        ]
    };
    let titles = [
        ("Dossier", 32),
        ("Entreprises", 22),
        ("Actions", 22),
        ("Faites", 22),
        ("En retard", 22),
        ("Budget prévu (€)", 22),
        ("Budget dépensé (€)", 22),
    ];
    Sheet {
        name: "Actions par dossier",
        lines,
        columns: titles
            .iter()
            .map(|(title, width)| Column::new(title, *width))
            .collect(),
        rows: Dossier::ALL.into_iter().map(row).collect(),
    }
}

fn introductions(rows: &[IntroductionLine], lines: Vec<String>) -> Sheet<'static> {
    let row = |dossier: Dossier| {
        let found = rows.iter().find(|row| row.dossier == dossier.code());
        let found = found.cloned().unwrap_or_default();
        vec![
            Cell::text(Some(dossier.label())),
            count(found.proposed),
            count(found.met),
            count(found.pursued),
        ]
    };
    let titles = [
        ("Dossier", 32),
        ("Mises en relation", 22),
        ("Rencontres faites", 22),
        ("Suites données", 22),
    ];
    Sheet {
        name: "Mises en relation",
        lines,
        columns: titles
            .iter()
            .map(|(title, width)| Column::new(title, *width))
            .collect(),
        rows: [Dossier::Training, Dossier::Research]
            .into_iter()
            .map(row)
            .collect(),
    }
}
