//! The list as a file, row by row.

use std::io;

use axum::extract::{Query, State};
use axum::response::Response;
use futures_util::TryStreamExt as _;
use serde_json::json;
use sqlx::{Postgres, Transaction};
use tokio::sync::mpsc;

use crate::auth::audit::{self, Act};
use crate::features::companies::forms::ListForm;
use crate::features::companies::model::{Filters, Sort};
use crate::features::companies::queries::export;
use crate::features::companies::queries::list::{self, CompanyRow, Cut, Nearness};
use crate::features::companies::views::export::{cells, columns, preamble};
use crate::features::companies::views::list::{Choices, in_words};
use crate::formats::export::{Kind, TableWriter};
use crate::platform::{db, limits};
use crate::web::{AppState, Result, Tx, Visit, download};

/// Rows read ahead of the file's writer.
const READ_AHEAD: usize = 256;

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
    let filters = form.filters();
    let mut reading = db::begin(&state.pool).await?;
    export::prepare(&mut reading, limits::EXPORT).await?;
    let scope = visit.scope();
    let (count, nearness) = list::count_nearest(&mut reading, scope, &filters, None).await?;
    let (territory, commune) = (filters.territory.as_deref(), filters.commune.as_deref());
    let options = list::options(&mut reading, scope, territory, commune).await?;
    let words = in_words(&form, &Choices::new(options));
    let sources = export::sources(&mut reading).await?;

    let details = json!({
        "lignes": count, "filtres": words, "adresse": form.query()?, "format": kind.extension(),
    });
    let act = Act {
        verb: "export",
        object: ("companies", kind.extension()),
        label: "la liste des entreprises",
        details: Some(details),
    };
    audit::record(&mut tx, &visit.acting(), act).await?;
    tx.commit().await?;

    let head = preamble(words, &sources, visit.today, &visit.user.name);
    let name = format!("entreprises-{}.{}", visit.today, kind.extension());
    let asked = Asked {
        scope: scope.map(<[String]>::to_vec),
        filters,
        nearness,
        sort: form.sort(),
    };
    let (rows, received) = mpsc::channel(READ_AHEAD);
    tokio::spawn(read(reading, asked, rows));
    download::attachment(&name, kind.media_type(), move |out| {
        write(kind.writer(out, &head, &columns())?, received)
    })
}

struct Asked {
    scope: Option<Vec<String>>,
    filters: Filters,
    nearness: Nearness,
    sort: Sort,
}

type Read = std::result::Result<CompanyRow, sqlx::Error>;

/// Reads the rows as fast as they are written, and stops with the first one that nobody waits for.
async fn read(mut reading: Transaction<'static, Postgres>, asked: Asked, rows: mpsc::Sender<Read>) {
    let cut = Cut {
        limit: None,
        offset: 0,
    };
    let scope = asked.scope.as_deref();
    let mut found = list::rows(
        &mut reading,
        scope,
        &asked.filters,
        asked.nearness,
        asked.sort,
        cut,
    );
    while let Some(row) = found.try_next().await.transpose() {
        let failed = row.is_err();
        if rows.send(row).await.is_err() || failed {
            return;
        }
    }
}

fn write(mut table: Box<dyn TableWriter + '_>, mut rows: mpsc::Receiver<Read>) -> io::Result<()> {
    while let Some(row) = rows.blocking_recv() {
        table.row(&cells(&row.map_err(io::Error::other)?))?;
    }
    table.finish()
}
