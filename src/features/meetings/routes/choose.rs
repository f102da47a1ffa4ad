//! Which company, when the meeting was not begun from its page.

use axum::extract::Query;
use serde::Deserialize;

use crate::features::companies::model;
use crate::features::companies::queries::list as companies;
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
    page.found = companies::nearest(&mut db, visit.scope(), &text, FOUND).await?;
    Ok(page)
}
