//! The readers of facts: notices, accounts, ratios, social debts. Only what is told of a known company
//! is kept; the rest is counted as lying elsewhere.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::facts::{FactKind, NewFact};
use super::intake::{Intake, PumpFault, describe, whole};
use super::model::FileReport;
use super::sink::{Fate, compact};
use crate::domain::{Siren, Siret};
use crate::formats::annual_accounts::{AccountsReader, AccountsRow};
use crate::formats::bodacc::{NoticeReader, NoticeRow};
use crate::formats::input::TextFile;
use crate::formats::kind::FileKind;
use crate::formats::ratios::{AccountsKind, RatiosReader, RatiosRow};
use crate::formats::record_reader::RecordReader;
use crate::formats::table::Table;
use crate::formats::urssaf::{
    ContributionReader, ContributionRow, DebtReader, DebtRow, DelayReader, DelayRow,
};
use crate::formats::{FileError, Outcome, Seen};

/// Whether a layout tells facts about companies that are known from elsewhere.
pub fn is_fact(kind: FileKind) -> bool {
    matches!(
        kind,
        FileKind::Notices
            | FileKind::PublicRatios
            | FileKind::AnnualAccounts
            | FileKind::SocialDebts
            | FileKind::SocialContributions
            | FileKind::SocialDelays
    )
}

/// A recognised file, whatever its container.
pub enum Told {
    /// JSON.
    Json(TextFile),
    /// A table.
    Table(Table),
}

/// A row that is a fact.
trait Fact: Serialize {
    fn fact(&self) -> NewFact<'_, Self>
    where
        Self: Sized;
}

impl Fact for NoticeRow {
    fn fact(&self) -> NewFact<'_, Self> {
        NewFact {
            kind: FactKind::Notice,
            key: self.id.clone(),
            siren: self.siren,
            happened_on: self.published_on,
            content: self,
        }
    }
}

impl Fact for RatiosRow {
    fn fact(&self) -> NewFact<'_, Self> {
        NewFact {
            kind: FactKind::Ratios,
            key: yearly_key(self.siren, self.closed_on, self.kind),
            siren: self.siren,
            happened_on: self.closed_on,
            content: self,
        }
    }
}

impl Fact for AccountsRow {
    fn fact(&self) -> NewFact<'_, Self> {
        NewFact {
            kind: FactKind::Accounts,
            key: yearly_key(self.siren, self.closed_on, self.kind),
            siren: self.siren,
            happened_on: self.closed_on,
            content: self,
        }
    }
}

/// SIREN, closing date and kind: a company may deposit several accounts for a year.
pub(super) fn yearly_key(siren: Siren, closed_on: NaiveDate, kind: AccountsKind) -> String {
    let letter = match kind {
        AccountsKind::Complete => "C",
        AccountsKind::Simplified => "S",
        AccountsKind::Consolidated => "K",
        AccountsKind::Unknown => "-",
    };
    format!("{siren}/{closed_on}/{letter}")
}

impl Fact for DebtRow {
    fn fact(&self) -> NewFact<'_, Self> {
        let (siret, account, gap, event) = (self.siret, &self.account, self.gap, self.event);
        NewFact {
            kind: FactKind::SocialDebt,
            key: format!("{siret}/{account}/{}/{gap}/{event}", self.period.start),
            siren: siret.siren(),
            happened_on: self.processed_on,
            content: self,
        }
    }
}

impl Fact for ContributionRow {
    fn fact(&self) -> NewFact<'_, Self> {
        let (siret, account, period) = (self.siret, &self.account, self.period);
        NewFact {
            kind: FactKind::SocialContribution,
            key: format!("{siret}/{account}/{}/{:?}", period.start, period.span),
            siren: siret.siren(),
            happened_on: period.start,
            content: self,
        }
    }
}

impl Fact for DelayRow {
    fn fact(&self) -> NewFact<'_, Self> {
        let (siret, account, number) = (self.siret, &self.account, &self.number);
        NewFact {
            kind: FactKind::SocialDelay,
            key: format!("{siret}/{account}/{number}"),
            siren: siret.siren(),
            happened_on: self.created_on,
            content: self,
        }
    }
}

impl Intake {
    /// Stages the facts of a file; gives the lines left out.
    pub(super) fn facts(
        &mut self,
        told: Told,
        kind: FileKind,
        report: &mut FileReport,
    ) -> Result<i64, PumpFault> {
        if let Some(ask) = self.known_companies.take() {
            self.sink.known.extend(ask());
        }
        let known = Arc::new(self.sink.known.clone());
        let keep = move |siren: Siren| {
            compact(siren.as_str().as_bytes()).is_some_and(|siren| known.contains(&siren))
        };
        let keep_site = {
            let keep = keep.clone();
            move |siret: Siret| keep(siret.siren())
        };
        let as_of = self.as_of;
        match (kind, told) {
            (FileKind::Notices, Told::Json(text)) => self.all(
                NoticeReader::of_json(text, as_of, keep),
                NoticeReader::seen,
                report,
            ),
            (FileKind::Notices, Told::Table(table)) => {
                let reader = NoticeReader::of_table(table, as_of, keep)?;
                self.table(reader, report)
            }
            (FileKind::PublicRatios, Told::Json(text)) => self.all(
                RatiosReader::of_json(text, as_of, keep),
                RatiosReader::seen,
                report,
            ),
            (FileKind::PublicRatios, Told::Table(table)) => {
                let reader = RatiosReader::of_table(table, as_of, keep)?;
                self.table(reader, report)
            }
            (FileKind::SocialDebts, Told::Table(table)) => {
                let reader = DebtReader::of_table(table, as_of, keep_site)?;
                self.table(reader, report)
            }
            (FileKind::SocialContributions, Told::Table(table)) => {
                let reader = ContributionReader::of_table(table, as_of, keep_site)?;
                self.table(reader, report)
            }
            (FileKind::SocialDelays, Told::Table(table)) => {
                let reader = DelayReader::of_table(table, as_of, keep_site)?;
                self.table(reader, report)
            }
            (_, Told::Json(text)) => self.all(
                AccountsReader::new(text, as_of, keep),
                AccountsReader::seen,
                report,
            ),
            // No other layout of facts comes as a table.
            (_, Told::Table(_)) => Ok(0),
        }
    }

    /// The same for a table, whose reader has found its columns.
    fn table<T: Fact, K>(
        &mut self,
        reader: RecordReader<T, K>,
        report: &mut FileReport,
    ) -> Result<i64, PumpFault> {
        if let Some(table) = reader.table() {
            describe(report, table);
        }
        self.all(reader, RecordReader::seen, report)
    }

    fn all<T: Fact, R: Iterator<Item = Result<Outcome<T>, FileError>>>(
        &mut self,
        mut reader: R,
        seen: impl Fn(&R) -> Seen,
        report: &mut FileReport,
    ) -> Result<i64, PumpFault> {
        self.pump(&mut reader, |sink, line, row, _| {
            sink.fact(line, &row.fact())?;
            Ok(Fate::Kept)
        })?;
        let seen = seen(&reader);
        report.lines = whole(seen.lines);
        Ok(whole(seen.filtered))
    }
}
