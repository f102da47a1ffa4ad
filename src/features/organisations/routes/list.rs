//! The list of organisations.

use axum::extract::Query;

use crate::auth::Permission;
use crate::features::organisations::forms::{LIST, ListForm};
use crate::features::organisations::queries;
use crate::features::organisations::views::ListPage;
use crate::web::pager::{self, Page, Total};
use crate::web::{Db, Error, Result, Visit};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;

/// The organisations that the address asks for.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<ListPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = form.tidied();
    let filters = form.filters();
    let total = Total::Exact(queries::count(&mut db, &filters).await?);
    let page = Page::new(number, PAGE_SIZE, total, LIST, Some(&form.query()?))
        .map_err(|_| Error::NotFound)?;
    let offset = pager::offset(page.number, page.size);
    let rows = queries::rows(&mut db, &filters, page.size.into(), offset).await?;
    let territories = queries::territories(&mut db).await?;
    let shell = visit
        .shell(page.title("Partenaires"))
        .via("Accueil", "/")
        .at("Partenaires");
    let mut view = ListPage::new(shell, form, page, rows, territories)?;
    view.may_edit = visit.may(Permission::EditPartners);
    view.may_handle_data = visit.may(Permission::HandlePersonalData);
    Ok(view)
}
