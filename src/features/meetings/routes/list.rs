//! Lists: meetings, and companies that nobody met for long.

use axum::extract::Query;

use crate::features::meetings::forms::ListForm;
use crate::features::meetings::model;
use crate::features::meetings::queries::{Reader, list};
use crate::features::meetings::views::list::{ListPage, Options, SilentPage};
use crate::web::pager::{self, COUNT_LIMIT, Page, Total};
use crate::web::{Db, Error, Result, Visit};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;
/// Path of the list.
pub const LIST: &str = "/rencontres";
/// Path of the companies to meet.
pub const SILENT: &str = "/rencontres/a-faire";

/// The meetings that the address asks for.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<ListPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = form.tidied();
    let filters = form.filters(visit.user.id);
    let reader = Reader::of(&visit);
    let count = list::count(&mut db, reader, &filters, COUNT_LIMIT + 1).await?;
    let total = Total::from_limited(count);
    let page = Page::new(number, PAGE_SIZE, total, LIST, Some(&form.query()?))
        .map_err(|_| Error::NotFound)?;
    let cut = (page.size.into(), pager::offset(page.number, page.size));
    let rows = list::rows(&mut db, reader, &filters, cut).await?;
    let options = Options::new(list::options(&mut db, visit.scope()).await?);
    Ok(ListPage::new(&visit, form, options, page, rows))
}

/// Key companies never met, or not for six months.
pub async fn silent(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<SilentPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = ListForm {
        territoire: form.territoire,
        referent: form.referent,
        ..ListForm::default()
    }
    .tidied();
    let filters = form.filters(visit.user.id);
    let before = model::silence(visit.today);
    let cut = (i64::from(PAGE_SIZE), pager::offset(number, PAGE_SIZE));
    let reader = Reader::of(&visit);
    let rows = list::silent(&mut db, reader, &filters, before, cut).await?;
    let total = Total::Exact(rows.first().map_or(0, |row| row.total));
    let page = Page::new(number, PAGE_SIZE, total, SILENT, Some(&form.query()?))
        .map_err(|_| Error::NotFound)?;
    let options = Options::new(list::options(&mut db, visit.scope()).await?);
    Ok(SilentPage::new(&visit, form, options, page, rows))
}
