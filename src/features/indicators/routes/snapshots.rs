//! Figures kept as they were.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{SNAPSHOTS, page};
use crate::features::indicators::forms::{Asked, SnapshotForm};
use crate::features::indicators::model::Report;
use crate::features::indicators::snapshots::{self, By, Snapshot};
use crate::features::indicators::views::written::SnapshotsPage;
use crate::features::indicators::views::{IndexPage, Origin, ReportPage};
use crate::features::territories::queries::contours;
use crate::web::{AppState, Db, Error, Result, Submitted, Tx, Visit, download};

/// Snapshots shown: twenty-five years of quarters.
const MOST: i64 = 100;

/// The list.
pub async fn index(visit: Visit, mut db: Db) -> Result<SnapshotsPage> {
    let rows = snapshots::list(&mut db, MOST).await?;
    Ok(SnapshotsPage::new(&visit, rows))
}

/// Takes one by hand.
pub async fn take(
    visit: Visit,
    mut tx: Tx,
    submitted: Submitted<SnapshotForm>,
) -> Result<Response> {
    let asked = Asked {
        au: submitted.form.au.clone(),
        ..Asked::default()
    };
    let (wanted, errors) = page::understood(&asked, &visit);
    if submitted.is_resumed || !errors.is_empty() {
        let rows = snapshots::list(&mut tx, MOST).await?;
        let mut page = SnapshotsPage::new(&visit, rows);
        page.form = submitted.form.clone();
        page.shell.has_errors = !errors.is_empty();
        page.errors = errors;
        let status = if submitted.is_resumed {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return Ok((status, page).into_response());
    }
    if let Some(done) = tx.already_done(submitted.key).await? {
        return Ok(done);
    }
    if let Some(id) = snapshots::same(&mut tx, wanted.evening).await? {
        let words = "Ces chiffres sont déjà arrêtés, à l’identique\u{a0}: voici l’arrêté.";
        let path = format!("{SNAPSHOTS}/{id}");
        return tx.finish(submitted.key, &path, words).await;
    }
    let by = By::Person(visit.user.id, &visit.user.name);
    let taken = snapshots::take(&mut tx, wanted.evening, by, visit.now).await?;
    let id = taken.ok_or(Error::NotFound)?;
    tx.finish(
        submitted.key,
        &format!("{SNAPSHOTS}/{id}"),
        "Arrêté signé\u{a0}: ces chiffres ne changeront plus.",
    )
    .await
}

async fn find(conn: &mut PgConnection, visit: &Visit, id: &str) -> Result<(Snapshot, Report)> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    let snapshot = snapshots::find(conn, id).await?.ok_or(Error::NotFound)?;
    let mut report: Report = serde_json::from_str(&snapshot.content).map_err(Error::internal)?;
    report.alerts_told = page::alerts_told(visit, false);
    Ok((snapshot, report))
}

/// The figures of a snapshot.
pub async fn show(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    Path(id): Path<String>,
) -> Result<IndexPage> {
    let (snapshot, report) = find(&mut db, &visit, &id).await?;
    let drawn = contours(&mut db).await?;
    let origin = Origin::Kept(snapshot);
    let mut page = IndexPage::new(
        &visit,
        report,
        origin,
        (Asked::default(), Vec::new()),
        drawn,
    );
    page.has_pdf = state.pdf.is_available();
    Ok(page)
}

/// The report of a snapshot.
pub async fn pdf(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    Path(id): Path<String>,
) -> Result<Response> {
    let (snapshot, report) = find(&mut tx, &visit, &id).await?;
    if !state.pdf.is_available() {
        let path = format!("{SNAPSHOTS}/{id}");
        return tx.finish(None, &path, download::NO_PDF).await;
    }
    let origin = Origin::Kept(snapshot);
    let page = ReportPage::new(&visit, report, &origin, (&Asked::default(), &[]));
    page::trace(
        &mut tx,
        &visit,
        ("pdf", &page.territories),
        page.report.evening,
    )
    .await?;
    tx.commit().await?;
    download::pdf(&state, &visit, &page.file_name(), &page).await
}

/// The workbook of a snapshot.
pub async fn xlsx(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<Response> {
    let (snapshot, report) = find(&mut tx, &visit, &id).await?;
    let origin = Origin::Kept(snapshot);
    page::workbook(visit, tx, (&report, &origin), Vec::new()).await
}

/// The slides of a snapshot.
pub async fn odp(visit: Visit, mut tx: Tx, Path(id): Path<String>) -> Result<Response> {
    let (snapshot, report) = find(&mut tx, &visit, &id).await?;
    let origin = Origin::Kept(snapshot);
    let page = ReportPage::new(&visit, report, &origin, (&Asked::default(), &[]));
    page::slideshow(visit, tx, &page).await
}
