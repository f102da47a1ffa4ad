//! A table of the file, read field by field; what is missing, mistyped or unknown is noted and
//! reading goes on, so that one reading shows every fault.

use toml::{Table, Value};

use super::Fault;

/// A table being read.
pub(super) struct Section<'a> {
    table: Option<&'a Table>,
    place: String,
    read: Vec<&'static str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Section<'a> {
    /// A table that may be absent: each required field is then a fault.
    pub fn new(table: Option<&'a Table>, place: &str, faults: &'a mut Vec<Fault>) -> Self {
        Self {
            table,
            place: place.to_owned(),
            read: Vec::new(),
            faults,
        }
    }

    /// Notes a fault of this table.
    pub fn fault(&mut self, problem: String) {
        self.faults.push(Fault {
            place: self.place.clone(),
            problem,
        });
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.read.push(key);
        self.table.and_then(|table| table.get(key))
    }

    /// An optional field: absent is `None`, of another type is a fault too.
    pub fn optional<T>(
        &mut self,
        key: &'static str,
        wanted: &str,
        convert: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let converted = convert(value);
        if converted.is_none() {
            self.fault(format!("«\u{a0}{key}\u{a0}» doit être {wanted}"));
        }
        converted
    }

    /// A required field; the default stands in when it is absent, which is a fault.
    pub fn required<T: Default>(
        &mut self,
        key: &'static str,
        wanted: &str,
        convert: impl Fn(&Value) -> Option<T>,
    ) -> T {
        if self.get(key).is_none() {
            self.fault(format!("«\u{a0}{key}\u{a0}» est absent"));
            return T::default();
        }
        self.optional(key, wanted, convert).unwrap_or_default()
    }

    /// A required text, not blank.
    pub fn text(&mut self, key: &'static str) -> String {
        self.required(key, "un texte non vide", |value| {
            value
                .as_str()
                .filter(|text| !text.trim().is_empty())
                .map(str::to_owned)
        })
    }

    /// A required whole number, not negative.
    pub fn whole(&mut self, key: &'static str) -> u32 {
        self.required(key, "un nombre entier positif", whole)
    }

    /// A required number.
    pub fn number(&mut self, key: &'static str) -> f64 {
        self.required(key, "un nombre", number)
    }

    /// Ends the reading: every field that was not asked for is unknown.
    pub fn end(mut self) {
        let unknown: Vec<String> = self
            .table
            .into_iter()
            .flat_map(Table::keys)
            .filter(|key| !self.read.iter().any(|read| read == key))
            .cloned()
            .collect();
        for key in unknown {
            self.fault(format!("champ inconnu «\u{a0}{key}\u{a0}»"));
        }
    }
}

/// A whole number that fits.
pub(super) fn whole(value: &Value) -> Option<u32> {
    u32::try_from(value.as_integer()?).ok()
}

/// A number, written with or without a decimal point, finite.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Integer(whole) => f64::from(i32::try_from(*whole).ok()?),
        Value::Float(real) => *real,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// A text, blank or not.
pub(super) fn string(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A list.
pub(super) fn list<T>(value: &Value, convert: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(convert).collect()
}
