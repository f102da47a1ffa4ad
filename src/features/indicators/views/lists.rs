//! The companies behind the two first figures.

use askama::Template;
use askama_web::WebTemplate;
use chrono::NaiveDate;

use crate::features::companies::model::shown_name;
use crate::features::indicators::forms::Asked;
use crate::features::indicators::model::Settings;
use crate::features::indicators::queries::Outcome;
use crate::features::indicators::routes::PATH;
use crate::features::indicators::words;
use crate::web::Visit;
use crate::web::filters::{self, agree, group_thousands, long_date};
use crate::web::forms::{Choice, FormErrors};
use crate::web::shell::Shell;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The companies in place.
    Identified,
    /// Those that entered a year ago or more.
    Maintained,
}

impl Which {
    /// Address of the list.
    pub fn path(self) -> &'static str {
        match self {
            Self::Identified => "/indicateurs/identifiees",
            Self::Maintained => "/indicateurs/maintenues",
        }
    }
}

/// The companies behind a figure.
#[derive(Template, WebTemplate)]
#[template(path = "indicators/list.html")]
pub struct ListPage {
    /// Frame.
    pub shell: Shell,
    /// Which list.
    pub which: Which,
    /// The evening.
    pub evening: NaiveDate,
    /// The companies.
    pub rows: Vec<Outcome>,
    /// What is asked.
    pub asked: Asked,
    /// Territories to choose from.
    pub territories: Vec<Choice>,
    /// What is wrong with it.
    pub errors: FormErrors,
    /// How the figure is counted.
    pub definition: String,
}

impl ListPage {
    /// The list of these companies, what asks for attention first.
    pub fn new(
        visit: &Visit,
        which: Which,
        (evening, share): (NaiveDate, i16),
        mut rows: Vec<Outcome>,
        (asked, territories): (Asked, Vec<Choice>),
        errors: FormErrors,
    ) -> Self {
        let settings = Settings {
            kept_share: share,
            followed_target: 0,
            maintained_target: 0,
        };
        let [identified, followed, maintained] = words::definitions(settings);
        let (title, definition) = match which {
            Which::Identified => (
                "Entreprises identifiées et suivies",
                format!("{} {}", identified.1, followed.1),
            ),
            Which::Maintained => ("Entreprises maintenues", maintained.1),
        };
        rows.retain(|row| match which {
            Which::Identified => row.is_held,
            Which::Maintained => row.verdict.is_some(),
        });
        rows.sort_by_key(|row| row.rank(which));
        let mut shell = visit
            .shell(title)
            .via("Accueil", "/")
            .via("Indicateurs", format!("{PATH}{}", asked.query()))
            .at(title);
        shell.has_errors = !errors.is_empty();
        Self {
            shell,
            which,
            evening,
            rows,
            asked,
            territories,
            errors,
            definition,
        }
    }

    /// How many there are, in words: the same as on the page of the figures.
    pub fn count(&self) -> String {
        let all = i32::try_from(self.rows.len()).unwrap_or(i32::MAX);
        let some = self
            .rows
            .iter()
            .filter(|row| row.rank(self.which) > 1)
            .count();
        let some = i32::try_from(some).unwrap_or(i32::MAX);
        match self.which {
            Which::Identified => format!(
                "{some}\u{a0}{} sur {all}\u{a0}{}",
                agree(some.into(), "suivie", "suivies"),
                agree(all.into(), "identifiée", "identifiées")
            ),
            Which::Maintained => format!(
                "{some}\u{a0}{} sur {all}",
                agree(some.into(), "maintenue", "maintenues")
            ),
        }
    }
}

impl Outcome {
    /// What asks for attention first: lost or not followed, then unknown, then well.
    fn rank(&self, which: Which) -> u8 {
        match which {
            Which::Identified => u8::from(self.followed_on.is_some()) * 2,
            Which::Maintained => match self.verdict.as_deref() {
                Some("maintained") => 2,
                Some("unproven") => 1,
                _ => 0,
            },
        }
    }

    /// Its name, or what stands for it.
    pub fn shown(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    /// Why it is followed, in words.
    pub fn follow_words(&self) -> String {
        let what = match self.followed_by.as_deref() {
            Some("meeting") => "Rencontre",
            Some("workshop") => "Atelier",
            Some("plan") => "Plan d’actions",
            _ => return "Ni rencontre, ni atelier, ni plan depuis douze mois".to_owned(),
        };
        self.followed_on.map_or_else(
            || what.to_owned(),
            |on| format!("{what}, {}", long_date(on)),
        )
    }

    /// What its closure would leave behind, when a person stated it.
    pub fn stakes_words(&self) -> Option<&'static str> {
        match (
            self.is_polluting == Some(true),
            self.is_provider == Some(true),
        ) {
            (true, true) => {
                Some("Si elle fermait\u{a0}: pollution, service sans autre prestataire")
            }
            (true, false) => Some("Si elle fermait\u{a0}: pollution"),
            (false, true) => Some("Si elle fermait\u{a0}: service sans autre prestataire"),
            (false, false) => None,
        }
    }

    /// What became of it.
    pub fn verdict_words(&self) -> &'static str {
        match self.verdict.as_deref() {
            Some("maintained") => "Maintenue",
            Some("unproven") => "Sans preuve",
            _ => "Perdue",
        }
    }

    /// Why, in words.
    pub fn reason_words(&self) -> &'static str {
        match self.reason.as_deref() {
            Some("closed") => "Fermée",
            Some("liquidation") => "En liquidation, ou radiée",
            Some("left") => "Plus d’établissement ouvert dans le territoire",
            Some("jobs") => "Trop d’emplois perdus depuis l’entrée",
            Some("jobs_unknown") => "Pas d’effectif plus récent que celui de l’entrée",
            _ => "",
        }
    }

    /// Jobs at entry and now, with their periods and their source.
    pub fn jobs_words(&self) -> String {
        let told = |jobs: Option<i32>, on: Option<NaiveDate>| {
            jobs.zip(on).map_or_else(
                || filters::UNKNOWN.to_owned(),
                |(jobs, on)| format!("{} ({})", group_thousands(jobs.into()), on.format("%m/%Y")),
            )
        };
        let (then, now) = (
            told(self.jobs_then, self.jobs_then_on),
            told(self.jobs_now, self.jobs_now_on),
        );
        match &self.jobs_source {
            Some(source) => format!("{then}, puis {now}. {source}"),
            None => format!("{then}, puis {now}"),
        }
    }
}
