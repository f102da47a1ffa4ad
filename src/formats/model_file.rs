//! The downloadable model of the list of companies: titles, an example line, and in Excel a
//! second sheet that explains each column.

use std::io::{self, Write};

use super::export::{Cell, Column, CsvExport, TableWriter, XlsxExport};

/// The example line of the model, passed over when someone leaves it in the file.
pub const EXAMPLE_SIRET: &str = "00000001800010";

/// One column of the model.
#[derive(Debug, Clone, Copy)]
pub struct ModelColumn {
    /// Name in the header.
    pub name: &'static str,
    /// Whether it must be filled, in French.
    pub required: &'static str,
    /// What to write in it, in French.
    pub explanation: &'static str,
    /// Example.
    pub example: &'static str,
}

const fn column(
    name: &'static str,
    required: &'static str,
    explanation: &'static str,
    example: &'static str,
) -> ModelColumn {
    ModelColumn {
        name,
        required,
        explanation,
        example,
    }
}

const FREE: &str = "Facultatif";

/// The model, in order.
pub const MODEL: [ModelColumn; 13] = [
    column(
        "siret",
        "SIRET ou SIREN",
        "14 chiffres de l’établissement, zéros de tête compris",
        EXAMPLE_SIRET,
    ),
    column(
        "siren",
        "SIRET ou SIREN",
        "9 chiffres de l’entreprise, si le SIRET n’est pas connu",
        "000000018",
    ),
    column(
        "nom",
        "Obligatoire",
        "Dénomination de l’entreprise",
        "EXEMPLE MÉCANIQUE",
    ),
    column(
        "enseigne",
        FREE,
        "Nom sur la façade de l’établissement",
        "EXEMPLE ATELIERS",
    ),
    column("adresse", FREE, "Numéro et voie", "1 rue de l’Exemple"),
    column("code_postal", FREE, "5 chiffres", "81000"),
    column(
        "code_commune",
        FREE,
        "Code Insee de la commune, préférable à son nom",
        "81004",
    ),
    column(
        "commune",
        FREE,
        "Nom de la commune, si le code n’est pas connu",
        "Albi",
    ),
    column("naf", FREE, "Activité principale, code NAF", "25.62B"),
    column(
        "effectif",
        FREE,
        "Nombre de salariés de l’établissement, un nombre entier",
        "54",
    ),
    column(
        "annee_effectif",
        "Avec effectif",
        "Année de cet effectif",
        "2025",
    ),
    column(
        "date_creation",
        FREE,
        "Date de création, JJ/MM/AAAA",
        "01/03/1994",
    ),
    column("etat", FREE, "actif ou fermé", "actif"),
];

fn columns() -> Vec<Column> {
    MODEL.iter().map(|c| Column::new(c.name, 20)).collect()
}

fn example() -> Vec<Cell<'static>> {
    MODEL.iter().map(|c| Cell::text(Some(c.example))).collect()
}

/// Writes the model as CSV.
pub fn write_csv(out: impl Write) -> io::Result<()> {
    let mut writer = Box::new(CsvExport::new(out, None, &columns())?);
    writer.row(&example())?;
    writer.finish()
}

/// Writes the model as an Excel workbook.
pub fn write_xlsx(out: impl Write + Send) -> io::Result<()> {
    let mut writer = Box::new(XlsxExport::new(out, None, &columns())?);
    writer.row(&example())?;
    let titles = [
        "Colonne",
        "Obligatoire\u{202f}?",
        "Ce qu’il faut y écrire",
        "Exemple",
    ];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    rows.extend(MODEL.iter().map(|c| {
        [c.name, c.required, c.explanation, c.example]
            .map(str::to_owned)
            .to_vec()
    }));
    rows.push(vec![
        "Note".to_owned(),
        String::new(),
        "La ligne d’exemple n’est jamais importée\u{a0}: vous pouvez la laisser ou l’effacer."
            .to_owned(),
        String::new(),
    ]);
    writer.add_sheet("Mode d’emploi", &[18, 18, 60, 24], &rows)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use chrono::NaiveDate;

    use super::*;
    use crate::formats::companies::SimpleReader;
    use crate::formats::input::{Limits, open};
    use crate::formats::kind::{FileKind, Recognised, recognise};

    #[test]
    fn the_model_is_read_back_and_its_example_is_passed_over() {
        let (mut csv, mut xlsx) = (Vec::new(), Vec::new());
        write_csv(&mut csv).unwrap();
        write_xlsx(&mut xlsx).unwrap();
        for bytes in [csv, xlsx] {
            let opened = open(Cursor::new(bytes), Limits::default()).unwrap();
            let Recognised::Table(kind, table) = recognise(opened).unwrap() else {
                panic!("no table")
            };
            assert_eq!(kind, FileKind::Companies);
            let as_of = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
            let mut reader = SimpleReader::new(table, as_of).unwrap();
            assert!(reader.table().header().ignored().is_empty());
            assert!(reader.next().is_none());
        }
    }
}
