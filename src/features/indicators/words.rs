//! Figures in words, and what each of them means. Pure: pages, files and slides say the same.

use chrono::NaiveDate;

use super::model::{IntroductionLine, Line, Report, Settings};
use crate::domain::Dossier;
use crate::web::filters::{agree, group_thousands, long_date, show_percent};

/// Cases below which a percentage says more than is known.
const FEW: i32 = 20;

/// Where the figures come from.
pub const SOURCES: &str = "Sources\u{a0}: choix et suivi dans Vigie\u{202f}; répertoire Sirene (Insee)\u{202f}; effectifs importés (Urssaf)\u{202f}; annonces du Bodacc.";

/// How actions are counted.
pub const DOSSIERS: &str = "Actions des plans des entreprises en place, sauf celles qui ont été abandonnées et celles qu’un plan clos a laissées inachevées\u{202f}; en retard\u{a0}: échéance passée et action non terminée. Les montants sont ceux que le plan dit.";

/// How introductions are counted.
pub const INTRODUCTIONS: &str = "Mises en relation proposées dans l’année sur un besoin de formation ou de R&D noté dans le territoire\u{202f}; celles dont les deux se sont rencontrés, et celles qui ont eu une suite, à la date de l’arrêté.";

/// Introductions of the year in words; none when they were not counted yet.
pub fn introductions(report: &Report) -> Option<String> {
    let rows = report.introductions.as_ref()?;
    let total = |value: fn(&IntroductionLine) -> i32| -> i64 {
        rows.iter().map(|row| i64::from(value(row))).sum()
    };
    let proposed = total(|row| row.proposed);
    if proposed == 0 {
        return Some("Aucune mise en relation dans l’année.".to_owned());
    }
    let by_dossier: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let dossier: Dossier = row.dossier.parse().ok()?;
            Some(format!("{}\u{a0}: {}", dossier.label(), row.proposed))
        })
        .collect();
    let (met, pursued) = (total(|row| row.met), total(|row| row.pursued));
    Some(format!(
        "{proposed}\u{a0}{} dans l’année ({})\u{a0}: {met}\u{a0}{}, {pursued}\u{a0}{}.",
        agree(proposed, "mise en relation", "mises en relation"),
        by_dossier.join(", "),
        agree(met, "rencontre faite", "rencontres faites"),
        agree(pursued, "suite donnée", "suites données"),
    ))
}

/// Said to those who may not know how many alerts there are.
const NOT_TOLD: &str = "Dit pour tout le Département seulement, à partir de trois alertes et si aucune ne se devine par soustraction";

/// One of the figures that follow the two first ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Name.
    pub label: &'static str,
    /// Pillar of sustainable development that it tells of.
    pub pillar: &'static str,
    /// Value in words.
    pub value: String,
    /// The same on the evening compared with.
    pub before: String,
    /// How it is counted.
    pub definition: &'static str,
    /// What is behind it.
    pub list: List,
    /// Whether it tells of alerts, which not everybody reads.
    pub is_about_alerts: bool,
}

/// The list behind a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Companies that hold a place, with what is stated of them.
    Identified,
    /// Companies and what became of their jobs.
    Maintained,
    /// Alerts.
    Alerts,
    /// Workshops, and their decisions.
    Workshops,
}

type Words = fn(&Line) -> String;

/// Name, pillar, value, list, definition.
const OTHERS: [(&str, &str, Words, List, &str); 6] = [
    (
        "Emplois des entreprises clés",
        "Social",
        jobs,
        List::Maintained,
        "Emplois salariés des établissements du territoire, à l’entrée puis à la date de l’arrêté, pour les entreprises en place dont les deux sont connus (Urssaf, imports).",
    ),
    (
        "Alertes et premier contact",
        "Gouvernance",
        alerts,
        List::Alerts,
        "Alertes ouvertes dans l’année sur les entreprises en place\u{202f}; celles qui ont été suivies d’une rencontre, et le nombre médian de jours jusqu’à elle.",
    ),
    (
        "Alertes jugées utiles",
        "Gouvernance",
        useful,
        List::Alerts,
        "Avis «\u{a0}utile\u{a0}» ou «\u{a0}pas utile\u{a0}» donnés dans l’année sur les évaluations des entreprises en place.",
    ),
    (
        "Ateliers de partage",
        "Gouvernance",
        workshops,
        List::Workshops,
        "Ateliers tenus dans l’année avec au moins un présent, et organismes différents venus.",
    ),
    (
        "Décisions d’atelier tenues à temps",
        "Gouvernance",
        decisions,
        List::Workshops,
        "Décisions arrivées à échéance dans l’année sur les entreprises en place, sauf celles qui ont été abandonnées\u{202f}; celles qui étaient faites à leur date.",
    ),
    (
        "Pollutions et services à surveiller",
        "Environnement, économie",
        stakes,
        List::Identified,
        "Entreprises en place dont la fermeture laisserait une pollution, ou dont personne d’autre ne rend le service à proximité (faits notés par le Département).",
    ),
];

/// How alerts are told to those who may not know who is in alert.
pub const ALERTS_TOGETHER: &str = "Les élus lisent le nombre d’alertes pour tout le Département seulement\u{a0}: s’il n’y en a aucune, ou s’il y en a au moins trois et moins que d’entreprises en place. Ce qui reste, une fois ôtés les territoires qui en comptent trois ou plus, suit la même règle et vient de deux territoires au moins\u{a0}: personne ne devine le reste par soustraction. Dès que des territoires sont choisis, plus rien n’en est dit.";

/// A figure that follows the two first ones, and how it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Name.
    pub label: &'static str,
    /// Pillar of sustainable development that it tells of.
    pub pillar: &'static str,
    /// How it is counted.
    pub words: &'static str,
}

/// How they are counted, in the same order.
pub fn others_defined() -> Vec<Definition> {
    OTHERS
        .iter()
        .map(|(label, pillar, _, _, words)| Definition {
            label,
            pillar,
            words,
        })
        .collect()
}

/// The figures that follow the two first ones, in their order.
pub fn others(report: &Report) -> Vec<Indicator> {
    OTHERS
        .iter()
        .map(|(label, pillar, words, list, definition)| {
            let is_about_alerts = label.starts_with("Alertes");
            let told = |line: &Line, is_told: bool| {
                if is_about_alerts && !is_told {
                    NOT_TOLD.to_owned()
                } else {
                    words(line)
                }
            };
            Indicator {
                label,
                pillar,
                value: told(&report.total, report.tells_alerts_of(&report.total)),
                before: told(&report.total_before, report.tells_alerts_before()),
                definition,
                list: *list,
                is_about_alerts,
            }
        })
        .collect()
}

/// « 47 entreprises identifiées sur 80 places ».
pub fn identified(line: &Line) -> String {
    format!(
        "{}\u{a0}{} sur {} places",
        line.identified,
        agree(
            line.identified.into(),
            "entreprise identifiée",
            "entreprises identifiées"
        ),
        group_thousands(line.places().into()),
    )
}

/// « 44 sur 47 », with its percentage when there are enough cases.
pub fn part(some: i32, all: i32) -> String {
    if all < FEW {
        format!("{some} sur {all}")
    } else {
        format!(
            "{some} sur {all} ({})",
            show_percent(f64::from(some) / f64::from(all))
        )
    }
}

/// What became of a figure since the evening compared with.
pub fn evolution(now: i32, then: i32, since: NaiveDate) -> String {
    let since = long_date(since);
    match now - then {
        0 => format!("Autant qu’au {since}"),
        more @ 1.. => format!("{more} de plus qu’au {since}"),
        less => format!("{} de moins qu’au {since}", -less),
    }
}

/// What is missing for a part to reach its target, in hundredths.
pub fn target(some: i32, all: i32, hundredths: i16) -> String {
    let aim = show_percent(f64::from(hundredths) / 100.0);
    let wanted = (i64::from(all) * i64::from(hundredths) + 99) / 100;
    let missing = wanted - i64::from(some);
    if all == 0 {
        format!("Objectif\u{a0}: {aim}")
    } else if missing <= 0 {
        format!("Objectif de {aim} atteint")
    } else {
        format!("Objectif\u{a0}: {aim}, il en manque encore {missing}")
    }
}

/// What is said of companies whose jobs are not known; none when all are.
pub fn unproven(line: &Line) -> Option<String> {
    (line.unproven > 0).then(|| {
        format!(
            "Partiel\u{a0}: {} sans effectif connu aux deux dates, ni {} ni perdues",
            agree(
                line.unproven.into(),
                "1\u{a0}entreprise",
                &format!("{}\u{a0}entreprises", line.unproven)
            ),
            "maintenues"
        )
    })
}

/// How the two first figures are counted.
pub fn definitions(settings: Settings) -> [(&'static str, String); 3] {
    [
        (
            "Identifiée",
            "L’entreprise tient, à la date de l’arrêté, l’une des cinq places d’un territoire.".to_owned(),
        ),
        (
            "Suivie",
            "Elle a un référent et, dans les douze mois qui précèdent, une rencontre, un passage en atelier ou un plan d’actions en cours.".to_owned(),
        ),
        (
            "Maintenue",
            format!(
                "Entrée depuis douze mois au moins, qu’elle tienne encore sa place ou non, elle est active, a un établissement ouvert dans le territoire, n’est pas en liquidation, et garde au moins {} de ses emplois à l’entrée. La preuve est un effectif plus récent que celui de l’entrée\u{a0}; sans lui, elle n’est comptée ni maintenue ni perdue.",
                show_percent(f64::from(settings.kept_share) / 100.0)
            ),
        ),
    ]
}

fn jobs(line: &Line) -> String {
    if line.jobs_known == 0 {
        return "Non communiqué".to_owned();
    }
    format!(
        "{} à l’entrée, {} aujourd’hui{}",
        group_thousands(line.jobs_then.into()),
        group_thousands(line.jobs_now.into()),
        partial(line.jobs_known, line.identified)
    )
}

fn alerts(line: &Line) -> String {
    if line.alerts == 0 {
        return "Aucune alerte".to_owned();
    }
    let opened = format!(
        "{}\u{a0}{}",
        line.alerts,
        agree(line.alerts.into(), "alerte", "alertes")
    );
    match line.contact_days {
        None => format!("{opened}, aucune suivie d’une rencontre"),
        Some(days) => format!(
            "{opened}, {} {} d’une rencontre, en {days}\u{a0}{} (médiane)",
            line.alerts_met,
            agree(line.alerts_met.into(), "suivie", "suivies"),
            agree(days.into(), "jour", "jours")
        ),
    }
}

fn useful(line: &Line) -> String {
    if line.judged == 0 {
        return "Aucun avis".to_owned();
    }
    format!("{} avis", part(line.useful, line.judged))
}

fn workshops(line: &Line) -> String {
    format!(
        "{}\u{a0}{}, {}\u{a0}{}",
        line.workshops,
        agree(line.workshops.into(), "atelier tenu", "ateliers tenus"),
        line.partners,
        agree(
            line.partners.into(),
            "organisme présent",
            "organismes présents"
        )
    )
}

fn decisions(line: &Line) -> String {
    if line.decisions == 0 {
        return "Aucune échéance".to_owned();
    }
    part(line.decisions_in_time, line.decisions)
}

fn stakes(line: &Line) -> String {
    if (line.pollutions_known, line.providers_known) == (Some(0), Some(0)) {
        return "Non communiqué".to_owned();
    }
    // A snapshot of before it was counted has its number alone.
    let told = |number: i32, known: Option<i32>, one: &str, many: &str| match known {
        Some(0) => format!("{many}\u{a0}: non communiqué"),
        known => format!(
            "{number}\u{a0}{}{}",
            agree(number.into(), one, many),
            partial(known.unwrap_or(line.identified), line.identified)
        ),
    };
    let pollutions = told(
        line.polluting,
        line.pollutions_known,
        "risque de pollution",
        "risques de pollution",
    );
    let providers = told(
        line.providers,
        line.providers_known,
        "service sans autre prestataire",
        "services sans autre prestataire",
    );
    format!("{pollutions}\u{202f}; {providers}")
}

/// « (partiel : 3 entreprises sur 5) » when what is told is known of some only.
fn partial(known: i32, all: i32) -> String {
    if known >= all {
        return String::new();
    }
    format!(
        " (partiel\u{a0}: {} sur {all})",
        agree(
            known.into(),
            "1\u{a0}entreprise",
            &format!("{known}\u{a0}entreprises")
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_waits_for_twenty_cases() {
        assert_eq!(part(4, 5), "4 sur 5");
        assert_eq!(part(44, 47), "44 sur 47 (93,6\u{a0}%)");
    }

    #[test]
    fn a_target_says_how_many_are_missing() {
        assert_eq!(target(44, 47, 90), "Objectif de 90\u{a0}% atteint");
        assert_eq!(
            target(40, 47, 90),
            "Objectif\u{a0}: 90\u{a0}%, il en manque encore 3"
        );
        assert_eq!(target(0, 0, 90), "Objectif\u{a0}: 90\u{a0}%");
    }

    #[test]
    fn what_is_not_known_is_never_zero() {
        let line = Line {
            identified: 5,
            unproven: 2,
            ..Line::default()
        };
        assert_eq!(jobs(&line), "Non communiqué");
        assert!(unproven(&line).is_some_and(|words| words.starts_with("Partiel")));
        let some = Line {
            jobs_known: 3,
            jobs_then: 1200,
            jobs_now: 1100,
            ..line
        };
        assert!(jobs(&some).contains("partiel"), "{}", jobs(&some));
        let stated = |pollutions_known, providers_known| {
            stakes(&Line {
                pollutions_known,
                providers_known,
                ..some.clone()
            })
        };
        assert_eq!(stated(Some(0), Some(0)), "Non communiqué");
        assert_eq!(
            stated(Some(2), Some(0)),
            "0\u{a0}risque de pollution (partiel\u{a0}: 2\u{a0}entreprises sur 5)\u{202f}; services sans autre \
             prestataire\u{a0}: non communiqué"
        );
        // A snapshot of before it was counted has its two numbers.
        assert_eq!(
            stated(None, None),
            "0\u{a0}risque de pollution\u{202f}; 0\u{a0}service sans autre prestataire"
        );
    }
}
