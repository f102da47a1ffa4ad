//! The columns of the list as a file.

use chrono::NaiveDate;

use crate::features::companies::model::MASKED;
use crate::features::companies::queries::export::SourceRow;
use crate::features::companies::queries::list::CompanyRow;
use crate::formats::export::{Cell, Column, Preamble};
use crate::web::filters::long_date;

/// Titles and widths, in the order of [`cells`].
pub fn columns() -> Vec<Column> {
    [
        ("SIREN", 12),
        ("Nom", 40),
        ("Nom usuel", 25),
        ("Sigle", 12),
        ("État", 10),
        ("Date de création", 12),
        ("Date de cessation", 12),
        ("NAF rév. 2", 10),
        ("Activité", 45),
        ("NAF 2025", 10),
        ("Catégorie juridique", 35),
        ("Taille", 8),
        ("SIRET local", 16),
        ("Effectif local (tranche)", 22),
        ("Année de la tranche", 10),
        ("Code commune", 10),
        ("Commune", 25),
        ("Territoire", 30),
        ("Entreprise clé de", 30),
        ("Place", 8),
        ("Source", 18),
        ("Date de la source", 12),
    ]
    .into_iter()
    .map(|(title, width)| Column::new(title, width))
    .collect()
}

/// One row; a value that the register forbids to show is absent, and said so.
pub fn cells(row: &CompanyRow) -> Vec<Cell<'_>> {
    let none = |text: Option<&'static str>| Cell::text(text.or(Some("")));
    let key = row.key_slot.is_some();
    vec![
        Cell::text(Some(&row.siren)),
        Cell::text(row.name.as_deref().or(Some(MASKED))),
        Cell::text(row.usual_name.as_deref()),
        Cell::text(row.acronym.as_deref()),
        Cell::text(Some(if row.active {
            "En activité"
        } else {
            "Fermée"
        })),
        Cell::date(row.created_on),
        if row.active {
            none(None)
        } else {
            Cell::date(row.ceased_on)
        },
        Cell::text(row.naf_code.as_deref()),
        Cell::text(row.naf_label.as_deref()),
        Cell::text(row.naf_2025.as_deref()),
        Cell::text(row.legal_category.as_deref()),
        Cell::text(row.size_category.as_deref()),
        Cell::text(row.local_siret.as_deref()),
        Cell::text(row.band.as_deref()),
        Cell::integer(row.band_year),
        Cell::text(row.commune_code.as_deref()),
        Cell::text(row.commune.as_deref()),
        Cell::text(row.territory.as_deref()),
        if key {
            Cell::text(row.key_territory.as_deref())
        } else {
            none(Some("Non"))
        },
        if key {
            Cell::integer(row.key_slot)
        } else {
            none(None)
        },
        Cell::text(Some(&row.source)),
        Cell::date(Some(row.source_date)),
    ]
}

/// What is said above the rows.
pub fn preamble(
    filters: Vec<String>,
    sources: &[SourceRow],
    today: NaiveDate,
    person: &str,
) -> Preamble {
    let named = |row: &SourceRow| format!("{}, {}", row.source, long_date(row.source_date));
    let sources: Vec<String> = sources.iter().map(named).collect();
    Preamble {
        title: "Vigie, liste des entreprises".to_owned(),
        filters,
        source: sources.join("\u{202f}; "),
        exported_on: today,
        exported_by: person.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_as_many_cells_as_there_are_titles() {
        let row = CompanyRow {
            siren: "000081018".into(),
            name: None,
            usual_name: None,
            acronym: None,
            active: true,
            created_on: None,
            ceased_on: None,
            naf_code: None,
            naf_label: None,
            naf_2025: None,
            legal_category: None,
            size_category: None,
            local_siret: None,
            band: None,
            band_year: None,
            commune_code: None,
            commune: None,
            territory: None,
            key_territory: None,
            key_slot: None,
            source: "Insee-Sirene".into(),
            source_date: NaiveDate::default(),
        };
        assert_eq!(cells(&row).len(), columns().len());
        assert_eq!(cells(&row)[1], Cell::text(Some(MASKED)));
    }
}
