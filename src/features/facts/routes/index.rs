//! The facts of a company.

use axum::extract::{Path, Query};
use serde::Deserialize;

use super::company;
use crate::auth::Permission;
use crate::features::companies::model::shown_name;
use crate::features::facts::views::{FactsPage, KINDS, shell};
use crate::features::facts::{queries, sentence};
use crate::web::pager::{self, Page, Total};
use crate::web::{Db, Error, Result, Visit};

/// Facts on a page.
const SIZE: u32 = 50;

/// Which facts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    nature: String,
    page: String,
}

/// The facts, with the freshness of their sources.
pub async fn show(
    visit: Visit,
    mut db: Db,
    Path(siren): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<FactsPage> {
    let (_, company) = company(&mut db, &visit, &siren).await?;
    let siren = company.siren;
    let number = pager::requested(Some(&asked.page)).map_err(|_| Error::NotFound)?;
    let (chosen, kind, _) = KINDS
        .into_iter()
        .find(|(code, ..)| *code == asked.nature)
        .unwrap_or(KINDS[0]);
    let kind = (!kind.is_empty()).then_some(kind);
    let cut = (i64::from(SIZE), pager::offset(number, SIZE));
    let rows = queries::facts(&mut db, &siren, kind, cut).await?;
    let total = Total::from_limited(rows.first().map_or(0, |row| row.total));
    let query = (!chosen.is_empty()).then(|| format!("nature={chosen}"));
    let path = format!("/entreprises/{siren}/faits");
    let page =
        Page::new(number, SIZE, total, &path, query.as_deref()).map_err(|_| Error::NotFound)?;
    let sources = queries::freshness(&mut db, &siren).await?;
    let name = shown_name(company.name.as_deref()).to_owned();
    let title = page.title("Comptes et annonces");
    Ok(FactsPage {
        shell: shell(&visit, &siren, &name)
            .titled(title)
            .at("Comptes et annonces"),
        sources: sources
            .iter()
            .map(|row| sentence::freshness(row, visit.today))
            .collect(),
        siren,
        company: name,
        chosen: chosen.to_owned(),
        rows,
        page,
        may_type: visit.may(Permission::EditAccounts),
    })
}
