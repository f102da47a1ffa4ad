//! The list, on screen and as a file.

use axum::extract::{Query, State};
use axum::response::Response;
use serde_json::json;

use crate::auth::audit::{self, Act};
use crate::features::matching::list::{ListForm, Shown};
use crate::features::matching::queries::{self, entries, introductions};
use crate::features::matching::views::LIST;
use crate::features::matching::views::export::{File, preamble};
use crate::features::matching::views::list::{ListPage, Options, Rows};
use crate::features::meetings::queries::Reader;
use crate::formats::export::Kind;
use crate::platform::db;
use crate::web::pager::{self, Page, Total};
use crate::web::{AppState, Db, Error, Result, Tx, Visit, download};

/// Rows on a page.
const PAGE_SIZE: u32 = 50;
/// Rows of a file, at most.
const MOST_ROWS: i64 = 100_000;

async fn rows(
    conn: &mut sqlx::PgConnection,
    visit: &Visit,
    form: &ListForm,
    cut: (i64, i64),
) -> Result<Rows> {
    let reader = Reader::of(visit);
    Ok(match form.shown() {
        Shown::Introductions => {
            let wanted = form.introductions();
            Rows::Introductions(introductions::introductions(conn, reader, &wanted, cut).await?)
        }
        Shown::Entries(side) => {
            let wanted = form.entries(side);
            Rows::Entries(entries::entries(conn, reader, &wanted, cut).await?)
        }
    })
}

/// What the address asks for.
pub async fn index(visit: Visit, mut db: Db, Query(form): Query<ListForm>) -> Result<ListPage> {
    let number = pager::requested(Some(&form.page)).map_err(|_| Error::NotFound)?;
    let form = form.tidied();
    let cut = (PAGE_SIZE.into(), pager::offset(number, PAGE_SIZE));
    let rows = rows(&mut db, &visit, &form, cut).await?;
    let page = Page::new(
        number,
        PAGE_SIZE,
        Total::Exact(rows.total()),
        LIST,
        Some(&form.query()?),
    )
    .map_err(|_| Error::NotFound)?;
    let reader = Reader::of(&visit);
    let options = Options::new(queries::options(&mut db, reader).await?, form.shown());
    let figures = queries::figures(&mut db, reader, visit.today).await?;
    Ok(ListPage::new(&visit, form, (options, figures), page, rows))
}

/// The list as CSV. Writes the trace first: an export that is cut short was still made.
pub async fn csv(
    visit: Visit,
    State(state): State<AppState>,
    mut tx: Tx,
    Query(form): Query<ListForm>,
) -> Result<Response> {
    let form = form.tidied();
    let mut reading = db::begin(&state.pool).await?;
    let rows = rows(&mut reading, &visit, &form, (MOST_ROWS, 0)).await?;
    let found = queries::options(&mut reading, Reader::of(&visit)).await?;
    let words = Options::new(found, form.shown()).in_words(&form);
    drop(reading);
    let file = File::of(form.shown());
    let details = json!({
        "lignes": rows.len(), "filtres": words, "adresse": form.query()?, "format": "csv",
    });
    let act = Act {
        verb: "export",
        object: ("introductions", "csv"),
        label: file.label,
        details: Some(details),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;
    let head = preamble(&file, words, visit.today, &visit.user.name);
    let name = format!("{}-{}.csv", file.name, visit.today);
    let kind = Kind::Csv;
    download::attachment(&name, kind.media_type(), move |out| {
        let mut table = kind.writer(out, &head, &file.columns())?;
        rows.write(|cells| table.row(cells))?;
        table.finish()
    })
}
