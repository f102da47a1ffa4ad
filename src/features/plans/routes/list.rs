//! The list of actions, on screen and as a file.

use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::json;

use crate::auth::audit::{self, Act};
use crate::features::meetings::queries::Reader;
use crate::features::plans::list::ListForm;
use crate::features::plans::queries;
use crate::features::plans::queries::actions;
use crate::features::plans::views::export::{cells, columns, preamble};
use crate::features::plans::views::list::{LIST, ListPage, Options};
use crate::formats::export::Kind;
use crate::platform::db;
use crate::web::pager::{self, Page, Total};
use crate::web::{AppState, Db, Error, Result, Tx, Visit, download};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;
/// Rows of a file, at most.
const MOST_ROWS: i64 = 100_000;

/// The actions that the address asks for.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<ListPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = form.tidied();
    let (reader, wanted) = (Reader::of(&visit), form.wanted(visit.user.id));
    let cut = (PAGE_SIZE.into(), pager::offset(number, PAGE_SIZE));
    let rows = actions::actions(&mut db, reader, &wanted, visit.today, cut).await?;
    let total = Total::Exact(rows.first().map_or(0, |row| row.total));
    let page = Page::new(number, PAGE_SIZE, total, LIST, Some(&form.query()?))
        .map_err(|_| Error::NotFound)?;
    let options = Options::new(queries::options(&mut db, reader).await?);
    let due = actions::due(&mut db, reader, &wanted, visit.today).await?;
    Ok(ListPage::new(&visit, form, options, page, (rows, &due)))
}

/// The list as CSV.
pub async fn csv(
    visit: Visit,
    state: State<AppState>,
    tx: Tx,
    form: Query<ListForm>,
) -> Result<Response> {
    send(visit, state, tx, form, Kind::Csv).await
}

/// The list as a workbook.
pub async fn xlsx(
    visit: Visit,
    state: State<AppState>,
    tx: Tx,
    form: Query<ListForm>,
) -> Result<Response> {
    send(visit, state, tx, form, Kind::Xlsx).await
}

/// Writes the trace first, in a transaction of its own: an export that is cut short was still made.
async fn send(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    Query(form): Query<ListForm>,
    kind: Kind,
) -> Result<Response> {
    let form = form.tidied();
    let (reader, wanted) = (Reader::of(&visit), form.wanted(visit.user.id));
    let mut reading = db::begin(&state.pool).await?;
    let cut = (MOST_ROWS, 0);
    let rows = actions::actions(&mut reading, reader, &wanted, visit.today, cut).await?;
    let options = Options::new(queries::options(&mut reading, reader).await?);
    drop(reading);
    let words = options.in_words(&form);
    let details = json!({
        "lignes": rows.len(), "filtres": words, "adresse": form.query()?, "format": kind.extension(),
    });
    let act = Act {
        verb: "export",
        object: ("actions", kind.extension()),
        label: "la liste des actions",
        details: Some(details),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    let (today, head) = (visit.today, preamble(words, visit.today, &visit.user.name));
    let name = format!("actions-{today}.{}", kind.extension());
    download::attachment(&name, kind.media_type(), move |out| {
        let mut table = kind.writer(out, &head, &columns())?;
        for row in &rows {
            table.row(&cells(row, today))?;
        }
        table.finish()
    })
}
