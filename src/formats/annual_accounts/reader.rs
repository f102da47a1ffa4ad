//! Accounts one by one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::Value;

use super::codes::Code;
use super::columns::Columns;
use super::raw::{RawAccounts, RawIdentity, RawLine, RawPage};
use super::{AccountsRow, Line, codes, columns};
use crate::domain::Siren;
use crate::formats::file_error::FileError;
use crate::formats::header::fold;
use crate::formats::input::TextFile;
use crate::formats::json_objects::JsonObjects;
use crate::formats::ratios::AccountsKind;
use crate::formats::records::{PAST_DATE, text_of};
use crate::formats::rejection::{Cause, Rejection};
use crate::formats::values::NumberFault;
use crate::formats::{Confidentiality, Outcome, Seen, values};

/// Longest year that the law allows, in months: the first one of a company.
const LONGEST: u32 = 24;

/// Codes named in a warning; the others are counted.
const NAMED: usize = 12;

/// Decides whether the accounts of a company are wanted.
type Keep = Box<dyn FnMut(Siren) -> bool + Send>;

/// Iterates over the accounts of the companies that a predicate keeps.
pub struct AccountsReader {
    objects: JsonObjects,
    as_of: NaiveDate,
    keep: Keep,
    seen: Seen,
}

impl AccountsReader {
    /// Accounts closed after `as_of` are rejected.
    pub fn new(
        text: TextFile,
        as_of: NaiveDate,
        keep: impl FnMut(Siren) -> bool + Send + 'static,
    ) -> Self {
        Self {
            objects: JsonObjects::new(text.reader),
            as_of,
            keep: Box::new(keep),
            seen: Seen::default(),
        }
    }

    /// Accounts read and left out so far.
    pub fn seen(&self) -> Seen {
        self.seen
    }

    fn next_outcome(&mut self) -> Result<Option<Outcome<AccountsRow>>, FileError> {
        while let Some(bytes) = self.objects.next().transpose()? {
            self.seen.lines += 1;
            let mut item = Item {
                line: self.objects.rank(),
                as_of: self.as_of,
                warnings: Vec::new(),
            };
            match item.accounts(&bytes, &mut self.keep) {
                Ok(None) => self.seen.filtered += 1,
                Ok(Some(value)) => {
                    return Ok(Some(Outcome::Row {
                        line: item.line,
                        value,
                        warnings: item.warnings,
                    }));
                }
                Err(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
            }
        }
        Ok(None)
    }
}

impl Iterator for AccountsReader {
    type Item = Result<Outcome<AccountsRow>, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_outcome().transpose()
    }
}

/// One object being read: its rank and what was set aside.
struct Item {
    line: u64,
    as_of: NaiveDate,
    warnings: Vec<Rejection>,
}

impl Item {
    fn reject(&self, key: &str, value: &str, cause: Cause, expected: &str) -> Rejection {
        Rejection::new(self.line, key, value, cause, expected)
    }

    fn warn(&mut self, key: &str, value: &str, cause: Cause, expected: &str) {
        let warning = self.reject(key, value, cause, expected);
        self.warnings.push(warning);
    }

    fn accounts(
        &mut self,
        bytes: &[u8],
        keep: &mut Keep,
    ) -> Result<Option<AccountsRow>, Rejection> {
        let raw: RawAccounts = serde_json::from_slice(bytes).map_err(|_| {
            let value = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
            let expected = "un élément de «\u{a0}bilansSaisis\u{a0}» de l’Inpi, tel quel";
            self.reject("", &value, Cause::Structure, expected)
        })?;
        let form = raw.bilan_saisi.and_then(|typed| typed.bilan);
        let form = form.unwrap_or_default();
        let identity = &form.identite.unwrap_or_default();
        let siren = self.siren(&raw.siren, &identity.siren)?;
        if !keep(siren) {
            return Ok(None);
        }
        let kind = self.kind(&raw.type_bilan, identity)?;
        let closed = either(&raw.date_cloture, &identity.date_cloture_exercice);
        let closed_on = self.closing(&closed)?;
        self.refuse_currency(identity)?;
        let pages = form.detail.and_then(|detail| detail.pages);
        let months_told = self.months(&identity.duree_exercice_n);
        let lines = self.lines(kind, &pages.unwrap_or_default());
        let deleted = is_true(&raw.deleted);
        // A deletion says which accounts go, whatever they held.
        if !deleted {
            self.refuse_negative_total(&lines)?;
        }
        Ok(Some(AccountsRow {
            siren,
            closed_on,
            deposited_on: self.deposit(&raw.date_depot),
            kind,
            confidentiality: Confidentiality::of(&owned(&raw.confidentiality)),
            deleted,
            months: months_told,
            previous_months: months(&owned(&identity.duree_exercice_n_moins1)),
            lines,
        }))
    }

    /// A balance sheet below nothing is a fault of the file, as it is when typed.
    fn refuse_negative_total(&self, lines: &BTreeMap<String, Line>) -> Result<(), Rejection> {
        let negative = TOTALS
            .into_iter()
            .filter_map(|code| Some((code, lines.get(code)?.n?)))
            .find(|(_, euros)| *euros < 0);
        negative.map_or(Ok(()), |(code, euros)| {
            let expected = "un total de bilan positif ou nul, par exemple 000000000007622";
            Err(self.reject(code, &euros.to_string(), Cause::NumberNegative, expected))
        })
    }

    /// The SIREN, which the form repeats.
    fn siren(&self, outer: &Value, inner: &Value) -> Result<Siren, Rejection> {
        let text = either(outer, inner);
        let siren = values::siren(&text).map_err(|fault| match fault {
            NumberFault::Invalid(error) => Rejection::identifier(self.line, "siren", &text, error),
            NumberFault::Rounded => self.reject("siren", &text, Cause::RoundedNumber, "9 chiffres"),
        })?;
        let repeated = owned(inner);
        if !repeated.is_empty() && values::siren(&repeated) != Ok(siren) {
            let expected = format!("le même SIREN que les comptes, {siren}");
            return Err(self.reject("identite.siren", &repeated, Cause::Mismatch, &expected));
        }
        Ok(siren)
    }

    fn kind(&self, outer: &Value, identity: &RawIdentity) -> Result<AccountsKind, Rejection> {
        let letter = either(outer, &identity.code_type_bilan);
        let cause = match (AccountsKind::of(&letter), letter.as_str()) {
            (AccountsKind::Unknown, "A" | "B") => Cause::AccountsKind,
            (AccountsKind::Unknown, "") => Cause::Missing,
            (AccountsKind::Unknown, _) => Cause::UnknownCode,
            (kind, _) => return Ok(kind),
        };
        let expected = "des comptes complets (C), simplifiés (S) ou consolidés (K)\u{202f}; ceux \
                        des banques (B) et des assurances (A) suivent d’autres formulaires";
        Err(self.reject("typeBilan", &letter, cause, expected))
    }

    fn closing(&self, text: &str) -> Result<NaiveDate, Rejection> {
        values::past_date(text, self.as_of, false).map_err(|cause| {
            let missing = text.is_empty();
            let cause = if missing { Cause::Missing } else { cause };
            self.reject("dateCloture", text, cause, PAST_DATE)
        })
    }

    fn deposit(&mut self, value: &Value) -> Option<NaiveDate> {
        let text = text_of(value)?;
        values::past_date(&text, self.as_of, false)
            .map_err(|cause| self.warn("dateDepot", &text, cause, PAST_DATE))
            .ok()
    }

    /// No code means the euro: the forms have no other currency since 2002.
    fn refuse_currency(&self, identity: &RawIdentity) -> Result<(), Rejection> {
        let text = owned(&identity.code_devise);
        if text.is_empty() || text == "€" || fold(&text) == "eur" {
            return Ok(());
        }
        let expected = "des montants en euros (EUR)\u{202f}; rien n’est converti";
        Err(self.reject("codeDevise", &text, Cause::Currency, expected))
    }

    fn months(&mut self, value: &Value) -> Option<u32> {
        let text = owned(value);
        let months = months(&text);
        if months.is_none() {
            let known = text.trim_start_matches('0');
            let cause = match known {
                "" => Cause::Missing,
                _ => Cause::NumberFormat,
            };
            let expected = "une durée d’exercice de 1 à 24 mois, par exemple 12";
            self.warn("dureeExerciceN", &text, cause, expected);
        }
        months
    }

    fn lines(&mut self, kind: AccountsKind, pages: &[RawPage]) -> BTreeMap<String, Line> {
        let mut lines = BTreeMap::new();
        let mut unknown = BTreeSet::new();
        for page in pages {
            let number = text_of(&page.numero).and_then(|n| n.parse().ok());
            let columns = number.and_then(|number| columns::of_page(kind, number));
            for raw in page.liasses.iter().flatten() {
                let written = owned(&raw.code).to_uppercase();
                let name = codes::total_of(&written);
                let known = codes::find(name).filter(|code| columns::belongs(code, kind));
                match known {
                    None if codes::depreciation_of(name).is_some() => {}
                    None => {
                        unknown.insert(written);
                    }
                    Some(code) => {
                        let line = self.line(raw, code, columns);
                        // A code that comes again (a page given twice) adds nothing.
                        if line != Line::default() {
                            lines.entry(code.code.to_owned()).or_insert(line);
                        }
                    }
                }
            }
        }
        self.tell_unknown(&unknown);
        lines
    }

    /// The amounts of a line; a note may stand outside the columns of its page.
    fn line(&mut self, raw: &RawLine, code: &Code, columns: Option<Columns>) -> Line {
        let Some(columns) = columns else {
            return self.alone(raw, code.code);
        };
        let cells = raw.columns();
        let mut line = Line {
            n: self.amount(code.code, cells[columns.n]),
            previous: self.amount(code.code, cells[columns.previous]),
        };
        // Inpi leaves blank the net amount of what is wholly depreciated.
        if line.n.is_none() && codes::is_depreciated(code.code) {
            let gross = self.amount(code.code, cells[0]);
            let depreciation = self.amount(code.code, cells[1]).unwrap_or(0);
            line.n = gross.and_then(|gross| gross.checked_sub(depreciation));
        }
        if code.single && line.n.unwrap_or(0) == 0 {
            return self.alone(raw, code.code);
        }
        line
    }

    /// The amount of a note, or of a page whose columns are not known: the only cell that is
    /// filled. When several differ nothing tells which is the year.
    fn alone(&mut self, raw: &RawLine, code: &str) -> Line {
        let cells = raw.columns().map(|cell| self.amount(code, cell));
        let amounts: BTreeSet<i64> = cells.into_iter().flatten().collect();
        // Zeros fill the cells that were left blank.
        let filled: Vec<i64> = amounts
            .iter()
            .copied()
            .filter(|amount| *amount != 0)
            .collect();
        let n = match filled[..] {
            [amount] => Some(amount),
            [] => amounts.first().copied(),
            _ => {
                let expected = "un seul montant\u{202f}; la colonne de l’exercice n’est pas connue";
                self.warn(code, "", Cause::Structure, expected);
                None
            }
        };
        Line { n, previous: None }
    }

    /// Whole euros, with zeros in front; blank is unknown.
    fn amount(&mut self, code: &str, value: &Value) -> Option<i64> {
        let text = text_of(value)?;
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        compact
            .parse()
            .map_err(|_| {
                let expected = "un montant en euros, par exemple 000000000007622";
                self.warn(code, &text, Cause::NumberFormat, expected);
            })
            .ok()
    }

    /// One warning for all: a form has many lines that nothing here uses.
    fn tell_unknown(&mut self, unknown: &BTreeSet<String>) {
        if unknown.is_empty() {
            return;
        }
        let named: Vec<&str> = unknown.iter().map(String::as_str).take(NAMED).collect();
        let shown = format!("{}\u{a0}: {}", unknown.len(), named.join(", "));
        let expected =
            "des codes des formulaires 2050 à 2053 ou 2033\u{202f}; les autres sont laissés";
        self.warn("liasses.code", &shown, Cause::UnknownCode, expected);
    }
}

/// Totals of the balance sheet, complete then simplified: none can be negative.
const TOTALS: [&str; 4] = ["CO", "EE", "110", "180"];

fn months(text: &str) -> Option<u32> {
    let months = text.parse().ok();
    months.filter(|months| (1..=LONGEST).contains(months))
}

fn owned(value: &Value) -> String {
    text_of(value).unwrap_or_default().into_owned()
}

/// The first of two values that is not blank.
fn either(first: &Value, second: &Value) -> String {
    text_of(first)
        .or_else(|| text_of(second))
        .unwrap_or_default()
        .into_owned()
}

fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => matches!(fold(text).as_str(), "true" | "1" | "oui"),
        _ => false,
    }
}
