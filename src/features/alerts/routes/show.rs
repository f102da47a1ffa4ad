//! The page of an alert.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sqlx::PgConnection;

use crate::features::alerts::forms::{ActForm, QueueForm};
use crate::features::alerts::queries::page::{self, AlertDetail};
use crate::features::alerts::queries::queue;
use crate::features::alerts::views::show::{AlertPage, Parts};
use crate::web::forms::FormErrors;
use crate::web::{Db, Result, Visit};

/// The alert with everything known of it.
pub async fn show(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
    Query(form): Query<QueueForm>,
) -> Result<AlertPage> {
    let alert = super::alert(&mut db, &visit, &id).await?;
    page(&visit, &mut db, alert, &form).await
}

/// The page of this alert.
async fn page(
    visit: &Visit,
    conn: &mut PgConnection,
    alert: AlertDetail,
    form: &QueueForm,
) -> Result<AlertPage> {
    let form = form.tidied();
    let (id, scope) = (alert.id, visit.scope());
    let filters = form.filters(visit.user.id);
    let place = (id, form.libre == "1");
    let parts = Parts {
        causes: page::causes(conn, id).await?,
        events: page::events(conn, id).await?,
        next: queue::next(conn, scope, visit.today, &filters, place).await?,
        options: page::options(conn, scope, id).await?,
    };
    AlertPage::new(visit, &form, alert, parts)
}

/// Why the page comes again instead of what was asked.
pub struct Refusal {
    /// Status of the answer.
    pub status: StatusCode,
    /// The act whose form is open.
    pub act: &'static str,
    /// What is wrong.
    pub errors: FormErrors,
}

/// The page again, with everything that was typed.
pub async fn again(
    visit: &Visit,
    conn: &mut PgConnection,
    (alert, queue): (AlertDetail, &QueueForm),
    typed: &ActForm,
    refusal: Refusal,
) -> Result<Response> {
    let mut view = page(visit, conn, alert, queue).await?;
    view.shell.has_errors = refusal.status != StatusCode::OK;
    view.open = refusal.act;
    view.typed = typed.clone();
    view.errors = refusal.errors;
    Ok((refusal.status, view).into_response())
}
