//! Aggregates: named sums of lines, defined once for each kind of accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::parser::{self, FormulaError, Names};
use super::{Definitions, Expr};
use crate::scoring::codes::{self, Kind};

/// The depreciation of « autres créances » bears the name of sales: formulas mean sales.
const SHADOWED: &[&str] = &["CA"];

/// One aggregate, as the model file writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AggregateSpec {
    /// In French.
    pub label: String,
    /// For complete accounts.
    #[serde(rename = "C", default, skip_serializing_if = "Option::is_none")]
    pub complete: Option<String>,
    /// For simplified accounts.
    #[serde(rename = "S", default, skip_serializing_if = "Option::is_none")]
    pub simplified: Option<String>,
    /// For consolidated accounts, where the complete definition does not do.
    #[serde(rename = "K", default, skip_serializing_if = "Option::is_none")]
    pub consolidated: Option<String>,
}

impl AggregateSpec {
    fn formulas(&self) -> impl Iterator<Item = (Kind, &str)> {
        [
            (Kind::Complete, &self.complete),
            (Kind::Simplified, &self.simplified),
            (Kind::Consolidated, &self.consolidated),
        ]
        .into_iter()
        .filter_map(|(kind, text)| Some((kind, text.as_deref()?)))
    }
}

/// Why an aggregate was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AggregateError {
    /// Its formula does not read.
    #[error("agrégat «\u{a0}{name}\u{a0}», comptes {kind}\u{a0}: {error}")]
    Formula {
        /// Its name.
        name: String,
        /// Kind of accounts of the formula.
        kind: Kind,
        /// What is wrong.
        error: FormulaError,
    },
    /// It needs itself.
    #[error("l’agrégat «\u{a0}{0}\u{a0}» se définit par lui-même")]
    Cycle(String),
    /// Its name cannot be told from something else.
    #[error(
        "«\u{a0}{0}\u{a0}» ne peut pas nommer un agrégat\u{a0}: il faut des majuscules, et un nom qui ne soit pas un code"
    )]
    Name(String),
    /// No kind of accounts gives it.
    #[error("l’agrégat «\u{a0}{0}\u{a0}» n’a aucune formule")]
    Empty(String),
}

/// The aggregates of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Aggregates(BTreeMap<String, Arc<Definitions>>);

impl Aggregates {
    /// Reads them all, in any order, and lists every fault.
    pub fn parse(specs: &BTreeMap<String, AggregateSpec>) -> Result<Self, Vec<AggregateError>> {
        let mut loader = Loader {
            specs,
            found: Self::default(),
            errors: Vec::new(),
        };
        for name in specs.keys() {
            loader.load(name, &[]);
        }
        if loader.errors.is_empty() {
            Ok(loader.found)
        } else {
            Err(loader.errors)
        }
    }

    pub(super) fn definitions(&self, name: &str) -> Option<Arc<Definitions>> {
        self.0.get(name).cloned()
    }
}

struct Loader<'a> {
    specs: &'a BTreeMap<String, AggregateSpec>,
    found: Aggregates,
    errors: Vec<AggregateError>,
}

impl Loader<'_> {
    /// Loads an aggregate after those that it names; `path` holds those being loaded. One in error
    /// stands as empty, so that its fault is told once.
    fn load(&mut self, name: &str, path: &[&str]) {
        if self.found.0.contains_key(name) {
            return;
        }
        let Some(spec) = self.specs.get(name) else {
            return;
        };
        if path.contains(&name) {
            self.errors.push(AggregateError::Cycle(name.to_owned()));
            self.found.0.insert(name.to_owned(), Arc::default());
            return;
        }
        if !is_name(name) {
            self.errors.push(AggregateError::Name(name.to_owned()));
        }
        let path: Vec<&str> = path.iter().copied().chain([name]).collect();
        for needed in needed(spec) {
            self.load(&needed, &path);
        }
        let definitions = self.definitions(name, spec);
        self.found
            .0
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(definitions));
    }

    fn definitions(&mut self, name: &str, spec: &AggregateSpec) -> Definitions {
        if spec.formulas().next().is_none() {
            self.errors.push(AggregateError::Empty(name.to_owned()));
        }
        let parsed = |(kind, text)| -> Result<(Kind, Expr), AggregateError> {
            let names = Within(&self.found);
            let expr =
                parser::parse(kind, text, &names).map_err(|error| AggregateError::Formula {
                    name: name.to_owned(),
                    kind,
                    error,
                })?;
            Ok((kind, expr))
        };
        let (good, bad): (Vec<_>, Vec<_>) = spec.formulas().map(parsed).partition(Result::is_ok);
        self.errors.extend(bad.into_iter().filter_map(Result::err));
        good.into_iter().filter_map(Result::ok).collect()
    }
}

/// Words of its formulas that may be other aggregates.
fn needed(spec: &AggregateSpec) -> Vec<String> {
    spec.formulas()
        .flat_map(|(_, text)| text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_name(name: &str) -> bool {
    let letters = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with("_1");
    let is_code = [Kind::Consolidated, Kind::Simplified]
        .into_iter()
        .any(|kind| codes::find(kind, name).is_some());
    letters && (!is_code || SHADOWED.contains(&name))
}

/// Inside an aggregate, other aggregates of the same year.
struct Within<'a>(&'a Aggregates);

impl Names for Within<'_> {
    fn aggregate(&self, name: &str) -> Option<Arc<Definitions>> {
        self.0.definitions(name)
    }

    fn reads_previous(&self) -> bool {
        false
    }
}
