//! `/imports`

use askama::Template;
use askama_web::WebTemplate;
use axum::extract::{Query, RawQuery};
use serde::Deserialize;

use super::PATH;
use crate::features::imports::queries::records::{self, ImportRow};
use crate::web::filters;
use crate::web::pager::{self, Page, Total};
use crate::web::shell::Shell;
use crate::web::{Db, Error, Result, Visit};

const SIZE: u32 = 25;

#[derive(Template, WebTemplate)]
#[template(path = "imports/index.html")]
pub struct IndexPage {
    shell: Shell,
    imports: Vec<ImportRow>,
    page: Page,
}

#[derive(Debug, Deserialize)]
pub struct ListQuery {
    page: Option<String>,
}

pub async fn index(
    visit: Visit,
    mut db: Db,
    Query(query): Query<ListQuery>,
    RawQuery(raw): RawQuery,
) -> Result<IndexPage> {
    let number = pager::requested(query.page.as_deref()).map_err(|_| Error::NotFound)?;
    let total = Total::Exact(records::total(&mut db).await?);
    let page = Page::new(number, SIZE, total, PATH, raw.as_deref()).map_err(|_| Error::NotFound)?;
    let imports = records::page(&mut db, i64::from(SIZE), pager::offset(number, SIZE)).await?;
    let title = page.title("Imports");
    Ok(IndexPage {
        shell: visit.shell(title).via("Accueil", "/").at("Imports"),
        imports,
        page,
    })
}
