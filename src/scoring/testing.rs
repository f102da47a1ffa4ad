//! Accounts that tests write in one line.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::accounts::{Accounts, Exercise, Kind, View, exercises};
use super::features::{FeatureSet, VariableSpec};
use super::formula::Aggregates;
use super::model::Model;

/// A day written as in ISO 8601.
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Accounts of twelve months.
pub(super) fn accounts(kind: Kind, closing: &str, lines: &[(&str, i64)]) -> Accounts {
    Accounts {
        closing: day(closing),
        months: Some(12),
        kind,
        source: "INPI".into(),
        lines: lines
            .iter()
            .map(|(code, euros)| ((*code).to_owned(), *euros))
            .collect(),
        previous_lines: BTreeMap::new(),
        confidential: false,
        confidential_income: false,
    }
}

/// The latest exercise of these accounts.
pub(super) fn latest(accounts: &[Accounts]) -> Exercise {
    exercises(accounts, View::Company)
        .pop()
        .expect("an exercise")
}

/// The grid that is shipped.
pub(super) fn shipped() -> Model {
    Model::parse(include_str!("../../models/grille-1.0.0.toml")).expect("a sound model")
}

/// The aggregates that are shipped.
pub(super) fn shipped_aggregates() -> Aggregates {
    Aggregates::parse(&shipped().aggregates).expect("sound aggregates")
}

/// The variables that are shipped.
pub(super) fn shipped_variables() -> Vec<VariableSpec> {
    shipped().variables.iter().map(VariableSpec::from).collect()
}

/// The variables that are shipped, ready.
pub(super) fn grid() -> FeatureSet {
    FeatureSet::prepare(&shipped_variables(), &shipped_aggregates()).expect("sound formulas")
}
