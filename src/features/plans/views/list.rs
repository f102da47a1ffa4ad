//! The list of actions.

use askama::Template;
use askama_web::WebTemplate;
use chrono::NaiveDate;

use super::{choices, may_run};
use crate::domain::Dossier;
use crate::features::meetings::day;
use crate::features::plans::list::ListForm;
use crate::features::plans::model::STATUSES;
use crate::features::plans::queries::OptionRow;
use crate::features::plans::queries::actions::{Action, Due};
use crate::web::Visit;
use crate::web::filters::{self, long_date};
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;
use crate::web::timeline::{self, Timeline, timeline};

/// Path of the list.
pub const LIST: &str = "/actions";

/// Choices of the filters.
#[derive(Debug)]
pub struct Options {
    /// The five dossiers.
    pub dossiers: Vec<Choice>,
    /// « Moi », then organisations.
    pub owners: Vec<Choice>,
    /// Territories that the person sees.
    pub territories: Vec<Choice>,
    /// Statuses.
    pub statuses: Vec<Choice>,
}

type Clear = fn(&mut ListForm);

impl Options {
    /// From what the database offers.
    pub fn new(rows: Vec<OptionRow>) -> Self {
        let (territories, owners): (Vec<OptionRow>, Vec<OptionRow>) =
            rows.into_iter().partition(|row| row.kind == "territory");
        let choice = |row: OptionRow| Choice::new(row.value, row.label);
        Self {
            dossiers: Dossier::ALL
                .map(|dossier| Choice::new(dossier.code(), dossier.label()))
                .into(),
            owners: std::iter::once(Choice::new("moi", "Moi"))
                .chain(owners.into_iter().map(choice))
                .collect(),
            territories: territories.into_iter().map(choice).collect(),
            statuses: choices(&STATUSES),
        }
    }

    /// Filters in force: words, and what takes each away.
    fn asked(&self, form: &ListForm) -> Vec<(String, Clear)> {
        let word = |choices: &[Choice], value: &str| {
            let known = choices.iter().find(|choice| choice.value == value);
            known.map_or_else(|| "inconnu".to_owned(), |choice| choice.label.clone())
        };
        let due = day(&form.avant).map(long_date).unwrap_or_default();
        let (dossier, owner) = (
            word(&self.dossiers, &form.dossier),
            word(&self.owners, &form.pilote),
        );
        let (territory, status) = (
            word(&self.territories, &form.territoire),
            word(&self.statuses, &form.etat),
        );
        let all: [(&str, String, Clear); 6] = [
            (&form.dossier, format!("Dossier\u{a0}: {dossier}"), |f| {
                f.dossier.clear();
            }),
            (&form.pilote, format!("Pilote\u{a0}: {owner}"), |f| {
                f.pilote.clear();
            }),
            (
                &form.territoire,
                format!("Territoire\u{a0}: {territory}"),
                |f| f.territoire.clear(),
            ),
            (&form.etat, format!("État\u{a0}: {status}"), |f| {
                f.etat.clear();
            }),
            (&form.retard, "En retard".to_owned(), |f| f.retard.clear()),
            (&form.avant, format!("Échéance au {due}"), |f| {
                f.avant.clear();
            }),
        ];
        all.into_iter()
            .filter(|(value, ..)| !value.is_empty())
            .map(|(_, words, clear)| (words, clear))
            .collect()
    }

    /// Filters in force, in words.
    pub fn in_words(&self, form: &ListForm) -> Vec<String> {
        self.asked(form)
            .into_iter()
            .map(|(words, _)| words)
            .collect()
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

/// A line for each dossier.
fn drawn(today: NaiveDate, due: &[Due]) -> Option<Timeline> {
    let lane = |code: &str| Dossier::ALL.iter().position(|one| one.code() == code);
    let counts: Vec<timeline::Due> = due
        .iter()
        .filter_map(|one| {
            Some(timeline::Due {
                lane: lane(&one.dossier)?,
                month: one.month,
                count: one.count,
            })
        })
        .collect();
    let noun = ["action à mener", "actions à mener"];
    timeline(today, &Dossier::ALL.map(Dossier::label), noun, &counts)
}

/// The list of actions.
#[derive(Template, WebTemplate)]
#[template(path = "plans/index.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What was asked, tidied.
    pub form: ListForm,
    /// Choices of the filters.
    pub options: Options,
    /// Filters in force, as chips.
    pub chips: Vec<ActiveFilter>,
    /// Place in the list.
    pub page: Page,
    /// The rows.
    pub rows: Vec<Action>,
    /// The same list as files, for those who may take it away.
    pub exports: Option<(String, String)>,
    /// When those still to be done fall due.
    pub timeline: Option<Timeline>,
    /// No filter can be wrong: what means nothing is left out.
    pub errors: FormErrors,
    /// Today.
    pub today: NaiveDate,
}

impl ListPage {
    /// The page for these parameters.
    pub fn new(
        visit: &Visit,
        form: ListForm,
        options: Options,
        page: Page,
        (rows, due): (Vec<Action>, &[Due]),
    ) -> Self {
        let file = |kind: &str| form.href(&format!("{LIST}/export.{kind}"));
        Self {
            shell: visit
                .shell(page.title("Actions"))
                .via("Accueil", "/")
                .at("Actions"),
            chips: options.chips(&form),
            exports: may_run(visit).then(|| (file("csv"), file("xlsx"))),
            form,
            options,
            page,
            rows,
            errors: FormErrors::default(),
            timeline: drawn(visit.today, due),
            today: visit.today,
        }
    }
}
