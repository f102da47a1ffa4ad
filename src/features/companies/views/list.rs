//! The list.

use std::collections::BTreeMap;

use askama::Template;
use askama_web::WebTemplate;
use chrono::NaiveDate;

use crate::features::companies::forms::{LIST, ListForm};
use crate::features::companies::model::{self, HeadcountGroup, Search, Sort};
use crate::features::companies::queries::list::{CompanyRow, OptionRow};
use crate::web::Error;
use crate::web::filters;
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::Page;
use crate::web::shell::Shell;

impl CompanyRow {
    /// The name, or what stands for it.
    pub fn shown_name(&self) -> &str {
        model::shown_name(self.name.as_deref())
    }

    /// The usual name where it adds something.
    pub fn second_name(&self) -> Option<&str> {
        self.usual_name
            .as_deref()
            .filter(|usual| Some(*usual) != self.name.as_deref())
    }

    /// What it does: the label of its activity, or the bare code.
    pub fn trade(&self) -> &Option<String> {
        if self.naf_label.is_some() {
            &self.naf_label
        } else {
            &self.naf_code
        }
    }
}

/// Choices of the filters.
#[derive(Debug, Default)]
pub struct Choices {
    /// Territories that the person sees.
    pub territories: Vec<Choice>,
    /// Communes of the chosen territory, or the chosen commune.
    pub communes: Vec<Choice>,
    /// Sections of the NAF.
    pub sections: Vec<Choice>,
    /// Headcount groups.
    pub headcounts: Vec<Choice>,
    /// Key or not.
    pub keys: Vec<Choice>,
    /// Closed or all; active is the empty choice.
    pub states: Vec<Choice>,
    /// Orders.
    pub sorts: Vec<Choice>,
}

impl Choices {
    /// From what the database offers.
    pub fn new(options: Vec<OptionRow>) -> Self {
        let mut choices = Self {
            headcounts: HeadcountGroup::ALL
                .map(|g| Choice::new(g.code(), g.label()))
                .into(),
            keys: vec![
                Choice::new("oui", "Entreprises clés"),
                Choice::new("non", "Autres entreprises"),
            ],
            states: vec![
                Choice::new("fermees", "Fermées"),
                Choice::new("toutes", "Toutes"),
            ],
            ..Self::default()
        };
        for option in options {
            match option.kind.as_str() {
                "territory" => choices
                    .territories
                    .push(Choice::new(option.value, option.label)),
                "commune" => choices
                    .communes
                    .push(Choice::new(option.value, option.label)),
                _ => {
                    let label = format!("{}\u{a0}: {}", option.value, option.label);
                    choices.sections.push(Choice::new(option.value, label));
                }
            }
        }
        choices
    }

    fn orders(searching: bool) -> Vec<Choice> {
        let natural = Sort::of("", searching);
        let others = Sort::ALL
            .into_iter()
            .filter(|s| *s != natural && *s != Sort::Relevance);
        others
            .map(|sort| Choice::new(sort.code(), sort.label()))
            .collect()
    }
}

fn label_of<'a>(choices: &'a [Choice], value: &'a str) -> &'a str {
    choices
        .iter()
        .find(|choice| choice.value == value)
        .map_or(value, |choice| &choice.label)
}

/// Where a datum comes from, and the date it speaks of.
pub type Source = (String, NaiveDate);

/// The list of companies.
#[derive(Template, WebTemplate)]
#[template(path = "companies/index.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// What was asked, tidied.
    pub form: ListForm,
    /// Choices of the filters.
    pub choices: Choices,
    /// Filters in force, as chips.
    pub chips: Vec<ActiveFilter>,
    /// Place in the list.
    pub page: Page,
    /// The rows.
    pub rows: Vec<CompanyRow>,
    /// Words of the natural order.
    pub natural_order: &'static str,
    /// Sources of the rows, each with its latest date.
    pub sources: Vec<Source>,
    /// Nothing was close: these names only resemble the words.
    pub is_loose: bool,
    /// Why the search could not be read.
    pub notice: Option<String>,
    /// Addresses of the exports: CSV, XLSX.
    pub exports: Option<(String, String)>,
    /// Whether the person can import.
    pub may_import: bool,
    errors: FormErrors,
}

impl ListPage {
    /// The page for these parameters.
    pub fn new(
        shell: Shell,
        form: &ListForm,
        mut choices: Choices,
        page: Page,
        rows: Vec<CompanyRow>,
    ) -> Result<Self, Error> {
        let search = Search::parse(&form.q);
        let searching = search.is_some();
        choices.sorts = Choices::orders(searching);
        let too_long = search.and_then(|search| search.notice());
        let notice = model::misread_number(&form.q).or(too_long).or_else(|| {
            (!form.q.is_empty() && !searching).then(|| {
                "Tapez au moins 2\u{a0}lettres pour chercher un nom, par exemple «\u{a0}mé\u{a0}»."
                    .to_owned()
            })
        });
        Ok(Self {
            chips: chips(form, &choices)?,
            sources: sources(
                rows.iter()
                    .map(|row| (row.source.as_str(), row.source_date)),
            ),
            natural_order: Sort::of("", searching).label(),
            shell,
            form: form.clone(),
            choices,
            page,
            rows,
            is_loose: false,
            notice,
            exports: None,
            may_import: false,
            errors: FormErrors::default(),
        })
    }

    /// Offers the list as files.
    pub fn offer_exports(&mut self, form: &ListForm) -> Result<(), Error> {
        self.exports = Some((
            form.href("/entreprises/export.csv")?,
            form.href("/entreprises/export.xlsx")?,
        ));
        Ok(())
    }

    /// Whether anything narrows the list.
    pub fn is_filtered(&self) -> bool {
        !self.chips.is_empty()
    }

    /// Whether a filter that the form folds away is in force.
    pub fn has_hidden_filter(&self) -> bool {
        let form = &self.form;
        [
            &form.territoire,
            &form.commune,
            &form.effectif,
            &form.secteur,
            &form.cle,
            &form.etat,
            &form.tri,
        ]
        .into_iter()
        .any(|value| !value.is_empty())
    }

    /// What the list holds, in words.
    pub fn count_in_words(&self) -> String {
        let words = match self.form.etat.as_str() {
            "fermees" => self
                .page
                .total
                .in_words("entreprise fermée", "entreprises fermées"),
            "toutes" => self.page.total.in_words("entreprise", "entreprises"),
            _ => self
                .page
                .total
                .in_words("entreprise en activité", "entreprises en activité"),
        };
        let mut letters = words.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        first + letters.as_str()
    }
}

/// Distinct sources, each with its latest date.
pub fn sources<'a>(pairs: impl Iterator<Item = (&'a str, NaiveDate)>) -> Vec<Source> {
    let mut latest: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (source, date) in pairs {
        latest
            .entry(source)
            .and_modify(|known| *known = date.max(*known))
            .or_insert(date);
    }
    latest
        .into_iter()
        .map(|(source, date)| (source.to_owned(), date))
        .collect()
}

/// The filters in force in words, « Commune : Lautrec ».
pub fn in_words(form: &ListForm, choices: &Choices) -> Vec<String> {
    let named = |value: &str, list: &[Choice], what: &str| {
        (!value.is_empty()).then(|| format!("{what}\u{a0}: {}", label_of(list, value)))
    };
    let search = Search::parse(&form.q).map(|_| format!("Recherche\u{a0}: {}", form.q));
    [
        search,
        named(&form.territoire, &choices.territories, "Territoire"),
        named(&form.commune, &choices.communes, "Commune"),
        named(&form.secteur, &choices.sections, "Secteur"),
        named(&form.effectif, &choices.headcounts, "Effectif"),
        named(&form.cle, &choices.keys, "Statut"),
        named(&form.etat, &choices.states, "État"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn chips(form: &ListForm, choices: &Choices) -> Result<Vec<ActiveFilter>, Error> {
    type Clear = fn(&mut ListForm);
    let removals: [(&str, Clear); 7] = [
        (&form.q, |f| f.q.clear()),
        (&form.territoire, |f| {
            f.territoire.clear();
            f.commune.clear();
        }),
        (&form.commune, |f| f.commune.clear()),
        (&form.secteur, |f| f.secteur.clear()),
        (&form.effectif, |f| f.effectif.clear()),
        (&form.cle, |f| f.cle.clear()),
        (&form.etat, |f| f.etat.clear()),
    ];
    let searching = Search::parse(&form.q).is_some();
    let in_force = removals
        .into_iter()
        .enumerate()
        .filter(|(rank, (value, _))| !value.is_empty() && (*rank > 0 || searching))
        .map(|(_, removal)| removal);
    in_words(form, choices)
        .into_iter()
        .zip(in_force)
        .map(|(label, (_, clear))| {
            Ok(ActiveFilter {
                label,
                remove_href: form.href_with(clear)?,
            })
        })
        .collect()
}

/// Where « Tout effacer » leads.
pub const CLEAR: &str = LIST;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chip_removes_its_own_filter() {
        let form = ListForm {
            q: "béton".into(),
            territoire: "248100737".into(),
            commune: "81004".into(),
            cle: "non".into(),
            ..Default::default()
        };
        let options = vec![
            OptionRow {
                kind: "territory".into(),
                value: "248100737".into(),
                label: "Albigeois".into(),
            },
            OptionRow {
                kind: "commune".into(),
                value: "81004".into(),
                label: "Albi".into(),
            },
        ];
        let chips = chips(&form, &Choices::new(options)).expect("chips");
        let words: Vec<&str> = chips.iter().map(|chip| chip.label.as_str()).collect();
        assert_eq!(
            words,
            [
                "Recherche\u{a0}: béton",
                "Territoire\u{a0}: Albigeois",
                "Commune\u{a0}: Albi",
                "Statut\u{a0}: Autres entreprises"
            ]
        );
        assert_eq!(chips[1].remove_href, "/entreprises?q=b%C3%A9ton&cle=non");
        assert_eq!(
            chips[3].remove_href,
            "/entreprises?q=b%C3%A9ton&territoire=248100737&commune=81004"
        );
    }
}
