//! One import: its analysis, its preview, its report.

use axum::extract::{Path, Query, RawQuery};
use serde::Deserialize;

use super::{find, path_of};
use crate::auth::Permission;
use crate::features::imports::model::{Status, Table};
use crate::features::imports::queries::originals;
use crate::features::imports::queries::preview::{self, ChangeRow};
use crate::features::imports::queries::records::{self, ImportRow};
use crate::features::imports::views::{Group, Progress, ShowPage, Shown};
use crate::web::pager::{self, Page, Total};
use crate::web::{Db, Error, Result, Visit};

/// Rows of one page of changes.
const SIZE: u32 = 50;
/// Rejections shown for each cause; the file has them all.
const EACH: i64 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    voir: String,
    page: Option<String>,
}

pub async fn show(
    visit: Visit,
    mut db: Db,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
    RawQuery(raw): RawQuery,
) -> Result<ShowPage> {
    let import = find(&mut db, &id).await?;
    let status = import.status();
    let shown = match wanted(&query.voir, &import) {
        Some((table, change)) => {
            let number = pager::requested(query.page.as_deref()).map_err(|_| Error::NotFound)?;
            Some(changes(&mut db, &import, (table, change), number, raw.as_deref()).await?)
        }
        None => None,
    };
    let rejections = match status {
        Status::Analysing | Status::Discarded => Vec::new(),
        _ => preview::rejections_by_cause(&mut db, import.id, EACH).await?,
    };
    let progress = match status {
        Status::Analysing => records::progress(&mut db, import.id)
            .await?
            .map(Progress::from),
        _ => None,
    };
    let same_at = if status == Status::Ready {
        records::same_files(&mut db, &import).await?
    } else {
        None
    };
    let rejected_files = originals::files(&mut db, import.id).await?;
    let shell = visit
        .shell(title(status, &import))
        .via("Accueil", "/")
        .via("Imports", super::PATH)
        .at(import.label.clone());
    Ok(ShowPage {
        shell,
        may_allow_social: visit.may(Permission::Administer),
        rejected_files,
        groups: Group::of(rejections, &import),
        status,
        shown,
        progress,
        same_at,
        import,
        now: visit.now,
    })
}

fn title(status: Status, import: &ImportRow) -> String {
    let verb = match status {
        Status::Analysing => "Analyse en cours",
        Status::Ready => "Aperçu",
        Status::Applying => "Enregistrement en cours",
        Status::Applied if import.is_forgotten => "Import effacé",
        Status::Applied => "Compte rendu",
        Status::Undoing => "Annulation en cours",
        Status::Undone => "Import annulé",
        Status::Discarded => "Import abandonné",
        Status::Failed => "Import refusé",
    };
    format!("{verb}\u{a0}: {}", import.label)
}

/// The list asked for, or the most useful one: what changes before what is created.
fn wanted(asked: &str, import: &ImportRow) -> Option<(Table, &'static str)> {
    if import.is_social {
        return None;
    }
    let cases = match import.status() {
        Status::Ready => &[
            "changed",
            "created",
            "unchanged",
            "ignored",
            "rejected",
            "duplicate",
        ][..],
        Status::Applied => &["changed", "created"],
        _ => return None,
    };
    let every = || {
        cases
            .iter()
            .flat_map(|case| Table::ALL.map(|table| (table, *case)))
    };
    every()
        .find(|(table, case)| asked == format!("{}-{case}", table.code()))
        .or_else(|| {
            every()
                .take(2 * Table::ALL.len())
                .find(|(table, case)| rows_in(import, *table, case) > 0)
        })
}

fn rows_in(import: &ImportRow, table: Table, case: &str) -> i64 {
    let counts = import.counts.of(table);
    match case {
        "created" => counts.created,
        "changed" => counts.changed,
        "unchanged" => counts.unchanged,
        "ignored" => counts.ignored,
        "duplicate" => counts.duplicate,
        _ => counts.rejected,
    }
}

async fn changes(
    conn: &mut sqlx::PgConnection,
    import: &ImportRow,
    (table, case): (Table, &'static str),
    number: u32,
    raw: Option<&str>,
) -> Result<Shown> {
    let total = Total::Exact(rows_in(import, table, case));
    let page =
        Page::new(number, SIZE, total, &path_of(import.id), raw).map_err(|_| Error::NotFound)?;
    let (limit, offset) = (i64::from(SIZE), pager::offset(number, SIZE));
    let rows: Vec<ChangeRow> = if import.status() == Status::Applied {
        let verb = if case == "created" {
            "insert"
        } else {
            "update"
        };
        preview::ledger(conn, import.id, (table.code(), verb), limit, offset).await?
    } else {
        match table {
            Table::Companies => preview::companies(conn, import.id, case, limit, offset).await?,
            Table::Establishments => {
                preview::establishments(conn, import.id, case, limit, offset).await?
            }
            Table::Headcounts => preview::headcounts(conn, import.id, case, limit, offset).await?,
            Table::Facts => preview::facts(conn, import.id, case, limit, offset).await?,
        }
    };
    Ok(Shown::new(table, case, &rows, page))
}
