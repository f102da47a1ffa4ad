//! The page of a territory: its five places first.

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::number;
use crate::auth::Permission;
use crate::features::key_companies::candidates::{Candidate, Pool};
use crate::features::key_companies::queries::{self, CountsRow, EventRow, TerritoryRow};
use crate::features::key_companies::views::{HistoryLine, Place, history, places};
use crate::features::territories;
use crate::features::territories::queries::SourceLine;
use crate::web::extract::{Db, Visit};
use crate::web::levels::{Mark, five_places};
use crate::web::shell::Shell;
use crate::web::{AppState, Result, filters};

/// Candidates shown under the five places.
const SHOWN: usize = 5;

#[derive(Template, WebTemplate)]
#[template(path = "key_companies/territory.html")]
struct TerritoryPage {
    shell: Shell,
    territory: TerritoryRow,
    department: String,
    places: Vec<Place>,
    held: usize,
    candidates: Vec<Candidate>,
    more: usize,
    known_jobs: Option<u32>,
    as_of: Option<chrono::NaiveDate>,
    sources: Vec<SourceLine>,
    history: Vec<HistoryLine>,
    may_act: bool,
    may_see_risk: bool,
}

impl TerritoryPage {
    fn pool_href(&self) -> String {
        format!("/territoires/{}/vivier", self.territory.siren)
    }
}

/// What an elected official sees: counts and marks, no company.
#[derive(Template, WebTemplate)]
#[template(path = "key_companies/territory_counts.html")]
struct CountsPage {
    shell: Shell,
    territory: TerritoryRow,
    department: String,
    marks: [Mark; 5],
    counts: CountsRow,
    known_jobs: Option<u32>,
    as_of: Option<chrono::NaiveDate>,
    sources: Vec<SourceLine>,
}

pub async fn show(
    State(state): State<AppState>,
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
) -> Result<Response> {
    let department = state.config.department.clone();
    let territory =
        queries::territory(&mut db, number(&siren)?, visit.scope(), &department).await?;
    let sources = territories::queries::sources(&mut db, &department).await?;
    let name = territory.short_name.clone();
    let shell = visit
        .shell(&name)
        .via("Accueil", "/")
        .via("Territoires", "/territoires")
        .at(&name);
    if !visit.may(Permission::ViewCompanies) {
        let counts = queries::counts(&mut db, &siren, visit.today).await?;
        let page = CountsPage {
            shell,
            territory,
            department,
            marks: five_places(&counts.slots, &counts.levels, visit.level_detail()),
            counts,
            known_jobs: None,
            as_of: None,
            sources,
        };
        return Ok(page.into_response());
    }
    let weights = queries::weights(&mut db).await?;
    let pool = Pool::new(
        queries::establishments(&mut db, &siren, &[], "").await?,
        weights,
    );
    let holders = queries::holders(&mut db, &siren).await?;
    let events: Vec<EventRow> = queries::events(&mut db, &siren).await?;
    let held = holders.len();
    let page = TerritoryPage {
        shell,
        territory,
        department,
        places: places(holders, &pool),
        held,
        candidates: pool.free().take(SHOWN).cloned().collect(),
        more: pool.free().count().saturating_sub(SHOWN),
        known_jobs: Some(pool.territory_jobs),
        as_of: pool.as_of,
        sources,
        history: history(events),
        may_act: visit.may(Permission::ManageKeyCompanies),
        may_see_risk: visit.may(Permission::ViewRisk),
    };
    Ok(page.into_response())
}
