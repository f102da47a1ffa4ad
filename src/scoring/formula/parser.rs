//! Reading a formula. Messages are in French: whoever edits a model reads them.

use std::iter::Peekable;
use std::sync::Arc;
use std::vec::IntoIter;

use thiserror::Error;

use super::{Aggregates, Expr, Operator};
use crate::scoring::codes::{self, Kind};

/// Beyond this, nobody can read a formula, and its reading would exhaust the stack.
const LONGEST: usize = 2_000;
const DEEPEST: usize = 40;

/// Why a formula was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind} (caractère {position})")]
pub struct FormulaError {
    /// What is wrong.
    pub kind: FormulaErrorKind,
    /// Position of the character, from 1.
    pub position: usize,
}

/// What is wrong in a formula.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormulaErrorKind {
    /// Neither a code of these accounts nor an aggregate.
    #[error(
        "«\u{a0}{name}\u{a0}» n’est ni un code des comptes {kind} ni un agrégat{}",
        constant_hint(name)
    )]
    UnknownName {
        /// As written.
        name: String,
        /// Kind of accounts of the formula.
        kind: Kind,
    },
    /// An aggregate that this kind of accounts does not define.
    #[error("l’agrégat «\u{a0}{name}\u{a0}» n’est pas défini pour les comptes {kind}")]
    UndefinedAggregate {
        /// Its name.
        name: String,
        /// Kind of accounts of the formula.
        kind: Kind,
    },
    /// A character that the language does not have.
    #[error("caractère «\u{a0}{0}\u{a0}» inattendu")]
    Character(char),
    /// Something else was needed here.
    #[error("«\u{a0}{0}\u{a0}» inattendu\u{a0}: il faut {1}")]
    Unexpected(String, &'static str),
    /// The text stops too early.
    #[error("formule inachevée\u{a0}: il faut {0}")]
    Unfinished(&'static str),
    /// A constant that is no number.
    #[error("«\u{a0}{0}\u{a0}» n’est pas un nombre")]
    Number(String),
    /// An aggregate reads one year only.
    #[error("un agrégat ne peut pas lire l’année précédente («\u{a0}{0}\u{a0}»)")]
    PreviousInAggregate(String),
    /// Too long or too nested.
    #[error("formule trop longue ou trop imbriquée")]
    TooComplex,
}

/// `365` is a code that does not exist: say how to write the number.
fn constant_hint(name: &str) -> String {
    if name.chars().all(|c| c.is_ascii_digit()) {
        format!("\u{202f}; une constante s’écrit avec un point décimal, {name}.0")
    } else {
        String::new()
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Sign(char),
}

impl Token {
    fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Sign(sign) => sign.to_string(),
        }
    }
}

type Placed = (usize, Token);

/// How names are understood.
pub(super) trait Names {
    /// The definitions of an aggregate, if there is one of that name.
    fn aggregate(&self, name: &str) -> Option<Arc<super::Definitions>>;
    /// Whether the year before may be read.
    fn reads_previous(&self) -> bool;
}

impl Names for Aggregates {
    fn aggregate(&self, name: &str) -> Option<Arc<super::Definitions>> {
        self.definitions(name)
    }

    fn reads_previous(&self) -> bool {
        true
    }
}

pub(super) fn parse(kind: Kind, text: &str, names: &impl Names) -> Result<Expr, FormulaError> {
    if text.len() > LONGEST {
        return Err(error(FormulaErrorKind::TooComplex, 1));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser {
        kind,
        names,
        end: text.chars().count() + 1,
        tokens: tokens.into_iter().peekable(),
        depth: 0,
    };
    let expr = parser.sum()?;
    match parser.tokens.next() {
        None => Ok(expr),
        Some(extra) => Err(unexpected(&extra, "un opérateur ou la fin")),
    }
}

fn error(kind: FormulaErrorKind, position: usize) -> FormulaError {
    FormulaError { kind, position }
}

fn unexpected((position, token): &Placed, wanted: &'static str) -> FormulaError {
    error(
        FormulaErrorKind::Unexpected(token.text(), wanted),
        *position,
    )
}

fn tokens(text: &str) -> Result<Vec<Placed>, FormulaError> {
    let mut found: Vec<Placed> = Vec::new();
    let mut in_word = false;
    for (position, c) in (1..).zip(text.chars()) {
        let of_word = c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        match (of_word, found.last_mut()) {
            (true, Some((_, Token::Word(word)))) if in_word => word.push(c),
            (true, _) => found.push((position, Token::Word(c.to_string()))),
            (false, _) if matches!(c, '+' | '-' | '*' | '/' | '(' | ')') => {
                found.push((position, Token::Sign(c)));
            }
            (false, _) if c.is_whitespace() => {}
            (false, _) => return Err(error(FormulaErrorKind::Character(c), position)),
        }
        in_word = of_word;
    }
    Ok(found)
}

struct Parser<'a, N> {
    kind: Kind,
    names: &'a N,
    end: usize,
    tokens: Peekable<IntoIter<Placed>>,
    depth: usize,
}

impl<N: Names> Parser<'_, N> {
    fn sum(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.product()?;
        while let Some(operator) = self.operator(&[('+', Operator::Add), ('-', Operator::Subtract)])
        {
            left = Expr::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expr, FormulaError> {
        let mut left = self.unary()?;
        while let Some(operator) =
            self.operator(&[('*', Operator::Multiply), ('/', Operator::Divide)])
        {
            left = Expr::Binary(operator, Box::new(left), Box::new(self.unary()?));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let here = self
                .tokens
                .peek()
                .map_or(self.end, |(position, _)| *position);
            return Err(error(FormulaErrorKind::TooComplex, here));
        }
        let expr = if self.take('-') {
            Expr::Negative(Box::new(self.unary()?))
        } else {
            self.atom()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn atom(&mut self) -> Result<Expr, FormulaError> {
        const WANTED: &str = "un code, un agrégat, une constante ou une parenthèse";
        match self.tokens.next() {
            None => Err(error(FormulaErrorKind::Unfinished(WANTED), self.end)),
            Some((_, Token::Sign('('))) => self.closed(),
            Some((_, Token::Word(word))) if word == "ln" => {
                self.open()?;
                Ok(Expr::Logarithm(Box::new(self.closed()?)))
            }
            Some((position, Token::Word(word))) => {
                self.word(&word).map_err(|kind| error(kind, position))
            }
            Some(other) => Err(unexpected(&other, WANTED)),
        }
    }

    fn closed(&mut self) -> Result<Expr, FormulaError> {
        let inner = self.sum()?;
        self.expect(')', "une parenthèse fermante")?;
        Ok(inner)
    }

    fn open(&mut self) -> Result<(), FormulaError> {
        self.expect('(', "une parenthèse ouvrante après ln")
    }

    fn expect(&mut self, sign: char, wanted: &'static str) -> Result<(), FormulaError> {
        match self.tokens.next() {
            Some((_, Token::Sign(found))) if found == sign => Ok(()),
            Some(other) => Err(unexpected(&other, wanted)),
            None => Err(error(FormulaErrorKind::Unfinished(wanted), self.end)),
        }
    }

    fn take(&mut self, sign: char) -> bool {
        let wanted = |(_, token): &Placed| *token == Token::Sign(sign);
        self.tokens.next_if(wanted).is_some()
    }

    fn operator(&mut self, among: &[(char, Operator)]) -> Option<Operator> {
        among
            .iter()
            .find_map(|(sign, operator)| self.take(*sign).then_some(*operator))
    }

    fn word(&self, word: &str) -> Result<Expr, FormulaErrorKind> {
        if word.contains('.') {
            return number(word);
        }
        let (name, previous) = match word.strip_suffix("_1") {
            Some(name) => (name, true),
            None => (word, false),
        };
        if previous && !self.names.reads_previous() {
            return Err(FormulaErrorKind::PreviousInAggregate(word.to_owned()));
        }
        if let Some(definitions) = self.names.aggregate(name) {
            return self.aggregate(name, definitions, previous);
        }
        match codes::find(self.kind, name) {
            Some(code) => Ok(Expr::Code {
                code: *code,
                previous,
            }),
            None => Err(FormulaErrorKind::UnknownName {
                name: name.to_owned(),
                kind: self.kind,
            }),
        }
    }

    /// Of the year before, the kind of accounts may differ: any definition will do.
    fn aggregate(
        &self,
        name: &str,
        definitions: Arc<super::Definitions>,
        previous: bool,
    ) -> Result<Expr, FormulaErrorKind> {
        let complete = self.kind == Kind::Consolidated && definitions.contains_key(&Kind::Complete);
        if !(previous || complete || definitions.contains_key(&self.kind)) {
            return Err(FormulaErrorKind::UndefinedAggregate {
                name: name.to_owned(),
                kind: self.kind,
            });
        }
        Ok(Expr::Aggregate {
            name: name.to_owned(),
            definitions,
            previous,
        })
    }
}

fn number(word: &str) -> Result<Expr, FormulaErrorKind> {
    // Digits and one point: `1e5` or `.5` are refused so that a number reads in one way.
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    word.split_once('.')
        .filter(|(whole, fraction)| digits(whole) && digits(fraction))
        .and_then(|_| word.parse().ok())
        .filter(|number: &f64| number.is_finite())
        .map(Expr::Number)
        .ok_or_else(|| FormulaErrorKind::Number(word.to_owned()))
}
