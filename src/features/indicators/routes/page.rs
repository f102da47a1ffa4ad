//! The page, and its report of one A4 page.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::NaiveDate;
use serde_json::json;
use sqlx::PgConnection;

use super::PATH;
use crate::auth::Permission;
use crate::auth::audit::{self, Act};
use crate::features::indicators::forms::{Asked, Wanted};
use crate::features::indicators::model::{AlertsTold, Report};
use crate::features::indicators::queries;
use crate::features::indicators::snapshots;
use crate::features::indicators::views::{IndexPage, Origin, ReportPage, slides, workbook};
use crate::features::organisations::queries::territories;
use crate::features::territories::queries::contours;
use crate::formats::export::{Kind, book, slides as odp};
use crate::platform::memo::Memo;
use crate::web::forms::{Choice, FormErrors};
use crate::web::{AppState, Db, Error, Result, Tx, Visit, download};

/// What is asked in the address.
pub fn asked(raw: Option<&str>) -> Result<Asked> {
    serde_html_form::from_str(raw.unwrap_or_default()).map_err(|_| Error::NotFound)
}

/// What is asked, or today when it cannot be read.
pub fn understood(asked: &Asked, visit: &Visit) -> (Wanted, FormErrors) {
    match asked.wanted(visit.today) {
        Ok(wanted) => (wanted, FormErrors::default()),
        Err(errors) => {
            let today = Wanted {
                evening: visit.today,
                before: None,
            };
            (today, errors)
        }
    }
}

/// The territories that are counted: those asked for within those that the visitor may see.
pub fn only(asked: &Asked, visit: &Visit) -> Option<Vec<String>> {
    match visit.scope() {
        None if asked.territoire.is_empty() => None,
        None => Some(asked.territoire.clone()),
        Some(scope) if asked.territoire.is_empty() => Some(scope.to_vec()),
        Some(scope) => {
            let is_asked = |siren: &&String| asked.territoire.contains(siren);
            Some(scope.iter().filter(is_asked).cloned().collect())
        }
    }
}

async fn report_of(
    conn: &mut PgConnection,
    memo: &Memo,
    visit: &Visit,
    asked: &Asked,
) -> Result<(Report, FormErrors)> {
    let (wanted, errors) = understood(asked, visit);
    let only = only(asked, visit);
    let days = (wanted.evening, wanted.before);
    let mut report = snapshots::kept_report(conn, memo, days, only.as_deref()).await?;
    report.alerts_told = alerts_told(visit, !asked.territoire.is_empty());
    Ok((report, errors))
}

/// What the visitor reads of alerts.
pub fn alerts_told(visit: &Visit, is_narrowed: bool) -> AlertsTold {
    if visit.may(Permission::ViewRisk) {
        AlertsTold::Everywhere
    } else if is_narrowed {
        AlertsTold::Nowhere
    } else {
        AlertsTold::Together
    }
}

/// The territories that the visitor may choose from.
pub async fn choices(conn: &mut PgConnection, visit: &Visit) -> Result<Vec<Choice>> {
    let all = territories(conn).await?;
    let sees = |one: &Choice| visit.scope().is_none_or(|scope| scope.contains(&one.value));
    Ok(all.into_iter().filter(sees).collect())
}

/// The figures.
pub async fn show(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    let asked = asked(raw.as_deref())?;
    let (report, errors) = report_of(&mut db, &state.memo, &visit, &asked).await?;
    let choices = choices(&mut db, &visit).await?;
    let drawn = contours(&mut db).await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut page = IndexPage::new(&visit, report, Origin::Live, (asked, choices), drawn);
    page.has_pdf = state.pdf.is_available();
    page.shell.has_errors = !errors.is_empty();
    page.errors = errors;
    Ok((status, page).into_response())
}

/// The report, to print.
pub async fn report(
    visit: Visit,
    State(state): State<AppState>,
    mut db: Db,
    RawQuery(raw): RawQuery,
) -> Result<ReportPage> {
    let asked = asked(raw.as_deref())?;
    let (report, _) = report_of(&mut db, &state.memo, &visit, &asked).await?;
    let choices = choices(&mut db, &visit).await?;
    Ok(ReportPage::new(
        &visit,
        report,
        &Origin::Live,
        (&asked, &choices),
    ))
}

/// The report as a PDF. The trace first: one that is not received to its end was still made.
pub async fn pdf(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    let asked = asked(raw.as_deref())?;
    if !state.pdf.is_available() {
        let path = format!("{PATH}{}", asked.query());
        return tx.finish(None, &path, download::NO_PDF).await;
    }
    let (report, _) = report_of(&mut tx, &state.memo, &visit, &asked).await?;
    let choices = choices(&mut tx, &visit).await?;
    let page = ReportPage::new(&visit, report, &Origin::Live, (&asked, &choices));
    trace(
        &mut tx,
        &visit,
        ("pdf", &page.territories),
        page.report.evening,
    )
    .await?;
    tx.commit().await?;
    download::pdf(&state, &visit, &page.file_name(), &page).await
}

/// The figures as a workbook.
pub async fn xlsx(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    let asked = asked(raw.as_deref())?;
    let (report, _) = report_of(&mut tx, &state.memo, &visit, &asked).await?;
    workbook(visit, tx, (&report, &Origin::Live), asked.territoire).await
}

/// Sends figures as a workbook, and says so in the audit.
pub async fn workbook(
    visit: Visit,
    mut tx: Tx,
    (report, origin): (&Report, &Origin),
    territories: Vec<String>,
) -> Result<Response> {
    let told = ("xlsx", territories.join(", "));
    trace(&mut tx, &visit, (told.0, &told.1), report.evening).await?;
    tx.commit().await?;
    let sheets = workbook::sheets(report, origin, &visit);
    let name = format!("indicateurs-{}.xlsx", report.evening);
    download::attachment(&name, Kind::Xlsx.media_type(), move |out| {
        book::workbook(out, &sheets)
    })
}

/// The figures as slides.
pub async fn odp(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    let asked = asked(raw.as_deref())?;
    let (report, _) = report_of(&mut tx, &state.memo, &visit, &asked).await?;
    let choices = choices(&mut tx, &visit).await?;
    let page = ReportPage::new(&visit, report, &Origin::Live, (&asked, &choices));
    slideshow(visit, tx, &page).await
}

/// Sends figures as slides, and says so in the audit.
pub async fn slideshow(visit: Visit, mut tx: Tx, page: &ReportPage) -> Result<Response> {
    let evening = page.report.evening;
    trace(&mut tx, &visit, ("odp", &page.territories), evening).await?;
    tx.commit().await?;
    let deck = slides::deck(page, &visit);
    let name = format!("indicateurs-{evening}.odp");
    download::attachment(&name, odp::MEDIA_TYPE, move |out| {
        odp::presentation(out, &deck)
    })
}

/// Says in the audit that figures leave.
pub async fn trace(
    conn: &mut PgConnection,
    visit: &Visit,
    (format, territories): (&str, &str),
    evening: NaiveDate,
) -> Result<()> {
    let evening = evening.to_string();
    let act = Act {
        verb: "export",
        object: ("indicators", &evening),
        label: "les indicateurs",
        details: Some(json!({ "format": format, "territoires": territories })),
    };
    audit::record(conn, &visit.acting(), act).await?;
    Ok(())
}

/// The settings in force, for the lists.
pub async fn share(conn: &mut PgConnection, visit: &Visit) -> Result<i16> {
    Ok(queries::context(conn, visit.today)
        .await?
        .settings
        .kept_share)
}
