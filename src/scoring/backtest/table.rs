//! Reading a CSV file by the names of its columns.

use std::io::Read;

use thiserror::Error;

/// Why a set cannot be read. The text is for the person who launched the command.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file has no such column.
    #[error("colonne «\u{a0}{0}\u{a0}» absente du fichier")]
    MissingColumn(String),
    /// A value does not have the form expected.
    #[error(
        "ligne {line}, colonne «\u{a0}{column}\u{a0}»\u{a0}: «\u{a0}{value}\u{a0}» n’est pas {wanted}"
    )]
    Value {
        /// Line in the file, the header being line 1.
        line: usize,
        /// Column.
        column: String,
        /// What stands there.
        value: String,
        /// What was expected.
        wanted: &'static str,
    },
    /// Two rows for the same firm and period.
    #[error("ligne {line}\u{a0}: l’entreprise {firm} a déjà une ligne pour {period}")]
    Duplicate {
        /// Line of the second one.
        line: usize,
        /// The firm.
        firm: String,
        /// The period.
        period: i32,
    },
    /// The file holds no row.
    #[error("le fichier ne contient aucune ligne")]
    Empty,
    /// Not a CSV file, or a broken stream.
    #[error("fichier illisible\u{a0}: {}", csv_fault(.0))]
    Csv(#[from] csv::Error),
}

/// What the CSV reader found, in French: its own words are English.
fn csv_fault(error: &csv::Error) -> String {
    let line = error
        .position()
        .map_or_else(String::new, |place| format!("ligne {}, ", place.line()));
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{line}{len} colonnes au lieu de {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => format!("{line}texte qui n’est pas en UTF-8"),
        csv::ErrorKind::Io(_) => "le flux est interrompu ou l’archive est abîmée".to_owned(),
        _ => format!("{line}ce n’est pas un fichier CSV"),
    }
}

/// The rows of a file and the places of the columns asked for.
pub(super) struct Table<R> {
    reader: csv::Reader<R>,
    names: Vec<String>,
    places: Vec<usize>,
}

impl<R: Read> Table<R> {
    /// Opens a file and finds these columns; the first one absent is the error.
    pub fn open(input: R, names: &[String]) -> Result<Self, ReadError> {
        let mut reader = csv::Reader::from_reader(input);
        let header = reader.headers()?.clone();
        let places = names
            .iter()
            .map(|name| {
                header
                    .iter()
                    .position(|cell| cell.trim_start_matches('\u{feff}').trim() == name)
                    .ok_or_else(|| ReadError::MissingColumn(name.clone()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            reader,
            names: names.to_vec(),
            places,
        })
    }

    /// Gives each row to `take`, in the order of the file. At least one row is needed.
    pub fn each(
        mut self,
        mut take: impl FnMut(&Row<'_>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        let mut record = csv::StringRecord::new();
        let mut line = 1;
        while self.reader.read_record(&mut record)? {
            line += 1;
            take(&Row {
                record: &record,
                names: &self.names,
                places: &self.places,
                line,
            })?;
        }
        if line == 1 {
            Err(ReadError::Empty)
        } else {
            Ok(())
        }
    }
}

/// A row; columns by their place in the list given to [`Table::open`].
pub(super) struct Row<'a> {
    record: &'a csv::StringRecord,
    names: &'a [String],
    places: &'a [usize],
    /// Line in the file.
    pub line: usize,
}

impl Row<'_> {
    /// The text of a column.
    pub fn text(&self, column: usize) -> &str {
        self.record.get(self.places[column]).unwrap_or("").trim()
    }

    /// A number, `NaN` when empty or not finite.
    pub fn number(&self, column: usize) -> Result<f64, ReadError> {
        let text = self.text(column);
        if text.is_empty() || text == "?" {
            return Ok(f64::NAN);
        }
        let value: f64 = text.parse().map_err(|_| self.fault(column, "un nombre"))?;
        Ok(if value.is_finite() { value } else { f64::NAN })
    }

    /// A whole number.
    pub fn whole(&self, column: usize) -> Result<i32, ReadError> {
        self.text(column)
            .parse()
            .map_err(|_| self.fault(column, "un nombre entier"))
    }

    /// 0 or 1.
    pub fn flag(&self, column: usize) -> Result<bool, ReadError> {
        match self.text(column) {
            "0" => Ok(false),
            "1" => Ok(true),
            _ => Err(self.fault(column, "0 ou 1")),
        }
    }

    /// The error of a column's value.
    pub fn fault(&self, column: usize, wanted: &'static str) -> ReadError {
        ReadError::Value {
            line: self.line,
            column: self.names[column].clone(),
            value: self.text(column).to_owned(),
            wanted,
        }
    }
}
