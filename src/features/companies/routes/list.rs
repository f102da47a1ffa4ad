//! The list.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::TryStreamExt as _;

use crate::auth::Permission;
use crate::features::companies::forms::{LIST, ListForm};
use crate::features::companies::model;
use crate::features::companies::queries::list::{self, Cut, Nearness};
use crate::features::companies::views::list::{Choices, ListPage};
use crate::web::pager::{self, COUNT_LIMIT, Page, Total};
use crate::web::{Db, Error, Result, Visit};

/// The companies that the address asks for; an exact number goes straight to its company.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<Response> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = form.tidied();
    if let Some(siren) = model::exact_siren(&form.q)
        && list::is_visible(&mut db, visit.scope(), siren.as_str()).await?
    {
        return Ok(Redirect::to(&format!("{LIST}/{siren}")).into_response());
    }
    let filters = form.filters();
    let limit = Some(COUNT_LIMIT + 1);
    let (count, nearness) = list::count_nearest(&mut db, visit.scope(), &filters, limit).await?;
    let total = Total::from_limited(count);
    let page = Page::new(number, form.page_size(), total, LIST, Some(&form.query()?))
        .map_err(|_| Error::NotFound)?;
    let cut = Cut {
        limit: Some(page.size.into()),
        offset: pager::offset(page.number, page.size),
    };
    let rows = list::rows(&mut db, visit.scope(), &filters, nearness, form.sort(), cut)
        .try_collect()
        .await?;
    let (territory, commune) = (filters.territory.as_deref(), filters.commune.as_deref());
    let options = list::options(&mut db, visit.scope(), territory, commune).await?;
    let shell = visit
        .shell(page.title("Entreprises"))
        .via("Accueil", "/")
        .at("Entreprises");
    let mut view = ListPage::new(shell, &form, Choices::new(options), page, rows)?;
    view.is_loose = nearness == Nearness::LOOSE;
    if visit.may(Permission::ExportCompanies) {
        view.offer_exports(&form)?;
    }
    view.may_import = visit.may(Permission::ManageImports);
    Ok(view.into_response())
}
