//! Our own history: one row a company and year, one column a variable of the model.

use std::collections::{HashMap, HashSet};
use std::io::Read;

use super::panel::{Candidate, Panel};
use super::table::{ReadError, Row, Table};

/// The columns that come before the variables.
pub const KEYS: [&str; 6] = [
    "siren",
    "period",
    "label",
    "months_to_event",
    "sector",
    "size",
];

/// Reads `siren, period, label, months_to_event, sector, size`, then a column for each candidate.
/// `period` is a year or a date of that year; `months_to_event` is empty for a company that did
/// not fail. With `changes` the change of each variable over one year is added.
pub fn read(input: impl Read, candidates: &[Candidate], changes: bool) -> Result<Panel, ReadError> {
    let mut names: Vec<String> = KEYS.map(str::to_owned).to_vec();
    names.extend(candidates.iter().map(|candidate| candidate.id.clone()));
    let mut panel = Panel {
        name: "vigie".to_owned(),
        candidates: candidates.to_vec(),
        columns: vec![Vec::new(); candidates.len()],
        ..Panel::default()
    };
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut seen = HashSet::new();
    Table::open(input, &names)?.each(|row| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let firm = *numbers.entry(row.text(0).to_owned()).or_insert(next);
        let period = year(row)?;
        if !seen.insert((firm, period)) {
            return Err(ReadError::Duplicate {
                line: row.line,
                firm: row.text(0).to_owned(),
                period,
            });
        }
        panel.firms.push(firm);
        panel.periods.push(period);
        panel.labels.push(row.flag(2)?);
        panel.months_to_event.push(months(row)?);
        panel.sectors.push(row.text(4));
        panel.sizes.push(row.text(5));
        for (place, column) in panel.columns.iter_mut().enumerate() {
            column.push(row.number(KEYS.len() + place)?);
        }
        Ok(())
    })?;
    if changes {
        let ids: Vec<String> = candidates.iter().map(|one| one.id.clone()).collect();
        panel = panel.with_changes(&ids);
    }
    Ok(panel)
}

fn year(row: &Row<'_>) -> Result<i32, ReadError> {
    let text = row.text(1);
    let year = match text.split_once('-') {
        Some((year, _)) => year,
        None => text,
    };
    if year.len() == 4 {
        year.parse()
            .map_err(|_| row.fault(1, "une année ni une date"))
    } else {
        Err(row.fault(1, "une année ni une date"))
    }
}

fn months(row: &Row<'_>) -> Result<Option<u16>, ReadError> {
    match row.text(3) {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| row.fault(3, "un nombre de mois")),
    }
}
