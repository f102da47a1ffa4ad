//! Lines of a file that may be a table or JSON, with the same values under the same names.

use std::borrow::Cow;
use std::cell::OnceCell;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::Outcome;
use super::file_error::FileError;
use super::french_dates;
use super::header::fold;
use super::input::TextFile;
use super::json_objects::JsonObjects;
use super::rejection::{Cause, Rejection, is_too_long};
use super::sirene::Seen;
use super::table::{Row, Step, Table};
use super::values::{self, NumberFault};

/// A value of a line, by its rank among the names that the reader asked for.
pub(super) type Name = usize;

/// What a reader makes of a line: nothing when the line is not wanted.
pub(super) type Built<T> = Result<Option<T>, Rejection>;

/// Iterates over lines; the reader of a layout says which names it wants.
pub(super) struct Records {
    source: Source,
    names: &'static [&'static str],
    seen: Seen,
}

enum Source {
    Table {
        table: Box<Table>,
        columns: Vec<Option<usize>>,
    },
    Json(JsonObjects),
}

impl Records {
    /// Finds the columns of a table.
    pub fn of_table(mut table: Table, names: &'static [&'static str]) -> Result<Self, FileError> {
        let header = table.header_mut();
        let columns = names.iter().map(|name| header.find(&[name]));
        let columns = columns.collect::<Result<_, _>>()?;
        let source = Source::Table {
            table: Box::new(table),
            columns,
        };
        Ok(Self::new(source, names))
    }

    /// Takes objects, wrapped or not in `fields`.
    pub fn of_json(text: TextFile, names: &'static [&'static str]) -> Self {
        Self::new(Source::Json(JsonObjects::new(text.reader)), names)
    }

    fn new(source: Source, names: &'static [&'static str]) -> Self {
        let seen = Seen::default();
        Self {
            source,
            names,
            seen,
        }
    }

    /// Lines read and left out so far.
    pub fn seen(&self) -> Seen {
        self.seen
    }

    /// The table, when the file is one.
    pub fn table(&self) -> Option<&Table> {
        match &self.source {
            Source::Table { table, .. } => Some(table),
            Source::Json(_) => None,
        }
    }

    /// The next line that is wanted, or that cannot be read.
    pub fn outcome<T>(
        &mut self,
        as_of: NaiveDate,
        mut build: impl FnMut(&mut Fields<'_>) -> Built<T>,
    ) -> Result<Option<Outcome<T>>, FileError> {
        while let Some(read) = self.entry()? {
            let built = read.and_then(|(entry, is_workbook)| {
                let line = entry.line;
                let mut fields = Fields::new(entry, as_of, is_workbook);
                let built = build(&mut fields)?;
                match fields.too_long.take().filter(|_| built.is_some()) {
                    Some(rejection) => Err(rejection),
                    None => Ok(built.map(|value| (line, value, fields.warnings))),
                }
            });
            self.seen.lines += 1;
            match built {
                Ok(None) => self.seen.filtered += 1,
                Ok(Some((line, value, warnings))) => {
                    return Ok(Some(Outcome::Row {
                        line,
                        value,
                        warnings,
                    }));
                }
                Err(rejection) => return Ok(Some(Outcome::Rejected(rejection))),
            }
        }
        Ok(None)
    }

    #[expect(clippy::type_complexity, reason = "only used right above")]
    fn entry(&mut self) -> Result<Option<Result<(Entry<'_>, bool), Rejection>>, FileError> {
        let names = self.names;
        match &mut self.source {
            Source::Table { table, columns } => {
                let is_workbook = table.is_workbook();
                Ok(match table.next_row()? {
                    None => None,
                    Some(Step::Rejected(rejection)) => Some(Err(rejection)),
                    Some(Step::Row(row)) => Some(match row.unreadable() {
                        Some(rejection) => Err(rejection),
                        None => Ok((Entry::row(row, columns, names), is_workbook)),
                    }),
                })
            }
            Source::Json(objects) => {
                let Some(bytes) = objects.next().transpose()? else {
                    return Ok(None);
                };
                let entry = Entry::object(objects.rank(), &bytes, names);
                Ok(Some(entry.map(|entry| (entry, false))))
            }
        }
    }
}

/// One line.
pub(super) struct Entry<'a> {
    /// Line in the file, or rank of the object.
    pub line: u64,
    names: &'static [&'static str],
    content: Values<'a>,
}

enum Values<'a> {
    Row(Row<'a>, &'a [Option<usize>]),
    Object(Map<String, Value>),
}

impl<'a> Entry<'a> {
    fn row(row: Row<'a>, columns: &'a [Option<usize>], names: &'static [&'static str]) -> Self {
        let (line, content) = (row.line, Values::Row(row, columns));
        Self {
            line,
            names,
            content,
        }
    }

    fn object(line: u64, bytes: &[u8], names: &'static [&'static str]) -> Result<Self, Rejection> {
        let mut object: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| {
            // The text is not shown: it may name natural persons.
            let expected = "un objet JSON tel que le service le fournit";
            Rejection::new(line, "", "", Cause::Structure, expected)
        })?;
        if let Some(Value::Object(fields)) = object.remove("fields") {
            object = fields;
        }
        Ok(Self {
            line,
            names,
            content: Values::Object(object),
        })
    }

    fn json(&self, name: Name) -> Option<&Value> {
        let Values::Object(object) = &self.content else {
            return None;
        };
        let name = self.names[name];
        object.get(name).or_else(|| {
            let wanted = fold(name);
            let mut pairs = object.iter();
            pairs.find(|(key, _)| fold(key) == wanted).map(|(_, v)| v)
        })
    }

    /// Text or number as text, trimmed; blank and null are nothing.
    pub fn text(&self, name: Name) -> Option<Cow<'_, str>> {
        match &self.content {
            Values::Row(row, columns) => row.text(columns[name]).map(Cow::Borrowed),
            Values::Object(_) => text_of(self.json(name)?),
        }
    }

    /// A value that may be JSON written inside a text; a text that is no JSON stands for itself.
    pub fn nested(&self, name: Name) -> Value {
        let parsed = |text: &str| {
            if text.trim().is_empty() {
                return Value::Null;
            }
            let value = serde_json::from_str(text);
            value.unwrap_or_else(|_| Value::String(text.to_owned()))
        };
        match self.json(name) {
            Some(Value::String(text)) => parsed(text),
            Some(value) => value.clone(),
            None => self.text(name).map_or(Value::Null, |text| parsed(&text)),
        }
    }

    /// A rejection of this line, because of one of its values.
    pub fn reject(&self, name: Name, value: &str, cause: Cause, expected: &str) -> Rejection {
        Rejection::new(self.line, self.name(name), value, cause, expected)
    }

    /// The name as the file writes it, or as we look for it.
    fn name(&self, name: Name) -> &str {
        match &self.content {
            Values::Row(row, columns) if columns[name].is_some() => row.name(columns[name]),
            _ => self.names[name],
        }
    }
}

/// Text or number as text; anything else, and blank, is nothing.
pub(super) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty()).then_some(Cow::Borrowed(text))
        }
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// Reads the values of one line and gathers the warnings.
pub(super) struct Fields<'a> {
    /// The line.
    pub entry: Entry<'a>,
    /// Dates after this one are implausible.
    pub as_of: NaiveDate,
    /// What was set aside as unknown.
    pub warnings: Vec<Rejection>,
    /// The first kept text that is longer than any name.
    too_long: OnceCell<Rejection>,
    is_workbook: bool,
}

impl<'a> Fields<'a> {
    fn new(entry: Entry<'a>, as_of: NaiveDate, is_workbook: bool) -> Self {
        let warnings = Vec::new();
        Self {
            entry,
            as_of,
            warnings,
            too_long: OnceCell::new(),
            is_workbook,
        }
    }

    /// Text of a value, owned; the line is rejected when it is longer than any name.
    pub fn owned(&self, name: Name) -> Option<String> {
        let text = self.entry.text(name)?;
        self.limit(name, &text, &text);
        Some(text.into_owned())
    }

    /// Rejects the line when a text kept from this value is longer than any name; `shown` is what
    /// may be told of it.
    pub fn limit(&self, name: Name, text: &str, shown: &str) {
        if !is_too_long(text.as_bytes()) {
            return;
        }
        let mut rejection = Rejection::too_long(self.entry.line, self.entry.name(name), text);
        if shown.is_empty() {
            rejection.value.clear();
        }
        // The first one tells enough.
        let _ = self.too_long.set(rejection);
    }

    /// Sets a value aside as unknown.
    pub fn warn(&mut self, name: Name, value: &str, cause: Cause, expected: &str) {
        let warning = self.entry.reject(name, value, cause, expected);
        self.warnings.push(warning);
    }

    /// A SIREN or SIRET without which the line is of no use.
    pub fn number<T>(
        &self,
        name: Name,
        parse: impl Fn(&str) -> Result<T, NumberFault>,
    ) -> Result<T, Rejection> {
        let text = self.entry.text(name).unwrap_or_default();
        parse(&text).map_err(|fault| match fault {
            NumberFault::Invalid(error) => {
                Rejection::identifier(self.entry.line, self.entry.name(name), &text, error)
            }
            NumberFault::Rounded => {
                let expected = "tous les chiffres du numéro\u{a0}: mettez la colonne au format \
                                Texte avant d’enregistrer";
                self.entry
                    .reject(name, &text, Cause::RoundedNumber, expected)
            }
        })
    }

    /// A past date without which the line is of no use.
    pub fn required_date(&self, name: Name) -> Result<NaiveDate, Rejection> {
        let text = self.entry.text(name).unwrap_or_default();
        let cause = match self.past_date(&text) {
            Ok(date) => return Ok(date),
            Err(_) if text.is_empty() => Cause::Missing,
            Err(cause) => cause,
        };
        Err(self.entry.reject(name, &text, cause, PAST_DATE))
    }

    fn past_date(&self, text: &str) -> Result<NaiveDate, Cause> {
        match french_dates::in_letters(text) {
            Some(date) if date <= self.as_of => Ok(date),
            Some(_) => Err(Cause::DateImplausible),
            None => values::past_date(text, self.as_of, self.is_workbook),
        }
    }
}

/// What a date should have been.
pub(super) const PAST_DATE: &str = "une date passée, par exemple 2024-03-31";
