//! What was known of each exercise and what followed: the program's own data to measure a model on
//! and to train one from.

use chrono::{Datelike as _, Months, NaiveDate};
use sqlx::PgConnection;

use super::{dossiers, queries};
use crate::domain::insolvency::{Category, Notice, judgments};
use crate::scoring::assessment::Scorer;

/// Companies gathered at once.
const BATCH: usize = 500;

/// From the closing of an exercise to the publication of its accounts.
const PUBLICATION: Months = Months::new(6);

/// From the closing of an exercise to the end of what is predicted: twelve months of publication on.
const HORIZON: Months = Months::new(18);

/// An exercise of a company and what followed.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Company.
    pub siren: String,
    /// Closing date.
    pub closing: NaiveDate,
    /// Did the first opening judgment come within the horizon?
    pub label: bool,
    /// Months from the closing to the first opening judgment that is known.
    pub months_to_event: Option<u16>,
    /// Division of the activity; empty when unknown.
    pub sector: String,
    /// Headcount band in French; empty when unknown.
    pub size: String,
    /// The variables of the model.
    pub values: Vec<Option<f64>>,
}

/// What followed an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Outcome {
    label: bool,
    months_to_event: Option<u16>,
}

/// The day of the last notice that is known.
pub async fn last_notice(conn: &mut PgConnection) -> sqlx::Result<Option<NaiveDate>> {
    queries::last_notice(conn).await
}

/// Every exercise whose outcome is known on a day, by company and closing date. Confidential
/// accounts are left out.
pub async fn lines(
    conn: &mut PgConnection,
    scorer: &Scorer,
    until: NaiveDate,
) -> sqlx::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let companies = queries::with_exercises(conn).await?;
    for batch in companies.chunks(BATCH) {
        let sirens: Vec<String> = batch.iter().map(|company| company.siren.clone()).collect();
        let mut gathered = dossiers::gather(conn, &sirens).await?;
        for company in batch {
            let mut dossier = gathered
                .remove(&company.siren)
                .unwrap_or_default()
                .at(until);
            dossier
                .accounts
                .retain(|filed| !filed.accounts.confidential);
            let followed = scorer.features(&dossier).into_iter();
            lines.extend(followed.filter_map(|(closing, values)| {
                let outcome = outcome(&dossier.notices, closing, until)?;
                Some(Line {
                    siren: company.siren.clone(),
                    closing,
                    label: outcome.label,
                    months_to_event: outcome.months_to_event,
                    sector: company.sector.clone(),
                    size: company.size.clone(),
                    values,
                })
            }));
        }
    }
    Ok(one_a_year(lines))
}

/// The last exercise of each calendar year: a period is a year for whoever reads the file.
fn one_a_year(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let same =
            |last: &Line| last.siren == line.siren && last.closing.year() == line.closing.year();
        match kept.last_mut() {
            Some(last) if same(last) => *last = line,
            _ => kept.push(line),
        }
    }
    kept
}

/// What followed an exercise, seen on a day; none when a judgment came before its accounts were
/// public, or when the horizon is not over.
fn outcome(notices: &[Notice], closing: NaiveDate, until: NaiveDate) -> Option<Outcome> {
    let published = closing.checked_add_months(PUBLICATION)?;
    let end = closing.checked_add_months(HORIZON)?;
    let judgments = judgments(notices, until);
    if end > until || judgments.first().is_some_and(|(day, _)| *day <= published) {
        return None;
    }
    let opening = judgments
        .iter()
        .find(|(_, judgment)| matches!(judgment.category, Category::Opening | Category::Extension))
        .map(|(day, _)| *day);
    Some(Outcome {
        label: opening.is_some_and(|day| day <= end),
        months_to_event: opening.and_then(|day| months_between(closing, day)),
    })
}

/// Whole months from a day to a later one.
fn months_between(from: NaiveDate, to: NaiveDate) -> Option<u16> {
    let months = 12 * (to.year() - from.year()) + to.month().cast_signed()
        - from.month().cast_signed()
        - i32::from(to.day() < from.day());
    u16::try_from(months).ok()
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
