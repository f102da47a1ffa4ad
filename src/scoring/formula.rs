//! The language in which a model says how a ratio is read from the accounts.
//!
//! ```text
//! (DL + DO) / EE          codes of the tax return
//! CAF / EC                aggregates, defined for each kind of accounts in the same language
//! ln(CA / CA_1)           `_1`: the year before
//! 365.0 * EG / CA         a constant has a decimal point: 365 would be a simplified code
//! ```
//!
//! Flows are annualised where they are read, so that a formula never sees the months of an exercise.
//! A division by zero or less is no number: [`Value::Special`], of which the variable says what it means.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::accounts::{Exercise, Kind, Year, euros};
use super::codes::{self, Code, Nature};

mod aggregates;
mod parser;

pub use aggregates::{AggregateError, AggregateSpec, Aggregates};
pub use parser::{FormulaError, FormulaErrorKind};

/// The logarithm of nothing is that of one thousandth: sales that vanish are a fall, not an error.
const LEAST_LOGARITHM: f64 = 0.001;

/// A formula ready to be evaluated on accounts of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    kind: Kind,
    expr: Expr,
}

#[derive(Debug, Clone, PartialEq)]
enum Expr {
    Number(f64),
    Code {
        code: Code,
        previous: bool,
    },
    Aggregate {
        name: String,
        definitions: Arc<Definitions>,
        previous: bool,
    },
    Negative(Box<Expr>),
    Logarithm(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What an aggregate is, for each kind of accounts that can give it.
type Definitions = BTreeMap<Kind, Expr>;

/// What a formula is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A finite number.
    Known(f64),
    /// What is missing from the accounts.
    Missing(Vec<Gap>),
    /// A division by zero or less.
    Special(BadDenominator),
}

/// Something that a formula needs and that the accounts do not give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gap {
    /// Code or aggregate, with `_1` for the year before.
    pub code: String,
    /// Why it is not known.
    pub why: Why,
}

/// Why an amount is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Why {
    /// The line is empty and cannot be taken for zero.
    Absent,
    /// There is no year before.
    NoPreviousYear,
    /// The accounts of that year are of a kind without this line.
    OtherKind,
    /// The duration of that exercise is not known.
    UnknownDuration,
    /// The company asked that its accounts be not published.
    Confidential,
    /// The company asked that its income statement be not published.
    ConfidentialIncome,
}

/// A division that has no meaning as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BadDenominator {
    /// The denominator as the formula writes it.
    pub denominator: String,
    /// What it is worth: zero or less.
    pub worth: f64,
    /// What was to be divided.
    pub numerator: f64,
}

/// An amount that a formula read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// Code of the line.
    pub code: String,
    /// Whether it is of the year before.
    pub previous: bool,
    /// Whether it is counted over the exercise, not at its closing date.
    pub flow: bool,
    /// As filed, in whole euros.
    pub amount: i64,
    /// Brought to twelve months, in euros, when it is a flow of another duration.
    pub annualised: Option<f64>,
    /// Whether the line was empty and counts as zero.
    pub assumed: bool,
}

/// What a formula is worth and what it read.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The result.
    pub value: Value,
    /// The amounts, each once, in the order of the formula.
    pub inputs: Vec<Input>,
}

impl Formula {
    /// Reads a formula written for that kind of accounts.
    pub fn parse(kind: Kind, text: &str, aggregates: &Aggregates) -> Result<Self, FormulaError> {
        let expr = parser::parse(kind, text, aggregates)?;
        Ok(Self { kind, expr })
    }

    /// The kind of accounts that it reads.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Applies it to an exercise.
    pub fn evaluate(&self, exercise: &Exercise) -> Evaluation {
        let mut reading = Reading {
            exercise,
            inputs: Vec::new(),
        };
        let value = reading.value(&self.expr, false);
        Evaluation {
            value,
            inputs: reading.inputs,
        }
    }
}

struct Reading<'a> {
    exercise: &'a Exercise,
    inputs: Vec<Input>,
}

impl Reading<'_> {
    /// `previous` is set inside an aggregate that is read in the year before.
    fn value(&mut self, expr: &Expr, previous: bool) -> Value {
        match expr {
            Expr::Number(number) => Value::Known(*number),
            Expr::Code {
                code,
                previous: own,
            } => self.code(code, previous || *own),
            Expr::Aggregate {
                name,
                definitions,
                previous: own,
            } => self.aggregate(name, definitions, previous || *own),
            Expr::Negative(inner) => self.value(inner, previous).map(|number| -number),
            Expr::Logarithm(inner) => self
                .value(inner, previous)
                .map(|number| number.max(LEAST_LOGARITHM).ln()),
            Expr::Binary(operator, left, right) => {
                let left = self.value(left, previous);
                let divisor = right.to_string();
                left.with(self.value(right, previous), |left, right| {
                    operator.apply(left, right, divisor)
                })
            }
        }
    }

    fn year(&self, previous: bool) -> Option<&Year> {
        if previous {
            self.exercise.previous.as_ref()
        } else {
            Some(&self.exercise.current)
        }
    }

    fn aggregate(&mut self, name: &str, definitions: &Definitions, previous: bool) -> Value {
        let Some(kind) = self.year(previous).map(|year| year.accounts.kind) else {
            return gap(name, previous, Why::NoPreviousYear);
        };
        let shared = (kind == Kind::Consolidated).then_some(Kind::Complete);
        let own = definitions.get(&kind);
        match own.or_else(|| definitions.get(&shared?)) {
            Some(definition) => self.value(definition, previous),
            None => gap(name, previous, Why::OtherKind),
        }
    }

    fn code(&mut self, code: &Code, previous: bool) -> Value {
        match self.read(code, previous) {
            Ok(input) => {
                let value = input.annualised.unwrap_or_else(|| euros(input.amount));
                let seen = |known: &Input| known.code == input.code && known.previous == previous;
                if !self.inputs.iter().any(seen) {
                    self.inputs.push(input);
                }
                Value::Known(value)
            }
            Err(why) => gap(code.code, previous, why),
        }
    }

    fn read(&self, code: &Code, previous: bool) -> Result<Input, Why> {
        let year = self.year(previous).ok_or(Why::NoPreviousYear)?;
        if codes::find(year.accounts.kind, code.code).is_none() {
            return Err(Why::OtherKind);
        }
        if year.accounts.hides(code) {
            return Err(if year.accounts.confidential {
                Why::Confidential
            } else {
                Why::ConfidentialIncome
            });
        }
        let amount = year.accounts.amount(code).ok_or(Why::Absent)?;
        let factor = match code.nature {
            Nature::Stock => 1.0,
            Nature::Flow => year.duration.factor().ok_or(Why::UnknownDuration)?,
        };
        let lasted_a_year = (factor - 1.0).abs() < f64::EPSILON;
        Ok(Input {
            code: code.code.to_owned(),
            previous,
            flow: code.nature == Nature::Flow,
            amount: amount.euros,
            annualised: (!lasted_a_year).then(|| euros(amount.euros) * factor),
            assumed: amount.assumed,
        })
    }
}

/// Beyond the largest number, the largest number: an overflow is never infinite.
fn finite(number: f64) -> Value {
    Value::Known(number.clamp(f64::MIN, f64::MAX))
}

fn gap(code: &str, previous: bool, why: Why) -> Value {
    Value::Missing(vec![Gap {
        code: format!("{code}{}", suffix(previous)),
        why,
    }])
}

fn suffix(previous: bool) -> &'static str {
    if previous { "_1" } else { "" }
}

impl Value {
    fn map(self, change: impl FnOnce(f64) -> f64) -> Self {
        match self {
            Self::Known(number) => Self::Known(change(number)),
            other => other,
        }
    }

    /// Two operands: everything that is missing is told, then what has no meaning.
    fn with(self, other: Self, combine: impl FnOnce(f64, f64) -> Self) -> Self {
        match (self, other) {
            (Self::Known(left), Self::Known(right)) => combine(left, right),
            (Self::Missing(mut left), Self::Missing(right)) => {
                left.extend(right);
                left.sort();
                left.dedup();
                Self::Missing(left)
            }
            (missing @ Self::Missing(_), _) | (_, missing @ Self::Missing(_)) => missing,
            (special, Self::Known(_)) | (_, special) => special,
        }
    }
}

impl Operator {
    fn apply(self, left: f64, right: f64, divisor: String) -> Value {
        match self {
            Self::Add => finite(left + right),
            Self::Subtract => finite(left - right),
            Self::Multiply => finite(left * right),
            Self::Divide if right > 0.0 => finite(left / right),
            Self::Divide => Value::Special(BadDenominator {
                denominator: divisor,
                worth: right,
                numerator: left,
            }),
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Code { code, previous } => write!(f, "{}{}", code.code, suffix(*previous)),
            Self::Aggregate { name, previous, .. } => write!(f, "{name}{}", suffix(*previous)),
            Self::Negative(inner) => write!(f, "-{inner}"),
            Self::Logarithm(inner) => write!(f, "ln({inner})"),
            Self::Binary(operator, left, right) => {
                write!(f, "({left} {} {right})", operator.sign())
            }
        }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

#[cfg(test)]
#[path = "formula/tests.rs"]
mod tests;
