//! Some lines of a file as they stand in it, for whoever will mend them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::file_error::FileError;
use super::input::TextFile;
use super::json_objects::JsonObjects;
use super::kind::Recognised;
use super::table::Table;

/// Title of the column that says what to mend in a line given back; nothing is read from it.
pub const TO_MEND: &str = "À corriger (Vigie)";

/// The same in an object of a JSON file.
pub const TO_MEND_KEY: &str = "à_corriger";

/// Largest JSON object given back, in bytes.
const MAX_OBJECT: usize = 100_000;

/// Reads a file again and gives the wanted lines with their number: the cells of a table as an
/// array, an object of a JSON file as itself. Lines are counted as [`super::Rejection::line`] does.
///
/// Legal notices and social debts are not given back: what is set aside there names persons, or is
/// kept for a few.
pub fn read(
    recognised: Recognised,
    wanted: &BTreeSet<u64>,
    keep: impl FnMut(u64, Value),
) -> Result<(), FileError> {
    if recognised.kind().is_sensitive() {
        return Ok(());
    }
    match recognised {
        Recognised::Table(_, table) => of_table(table, wanted, keep),
        Recognised::Json(_, text) => of_json(text, wanted, keep),
    }
}

fn of_table(
    mut table: Table,
    wanted: &BTreeSet<u64>,
    mut keep: impl FnMut(u64, Value),
) -> Result<(), FileError> {
    let last = wanted.last().copied().unwrap_or(0);
    while table.next_row()?.is_some() && table.line() <= last {
        if wanted.contains(&table.line()) {
            let mut cells: Vec<Value> = table
                .cells()
                .map(|cell| Value::String(cell.trim().to_owned()))
                .collect();
            if let Some(place) = table.to_mend() {
                // It is written last, whatever the width of the line.
                let is_last = place + 1 == table.header().len();
                let place = if is_last {
                    cells.len().max(1) - 1
                } else {
                    place
                };
                if place < cells.len() && cells.len() >= table.header().len() {
                    cells.remove(place);
                }
            }
            keep(table.line(), Value::Array(cells));
        }
    }
    Ok(())
}

fn of_json(
    text: TextFile,
    wanted: &BTreeSet<u64>,
    mut keep: impl FnMut(u64, Value),
) -> Result<(), FileError> {
    let last = wanted.last().copied().unwrap_or(0);
    let mut objects = JsonObjects::new(text.reader);
    while let Some(object) = objects.next() {
        let object = object?;
        let rank = objects.rank();
        if wanted.contains(&rank)
            && object.len() <= MAX_OBJECT
            && let Ok(object) = serde_json::from_slice(&object)
        {
            keep(rank, object);
        }
        if rank >= last {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;
    use crate::formats::input::{Limits, open};
    use crate::formats::kind::recognise;

    fn originals(text: &str, wanted: &[u64]) -> Vec<(u64, Value)> {
        let bytes = Cursor::new(text.as_bytes().to_vec());
        let opened = open(bytes, Limits::default()).expect("opened");
        let mut kept = Vec::new();
        let wanted = wanted.iter().copied().collect();
        read(recognise(opened).expect("known"), &wanted, |line, value| {
            kept.push((line, value));
        })
        .expect("read");
        kept
    }

    #[test]
    fn a_line_comes_back_with_its_cells_even_when_it_has_too_many() {
        let file = "siret;nom\n1;a\n\n2;b;c;d\n3; \"x;y\"\n4;z\n";
        assert_eq!(
            originals(file, &[4, 5]),
            [
                (4, json!(["2", "b", "c", "d"])),
                (5, json!(["3", "\"x", "y\""]))
            ]
        );
    }

    #[test]
    fn a_line_given_back_before_comes_back_without_what_we_added() {
        let file = "siret;nom;À corriger (Vigie)\r\n1;'=1+1;siret : attendu\r\n2;'a;b;c;nom\r\n";
        assert_eq!(
            originals(file, &[2, 3]),
            [(2, json!(["1", "=1+1"])), (3, json!(["2", "'a", "b", "c"]))]
        );
        // A file of someone else keeps its apostrophes.
        let file = "siret;nom\r\n1;'=1+1\r\n";
        assert_eq!(originals(file, &[2]), [(2, json!(["1", "'=1+1"]))]);
    }

    #[test]
    fn legal_notices_do_not_come_back() {
        let file = r#"[{"id":"A1","familleavis":"collective","commercant":"MARTIN Claire"}]"#;
        assert_eq!(originals(file, &[1]), []);
        let file = "id;dateparution;familleavis;registre;commercant\n1;;;;MARTIN Claire\n";
        assert_eq!(originals(file, &[2]), []);
    }

    #[test]
    fn an_object_comes_back_by_its_rank() {
        let file = r#"{"results":[{"siren":"1"},{"siren":"2","a":[1]}]}"#;
        assert_eq!(
            originals(file, &[2]),
            [(2, json!({ "siren": "2", "a": [1] }))]
        );
    }
}
