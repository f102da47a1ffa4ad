//! Facts of the accounts that are rules, not statistics: each is true or not, dated and told with its
//! source. Absent accounts are no finding: micro-enterprises and small companies may hide theirs.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::accounts::{Accounts, Exercise, Kind, euros};
use super::codes;
use super::features::{Age, AgeLimits};
use super::level::Level;
use super::numbers;

/// Which fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventId {
    /// Equity under half of the capital (articles L.223-42 and L.225-248 of the code de commerce).
    CapitalHalfLost,
    /// Two losses in a row and negative equity.
    LossesAndNegativeEquity,
    /// Accounts older than the first limit.
    StaleAccounts,
    /// Accounts older than the second limit: the score is frozen.
    FrozenAccounts,
}

impl EventId {
    /// Identifier in the model file.
    pub fn code(self) -> &'static str {
        match self {
            Self::CapitalHalfLost => "capital_moitie",
            Self::LossesAndNegativeEquity => "pertes_et_capitaux_negatifs",
            Self::StaleAccounts => "comptes_anciens",
            Self::FrozenAccounts => "comptes_perimes",
        }
    }

    /// The fact of this identifier.
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [
            Self::CapitalHalfLost,
            Self::LossesAndNegativeEquity,
            Self::StaleAccounts,
            Self::FrozenAccounts,
        ];
        all.into_iter().find(|event| event.code() == code)
    }

    /// In a few words, for the sentence of a level.
    pub fn short(self) -> &'static str {
        match self {
            Self::CapitalHalfLost => "capitaux propres inférieurs à la moitié du capital",
            Self::LossesAndNegativeEquity => {
                "deux pertes de suite avec des capitaux propres négatifs"
            }
            Self::StaleAccounts => "comptes anciens",
            Self::FrozenAccounts => "comptes trop anciens",
        }
    }

    /// The least level that it sets when the model says nothing else. Old accounts set none: their
    /// absence is not guilt.
    pub fn default_floor(self) -> Option<Level> {
        match self {
            Self::CapitalHalfLost => Some(Level::Moderate),
            Self::LossesAndNegativeEquity => Some(Level::High),
            Self::StaleAccounts | Self::FrozenAccounts => None,
        }
    }
}

/// A fact found in the accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFinding {
    /// Which.
    pub id: EventId,
    /// Since when, without interruption, as far as the accounts say.
    pub since: NaiveDate,
    /// One French sentence.
    pub words: String,
}

/// The facts true on a day, from exercises of the company alone, oldest first. Those closed after that
/// day are not looked at.
pub fn findings(exercises: &[Exercise], as_of: NaiveDate, limits: AgeLimits) -> Vec<EventFinding> {
    let known: Vec<&Exercise> = exercises
        .iter()
        .filter(|exercise| exercise.current.accounts.closing <= as_of)
        .filter(|exercise| exercise.current.accounts.kind != Kind::Consolidated)
        .collect();
    // Accounts too old to be scored say no more of the company than they do of its score.
    let told = |(found, closing): (EventFinding, NaiveDate)| match limits.age(closing, as_of) {
        Age::Fresh => Some(found),
        Age::Stale => Some(EventFinding {
            words: format!(
                "{} Ces comptes ont plus de {} mois\u{a0}: à lire avec prudence.",
                found.words, limits.stale
            ),
            ..found
        }),
        Age::Frozen => None,
    };
    [
        capital_half_lost(&known).and_then(told),
        losses_and_negative_equity(&known).and_then(told),
        old_accounts(&known, as_of, limits),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The fact and the closing date of the last accounts that show it.
type Found = Option<(EventFinding, NaiveDate)>;

fn capital_half_lost(exercises: &[&Exercise]) -> Found {
    let half_lost = |exercise: &Exercise| {
        let accounts = &exercise.current.accounts;
        let (equity, capital) = equity(accounts).zip(capital(accounts))?;
        Some(capital > 0 && equity.saturating_mul(2) < capital)
    };
    let (since, latest) = run(exercises, half_lost)?;
    let words = format!(
        "Capitaux propres de {} inférieurs à la moitié du capital ({}) au {}\u{a0}: dans une SARL ou une \
         société par actions, les associés doivent se prononcer sur la poursuite de l’activité \
         (articles L.223-42 et L.225-248 du code de commerce).",
        numbers::euros(euros(equity(latest)?)),
        numbers::euros(euros(capital(latest)?)),
        numbers::long_date(latest.closing),
    );
    let id = EventId::CapitalHalfLost;
    Some((EventFinding { id, since, words }, latest.closing))
}

fn losses_and_negative_equity(exercises: &[&Exercise]) -> Found {
    let both = |exercise: &Exercise| {
        let previous = exercise.previous.as_ref()?;
        let this = &exercise.current.accounts;
        let results = net_result(this).zip(net_result(&previous.accounts))?;
        Some(results.0 < 0 && results.1 < 0 && equity(this)? < 0)
    };
    let (since, latest) = run(exercises, both)?;
    let words = format!(
        "Deux exercices de suite en perte et capitaux propres négatifs ({}) au {}.",
        numbers::euros(euros(equity(latest)?)),
        numbers::long_date(latest.closing),
    );
    let id = EventId::LossesAndNegativeEquity;
    Some((EventFinding { id, since, words }, latest.closing))
}

fn old_accounts(
    exercises: &[&Exercise],
    as_of: NaiveDate,
    limits: AgeLimits,
) -> Option<EventFinding> {
    let closing = exercises.last()?.current.accounts.closing;
    let (id, months, effect) = match limits.age(closing, as_of) {
        Age::Fresh => return None,
        Age::Stale => (EventId::StaleAccounts, limits.stale, "à lire avec prudence"),
        Age::Frozen => (
            EventId::FrozenAccounts,
            limits.frozen,
            "le score n’est plus calculé",
        ),
    };
    Some(EventFinding {
        id,
        since: closing
            .checked_add_months(Months::new(months))?
            .succ_opt()?,
        words: format!(
            "Derniers comptes connus arrêtés au {}, il y a plus de {months} mois\u{a0}: {effect}.",
            numbers::long_date(closing)
        ),
    })
}

/// The last year of which the answer is known, if it is yes, and since which closing date it has been.
fn run<'a>(
    exercises: &[&'a Exercise],
    answer: impl Fn(&Exercise) -> Option<bool>,
) -> Option<(NaiveDate, &'a Accounts)> {
    let mut yes = exercises
        .iter()
        .rev()
        .filter_map(|exercise| Some((*exercise, answer(exercise)?)))
        .take_while(|(_, yes)| *yes)
        .map(|(exercise, _)| &exercise.current.accounts);
    let latest = yes.next()?;
    let first = yes.last().unwrap_or(latest);
    Some((first.closing, latest))
}

fn equity(accounts: &Accounts) -> Option<i64> {
    worth(accounts, "DL", "142")
}

fn capital(accounts: &Accounts) -> Option<i64> {
    worth(accounts, "DA", "120")
}

fn net_result(accounts: &Accounts) -> Option<i64> {
    worth(accounts, "HN", "310")
}

fn worth(accounts: &Accounts, complete: &str, simplified: &str) -> Option<i64> {
    let code = match accounts.kind {
        Kind::Simplified => simplified,
        Kind::Complete | Kind::Consolidated => complete,
    };
    let code = codes::find(accounts.kind, code)?;
    let amount = accounts.amount(code).filter(|_| !accounts.hides(code))?;
    Some(amount.euros)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::accounts::{View, exercises};
    use crate::scoring::testing::{accounts, day};

    fn year(closing: &str, capital: i64, equity: i64, result: i64) -> Accounts {
        let lines = [
            ("120", capital),
            ("142", equity),
            ("180", 1_000),
            ("310", result),
        ];
        accounts(Kind::Simplified, closing, &lines)
    }

    fn ids(given: &[Accounts], as_of: &str) -> Vec<(EventId, String)> {
        findings(
            &exercises(given, View::Company),
            day(as_of),
            AgeLimits::default(),
        )
        .into_iter()
        .map(|finding| (finding.id, finding.since.to_string()))
        .collect()
    }

    #[test]
    fn half_of_the_capital_is_lost_below_half_and_since_the_first_year_of_the_run() {
        let given = [
            year("2021-12-31", 100, 49, 1),
            year("2022-12-31", 100, 50, 1),
            year("2023-12-31", 100, 49, 1),
            year("2024-12-31", 100, 10, 1),
        ];
        assert_eq!(
            ids(&given, "2025-06-01"),
            [(EventId::CapitalHalfLost, "2023-12-31".to_owned())]
        );
        assert_eq!(
            ids(&given[..2], "2023-06-01"),
            [],
            "exactly half is not lost"
        );
        let none = [year("2024-12-31", 0, -5, 1)];
        assert_eq!(
            ids(&none, "2025-06-01"),
            [],
            "no capital, nothing to lose half of"
        );
    }

    #[test]
    fn the_sentence_gives_the_amounts_and_the_law() {
        let given = exercises(&[year("2024-12-31", 100_000, 40_000, 1)], View::Company);
        let found = findings(&given, day("2025-06-01"), AgeLimits::default());
        assert_eq!(
            found[0].words,
            "Capitaux propres de 40\u{202f}000\u{a0}€ inférieurs à la moitié du capital \
             (100\u{202f}000\u{a0}€) au 31 décembre 2024\u{a0}: dans une SARL ou une société par \
             actions, les associés doivent se prononcer sur la poursuite de l’activité \
             (articles L.223-42 et L.225-248 du code de commerce)."
        );
    }

    #[test]
    fn two_losses_need_negative_equity_and_two_years() {
        let first = year("2023-12-31", 0, 5, -10);
        let given = |equity, result| [first.clone(), year("2024-12-31", 0, equity, result)];
        let expected = [(EventId::LossesAndNegativeEquity, "2024-12-31".to_owned())];
        assert_eq!(ids(&given(-5, -10), "2025-06-01"), expected);
        assert_eq!(ids(&given(0, -5), "2025-06-01"), []);
        assert_eq!(ids(&given(-5, 0), "2025-06-01"), []);
        assert_eq!(ids(&given(-5, -10)[1..], "2025-06-01"), []);
        let profit = [year("2023-12-31", 0, 5, 10), year("2024-12-31", 0, -5, -10)];
        assert_eq!(ids(&profit, "2025-06-01"), []);
    }

    #[test]
    fn old_accounts_are_said_and_set_no_floor() {
        let given = [year("2023-12-31", 100, 90, 1)];
        let stale = [(EventId::StaleAccounts, "2025-07-01".to_owned())];
        let frozen = [(EventId::FrozenAccounts, "2026-07-01".to_owned())];
        assert_eq!(ids(&given, "2025-06-30"), []);
        assert_eq!(ids(&given, "2025-07-01"), stale);
        assert_eq!(ids(&given, "2026-07-01"), frozen);
        assert_eq!(EventId::FrozenAccounts.default_floor(), None);
        assert_eq!(ids(&[], "2026-07-01"), [], "no accounts is no finding");
    }

    #[test]
    fn accounts_too_old_to_be_scored_set_nothing_and_old_ones_say_so() {
        let given = [
            year("2022-12-31", 100, -5, -10),
            year("2023-12-31", 100, -15, -10),
        ];
        let (half, losses) = (EventId::CapitalHalfLost, EventId::LossesAndNegativeEquity);
        let of = |as_of: &str| {
            let found = findings(
                &exercises(&given, View::Company),
                day(as_of),
                AgeLimits::default(),
            );
            let floors = found
                .into_iter()
                .filter(|found| found.id.default_floor().is_some());
            floors.collect::<Vec<_>>()
        };
        let ids = |as_of: &str| of(as_of).iter().map(|found| found.id).collect::<Vec<_>>();
        let say = "Ces comptes ont plus de 18 mois\u{a0}: à lire avec prudence.";
        assert_eq!(ids("2025-06-30"), [half, losses]);
        assert!(
            of("2025-06-30")
                .iter()
                .all(|found| !found.words.contains(say))
        );
        assert_eq!(ids("2026-06-30"), [half, losses]);
        assert!(
            of("2026-06-30")
                .iter()
                .all(|found| found.words.ends_with(say))
        );
        assert_eq!(ids("2026-07-01"), []);
        let hidden = given.map(|accounts| Accounts {
            confidential: true,
            ..accounts
        });
        assert_eq!(super::tests::ids(&hidden, "2025-06-30"), []);
    }

    #[test]
    fn accounts_closed_after_the_day_are_not_known() {
        let given = [
            year("2023-12-31", 100, 90, 1),
            year("2024-12-31", 100, 10, 1),
        ];
        assert_eq!(ids(&given, "2024-06-01"), []);
    }
}
