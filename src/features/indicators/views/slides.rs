//! The figures as slides for a session of the council: what the page says, and no more.

use super::ReportPage;
use crate::features::indicators::model::{Line, Report};
use crate::features::indicators::words;
use crate::formats::export::slides::{Body, Deck, Figure, Slide, SlideColumn, Table};
use crate::web::Visit;
use crate::web::filters::{group_thousands, long_date};

/// Territories that one slide holds, in two tables side by side.
const BESIDE: usize = 20;

/// The slides of what the report of one page tells.
pub fn deck(page: &ReportPage, visit: &Visit) -> Deck {
    let report = &page.report;
    let mut slides = vec![
        Slide {
            title: page.shell.title.clone(),
            body: Body::Cover(vec![
                page.shell.organisation.clone(),
                page.origin.clone(),
                page.territories.clone(),
            ]),
        },
        slide(
            "Les deux chiffres",
            Body::Figures(vec![identified(report), maintained(report)]),
        ),
        others(report),
        dossiers(report),
    ];
    slides.extend(report.lines.chunks(BESIDE).map(territories));
    slides.push(definitions(report));
    Deck {
        title: page.shell.title.clone(),
        author: visit.user.name.clone(),
        day: visit.today,
        foot: format!("{}. {}.", page.shell.organisation, page.origin),
        slides,
    }
}

fn slide(title: &str, body: Body) -> Slide {
    Slide {
        title: title.to_owned(),
        body,
    }
}

fn identified(report: &Report) -> Figure {
    Figure {
        name: "Identifiées et suivies".to_owned(),
        number: group_thousands(report.total.identified.into()),
        of: format!(
            "sur {} places",
            group_thousands(report.total.places().into())
        ),
        lines: vec![
            format!("{}.", report.identified_since()),
            format!("Dont {} depuis douze mois.", report.followed_words()),
            format!("{}.", report.followed_target()),
        ],
    }
}

fn maintained(report: &Report) -> Figure {
    let name = "Maintenues".to_owned();
    if report.total.due == 0 {
        return Figure {
            name,
            number: "–".to_owned(),
            of: String::new(),
            lines: vec![report.maintained_words()],
        };
    }
    let mut lines = vec![
        format!(
            "{}. Entrées depuis douze mois au moins.",
            report.lost_words()
        ),
        format!("{}.", report.maintained_since()),
        format!("{}.", report.maintained_target()),
    ];
    lines.extend(report.unproven_words().map(|words| format!("{words}.")));
    Figure {
        name,
        number: group_thousands(report.total.maintained.into()),
        of: format!("sur {}", group_thousands(report.total.due.into())),
        lines,
    }
}

fn column(title: &'static str, width: u32) -> SlideColumn {
    SlideColumn {
        title,
        width,
        is_number: false,
    }
}

fn number(title: &'static str, width: u32) -> SlideColumn {
    SlideColumn {
        title,
        width,
        is_number: true,
    }
}

fn others(report: &Report) -> Slide {
    let row = |one: words::Indicator| {
        let before = if report.has_past() {
            one.before
        } else {
            "Rien à comparer".to_owned()
        };
        vec![one.label.to_owned(), one.value, before]
    };
    let table = Table {
        columns: vec![
            column("Indicateur", 74),
            column("À cette date", 85),
            column("Avant", 85),
        ],
        rows: report.others().into_iter().map(row).collect(),
    };
    let compared = format!(
        "À cette date\u{a0}: {}. Avant\u{a0}: {}.",
        long_date(report.evening),
        long_date(report.before)
    );
    slide(
        "Ce que la méthode a fait",
        Body::Tables(vec![table], vec![compared]),
    )
}

fn dossiers(report: &Report) -> Slide {
    let rows = report.every_dossier().map(|(dossier, line)| {
        let told = |words: String| {
            if line.actions > 0 {
                words
            } else {
                String::new()
            }
        };
        vec![
            dossier.label().to_owned(),
            line.actions_words(),
            line.done.to_string(),
            line.late.to_string(),
            told(line.planned_words()),
            told(line.spent_words()),
        ]
    });
    let table = Table {
        columns: vec![
            column("Dossier", 52),
            column("Actions", 66),
            number("Faites", 20),
            number("En retard", 26),
            number("Prévu", 40),
            number("Dépensé", 40),
        ],
        rows: rows.into(),
    };
    slide(
        "Actions par dossier",
        Body::Tables(
            vec![table],
            report.introductions_words().into_iter().collect(),
        ),
    )
}

fn territories(lines: &[Line]) -> Slide {
    let half = lines.len().div_ceil(2).max(1);
    let row = |line: &Line| {
        vec![
            line.name.clone().unwrap_or_default(),
            format!("{} sur 5", line.identified),
            line.followed.to_string(),
            line.maintained_short(),
        ]
    };
    let tables = lines.chunks(half).map(|lines| Table {
        columns: vec![
            column("Territoire", 44),
            number("Identifiées", 26),
            number("Suivies", 20),
            number("Maintenues", 28),
        ],
        rows: lines.iter().map(row).collect(),
    });
    slide(
        "Par territoire",
        Body::Tables(
            tables.collect(),
            vec!["–\u{a0}: aucune entrée depuis un an\u{202f}; *\u{a0}: partiel.".to_owned()],
        ),
    )
}

fn definitions(report: &Report) -> Slide {
    let mut first: Vec<(String, String)> = report
        .definitions()
        .into_iter()
        .map(|(term, sense)| (term.to_owned(), sense))
        .collect();
    first.push(("Actions par dossier".to_owned(), words::DOSSIERS.to_owned()));
    if report.introductions.is_some() {
        first.push((
            "Mises en relation".to_owned(),
            words::INTRODUCTIONS.to_owned(),
        ));
    }
    let then = report
        .others()
        .into_iter()
        .map(|one| (one.label.to_owned(), one.definition.to_owned()))
        .collect();
    slide(
        "Comment c’est compté",
        Body::Terms(vec![first, then], words::SOURCES.to_owned()),
    )
}
