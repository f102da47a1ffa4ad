//! The queue, and what is done with several alerts at once.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Datelike as _;
use sqlx::PgConnection;

use crate::features::alerts::forms::{BulkForm, QUEUE, QueueForm};
use crate::features::alerts::queries::{self, page, queue};
use crate::features::alerts::views::queue::{Choices, QueuePage};
use crate::web::filters::agree;
use crate::web::forms::FormErrors;
use crate::web::pager::{self, COUNT_LIMIT, Page, Total};
use crate::web::{Db, Error, Result, Submitted, Tx, Visit};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;

/// The alerts that the address asks for.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<QueueForm>) -> Result<QueuePage> {
    read(&visit, &mut db, &form).await
}

async fn read(visit: &Visit, conn: &mut PgConnection, form: &QueueForm) -> Result<QueuePage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let mut form = form.tidied();
    form.libre.clear();
    let filters = form.filters(visit.user.id);
    let (scope, today) = (visit.scope(), visit.today);
    let month = today.with_day(1).unwrap_or(today);
    let totals = queue::totals(conn, scope, today, month).await?;
    let count = queue::count(conn, scope, today, &filters, COUNT_LIMIT + 1).await?;
    let page = Page::new(
        number,
        PAGE_SIZE,
        Total::from_limited(count),
        QUEUE,
        Some(&form.query()?),
    )
    .map_err(|_| Error::NotFound)?;
    let cut = (page.size.into(), pager::offset(page.number, page.size));
    let rows = queue::rows(conn, scope, today, &filters, cut).await?;
    let choices = Choices::new(queue::options(conn, scope).await?);
    QueuePage::new(visit, form, choices, totals, page, rows)
}

/// Gives the ticked alerts to someone.
pub async fn entrust(
    visit: Visit,
    mut tx: Tx,
    Query(form): Query<QueueForm>,
    submitted: Submitted<BulkForm>,
) -> Result<Response> {
    let again = |page: QueuePage, status, errors| page.refused(status, &submitted.form, errors);
    if submitted.is_resumed {
        let page = read(&visit, &mut tx, &form).await?;
        return Ok(again(page, StatusCode::OK, submitted.first_errors()));
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    let (seen, person) = match submitted.form.parse() {
        Ok(parsed) => parsed,
        Err(errors) => {
            let page = read(&visit, &mut tx, &form).await?;
            return Ok(again(page, StatusCode::UNPROCESSABLE_ENTITY, errors));
        }
    };
    let page = read(&visit, &mut tx, &form).await?;
    let Some(name) = page.choices.person(person).map(str::to_owned) else {
        let mut errors = FormErrors::new();
        errors.add("confier_a", super::change::NOT_STAFF);
        return Ok(again(page, StatusCode::UNPROCESSABLE_ENTITY, errors));
    };
    let given = page::entrust(&mut tx, visit.scope(), &seen, person, visit.now).await?;
    let actor = (Some(visit.user.id), visit.user.name.as_str());
    queries::tell(&mut tx, &given, "assigned", actor, &name, visit.now).await?;
    let message = in_words(given.len(), seen.len(), &name);
    let location = form.tidied().href(QUEUE)?;
    tx.finish(submitted.key, &location, &message).await
}

fn in_words(given: usize, asked: usize, name: &str) -> String {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (given, left) = (count(given), count(asked.saturating_sub(given)));
    let done = agree(given, "alerte confiée", "alertes confiées");
    let done = format!("{given}\u{a0}{done} à {name}.");
    if left == 0 {
        return done;
    }
    let changed = agree(left, "a changé", "ont changé");
    format!(
        "{done} {left} {changed} entre-temps et ne l’{}.",
        agree(left, "est pas", "sont pas")
    )
}
