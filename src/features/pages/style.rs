//! `/style`: every component in every state, for those who draw and check pages. Shows samples, reads no data.

use askama::Template;
use chrono::{NaiveDate, TimeDelta};

use crate::web::charts::{self, Bar, Datum, LineChart, Sparkline};
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, ChoiceGroup, FormErrors};
use crate::web::letter::{Letter, Preview};
use crate::web::levels::{Level, Mark};
use crate::web::map::{self, Contour, Drawing, OnMap, Tile};
use crate::web::pager::{NoSuchPage, Page, Total};
use crate::web::shell::Shell;

/// The show-room. Build it with [`Samples`], which owns what the page borrows.
#[derive(Debug, Template)]
#[template(path = "pages/style.html")]
pub struct StylePage<'a> {
    /// Frame.
    pub shell: Shell,
    today: NaiveDate,
    late: NaiveDate,
    soon: NaiveDate,
    missing: Option<i64>,
    levels: [Level; 7],
    marks: [Mark; 5],
    no_errors: FormErrors,
    errors: FormErrors,
    formats: Vec<Choice>,
    groups: Vec<ChoiceGroup>,
    chosen: Vec<String>,
    filters_on: Vec<ActiveFilter>,
    page: Page,
    chart: Option<LineChart>,
    spark: Option<Sparkline>,
    bars: Vec<Bar>,
    tiles: Vec<Tile<'a>>,
    drawing: Option<Drawing<'a>>,
    mail: Preview,
}

/// Invented territories of the show-room.
#[derive(Debug)]
pub struct Samples {
    territories: Vec<OnMap>,
    contours: Vec<Contour>,
}

impl Default for Samples {
    fn default() -> Self {
        let levels = Level::WORST_FIRST;
        let names = [
            "Vallée",
            "Plateau",
            "Causse",
            "Montagne noire",
            "Plaine et coteaux",
        ];
        let spots = [(2, 1), (3, 1), (1, 2), (2, 2), (3, 2)];
        let mut marks = [Mark::Empty; 5];
        let mut territories = Vec::new();
        for (rank, (name, spot)) in names.into_iter().zip(spots).enumerate() {
            territories.push(OnMap {
                siren: rank.to_string(),
                name: name.to_owned(),
                href: "#cartes".to_owned(),
                marks,
                tile: Some(spot),
            });
            marks[rank] = Mark::Held(levels[rank]);
        }
        Self {
            territories,
            contours: contours(),
        }
    }
}

/// Four plots that share borders; the fifth territory has none, to show how it is said.
fn contours() -> Vec<Contour> {
    [
        ("0", "M20 20H300L280 150H40Z", 160.0, 90.0),
        ("1", "M300 20H580V130L280 150Z", 430.0, 85.0),
        ("2", "M40 150H280L260 280H20Z", 150.0, 220.0),
        ("3", "M280 150 580 130V280H260Z", 420.0, 215.0),
    ]
    .into_iter()
    .map(|(siren, path, label_x, label_y)| Contour {
        siren: siren.to_owned(),
        path: path.to_owned(),
        label_x,
        label_y,
    })
    .collect()
}

impl<'a> StylePage<'a> {
    /// The page as of `today`.
    pub fn new(shell: Shell, today: NaiveDate, samples: &'a Samples) -> Result<Self, NoSuchPage> {
        let jobs = [Some(31.0), Some(38.0), None, Some(47.0), Some(62.0)];
        let series: Vec<Datum> = jobs
            .into_iter()
            .zip(2021..)
            .map(|(v, year)| Datum::new(year.to_string(), v))
            .collect();
        let mut marks = [Mark::Empty; 5];
        marks[0] = Mark::Held(Level::Critical);
        marks[1] = Mark::Held(Level::Low);
        marks[3] = Mark::Held(Level::NotAssessed);
        Ok(Self {
            shell,
            today,
            late: today - TimeDelta::days(10),
            soon: today + TimeDelta::days(9),
            missing: None,
            levels: Level::WORST_FIRST,
            marks,
            no_errors: FormErrors::new(),
            errors: refused(),
            formats: ["Visite", "Appel", "Visio", "Courriel"]
                .map(|word| Choice::new(word, word))
                .into(),
            groups: ChoiceGroup::ranked([
                ("Activité", vec![Choice::new("client", "Perte d’un client")]),
                (
                    "Finances",
                    vec![
                        Choice::new("retard", "Retard de paiement"),
                        Choice::new("banque", "Difficulté avec la banque"),
                    ],
                ),
            ]),
            chosen: vec!["Visite".to_owned(), "Visio".to_owned()],
            filters_on: vec![
                ActiveFilter {
                    label: "Commune\u{a0}: Lautrec".into(),
                    remove_href: "#listes".into(),
                },
                ActiveFilter {
                    label: "Effectif\u{a0}: 20 à 49".into(),
                    remove_href: "#listes".into(),
                },
            ],
            page: Page::new(4, 25, Total::Exact(312), "/style", None)?,
            spark: charts::sparkline("Effectif", ["salarié", "salariés"], &series, 80.0),
            bars: charts::bars(series.clone()),
            chart: charts::line("Effectif", ["salarié", "salariés"], series),
            tiles: map::tiles(&samples.territories),
            drawing: map::drawing("0 0 600 300", 1.0, &samples.contours, &samples.territories),
            mail: mail(),
        })
    }
}

fn mail() -> Preview {
    let letter = Letter::new("Vigie\u{a0}: votre semaine", "Claire Exemple")
        .say("Deux échéances cette semaine.")
        .link("Ouvrir Vigie", "https://vigie.example/")
        .because(
            "Vous recevez ce courriel parce que vous l’avez demandé.",
            "Changer ce choix",
            "https://vigie.example/compte/courriels".to_owned(),
        );
    let reader = (
        "Claire Exemple".to_owned(),
        "claire@exemple.example".to_owned(),
    );
    let mut preview = Preview::of(&letter, vec![reader], &[]);
    preview.files = vec!["echeances.ics".to_owned()];
    preview
}

fn refused() -> FormErrors {
    let mut errors = FormErrors::new();
    errors.add(
        "siren_refuse",
        "Ce SIREN a 8 chiffres\u{a0}: il en faut 9, par exemple 812 345 678.",
    );
    errors.add(
        "motif_refuse",
        "Écrivez le motif du remplacement, par exemple «\u{a0}Fermeture du site en juin\u{a0}».",
    );
    errors.add("format_refuse", "Choisissez un format de rencontre.");
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html() -> String {
        let samples = Samples::default();
        let today = NaiveDate::from_ymd_opt(2026, 3, 27).expect("a date");
        let shell = Shell::bare("Département du Tarn", "Composants");
        StylePage::new(shell, today, &samples)
            .expect("a page")
            .render()
            .expect("renders")
    }

    #[test]
    fn every_id_is_unique_and_every_reference_has_its_target() {
        let html = html();
        let ids = values(&html, " id=\"");
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(ids.len(), unique.len(), "{ids:?}");
        let references = [
            " for=\"",
            " aria-describedby=\"",
            " aria-labelledby=\"",
            " href=\"#",
        ];
        for target in references
            .iter()
            .flat_map(|name| values(&html, name))
            .flat_map(str::split_whitespace)
        {
            assert!(unique.contains(&target), "nothing has the id {target}");
        }
    }

    #[test]
    fn a_refused_field_is_tied_to_its_message() {
        let html = html();
        assert!(html.contains(
            "aria-describedby=\"f-siren-refuse-aide f-siren-refuse-erreur\" aria-invalid=\"true\""
        ));
        assert!(html.contains("<a href=\"#f-siren-refuse\">Ce SIREN a 8 chiffres"));
    }

    #[test]
    fn nothing_is_styled_or_scripted_inline() {
        let html = html();
        for forbidden in [" style=\"", " onclick=", "<style", "javascript:"] {
            assert!(!html.contains(forbidden), "{forbidden}");
        }
    }

    fn values<'h>(html: &'h str, attribute: &str) -> Vec<&'h str> {
        html.split(attribute)
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect()
    }
}
