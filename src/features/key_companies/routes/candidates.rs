//! The candidates of a territory: ranked list, and up to three side by side.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, Query, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{choose, number};
use crate::auth::Permission;
use crate::features::companies::model::clean;
use crate::features::key_companies::candidates::{Candidate, Pool};
use crate::features::key_companies::criteria::Criterion;
use crate::features::key_companies::model::Line;
use crate::features::key_companies::queries::{self, TerritoryName};
use crate::web::extract::{Db, Visit};
use crate::web::forms::{ActiveFilter, Choice, FormErrors};
use crate::web::pager::{self, Page, Total};
use crate::web::shell::Shell;
use crate::web::{Error, Result, filters};

/// Rows on a page.
const SIZE: u32 = 25;
/// Companies side by side, at most.
const COMPARED: usize = 3;

/// Filters of the list, all in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    q: String,
    secteur: String,
    effectif: String,
    tri: String,
    /// Place for which one chooses.
    place: String,
    page: String,
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/candidates.html")]
struct CandidatesPage {
    shell: Shell,
    territory: TerritoryName,
    /// Rank in the territory, whatever the filters, and the candidate.
    rows: Vec<(usize, Candidate)>,
    key_companies: Vec<Candidate>,
    wanted: Wanted,
    sections: Vec<Choice>,
    sizes: Vec<Choice>,
    orders: Vec<Choice>,
    filters: Vec<ActiveFilter>,
    no_error: FormErrors,
    page: Page,
    territory_jobs: u32,
    as_of: Option<chrono::NaiveDate>,
    may_act: bool,
}

impl CandidatesPage {
    /// The list without any filter.
    fn all_href(&self) -> String {
        let none = Wanted {
            place: self.wanted.place.clone(),
            ..Wanted::default()
        };
        format!(
            "/territoires/{}/vivier{}",
            self.territory.siren,
            none.query()
        )
    }

    fn choose_href(&self, candidate: &Candidate) -> String {
        let siret = [
            ("siret", candidate.row.siret.as_str()),
            ("place", &self.wanted.place),
        ];
        let query = serde_html_form::to_string(siret).unwrap_or_default();
        format!(
            "/territoires/{}/places/choisir?{query}",
            self.territory.siren
        )
    }
}

pub async fn index(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(mut wanted): Query<Wanted>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let territory = queries::territory_name(&mut db, number(&siren)?, visit.scope()).await?;
    wanted.q = clean(&wanted.q);
    let weights = queries::weights(&mut db).await?;
    let found = queries::establishments(&mut db, &siren, &[], &wanted.q).await?;
    let pool = Pool::new(found, weights);
    let number = pager::requested(Some(&wanted.page)).map_err(|_| Error::NotFound)?;
    let mut rows: Vec<_> = pool
        .free()
        .enumerate()
        .map(|(rank, candidate)| (rank + 1, candidate))
        .filter(|(_, candidate)| wanted.admits(candidate))
        .collect();
    wanted.sort(&mut rows);
    let total = Total::Exact(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    let path = format!("/territoires/{siren}/vivier");
    let page =
        Page::new(number, SIZE, total, &path, query.as_deref()).map_err(|_| Error::NotFound)?;
    let skipped = usize::try_from(pager::offset(number, SIZE)).unwrap_or(usize::MAX);
    let shown = rows.into_iter().skip(skipped).take(SIZE as usize);
    let title = if number > 1 {
        format!("Vivier, page {number}")
    } else {
        "Vivier".to_owned()
    };
    Ok(CandidatesPage {
        shell: choose::shell(&visit, &territory, &title, &FormErrors::new()),
        rows: shown
            .map(|(rank, candidate)| (rank, candidate.clone()))
            .collect(),
        key_companies: pool
            .ranked
            .iter()
            .filter(|c| c.row.slot.is_some())
            .cloned()
            .collect(),
        sections: sections(&pool),
        sizes: choices(SIZES),
        orders: choices(ORDERS),
        filters: wanted.active(&path, &pool),
        no_error: FormErrors::new(),
        page,
        territory_jobs: pool.territory_jobs,
        as_of: pool.as_of,
        may_act: visit.may(Permission::ManageKeyCompanies),
        territory,
        wanted,
    }
    .into_response())
}

const SIZES: &[(&str, &str)] = &[
    ("10", "10 salariés et plus"),
    ("50", "50 salariés et plus"),
    ("250", "250 salariés et plus"),
];
const ORDERS: &[(&str, &str)] = &[
    ("points", "Points"),
    ("effectif", "Effectif"),
    ("nom", "Nom"),
    ("secteur", "Secteur"),
];

fn choices(pairs: &[(&str, &str)]) -> Vec<Choice> {
    pairs
        .iter()
        .map(|(value, label)| Choice::new(*value, *label))
        .collect()
}

fn sections(pool: &Pool) -> Vec<Choice> {
    let found = pool
        .ranked
        .iter()
        .filter_map(|c| c.row.section.clone().zip(c.row.section_label.clone()));
    let unique: std::collections::BTreeMap<_, _> = found.collect();
    unique
        .into_iter()
        .map(|(code, label)| Choice::new(code, label))
        .collect()
}

impl Wanted {
    /// Whether a filter or another order than the usual one is in force.
    fn is_narrowed(&self) -> bool {
        [&self.q, &self.secteur, &self.effectif, &self.tri]
            .into_iter()
            .any(|value| !value.is_empty())
    }

    fn admits(&self, candidate: &Candidate) -> bool {
        let is_large = |least| candidate.job_count().is_some_and(|jobs| jobs >= least);
        (self.q.is_empty() || candidate.row.matches)
            && (self.secteur.is_empty() || candidate.row.section.as_deref() == Some(&self.secteur))
            && self.effectif.parse().map_or(true, is_large)
    }

    /// The ranking is already by points, and stays it inside equal values.
    fn sort(&self, rows: &mut [(usize, &Candidate)]) {
        match self.tri.as_str() {
            "effectif" => rows.sort_by_key(|(_, c)| std::cmp::Reverse(c.job_count())),
            "nom" => rows.sort_by(|(_, a), (_, b)| a.name().cmp(b.name())),
            "secteur" => rows.sort_by(|(_, a), (_, b)| {
                let key = |c: &Candidate| (c.row.section.is_none(), c.row.section.clone());
                key(a).cmp(&key(b))
            }),
            _ => {}
        }
    }

    fn active(&self, path: &str, pool: &Pool) -> Vec<ActiveFilter> {
        let label_of = |choices: &[Choice], value: &str| {
            choices
                .iter()
                .find(|choice| choice.value == value)
                .map(|choice| choice.label.clone())
        };
        let mut active = Vec::new();
        let mut add = |label: String, without: Self| {
            let remove_href = format!("{path}{}", without.query());
            active.push(ActiveFilter { label, remove_href });
        };
        if !self.q.is_empty() {
            add(
                format!("Nom\u{a0}: {}", self.q),
                Self {
                    q: String::new(),
                    ..self.clone()
                },
            );
        }
        if let Some(label) = label_of(&sections(pool), &self.secteur) {
            let without = Self {
                secteur: String::new(),
                ..self.clone()
            };
            add(format!("Secteur\u{a0}: {label}"), without);
        }
        if let Some(label) = label_of(&choices(SIZES), &self.effectif) {
            add(
                label,
                Self {
                    effectif: String::new(),
                    ..self.clone()
                },
            );
        }
        active
    }

    /// The address of these filters, first page.
    fn query(&self) -> String {
        let pairs = [
            ("q", &self.q),
            ("secteur", &self.secteur),
            ("effectif", &self.effectif),
            ("tri", &self.tri),
            ("place", &self.place),
        ];
        let given: Vec<_> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        match serde_html_form::to_string(&given) {
            Ok(query) if !query.is_empty() => format!("?{query}"),
            _ => String::new(),
        }
    }
}

/// Who is compared: one `siret` for each company.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Compared {
    siret: Vec<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/compare.html")]
struct ComparePage {
    shell: Shell,
    territory: TerritoryName,
    columns: Vec<Candidate>,
    rows: Vec<ComparedRow>,
    /// Ticked, but too many to be shown: one must go.
    ticked: Vec<Choice>,
    kept: Vec<String>,
    errors: FormErrors,
    as_of: Option<chrono::NaiveDate>,
    may_act: bool,
}

/// One criterion across the companies.
struct ComparedRow {
    criterion: Criterion,
    cells: Vec<Cell>,
}

/// One criterion of one company.
struct Cell {
    line: Line,
    /// It has the most points of the row, and another has fewer.
    is_best: bool,
}

fn compared_row(criterion: Criterion, columns: &[Candidate]) -> ComparedRow {
    let lines: Vec<&Line> = columns.iter().map(|c| c.score.line(criterion)).collect();
    let most = lines.iter().filter_map(|line| line.hundredths()).max();
    // Unknown is not lower: only a known value can be beaten.
    let differ = lines
        .iter()
        .any(|line| line.hundredths().is_some_and(|own| Some(own) != most));
    let cell = |line: &Line| Cell {
        line: line.clone(),
        is_best: differ && most.is_some() && line.hundredths() == most,
    };
    ComparedRow {
        criterion,
        cells: lines.into_iter().map(cell).collect(),
    }
}

pub async fn compare(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let mut compared: Compared =
        serde_html_form::from_str(query.as_deref().unwrap_or_default()).unwrap_or_default();
    compared.siret.retain(|siret| number(siret).is_ok());
    let territory = queries::territory_name(&mut db, number(&siren)?, visit.scope()).await?;
    let weights = queries::weights(&mut db).await?;
    let found = queries::establishments(&mut db, &siren, &compared.siret, "").await?;
    let pool = Pool::new(found, weights);
    let mut columns: Vec<_> = pool
        .ranked
        .iter()
        .filter(|c| compared.siret.contains(&c.row.siret))
        .cloned()
        .collect();
    let mut errors = FormErrors::new();
    if columns.len() > COMPARED {
        let count = columns.len();
        errors.add(
            "siret",
            format!("Vous avez coché {count} entreprises : gardez-en trois au plus."),
        );
    } else if columns.len() < 2 {
        errors.add_general("Cochez deux ou trois entreprises dans le vivier, puis comparez-les.");
    }
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let name = |c: &Candidate| Choice::new(c.row.siret.clone(), c.name());
    let ticked = columns.iter().map(name).collect();
    let kept = columns
        .iter()
        .take(COMPARED)
        .map(|c| c.row.siret.clone())
        .collect();
    if !errors.is_empty() {
        columns.clear();
    }
    let page = ComparePage {
        shell: choose::shell(&visit, &territory, "Comparer", &errors),
        rows: Criterion::ALL
            .map(|criterion| compared_row(criterion, &columns))
            .into(),
        ticked,
        kept,
        columns,
        errors,
        as_of: pool.as_of,
        may_act: visit.may(Permission::ManageKeyCompanies),
        territory,
    };
    Ok((status, page).into_response())
}
