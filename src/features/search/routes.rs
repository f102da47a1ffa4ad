//! The search of the header.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt as _;
use serde::Deserialize;

use super::model::{self, Kind};
use super::queries::{self, Reader};
use super::views::{Companies, SearchPage};
use crate::auth::Access::Needs;
use crate::auth::Permission;
use crate::features::companies::model::{Filters, Search, Sort, clean, exact_siren};
use crate::features::companies::queries::list::{self, Cut, Nearness};
use crate::web::pager::{COUNT_LIMIT, Total};
use crate::web::{Db, Result, Routes, Visit};

/// Path of the list of companies.
const COMPANIES: &str = "/entreprises";
/// Results of each kind on the page.
const SHOWN: i64 = 5;
/// Results of the one kind that is asked for.
const SHOWN_ALONE: i64 = 50;

/// The routes of the search: each role finds what its lists show.
pub fn routes(routes: Routes) -> Routes {
    routes.get("/recherche", Needs(Permission::ViewTerritories), index)
}

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
struct SearchForm {
    q: String,
    /// One kind only, by the word of its address.
    dans: String,
}

/// Everything near the words, by kind; an exact number goes to its company.
async fn index(visit: Visit, mut db: Db, Query(form): Query<SearchForm>) -> Result<Response> {
    let text = clean(&form.q);
    let reads_companies = visit.may(Permission::ViewCompanies);
    if reads_companies
        && let Some(siren) = exact_siren(&text)
        && list::is_visible(&mut db, visit.scope(), siren.as_str()).await?
    {
        return Ok(Redirect::to(&format!("{COMPANIES}/{siren}")).into_response());
    }
    let mut page = SearchPage::new(&visit, &text);
    let Some(words) = Search::parse(&text) else {
        page.is_too_short = true;
        return Ok(page.into_response());
    };
    page.only = Kind::from_slug(&form.dans);
    if page.only.is_none() {
        page.companies = if reads_companies {
            companies(&mut db, &visit, &words).await?
        } else {
            Companies::public(queries::public_companies(&mut db, &words, SHOWN).await?)
        };
        page.set_places(queries::places(&mut db, visit.scope(), &text, SHOWN).await?);
    }
    let reader = Reader::of(&visit);
    if reader.reads_records() {
        let shown = page.only.map_or(SHOWN, |_| SHOWN_ALONE);
        let mut groups = model::groups(queries::records(&mut db, reader, &words, shown).await?);
        // What only resembles the words is not worth showing beside a company that bears them.
        let is_named = page.companies.total.count() > 0 && !page.companies.is_loose;
        groups.retain(|group| {
            page.only.is_none_or(|kind| kind == group.kind) && !(group.is_near && is_named)
        });
        page.groups = groups;
    }
    Ok(page.into_response())
}

async fn companies(db: &mut Db, visit: &Visit, words: &Search) -> Result<Companies> {
    let filters = Filters {
        search: Some(words.clone()),
        ..Default::default()
    };
    let cut = Cut {
        limit: Some(SHOWN),
        offset: 0,
    };
    let limit = Some(COUNT_LIMIT + 1);
    let (count, nearness) = list::count_nearest(db, visit.scope(), &filters, limit).await?;
    if count == 0 {
        return Ok(Companies::default());
    }
    let rows = list::rows(db, visit.scope(), &filters, nearness, Sort::Relevance, cut)
        .try_collect()
        .await?;
    Ok(Companies {
        rows,
        public: Vec::new(),
        total: Total::from_limited(count),
        is_loose: nearness == Nearness::LOOSE,
    })
}
