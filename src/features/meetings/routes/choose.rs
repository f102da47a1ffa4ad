//! Which company, when the meeting was not begun from its page.

use axum::extract::Query;
use futures_util::TryStreamExt as _;
use serde::Deserialize;

use crate::features::companies::model::{self, Filters, Search, Sort};
use crate::features::companies::queries::list::{self as companies, Cut};
use crate::features::meetings::queries::list;
use crate::features::meetings::views::choose::ChoosePage;
use crate::web::{Db, Result, Visit};

/// Recent companies shown.
const RECENT: i64 = 5;
/// Companies found by name.
const FOUND: i64 = 8;

/// What was typed.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct ChooseForm {
    q: String,
}

/// The last five, and a search.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ChooseForm>) -> Result<ChoosePage> {
    let text = model::clean(&form.q);
    let recent = list::recent(&mut db, visit.scope(), visit.user.id, RECENT).await?;
    let mut page = ChoosePage::new(&visit, text.clone(), recent);
    if let Some(words) = Search::parse(&text) {
        let filters = Filters {
            search: Some(words),
            ..Default::default()
        };
        let cut = Cut {
            limit: Some(FOUND),
            offset: 0,
        };
        let (_, nearness) =
            companies::count_nearest(&mut db, visit.scope(), &filters, Some(FOUND)).await?;
        page.found = companies::rows(
            &mut db,
            visit.scope(),
            &filters,
            nearness,
            Sort::Relevance,
            cut,
        )
        .try_collect()
        .await?;
    }
    Ok(page)
}
