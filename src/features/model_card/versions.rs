//! « Comparer les versions »: what another version of the model says of the same companies.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::Query;
use serde::Deserialize;

use super::queries::{self, ChangedRow, PairRow, VersionKey};
use crate::features::companies::model::shown_name;
use crate::features::risk::models;
use crate::web::filters;
use crate::web::levels::Level;
use crate::web::pager::{self, Page, Total};
use crate::web::shell::Shell;
use crate::web::{Db, Error, Result, Visit};

/// Where it is read.
pub const PATH: &str = "/modele/versions";
/// Companies on a page.
const SIZE: u32 = 50;
/// Levels of the statistics, the worst first.
const LEVELS: [Level; 5] = [
    Level::Critical,
    Level::High,
    Level::Moderate,
    Level::Low,
    Level::NotAssessed,
];

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Identifier and version of the other version: « grille-fragilite 1.0.0 ».
    avec: String,
    page: String,
}

/// The comparison of two versions.
#[derive(Template, WebTemplate)]
#[template(path = "model_card/versions.html")]
pub struct VersionsPage {
    shell: Shell,
    used: VersionKey,
    others: Vec<VersionKey>,
    compared: Option<Compared>,
}

/// One other version beside the one in use.
struct Compared {
    other: VersionKey,
    pairs: Vec<PairRow>,
    rows: Vec<ChangedRow>,
    page: Page,
}

impl VersionKey {
    /// In an address and in sentences.
    fn name(&self) -> String {
        format!("{} {}", self.id, self.version)
    }

    fn href(&self) -> String {
        format!("{PATH}?{}", self.query())
    }

    fn query(&self) -> String {
        serde_html_form::to_string([("avec", self.name())]).unwrap_or_default()
    }
}

impl ChangedRow {
    fn shown_name(&self) -> &str {
        shown_name(self.name.as_deref())
    }

    fn levels(&self) -> [Level; 2] {
        [&self.other, &self.used].map(|code| Level::from_code(code.as_deref()))
    }

    fn points(&self) -> String {
        let said = |points: Option<i16>| points.map_or_else(|| "–".to_owned(), |p| p.to_string());
        format!(
            "{} puis {}",
            said(self.other_points),
            said(self.used_points)
        )
    }
}

impl Compared {
    /// Companies at this pair of levels.
    fn at(&self, other: Level, used: Level) -> i64 {
        let level = |code: &Option<String>| Level::from_code(code.as_deref());
        let same = self.pairs.iter();
        same.filter(|pair| level(&pair.other) == other && level(&pair.used) == used)
            .map(|pair| pair.companies)
            .sum()
    }

    fn lines(&self) -> Vec<(Level, Vec<i64>)> {
        LEVELS
            .into_iter()
            .map(|other| (other, LEVELS.map(|used| self.at(other, used)).to_vec()))
            .collect()
    }

    fn caption(&self, used: &VersionKey) -> String {
        format!(
            "Entreprises selon leur niveau\u{a0}: version {} en lignes, version {} en colonnes",
            self.other.version, used.version
        )
    }

    /// « 40 entreprises comparées, 3 changent de niveau. »
    fn summary(&self) -> String {
        let all: i64 = self.pairs.iter().map(|pair| pair.companies).sum();
        let moved: i64 = self
            .pairs
            .iter()
            .filter(|pair| pair.other != pair.used)
            .map(|pair| pair.companies)
            .sum();
        let compared = match all {
            1 => "1\u{a0}entreprise comparée".to_owned(),
            _ => format!("{all}\u{a0}entreprises comparées"),
        };
        match moved {
            0 => format!("{compared}, aucune ne change de niveau."),
            1 => format!("{compared}, 1 change de niveau."),
            _ => format!("{compared}, {moved} changent de niveau."),
        }
    }
}

/// The comparison, for those who handle alerts.
pub async fn show(visit: Visit, mut db: Db, Query(asked): Query<Asked>) -> Result<VersionsPage> {
    let identity = &models::on(visit.today)
        .ok_or(Error::NotFound)?
        .model()
        .identity;
    let used = VersionKey {
        id: identity.id.clone(),
        version: identity.version.clone(),
    };
    let number = pager::requested(Some(&asked.page)).map_err(|_| Error::NotFound)?;
    let others = queries::others(&mut db, &used).await?;
    let other = match asked.avec.as_str() {
        "" => others.first(),
        name => Some(
            others
                .iter()
                .find(|o| o.name() == name)
                .ok_or(Error::NotFound)?,
        ),
    };
    let compared = match other {
        None => None,
        Some(other) => {
            let scope = visit.scope();
            let cut = (i64::from(SIZE), pager::offset(number, SIZE));
            let rows = queries::changed(&mut db, scope, (&used, other), cut).await?;
            let total = Total::from_limited(rows.first().map_or(0, |row| row.total));
            let page = Page::new(number, SIZE, total, PATH, Some(&other.query()))
                .map_err(|_| Error::NotFound)?;
            Some(Compared {
                pairs: queries::pairs(&mut db, scope, &used, other).await?,
                other: other.clone(),
                rows,
                page,
            })
        }
    };
    let title = "Comparer les versions";
    let shown = compared
        .as_ref()
        .map_or_else(|| title.to_owned(), |c| c.page.title(title));
    Ok(VersionsPage {
        shell: visit
            .shell(shown)
            .via("Accueil", "/")
            .via("Fiche du modèle", "/modele")
            .at(title),
        used,
        others,
        compared,
    })
}
