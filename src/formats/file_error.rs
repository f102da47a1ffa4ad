//! Faults of a deposited file as a whole, each with a French sentence saying what to do.

use std::fmt;
use std::io;

/// Why a file cannot be read. Its `Display` is shown to the person who deposited it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// No byte, or nothing but blanks.
    Empty,
    /// A header and nothing below.
    NoRow,
    /// Our model as it was downloaded.
    OnlyExample,
    /// A nature that is recognised but not read (PDF, old Excel, Parquet…), named in French.
    Unsupported {
        /// What the file is.
        nature: &'static str,
        /// What to deposit instead.
        advice: &'static str,
    },
    /// Zero bytes inside a text: the file is binary or damaged.
    Binary,
    /// A ZIP that holds no data file.
    EmptyArchive,
    /// A ZIP that holds several data files, of which one must be chosen.
    SeveralEntries(Vec<String>),
    /// An entry whose name tries to leave its folder.
    UnsafeEntry(String),
    /// An archive inside an archive.
    NestedArchive,
    /// A password-protected archive or workbook.
    Encrypted,
    /// More bytes once decompressed than the limit allows.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// A compression rate that no honest file reaches.
    SuspectRatio {
        /// The limit: bytes out for one byte in.
        limit: u64,
    },
    /// A line, or a record between quotes, longer than the limit.
    LineTooLong {
        /// The limit, in bytes.
        limit: u64,
    },
    /// More columns than the limit.
    TooManyColumns {
        /// Columns found.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A workbook with more cells than is reasonable.
    TooManyCells {
        /// The limit.
        limit: u64,
    },
    /// The archive or the text stops before its end.
    Truncated,
    /// The last line of the text is cut.
    TruncatedLine {
        /// Its number.
        line: u64,
    },
    /// A quotation mark is opened and never closed.
    UnclosedQuote {
        /// The line where it is opened.
        line: u64,
    },
    /// The content contradicts its own control sum or format.
    Corrupt,
    /// The same column name appears twice.
    DuplicateColumn(String),
    /// JSON that cannot be read.
    Json {
        /// The rank of the object, from 1.
        item: u64,
    },
    /// The columns match no layout that is known.
    UnknownLayout {
        /// The columns found, as written.
        found: Vec<String>,
        /// What would be accepted, one sentence each.
        accepted: Vec<String>,
    },
    /// A layout that is known lacks columns.
    MissingColumns {
        /// The layout, in French.
        layout: &'static str,
        /// The missing columns.
        missing: Vec<String>,
    },
    /// Contours that cannot be drawn; the sentence says why.
    Geometry(String),
    /// The disk or the network failed.
    Read(String),
}

impl FileError {
    /// A word for the log, without anything from the file.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoRow => "no_row",
            Self::OnlyExample => "only_example",
            Self::Unsupported { .. } => "unsupported",
            Self::Binary => "binary",
            Self::EmptyArchive => "empty_archive",
            Self::SeveralEntries(_) => "several_entries",
            Self::UnsafeEntry(_) => "unsafe_entry",
            Self::NestedArchive => "nested_archive",
            Self::Encrypted => "encrypted",
            Self::TooLarge { .. } => "too_large",
            Self::SuspectRatio { .. } => "suspect_ratio",
            Self::LineTooLong { .. } => "line_too_long",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::TooManyCells { .. } => "too_many_cells",
            Self::Truncated => "truncated",
            Self::TruncatedLine { .. } => "truncated_line",
            Self::UnclosedQuote { .. } => "unclosed_quote",
            Self::Corrupt => "corrupt",
            Self::DuplicateColumn(_) => "duplicate_column",
            Self::Json { .. } => "json",
            Self::UnknownLayout { .. } => "unknown_layout",
            Self::MissingColumns { .. } => "missing_columns",
            Self::Geometry(_) => "geometry",
            Self::Read(_) => "read",
        }
    }

    /// Finds the typed fault inside an I/O error raised by one of our own streams.
    pub fn from_io(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(fault) => fault,
            Err(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof => Self::Truncated,
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Self::Corrupt,
                _ => Self::Read(error.to_string()),
            },
        }
    }

    /// Same as [`Self::from_io`], for an error that went through the CSV parser.
    pub fn from_csv(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::from_io(error),
            _ => Self::Corrupt,
        }
    }

    /// Wraps the fault so that it crosses a `Read`.
    pub fn into_io(self) -> io::Error {
        io::Error::other(self)
    }
}

/// « 12 Mo », « 2 Go »: sizes in the decimal units that file managers show.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{}\u{a0}ko", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{}\u{a0}Mo", bytes / 1_000_000),
        _ => format!("{}\u{a0}Go", bytes / 1_000_000_000),
    }
}

impl fmt::Display for FileError {
    #[expect(
        clippy::too_many_lines,
        reason = "one sentence for each fault, read side by side"
    )]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(
                f,
                "Le fichier est vide. Vérifiez qu’il s’ouvre sur votre poste, puis déposez-le à nouveau."
            ),
            Self::OnlyExample => write!(
                f,
                "Le fichier ne contient que la ligne d’exemple du modèle, qui n’est jamais importée. \
                 Écrivez vos entreprises à sa place."
            ),
            Self::NoRow => write!(
                f,
                "Le fichier ne contient que la ligne de titres. Ajoutez au moins une ligne en dessous."
            ),
            Self::Unsupported { nature, advice } => {
                write!(
                    f,
                    "Ce fichier est {nature}, qui ne peut pas être lu ici. {advice}"
                )
            }
            Self::Binary => write!(
                f,
                "Le fichier contient des octets nuls\u{a0}: ce n’est pas un texte, ou il est abîmé. \
                 Enregistrez-le à nouveau au format CSV UTF-8 ou Excel (.xlsx)."
            ),
            Self::EmptyArchive => {
                write!(
                    f,
                    "L’archive ZIP ne contient aucun fichier. Déposez celle qui contient le CSV."
                )
            }
            Self::SeveralEntries(names) => write!(
                f,
                "L’archive ZIP contient plusieurs fichiers\u{a0}: {}. \
                 Déposez une archive avec un seul fichier, ou le fichier lui-même.",
                list(names)
            ),
            Self::UnsafeEntry(name) => write!(
                f,
                "L’archive ZIP contient un nom de fichier interdit («\u{a0}{name}\u{a0}»). \
                 Par sécurité elle est refusée\u{a0}: déposez directement le fichier CSV."
            ),
            Self::NestedArchive => write!(
                f,
                "Le fichier est une archive dans une archive. Décompressez-la une fois, puis déposez le résultat."
            ),
            Self::Encrypted => write!(
                f,
                "Le fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis déposez-le."
            ),
            Self::TooLarge { limit } => write!(
                f,
                "Le contenu dépasse {} une fois décompressé. Découpez le fichier en plusieurs parties.",
                size(*limit)
            ),
            Self::SuspectRatio { limit } => write!(
                f,
                "Le fichier gonfle plus de {limit}\u{a0}fois à la décompression\u{a0}: \
                 par sécurité il est refusé. Déposez le fichier décompressé."
            ),
            Self::LineTooLong { limit } => write!(
                f,
                "Une ligne dépasse {}. Vérifiez les sauts de ligne et les guillemets du fichier, \
                 ou enregistrez-le à nouveau au format CSV.",
                size(*limit)
            ),
            Self::TooManyColumns { found, limit } => write!(
                f,
                "Le fichier a {found}\u{a0}colonnes, {limit} au plus sont admises. Supprimez les colonnes inutiles."
            ),
            Self::TooManyCells { limit } => write!(
                f,
                "La feuille dépasse {limit}\u{a0}cellules. Enregistrez-la au format CSV, ou découpez-la."
            ),
            Self::Truncated => write!(
                f,
                "Le fichier est incomplet\u{a0}: il s’arrête avant sa fin. Téléchargez-le à nouveau, puis déposez-le."
            ),
            Self::TruncatedLine { line } => write!(
                f,
                "Le fichier est incomplet\u{a0}: la dernière ligne ({line}) est coupée. \
                 Téléchargez-le à nouveau, puis déposez-le."
            ),
            Self::UnclosedQuote { line } => write!(
                f,
                "Un guillemet ouvert à la ligne {line} n’est jamais refermé. \
                 Corrigez cette ligne, puis déposez le fichier à nouveau."
            ),
            Self::Corrupt => write!(
                f,
                "Le fichier est abîmé\u{a0}: son contenu ne correspond pas à son format. \
                 Téléchargez-le ou enregistrez-le à nouveau."
            ),
            Self::DuplicateColumn(name) => write!(
                f,
                "La colonne «\u{a0}{name}\u{a0}» figure deux fois. Gardez-en une seule, puis déposez le fichier."
            ),
            Self::Json { item } => write!(
                f,
                "L’élément {item} du fichier JSON ne peut pas être lu. \
                 Téléchargez le fichier à nouveau, sans le modifier."
            ),
            Self::UnknownLayout { found, accepted } => write!(
                f,
                "Ce fichier n’est pas d’une forme connue. Colonnes trouvées\u{a0}: {}. Formes admises\u{a0}: {}.",
                list(found),
                accepted.join("\u{202f}; ")
            ),
            Self::MissingColumns { layout, missing } => write!(
                f,
                "Le fichier ressemble à «\u{a0}{layout}\u{a0}», mais il manque\u{a0}: {}. \
                 Ajoutez ces colonnes, le nom exact dans la première ligne.",
                list(missing)
            ),
            Self::Geometry(why) => {
                write!(f, "Les contours ne peuvent pas être dessinés\u{a0}: {why}")
            }
            Self::Read(_) => write!(
                f,
                "La lecture du fichier a été interrompue. Déposez-le à nouveau."
            ),
        }
    }
}

/// At most twelve names, then how many more.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 12;
    if names.is_empty() {
        return "aucune".to_owned();
    }
    let shown = names
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} et {more}\u{a0}autres"),
    }
}
