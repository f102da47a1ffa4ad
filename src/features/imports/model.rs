//! What an import is, in words and in numbers. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::facts::FactKind;
use crate::formats::Cause;
use crate::formats::kind::FileKind;
use crate::web::filters::{agree, group_thousands};

/// Rejections of one import that are kept one by one; the others are only counted.
pub const REJECTIONS_KEPT: usize = 10_000;

/// A file of legal units with at most this many lines is an extract that someone made on purpose:
/// it is kept whole. A longer one is national, and only what touches the département is kept.
pub const EXTRACT_LINES: u64 = 400_000;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its files are being read.
    Analysing,
    /// Its preview waits for someone.
    Ready,
    /// It is being written.
    Applying,
    /// It is written.
    Applied,
    /// It is being taken back.
    Undoing,
    /// It was taken back.
    Undone,
    /// Its preview was given up.
    Discarded,
    /// Its files cannot be used, or the work was interrupted.
    Failed,
}

impl Status {
    /// From the code of the database.
    pub fn from_code(code: &str) -> Self {
        match code {
            "analysing" => Self::Analysing,
            "ready" => Self::Ready,
            "applying" => Self::Applying,
            "applied" => Self::Applied,
            "undoing" => Self::Undoing,
            "undone" => Self::Undone,
            "discarded" => Self::Discarded,
            _ => Self::Failed,
        }
    }

    /// In French words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Analysing => "Analyse en cours",
            Self::Ready => "À confirmer",
            Self::Applying => "Enregistrement en cours",
            Self::Applied => "Enregistré",
            Self::Undoing => "Annulation en cours",
            Self::Undone => "Annulé",
            Self::Discarded => "Abandonné",
            Self::Failed => "Refusé",
        }
    }

    /// Whether its rows are written.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Applied | Self::Undoing)
    }

    /// Whether its rows may still be written.
    pub fn may_be_written(self) -> bool {
        matches!(self, Self::Ready | Self::Applying)
    }

    /// Whether something is at work on it.
    pub fn is_running(self) -> bool {
        matches!(self, Self::Analysing | Self::Applying | Self::Undoing)
    }
}

/// What becomes of a staged row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Not known yet.
    Created,
    /// Known otherwise.
    Changed,
    /// Known just so.
    Unchanged,
    /// Outside the département.
    Ignored,
    /// Said twice in the same words.
    Duplicate,
    /// Cannot be kept.
    Rejected,
}

impl Change {
    /// From the code of the database.
    pub fn from_code(code: &str) -> Self {
        match code {
            "created" => Self::Created,
            "changed" => Self::Changed,
            "unchanged" => Self::Unchanged,
            "ignored" => Self::Ignored,
            "duplicate" => Self::Duplicate,
            _ => Self::Rejected,
        }
    }
}

/// Which of the three tables a count speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Legal units.
    Companies,
    /// Establishments.
    Establishments,
    /// Headcounts.
    Headcounts,
    /// Notices, accounts, ratios, social debts.
    Facts,
}

impl Table {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [
        Self::Companies,
        Self::Establishments,
        Self::Headcounts,
        Self::Facts,
    ];

    /// Name in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Establishments => "establishments",
            Self::Headcounts => "headcounts",
            Self::Facts => "facts",
        }
    }

    /// In French words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Companies => "Entreprises",
            Self::Establishments => "Établissements",
            Self::Headcounts => "Effectifs",
            Self::Facts => "Comptes et annonces",
        }
    }
}

/// How many rows of one table are in each case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableCounts {
    /// Not known yet.
    pub created: i64,
    /// Known otherwise.
    pub changed: i64,
    /// Known just so.
    pub unchanged: i64,
    /// Outside the département.
    pub ignored: i64,
    /// Said twice in the same words.
    pub duplicate: i64,
    /// Cannot be kept.
    pub rejected: i64,
}

impl TableCounts {
    /// Adds rows of one case.
    pub fn add(&mut self, change: Change, rows: i64) {
        let slot = match change {
            Change::Created => &mut self.created,
            Change::Changed => &mut self.changed,
            Change::Unchanged => &mut self.unchanged,
            Change::Ignored => &mut self.ignored,
            Change::Duplicate => &mut self.duplicate,
            Change::Rejected => &mut self.rejected,
        };
        *slot += rows;
    }

    /// Rows that confirming would keep.
    pub fn kept(&self) -> i64 {
        self.created + self.changed + self.unchanged
    }

    /// Rows of the file in all.
    pub fn total(&self) -> i64 {
        self.kept() + self.ignored + self.duplicate + self.rejected
    }
}

/// The numbers of an import, as kept in `imports.counts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Lines read, titles left out.
    pub lines: i64,
    /// Lines left out because they lie outside the département.
    pub outside: i64,
    /// Lines said twice in the same words.
    pub twice: i64,
    /// Lines that cannot be kept.
    pub rejected: i64,
    /// Those of them that were refused while reading, before they reached a table.
    pub unread: i64,
    /// Legal units.
    pub companies: TableCounts,
    /// Establishments.
    pub establishments: TableCounts,
    /// Headcounts.
    pub headcounts: TableCounts,
    /// Notices, accounts, ratios, social debts.
    pub facts: TableCounts,
    /// Lines set aside, by key of the cause.
    pub causes: BTreeMap<String, i64>,
    /// Values set aside in lines that stand, by key of the cause.
    pub warnings: BTreeMap<String, i64>,
    /// Rows that speak of an older date than what they would replace.
    pub older: i64,
}

impl Counts {
    /// Lines that confirming would keep.
    pub fn ready(&self) -> i64 {
        (self.lines - self.outside - self.twice - self.rejected).max(0)
    }

    /// Rows that confirming would create, or created.
    pub fn created(&self) -> i64 {
        Table::ALL.iter().map(|table| self.of(*table).created).sum()
    }

    /// Rows that confirming would change, or changed.
    pub fn changed(&self) -> i64 {
        Table::ALL.iter().map(|table| self.of(*table).changed).sum()
    }

    /// Rows that confirming would write, or wrote.
    pub fn writes(&self) -> i64 {
        self.created() + self.changed()
    }

    /// Whether there is anything to confirm.
    pub fn is_worth_confirming(&self) -> bool {
        self.ready() > 0 && self.writes() > 0
    }

    /// The file in one sentence, before anyone confirms: what was read, and what would be kept.
    pub fn read_in_words(&self) -> String {
        let count = |number: i64, one: &str, several: &str| {
            let noun = agree(number, one, several);
            format!("{}\u{a0}{noun}", group_thousands(number))
        };
        let read = count(self.lines, "ligne lue", "lignes lues");
        let is_known = self.writes() == 0;
        if is_known && self.lines > 0 && self.ready() == self.lines {
            let all = agree(self.lines, "déjà à jour", "toutes déjà à jour");
            return format!("{read}, {all}. Rien à enregistrer.");
        }
        let mut parts = vec![read];
        if !is_known {
            parts.push(count(self.ready(), "prête", "prêtes"));
        } else if self.ready() > 0 {
            parts.push(format!(
                "{}\u{a0}déjà à jour",
                group_thousands(self.ready())
            ));
        }
        parts.push(format!(
            "{}\u{a0}à corriger",
            group_thousands(self.rejected)
        ));
        if self.outside > 0 {
            parts.push(format!(
                "{}\u{a0}hors du département",
                group_thousands(self.outside)
            ));
        }
        if self.twice > 0 {
            parts.push(count(self.twice, "répétée", "répétées"));
        }
        let end = if is_known {
            " Rien à enregistrer."
        } else {
            ""
        };
        format!("{}.{end}", parts.join(", "))
    }

    /// What taking the import back would do; what would not happen is not said.
    pub fn undone_in_words(&self) -> String {
        let (created, changed) = (self.created(), self.changed());
        let mut parts = Vec::new();
        if created > 0 {
            let noun = agree(
                created,
                "ligne créée sera supprimée",
                "lignes créées seront supprimées",
            );
            parts.push(format!("{}\u{a0}{noun}", group_thousands(created)));
        }
        if changed > 0 {
            let noun = agree(
                changed,
                "ligne modifiée retrouvera sa valeur d’avant",
                "lignes modifiées retrouveront leur valeur d’avant",
            );
            parts.push(format!("{}\u{a0}{noun}", group_thousands(changed)));
        }
        if parts.is_empty() {
            parts.push("il n’avait rien changé".to_owned());
        }
        parts.join(", ")
    }

    /// The numbers of one table.
    pub fn of(&self, table: Table) -> &TableCounts {
        match table {
            Table::Companies => &self.companies,
            Table::Establishments => &self.establishments,
            Table::Headcounts => &self.headcounts,
            Table::Facts => &self.facts,
        }
    }

    /// The numbers of one table, to change them.
    pub fn of_mut(&mut self, table: Table) -> &mut TableCounts {
        match table {
            Table::Companies => &mut self.companies,
            Table::Establishments => &mut self.establishments,
            Table::Headcounts => &mut self.headcounts,
            Table::Facts => &mut self.facts,
        }
    }
}

/// What was found about one file of a deposit, as kept in `imports.files`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Name given by the person; never a path.
    pub name: String,
    /// Size as deposited, in bytes.
    pub size: u64,
    /// Layout, in French.
    pub layout: String,
    /// Wrapping, encoding and separator, in French.
    pub description: String,
    /// Columns that are read.
    pub recognised: Vec<String>,
    /// Columns that nothing uses.
    pub ignored: Vec<String>,
    /// Lines read, titles left out.
    pub lines: i64,
    /// Whether the example line of our model was passed over.
    #[serde(default)]
    pub has_example: bool,
    /// Titles of the columns as written, in their order; none for JSON.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// A reason to set a line aside that no reader can see alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The same key twice, with different values.
    Contradiction,
    /// An establishment whose legal unit is neither known nor deposited.
    NoUnit,
    /// A headcount whose establishment is neither known nor deposited.
    NoEstablishment,
    /// A commune of the département that does not exist.
    Commune,
}

impl Fault {
    /// Stable key, beside those of [`Cause::key`].
    pub fn key(self) -> &'static str {
        match self {
            Self::Contradiction => "contradiction",
            Self::NoUnit => "no_unit",
            Self::NoEstablishment => "no_establishment",
            Self::Commune => "commune",
        }
    }

    /// Title of the group, in French.
    pub fn label(self) -> &'static str {
        match self {
            Self::Contradiction => "Même numéro deux fois, avec des valeurs différentes",
            Self::NoUnit => "Unité légale absente",
            Self::NoEstablishment => "Établissement inconnu",
            Self::Commune => "Commune inconnue",
        }
    }

    /// What was expected, in French.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Contradiction => "une seule ligne par numéro, ou des lignes identiques",
            Self::NoUnit => {
                "une entreprise déjà connue\u{202f}; déposez aussi le fichier StockUniteLegale"
            }
            Self::NoEstablishment => {
                "un SIRET déjà connu\u{202f}; importez d’abord l’établissement"
            }
            Self::Commune => {
                "le code Insee d’une commune actuelle ou ancienne, par exemple 81004 (ce n’est pas le code postal)"
            }
        }
    }
}

/// Every cause of rejection, ours and the readers’, from its key.
pub fn cause_label(key: &str) -> &'static str {
    const FAULTS: [Fault; 4] = [
        Fault::Contradiction,
        Fault::NoUnit,
        Fault::NoEstablishment,
        Fault::Commune,
    ];
    const CAUSES: [Cause; 20] = [
        Cause::Width,
        Cause::Missing,
        Cause::IdentifierLength,
        Cause::IdentifierDigit,
        Cause::IdentifierChecksum,
        Cause::RoundedNumber,
        Cause::Mismatch,
        Cause::DateFormat,
        Cause::DateImplausible,
        Cause::NumberFormat,
        Cause::NumberNegative,
        Cause::NumberTooLarge,
        Cause::UnknownCode,
        Cause::Unreadable,
        Cause::Structure,
        Cause::PersonalSanction,
        Cause::AccountsKind,
        Cause::Currency,
        Cause::TooLong,
        Cause::NotOneSite,
    ];
    let ours = FAULTS.iter().find(|fault| fault.key() == key);
    let theirs = || CAUSES.iter().find(|cause| cause.key() == key);
    ours.map(|fault| fault.label())
        .or_else(|| theirs().map(|cause| cause.label()))
        .unwrap_or("Autre cause")
}

/// Who produces what a layout holds; signs every row.
pub fn source_of(kind: FileKind) -> &'static str {
    match kind {
        FileKind::SireneLegalUnits | FileKind::SireneEstablishments => "Insee-Sirene",
        FileKind::RechercheEntreprises => "Annuaire des entreprises (Insee, Inpi)",
        FileKind::Headcounts => "Effectifs déclarés",
        FileKind::HeadcountsBySiren => "Urssaf, par SIREN",
        FileKind::Companies => "Fichier du service",
        FileKind::Notices => FactKind::Notice.producer(),
        FileKind::PublicRatios => FactKind::Ratios.producer(),
        FileKind::AnnualAccounts => FactKind::Accounts.producer(),
        FileKind::SocialDebts | FileKind::SocialContributions | FileKind::SocialDelays => {
            FactKind::SocialDebt.producer()
        }
    }
}

/// Files of a deposit are read in this order: legal units are judged by their establishments.
pub fn reading_rank(kind: FileKind) -> u8 {
    match kind {
        FileKind::SireneEstablishments => 0,
        FileKind::SireneLegalUnits => 1,
        FileKind::RechercheEntreprises | FileKind::Companies => 2,
        FileKind::Headcounts | FileKind::HeadcountsBySiren => 3,
        // Facts are kept for the companies known by then.
        FileKind::Notices
        | FileKind::PublicRatios
        | FileKind::AnnualAccounts
        | FileKind::SocialDebts
        | FileKind::SocialContributions
        | FileKind::SocialDelays => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_its_words() {
        assert_eq!(cause_label("no_unit"), "Unité légale absente");
        assert_eq!(cause_label("date_implausible"), "Date impossible");
        assert_eq!(cause_label("nonsense"), "Autre cause");
    }

    #[test]
    fn ready_lines_are_what_remains() {
        let counts = Counts {
            lines: 212,
            outside: 3,
            twice: 1,
            rejected: 10,
            ..Counts::default()
        };
        assert_eq!(counts.ready(), 198);
    }

    #[test]
    fn a_file_that_changes_nothing_says_so() {
        let mut counts = Counts {
            lines: 10,
            ..Counts::default()
        };
        let told = |counts: &Counts| counts.read_in_words().replace('\u{a0}', " ");
        assert_eq!(
            told(&counts),
            "10 lignes lues, toutes déjà à jour. Rien à enregistrer."
        );
        counts.rejected = 2;
        assert_eq!(
            told(&counts),
            "10 lignes lues, 8 déjà à jour, 2 à corriger. Rien à enregistrer."
        );
        counts.companies.created = 1;
        assert_eq!(told(&counts), "10 lignes lues, 8 prêtes, 2 à corriger.");
    }

    #[test]
    fn taking_back_tells_only_what_happens() {
        let mut counts = Counts::default();
        counts.companies.changed = 1;
        assert_eq!(
            counts.undone_in_words(),
            "1\u{a0}ligne modifiée retrouvera sa valeur d’avant"
        );
    }
}
