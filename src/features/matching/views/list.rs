//! The list of introductions, needs and offers.

use askama::Template;
use askama_web::WebTemplate;
use uuid::Uuid;

use super::{ACTIONS, LIST, is_council, new_path};
use crate::features::matching::list::{ListForm, OPENNESS, Shown};
use crate::features::matching::model::{DOSSIERS, STATES};
use crate::features::matching::queries::entries::Entry;
use crate::features::matching::queries::introductions::Introduction;
use crate::features::matching::queries::{Figures, OptionRow};
use crate::web::Visit;
use crate::web::filters;
use crate::web::filters::agree;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// What was found.
#[derive(Debug)]
pub enum Rows {
    /// Introductions.
    Introductions(Vec<Introduction>),
    /// Needs or offers.
    Entries(Vec<Entry>),
}

impl Rows {
    /// How many the query found in all.
    pub fn total(&self) -> i64 {
        match self {
            Self::Introductions(rows) => rows.first().map_or(0, |row| row.total),
            Self::Entries(rows) => rows.first().map_or(0, |row| row.total),
        }
    }

    /// How many are here.
    pub fn len(&self) -> usize {
        match self {
            Self::Introductions(rows) => rows.len(),
            Self::Entries(rows) => rows.len(),
        }
    }
}

/// Choices of the filters.
#[derive(Debug)]
pub struct Options {
    /// The two dossiers.
    pub dossiers: Vec<Choice>,
    /// The reference list.
    pub themes: Vec<Choice>,
    /// Territories that the person sees.
    pub territories: Vec<Choice>,
    /// States.
    pub states: Vec<Choice>,
}

type Clear = fn(&mut ListForm);

impl Options {
    /// From what the database offers.
    pub fn new(rows: Vec<OptionRow>, shown: Shown) -> Self {
        let (themes, territories): (Vec<OptionRow>, Vec<OptionRow>) =
            rows.into_iter().partition(|row| row.kind == "theme");
        let choices = |rows: Vec<OptionRow>| {
            rows.into_iter()
                .map(|row| Choice::new(row.value, row.label))
                .collect()
        };
        let states: &[(&str, &str)] = match shown {
            Shown::Introductions => &STATES,
            Shown::Entries(_) => &OPENNESS,
        };
        Self {
            dossiers: DOSSIERS
                .map(|dossier| Choice::new(dossier.code(), dossier.label()))
                .into(),
            themes: choices(themes),
            territories: choices(territories),
            states: states
                .iter()
                .map(|(code, words)| Choice::new(*code, *words))
                .collect(),
        }
    }

    /// Filters in force: words, and what takes each away.
    fn asked(&self, form: &ListForm) -> Vec<(String, Clear)> {
        let word = |name: &str, choices: &[Choice], value: &str| {
            let known = choices.iter().find(|choice| choice.value == value);
            let label = known.map_or("inconnu", |choice| choice.label.as_str());
            format!("{name}\u{a0}: {label}")
        };
        let all: [(&str, String, Clear); 4] = [
            (
                &form.dossier,
                word("Dossier", &self.dossiers, &form.dossier),
                |f| f.dossier.clear(),
            ),
            (
                &form.theme,
                word("Thème", &self.themes, &form.theme),
                |f| f.theme.clear(),
            ),
            (
                &form.territoire,
                word("Territoire", &self.territories, &form.territoire),
                |f| f.territoire.clear(),
            ),
            (&form.etat, word("État", &self.states, &form.etat), |f| {
                f.etat.clear();
            }),
        ];
        all.into_iter()
            .filter(|(value, ..)| !value.is_empty())
            .map(|(_, words, clear)| (words, clear))
            .collect()
    }

    /// Filters in force, in words.
    pub fn in_words(&self, form: &ListForm) -> Vec<String> {
        let asked = self.asked(form).into_iter();
        asked.map(|(words, _)| words).collect()
    }

    fn chips(&self, form: &ListForm) -> Vec<ActiveFilter> {
        let chip = |(label, clear): (String, Clear)| {
            let mut changed = form.clone();
            clear(&mut changed);
            ActiveFilter {
                label,
                remove_href: changed.href(LIST),
            }
        };
        self.asked(form).into_iter().map(chip).collect()
    }
}

/// The list.
#[derive(Template, WebTemplate)]
#[template(path = "matching/index.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What was asked, tidied.
    pub form: ListForm,
    /// Choices of the filters.
    pub options: Options,
    /// Filters in force, as chips.
    pub chips: Vec<ActiveFilter>,
    /// How many there are.
    pub figures: Figures,
    /// Place in the list.
    pub page: Page,
    /// The rows.
    pub rows: Rows,
    /// The same list as a file, for those who may take it away.
    pub export: Option<String>,
    /// The visitor's organisation, whose needs and offers they note here.
    pub own_organisation: Uuid,
    /// No filter can be wrong: what means nothing is left out.
    pub errors: FormErrors,
}

impl ListPage {
    /// The page for these parameters.
    pub fn new(
        visit: &Visit,
        form: ListForm,
        (options, figures): (Options, Figures),
        page: Page,
        rows: Rows,
    ) -> Self {
        Self {
            shell: visit
                .shell(page.title("Mises en relation"))
                .within(ACTIONS)
                .via("Accueil", "/")
                .at("Mises en relation"),
            chips: options.chips(&form),
            export: is_council(visit).then(|| form.href(&format!("{LIST}/export.csv"))),
            own_organisation: visit.user.organisation_id,
            form,
            options,
            figures,
            page,
            rows,
            errors: FormErrors::default(),
        }
    }

    /// The same list without its filters.
    pub fn all_href(&self) -> String {
        let form = ListForm {
            voir: self.form.voir.clone(),
            ..ListForm::default()
        };
        form.href(LIST)
    }

    /// Where the visitor notes what their own organisation needs or offers.
    pub fn own_href(&self) -> String {
        new_path(None, Some(self.own_organisation))
    }

    /// What can be shown: address, words, whether it is.
    pub fn tabs(&self) -> [(String, String, bool); 3] {
        let tab = |voir: &str, words: String| {
            let form = ListForm {
                voir: voir.to_owned(),
                ..ListForm::default()
            };
            (form.href(LIST), words, self.form.voir == voir)
        };
        let Figures { needs, offers, .. } = self.figures;
        [
            tab("", "Mises en relation".to_owned()),
            tab(
                "besoins",
                format!(
                    "Besoins ({needs}\u{a0}{})",
                    agree(needs, "ouvert", "ouverts")
                ),
            ),
            tab(
                "offres",
                format!(
                    "Offres ({offers}\u{a0}{})",
                    agree(offers, "ouverte", "ouvertes")
                ),
            ),
        ]
    }

    /// « 3 mises en relation depuis douze mois : 2 rencontres faites, 1 suite donnée ».
    pub fn count(&self) -> String {
        let Figures {
            proposed,
            met,
            pursued,
            ..
        } = self.figures;
        if proposed == 0 {
            return "Aucune mise en relation depuis douze mois.".to_owned();
        }
        format!(
            "{proposed}\u{a0}{} depuis douze mois\u{a0}: {met}\u{a0}{}, {pursued}\u{a0}{}.",
            agree(proposed, "mise en relation", "mises en relation"),
            agree(met, "rencontre faite", "rencontres faites"),
            agree(pursued, "suite donnée", "suites données"),
        )
    }
}
