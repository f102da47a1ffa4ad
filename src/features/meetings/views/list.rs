//! Lists of meetings and of companies to meet.

use askama::Template;
use askama_web::WebTemplate;
use chrono::NaiveDate;

use crate::features::companies::model::shown_name;
use crate::features::meetings::forms::ListForm;
use crate::features::meetings::model::{self, Kind};
use crate::features::meetings::queries::list::{OptionRow, Row, Silent};
use crate::features::meetings::routes::{LIST, SILENT};
use crate::web::Visit;
use crate::web::filters::{self, long_date};
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// Choices of the filters.
#[derive(Debug)]
pub struct Options {
    /// Territories that the person sees.
    pub territories: Vec<Choice>,
    /// « Moi », then referents.
    pub referents: Vec<Choice>,
    /// Kinds.
    pub kinds: Vec<Choice>,
}

impl Options {
    /// From what the database offers.
    pub fn new(rows: Vec<OptionRow>) -> Self {
        let (territories, referents): (Vec<OptionRow>, Vec<OptionRow>) =
            rows.into_iter().partition(|row| row.kind == "territory");
        let choice = |row: OptionRow| Choice::new(row.value, row.label);
        Self {
            territories: territories.into_iter().map(choice).collect(),
            referents: std::iter::once(Choice::new("moi", "Moi"))
                .chain(referents.into_iter().map(choice))
                .collect(),
            kinds: Kind::choices(),
        }
    }

    fn chips(&self, form: &ListForm, path: &str) -> Vec<ActiveFilter> {
        let word = |choices: &[Choice], value: &str| {
            let known = choices.iter().find(|choice| choice.value == value);
            known.map_or_else(|| "inconnu".to_owned(), |choice| choice.label.clone())
        };
        let day = |text: &str| {
            crate::features::meetings::forms::day(text)
                .map(long_date)
                .unwrap_or_default()
        };
        let mut chips = Vec::new();
        let mut add = |value: &str, label: String, clear: fn(&mut ListForm)| {
            if !value.is_empty() {
                let remove_href = form.href_without(path, clear);
                chips.push(ActiveFilter { label, remove_href });
            }
        };
        add(
            &form.territoire,
            format!(
                "Territoire\u{a0}: {}",
                word(&self.territories, &form.territoire)
            ),
            |f| f.territoire.clear(),
        );
        add(
            &form.referent,
            format!("Référent\u{a0}: {}", word(&self.referents, &form.referent)),
            |f| f.referent.clear(),
        );
        add(
            &form.format,
            format!("Format\u{a0}: {}", model::kind_label(&form.format)),
            |f| f.format.clear(),
        );
        add(&form.du, format!("Du {}", day(&form.du)), |f| f.du.clear());
        add(&form.au, format!("Au {}", day(&form.au)), |f| f.au.clear());
        add(&form.miennes, "Notées par moi".to_owned(), |f| {
            f.miennes.clear();
        });
        chips
    }
}

/// The list of meetings.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/index.html")]
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
    pub rows: Vec<Row>,
    /// No filter can be wrong: what means nothing is left out.
    pub errors: FormErrors,
}

impl ListPage {
    /// The page for these parameters.
    pub fn new(
        visit: &Visit,
        form: ListForm,
        options: Options,
        page: Page,
        rows: Vec<Row>,
    ) -> Self {
        Self {
            shell: visit
                .shell(page.title("Rencontres"))
                .via("Accueil", "/")
                .at("Rencontres"),
            chips: options.chips(&form, LIST),
            form,
            options,
            page,
            rows,
            errors: FormErrors::default(),
        }
    }
}

impl Row {
    /// Name of the company.
    pub fn name(&self) -> &str {
        shown_name(self.company.as_deref())
    }

    /// How, and whether it is still to come.
    pub fn how(&self) -> String {
        let kind = model::kind_label(&self.kind);
        match self.status.as_str() {
            "held" => kind.to_owned(),
            status => format!("{kind} ({})", model::status_label(status).to_lowercase()),
        }
    }
}

/// Companies to meet.
#[derive(Template, WebTemplate)]
#[template(path = "meetings/silent.html")]
pub struct SilentPage {
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
    pub rows: Vec<Silent>,
    /// No filter can be wrong.
    pub errors: FormErrors,
    /// Day before which a meeting is too old.
    pub before: NaiveDate,
}

impl SilentPage {
    /// The page for these parameters.
    pub fn new(
        visit: &Visit,
        form: ListForm,
        options: Options,
        page: Page,
        rows: Vec<Silent>,
    ) -> Self {
        let title = "Entreprises clés à rencontrer";
        Self {
            shell: visit
                .shell(page.title(title))
                .via("Accueil", "/")
                .via("Rencontres", LIST)
                .at(title),
            chips: options.chips(&form, SILENT),
            form,
            options,
            page,
            rows,
            errors: FormErrors::default(),
            before: model::silence(visit.today),
        }
    }
}

impl Silent {
    /// Name of the company.
    pub fn shown(&self) -> &str {
        shown_name(self.name.as_deref())
    }
}
