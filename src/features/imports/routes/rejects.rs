//! What was set aside, as files: the list of faults, and the lines themselves to mend and to deposit
//! again.

use axum::extract::Path;
use serde_json::Value;

use super::deposit::download;
use super::find;
use crate::features::imports::model::{FileReport, cause_label};
use crate::features::imports::queries::originals::{self, OriginalRow};
use crate::features::imports::queries::preview;
use crate::formats::export::{Cell, Column, CsvExport, TableWriter as _};
use crate::formats::originals::{TO_MEND, TO_MEND_KEY};
use crate::web::{Db, Error, Result, Visit};

/// Each fault: where, what, what was expected.
pub async fn faults(_visit: Visit, mut db: Db, Path(id): Path<String>) -> Result {
    let import = find(&mut db, &id).await?;
    let rows = preview::rejections(&mut db, import.id).await?;
    let columns = [
        "Fichier",
        "Ligne",
        "Colonne",
        "Valeur",
        "Cause",
        "Attendu",
        "La ligne est gardée",
    ];
    let columns = columns.map(|title| Column::new(title, 20));
    let mut bytes = Vec::new();
    let mut writer = Box::new(CsvExport::new(&mut bytes, None, &columns).map_err(Error::internal)?);
    for row in &rows {
        let file = usize::try_from(row.file)
            .ok()
            .and_then(|rank| import.files.get(rank));
        writer
            .row(&[
                Cell::text(file.map(|file| file.name.as_str())),
                Cell::Integer(row.line),
                Cell::Text(row.column_name.as_str().into()),
                Cell::Text(row.value.as_str().into()),
                Cell::text(Some(cause_label(&row.cause))),
                Cell::text(Some(&row.expected)),
                Cell::text(Some(if row.keeps_line { "oui" } else { "non" })),
            ])
            .map_err(Error::internal)?;
    }
    writer.finish().map_err(Error::internal)?;
    Ok(download(
        "text/csv; charset=utf-8",
        "attachment; filename=\"lignes-a-corriger.csv\"",
        bytes,
    ))
}

/// The rejected lines of one file (its rank from 1) with their own columns, and one more that says
/// what to mend; a JSON file gives JSON.
pub async fn lines(_visit: Visit, mut db: Db, Path((id, file)): Path<(String, String)>) -> Result {
    let import = find(&mut db, &id).await?;
    let rank: usize = file.parse().map_err(|_| Error::NotFound)?;
    let report = rank.checked_sub(1).and_then(|rank| import.files.get(rank));
    let report = report.ok_or(Error::NotFound)?;
    let file = i16::try_from(rank - 1).map_err(|_| Error::NotFound)?;
    let rows = originals::of_file(&mut db, import.id, file).await?;
    if report.titles.is_empty() {
        let objects: Vec<Value> = rows.into_iter().map(with_faults).collect();
        let bytes = serde_json::to_vec_pretty(&objects).map_err(Error::internal)?;
        let name = "attachment; filename=\"lignes-rejetees.json\"";
        return Ok(download("application/json", name, bytes));
    }
    let bytes = table(report, &rows).map_err(Error::internal)?;
    let name = "attachment; filename=\"lignes-rejetees.csv\"";
    Ok(download("text/csv; charset=utf-8", name, bytes))
}

/// The object with what to mend in it.
fn with_faults(row: OriginalRow) -> Value {
    let mut content = row.content;
    if let Some(object) = content.as_object_mut() {
        object.insert(TO_MEND_KEY.to_owned(), Value::String(row.faults));
    }
    content
}

fn table(report: &FileReport, rows: &[OriginalRow]) -> std::io::Result<Vec<u8>> {
    let titles = report.titles.iter().map(String::as_str).chain([TO_MEND]);
    let columns: Vec<Column> = titles.map(|title| Column::new(title, 20)).collect();
    let mut bytes = Vec::new();
    let mut writer = Box::new(CsvExport::new(&mut bytes, None, &columns)?);
    for row in rows {
        let cells = row.content.as_array().map_or(&[][..], Vec::as_slice);
        let mut line: Vec<Cell<'_>> = cells
            .iter()
            .map(|cell| Cell::Text(cell.as_str().unwrap_or_default().into()))
            .collect();
        // What to mend stands under its title, whatever the width of the line.
        while line.len() < report.titles.len() {
            line.push(Cell::Text("".into()));
        }
        line.push(Cell::Text(row.faults.as_str().into()));
        writer.row(&line)?;
    }
    writer.finish()?;
    Ok(bytes)
}
