//! The search of the header.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt as _;
use serde::Deserialize;

use crate::auth::Permission;
use crate::features::companies::forms::{LIST, ListForm};
use crate::features::companies::model::{self, Filters, Search, Sort};
use crate::features::companies::queries::list::{self, CompanyRow, Cut, Nearness};
use crate::features::companies::queries::search;
use crate::features::companies::views::search::SearchPage;
use crate::web::pager::{COUNT_LIMIT, Total};
use crate::web::{Db, Result, Visit};

/// Results of each kind on the page.
const SHOWN: i64 = 5;

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SearchForm {
    q: String,
}

/// Companies, territories and communes near the words; an exact number goes to its company.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<SearchForm>) -> Result<Response> {
    let text = model::clean(&form.q);
    if let Some(siren) = model::exact_siren(&text)
        && list::is_visible(&mut db, visit.scope(), siren.as_str()).await?
    {
        return Ok(Redirect::to(&format!("{LIST}/{siren}")).into_response());
    }
    let shell = visit.shell("Recherche").via("Accueil", "/").at("Recherche");
    let may_import = visit.may(Permission::ManageImports);
    let mut page = SearchPage::new(shell, &text, may_import);
    if let Some(words) = Search::parse(&text) {
        let all = ListForm {
            q: text.clone(),
            etat: "toutes".to_owned(),
            ..Default::default()
        };
        page.all_href = all.href(LIST)?;
        let filters = Filters {
            search: Some(words),
            ..Default::default()
        };
        let (rows, total, nearness) = companies(&mut db, &visit, &filters).await?;
        page.companies = rows;
        page.total = total;
        page.is_loose = nearness == Nearness::LOOSE && total.count() > 0;
        page.set_places(search::places(&mut db, visit.scope(), &text, SHOWN).await?);
    } else {
        page.is_too_short = true;
    }
    Ok(page.into_response())
}

async fn companies(
    db: &mut Db,
    visit: &Visit,
    filters: &Filters,
) -> Result<(Vec<CompanyRow>, Total, Nearness)> {
    let cut = Cut {
        limit: Some(SHOWN),
        offset: 0,
    };
    let limit = Some(COUNT_LIMIT + 1);
    let (count, nearness) = list::count_nearest(db, visit.scope(), filters, limit).await?;
    let rows = list::rows(db, visit.scope(), filters, nearness, Sort::Relevance, cut)
        .try_collect()
        .await?;
    Ok((rows, Total::from_limited(count), nearness))
}
