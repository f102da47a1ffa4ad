//! The page of one import, and its values in French.

use askama::Template;
use askama_web::WebTemplate;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::facts::FactKind;
use super::intake::SOCIAL_ADVICE;
use super::model::{Counts, Status, Table, cause_label};
use super::queries::preview::{ChangeRow, RejectionRow};
use super::queries::records::ImportRow;
use crate::formats::rows::BANDS;
use crate::web::filters;
use crate::web::pager::Page;
use crate::web::shell::Shell;

/// `templates/imports/show.html`
#[derive(Template, WebTemplate)]
#[template(path = "imports/show.html")]
pub struct ShowPage {
    /// Frame.
    pub shell: Shell,
    /// The import.
    pub import: ImportRow,
    /// Where it stands.
    pub status: Status,
    /// One list of rows.
    pub shown: Option<Shown>,
    /// Lines and values set aside, by cause.
    pub groups: Vec<Group>,
    /// Ranks of the files that have rejected lines to give back.
    pub rejected_files: Vec<i16>,
    /// How far the analysis is.
    pub progress: Option<Progress>,
    /// When the same files were written before.
    pub same_at: Option<DateTime<Utc>>,
    /// Whether the visitor may turn social data on.
    pub may_allow_social: bool,
    /// Moment of the visit.
    pub now: DateTime<Utc>,
}

impl ShowPage {
    /// Files with rejected lines: address of these lines, and name of the file.
    fn files_to_mend(&self) -> Vec<(String, &str)> {
        let named = self.rejected_files.iter().filter_map(|rank| {
            let index = usize::try_from(*rank).ok()?;
            let file = self.import.files.get(index)?;
            Some((
                format!("{}/rejets/{}", self.path(), rank + 1),
                file.name.as_str(),
            ))
        });
        named.collect()
    }

    /// Whether it was refused for want of a legal basis.
    fn is_refused_as_social(&self) -> bool {
        let failure = self.import.failure.as_deref().unwrap_or_default();
        failure.contains(SOCIAL_ADVICE)
    }

    fn counts(&self) -> &Counts {
        &self.import.counts
    }

    fn path(&self) -> String {
        format!("/imports/{}", self.import.id)
    }

    fn undo_path(&self) -> String {
        format!("{}/annuler", self.path())
    }

    /// Whether the file changed something, or may.
    fn claims(&self) -> bool {
        let status = self.status;
        status.is_written() || status.may_be_written() || status == Status::Undone
    }

    /// Titles of the columns: before the confirmation, nothing is created.
    fn case_labels(&self) -> [&'static str; 6] {
        CASES.map(|(case, label)| match case {
            "created" if self.status.may_be_written() => "Créerait",
            "changed" if self.status.may_be_written() => "Modifierait",
            _ => label,
        })
    }

    fn tables(&self) -> Vec<TableLine> {
        let lines = Table::ALL
            .into_iter()
            .map(|table| TableLine::new(table, self));
        let unread = TableLine::unread(self);
        lines.filter(|line| line.total > 0).chain(unread).collect()
    }

    /// Whether every rejection could be kept one by one.
    fn keeps_all(&self) -> bool {
        let counts = self.counts();
        counts
            .causes
            .values()
            .chain(counts.warnings.values())
            .sum::<i64>()
            <= i64::try_from(super::model::REJECTIONS_KEPT).unwrap_or(i64::MAX)
    }
}

/// One table's numbers, each with the address of its list.
#[derive(Debug)]
pub struct TableLine {
    /// In French.
    pub label: &'static str,
    /// Rows in all.
    pub total: i64,
    /// Number and address; no address when there is nothing to list.
    pub cells: Vec<(i64, Option<String>)>,
}

/// Cases in the order of the columns.
pub const CASES: [(&str, &str); 6] = [
    ("created", "Créées"),
    ("changed", "Modifiées"),
    ("unchanged", "Inchangées"),
    ("ignored", "Hors du département"),
    ("duplicate", "Répétées"),
    ("rejected", "À corriger"),
];

impl TableLine {
    fn new(table: Table, page: &ShowPage) -> Self {
        let counts = page.import.counts.of(table);
        let numbers = [
            counts.created,
            counts.changed,
            counts.unchanged,
            counts.ignored,
            counts.duplicate,
            counts.rejected,
        ];
        let listed = |case: &str| match page.status {
            _ if page.import.is_social => false,
            Status::Ready => true,
            Status::Applied => case == "created" || case == "changed",
            _ => false,
        };
        let cells = CASES.iter().zip(numbers).map(|((case, _), number)| {
            let address = (number > 0 && listed(case))
                .then(|| format!("{}?voir={}-{case}#liste", page.path(), table.code()));
            (number, address)
        });
        Self {
            label: table.label(),
            total: counts.total(),
            cells: cells.collect(),
        }
    }

    /// Lines refused before one could tell their table, so that the columns add up to what was read.
    fn unread(page: &ShowPage) -> Option<Self> {
        let unread = page.import.counts.unread;
        let cells = CASES.iter().map(|(case, _)| match *case {
            "rejected" => (unread, Some(format!("{}#corriger", page.path()))),
            _ => (0, None),
        });
        (unread > 0).then(|| Self {
            label: "Lignes refusées à la lecture",
            total: unread,
            cells: cells.collect(),
        })
    }
}

/// How far an analysis is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes read.
    pub done: i64,
    /// Bytes in all.
    pub total: i64,
}

impl From<(i64, i64)> for Progress {
    fn from((done, total): (i64, i64)) -> Self {
        Self { done, total }
    }
}

impl Progress {
    fn megabytes(self) -> (i64, i64) {
        (self.done / 1_000_000, (self.total / 1_000_000).max(1))
    }
}

/// Rejections of one cause.
#[derive(Debug)]
pub struct Group {
    /// Id of its table on the page.
    pub id: String,
    /// In French.
    pub label: &'static str,
    /// How many there are in all.
    pub total: i64,
    /// Whether the lines stand without the value.
    pub keeps_line: bool,
    /// What was expected, for the first one.
    pub expected: String,
    /// The first ones, each with the name of its file.
    pub rows: Vec<(String, RejectionRow)>,
}

impl Group {
    /// Groups rows that come in the order of their groups.
    pub fn of(rows: Vec<RejectionRow>, import: &ImportRow) -> Vec<Self> {
        let mut groups: Vec<(String, Self)> = Vec::new();
        for row in rows {
            let file = usize::try_from(row.file)
                .ok()
                .and_then(|rank| import.files.get(rank));
            let name = file.map(|file| file.name.clone()).unwrap_or_default();
            let is_same = |(key, group): &(String, Self)| {
                *key == row.cause && group.keeps_line == row.keeps_line
            };
            if !groups.last().is_some_and(is_same) {
                let counts = if row.keeps_line {
                    &import.counts.warnings
                } else {
                    &import.counts.causes
                };
                let group = Self {
                    id: format!(
                        "cause-{}{}",
                        row.cause,
                        if row.keeps_line { "-valeur" } else { "" }
                    ),
                    label: cause_label(&row.cause),
                    total: counts.get(&row.cause).copied().unwrap_or(1),
                    keeps_line: row.keeps_line,
                    expected: row.expected.clone(),
                    rows: Vec::new(),
                };
                groups.push((row.cause.clone(), group));
            }
            if let Some((_, group)) = groups.last_mut() {
                group.rows.push((name, row));
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn more(&self) -> i64 {
        self.total - i64::try_from(self.rows.len()).unwrap_or(0)
    }
}

/// One list of rows of an import.
#[derive(Debug)]
pub struct Shown {
    /// What is listed, in French.
    pub title: String,
    /// The rows.
    pub rows: Vec<ShownRow>,
    /// Whether rows have columns that change.
    pub has_differences: bool,
    /// Whether rows know their line.
    pub has_lines: bool,
    /// Pages.
    pub page: Page,
}

/// One row.
#[derive(Debug)]
pub struct ShownRow {
    /// SIREN or SIRET, with the period of a headcount.
    pub key: String,
    /// Page of the company.
    pub href: Option<String>,
    /// Name, when it may be shown.
    pub name: Option<String>,
    /// Line of the file.
    pub line: i64,
    /// Column, before, after.
    pub differences: Vec<Difference>,
}

/// A column that changes.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// Column in French.
    pub column: &'static str,
    /// What was.
    pub before: String,
    /// What comes in its place.
    pub after: String,
}

impl Shown {
    /// From the rows of one page.
    pub fn new(table: Table, case: &'static str, rows: &[ChangeRow], page: Page) -> Self {
        let label = CASES
            .iter()
            .find(|(code, _)| *code == case)
            .map_or("", |(_, label)| label);
        let rows: Vec<ShownRow> = rows.iter().map(|row| ShownRow::new(row, case)).collect();
        Self {
            title: format!("{}\u{a0}: {}", table.label(), label.to_lowercase()),
            has_differences: rows.iter().any(|row| !row.differences.is_empty()),
            has_lines: rows.iter().any(|row| row.line > 0),
            rows,
            page,
        }
    }
}

impl ShownRow {
    fn new(row: &ChangeRow, case: &str) -> Self {
        let is_known = matches!(case, "changed" | "unchanged") || row.line == 0;
        let siren = row.key.get(..9).unwrap_or_default();
        Self {
            key: key_in_words(&row.key),
            href: is_known.then(|| format!("/entreprises/{siren}")),
            name: row.name.clone(),
            line: row.line,
            differences: differences(row.before.as_ref(), row.after.as_ref()),
        }
    }
}

fn key_in_words(key: &str) -> String {
    let mut parts = key.split('/');
    let (number, granularity, period) =
        (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let number = match number.len() {
        9 => spaced(number, &[3, 3, 3]),
        14 => spaced(number, &[3, 3, 3, 5]),
        _ => number.to_owned(),
    };
    if let Some(kind) = granularity.and_then(FactKind::from_code) {
        let rest: Vec<&str> = key
            .split('/')
            .skip(2)
            .filter(|part| part.len() != 9)
            .collect();
        return format!(
            "{number}, {} {}",
            kind.label().to_lowercase(),
            rest.join(" ")
        );
    }
    let period = period.and_then(|day| day.parse::<NaiveDate>().ok());
    match (granularity, period) {
        (Some("year"), Some(day)) => format!("{number}, {}", day.format("%Y")),
        (Some(_), Some(day)) => format!("{number}, {}", day.format("%m/%Y")),
        _ => number,
    }
}

fn spaced(digits: &str, groups: &[usize]) -> String {
    let mut rest = digits;
    let mut parts = Vec::new();
    for &length in groups {
        let (part, tail) = rest.split_at(length.min(rest.len()));
        parts.push(part);
        rest = tail;
    }
    parts.join("\u{a0}")
}

/// Columns that people know, in the order in which they are told.
const COLUMNS: [(&str, &str); 29] = [
    ("name", "Nom"),
    ("usual_name", "Nom usuel"),
    ("acronym", "Sigle"),
    ("diffusible", "Diffusion"),
    ("is_person", "Personne physique"),
    ("legal_category", "Catégorie juridique"),
    ("active", "État"),
    ("created_on", "Création"),
    ("ceased_on", "Cessation"),
    ("closed_on", "Fermeture"),
    ("address", "Adresse"),
    ("postcode", "Code postal"),
    ("commune_code", "Code de la commune"),
    ("commune_label", "Commune dans le fichier"),
    ("insee_code", "Commune actuelle"),
    ("naf_code", "Activité (NAF)"),
    ("naf_nomenclature", "Nomenclature"),
    ("naf_2025", "Activité (NAF 2025)"),
    ("headcount_band", "Tranche d’effectif"),
    ("headcount_band_year", "Année de la tranche"),
    ("size_category", "Taille"),
    ("head_office_siret", "Siège"),
    ("is_head_office", "Est le siège"),
    ("is_social_economy", "Économie sociale et solidaire"),
    ("is_mission_company", "Société à mission"),
    ("is_employer", "Employeur"),
    ("lambert_x", "Coordonnée est"),
    ("lambert_y", "Coordonnée nord"),
    ("headcount", "Effectif"),
];

/// Columns that change, in French.
fn differences(before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let of = |side: Option<&Value>, key: &str| side.and_then(|values| values.get(key)).cloned();
    let told = COLUMNS.iter().filter_map(|(key, column)| {
        let (old, new) = (of(before, key), of(after, key));
        if old.is_none() && new.is_none() {
            return None;
        }
        // What a diffusion hides is in neither side.
        let (before, after) = (in_french(key, old.as_ref()), in_french(key, new.as_ref()));
        Some(Difference {
            column,
            before,
            after,
        })
    });
    told.collect()
}

fn in_french(key: &str, value: Option<&Value>) -> String {
    let unknown = "Non communiqué";
    match value {
        None | Some(Value::Null) => unknown.to_owned(),
        Some(Value::Bool(truth)) => match (key, truth) {
            ("diffusible", true) => "ouverte",
            ("diffusible", false) => "partielle",
            ("active", true) => "en activité",
            ("active", false) => "fermé",
            (_, true) => "oui",
            (_, false) => "non",
        }
        .to_owned(),
        Some(Value::String(text)) if key.ends_with("_on") => text
            .parse::<NaiveDate>()
            .map_or_else(|_| text.clone(), |day| day.format("%d/%m/%Y").to_string()),
        Some(Value::String(code)) if key == "headcount_band" => band(code),
        Some(Value::String(code)) if key == "naf_nomenclature" => nomenclature(code).to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(number) => number.to_string(),
    }
}

fn band(code: &str) -> String {
    match BANDS.iter().find(|(known, ..)| *known == code) {
        Some((_, low, Some(high))) if low == high => format!("{low}\u{a0}salarié"),
        Some((_, low, Some(high))) => format!("{low} à {high}\u{a0}salariés"),
        Some((_, low, None)) => format!("{low}\u{a0}salariés et plus"),
        None => "sans salarié".to_owned(),
    }
}

fn nomenclature(code: &str) -> &str {
    match code {
        "rev2" => "NAF rév.\u{a0}2",
        "rev1" => "NAF rév.\u{a0}1",
        "1993" => "NAF 1993",
        "nap" => "NAP",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_told_in_french_and_technical_columns_are_not() {
        let before = json!({"name": "A", "active": true, "created_on": null, "headcount_band": "21", "source_date": "2026-01-01"});
        let after = json!({"name": "B", "active": false, "created_on": "2026-03-01", "headcount_band": "12", "line": 3});
        let told: Vec<String> = differences(Some(&before), Some(&after))
            .iter()
            .map(|d| format!("{} {}>{}", d.column, d.before, d.after).replace('\u{a0}', " "))
            .collect();
        assert_eq!(
            told,
            [
                "Nom A>B",
                "État en activité>fermé",
                "Création Non communiqué>01/03/2026",
                "Tranche d’effectif 50 à 99 salariés>20 à 49 salariés"
            ]
        );
    }

    #[test]
    fn keys_are_read_by_people() {
        assert_eq!(key_in_words("000020016"), "000\u{a0}020\u{a0}016");
        assert_eq!(
            key_in_words("00002001600010/month/2024-10-01"),
            "000\u{a0}020\u{a0}016\u{a0}00010, 10/2024"
        );
    }
}
