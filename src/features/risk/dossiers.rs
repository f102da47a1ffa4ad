//! Dossiers of companies, gathered from the facts, the signals and the overrides, many at a time.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;

use super::queries::{self, FactRow};
use crate::features::imports::facts::FactKind;
use crate::features::social::model::rise;
use crate::formats::Confidentiality;
use crate::formats::annual_accounts::AccountsRow;
use crate::formats::bodacc::NoticeRow;
use crate::formats::ratios::{AccountsKind, RatiosRow};
use crate::formats::urssaf::{ContributionRow, DebtRow};
use crate::scoring::accounts::{Accounts, Kind};
use crate::scoring::codes::{self, Nature};
use crate::scoring::dossier::{Dossier, Filed};
use crate::scoring::flags::{RaisedFlag, RedFlag};
use crate::scoring::ratios::PublicRatios;
use crate::scoring::retained::{Override, Shift};

/// The dossiers of these companies; one of which nothing is known is not there.
pub async fn gather(
    conn: &mut PgConnection,
    sirens: &[String],
) -> sqlx::Result<BTreeMap<String, Dossier>> {
    let mut dossiers: BTreeMap<String, Dossier> = BTreeMap::new();
    for fact in queries::facts(conn, sirens).await? {
        let dossier = dossiers.entry(fact.siren.clone()).or_default();
        add_fact(dossier, &fact);
    }
    for row in queries::flags(conn, sirens).await? {
        if let Some(flag) = RedFlag::from_code(&row.kind) {
            let flags = &mut dossiers.entry(row.siren).or_default().flags;
            flags.push(RaisedFlag {
                flag,
                author: row.author_name,
                raised_on: row.observed_on,
                expires_on: row.expires_on,
            });
        }
    }
    for row in queries::overrides(conn, sirens).await? {
        let shift = if row.direction == "up" {
            Shift::Up
        } else {
            Shift::Down
        };
        let views = &mut dossiers.entry(row.siren).or_default().overrides;
        views.push(Override {
            signed_on: row.decided_on,
            shift,
            author: row.author_name,
            reason: row.motive,
            expires_on: row.expires_on,
        });
    }
    Ok(dossiers)
}

/// Adds to these dossiers since when a social debt rises, and nothing else of it. While no activation is
/// in force there is nothing to add.
pub async fn add_reserved(
    conn: &mut PgConnection,
    dossiers: &mut BTreeMap<String, Dossier>,
    sirens: &[String],
    on: NaiveDate,
) -> sqlx::Result<()> {
    let facts = queries::social_facts(conn, sirens, on).await?;
    for of_one in facts.chunk_by(|a, b| a.siren == b.siren) {
        let of_kind = |kind| {
            of_one
                .iter()
                .filter(move |fact| FactKind::from_code(&fact.kind) == Some(kind))
        };
        let debts: Vec<DebtRow> = of_kind(FactKind::SocialDebt).filter_map(content).collect();
        let contributions: Vec<ContributionRow> = of_kind(FactKind::SocialContribution)
            .filter_map(content)
            .collect();
        if let (Some(first), Some(rise)) = (of_one.first(), rise(&debts, &contributions, on)) {
            let dossier = dossiers.entry(first.siren.clone()).or_default();
            dossier.reserved_since = Some(rise.since);
        }
    }
    Ok(())
}

fn add_fact(dossier: &mut Dossier, fact: &FactRow) {
    match FactKind::from_code(&fact.kind) {
        Some(FactKind::Notice) => {
            if let Some(row) = content::<NoticeRow>(fact) {
                dossier.notices.push(row.notice());
            }
        }
        Some(FactKind::Accounts) => {
            if let Some(row) = content::<AccountsRow>(fact).filter(|row| !row.deleted) {
                dossier.accounts.extend(filed(row, &fact.source));
            }
        }
        Some(FactKind::Ratios) => {
            if let Some(row) = content::<RatiosRow>(fact) {
                dossier.ratios.push(published(&row));
            }
        }
        // Social debts have their own right and stay out of the points: see `add_reserved`.
        Some(FactKind::SocialDebt | FactKind::SocialContribution | FactKind::SocialDelay)
        | None => {}
    }
}

/// The row that a reader gave, as it was kept. One that an older version wrote otherwise is left out
/// and told in the log.
fn content<T: DeserializeOwned>(fact: &FactRow) -> Option<T> {
    serde_json::from_value(fact.content.clone())
        .inspect_err(
            |error| tracing::warn!(%error, kind = fact.kind, key = fact.key, "a fact is unreadable"),
        )
        .ok()
}

fn kind_of(kind: AccountsKind) -> Option<Kind> {
    match kind {
        AccountsKind::Complete => Some(Kind::Complete),
        AccountsKind::Simplified => Some(Kind::Simplified),
        AccountsKind::Consolidated => Some(Kind::Consolidated),
        AccountsKind::Unknown => None,
    }
}

/// Accounts as the model reads them. What the company asked to keep confidential is left out, even of a
/// file that holds it (article L.232-25 of the code de commerce).
pub fn filed(row: AccountsRow, source: &str) -> Option<Filed> {
    let kind = kind_of(row.kind)?;
    let confidential = row.confidentiality == Confidentiality::Confidential;
    let confidential_income = row.confidentiality == Confidentiality::Partial;
    let is_hidden = |code: &str| {
        let is_flow = || codes::find(kind, code).is_some_and(|code| code.nature == Nature::Flow);
        confidential || (confidential_income && is_flow())
    };
    let mut lines = BTreeMap::new();
    let mut previous_lines = BTreeMap::new();
    for (code, line) in row.lines.into_iter().filter(|(code, _)| !is_hidden(code)) {
        if let Some(amount) = line.n {
            lines.insert(code.clone(), amount);
        }
        if let Some(amount) = line.previous {
            previous_lines.insert(code, amount);
        }
    }
    Some(Filed {
        accounts: Accounts {
            closing: row.closed_on,
            months: row.months.and_then(|months| u8::try_from(months).ok()),
            kind,
            source: source.to_owned(),
            lines,
            previous_lines,
            confidential,
            confidential_income,
        },
        known_on: row.deposited_on,
    })
}

/// Public ratios as the model reads them: without those that need what is confidential.
fn published(row: &RatiosRow) -> PublicRatios {
    let confidential = row.confidentiality == Confidentiality::Confidential;
    let has_income = !confidential && row.confidentiality != Confidentiality::Partial;
    let income = |amount: Option<i64>| amount.filter(|_| has_income);
    let income_ratio = |ratio: Option<f64>| ratio.filter(|_| has_income);
    let balance = |ratio: Option<f64>| ratio.filter(|_| !confidential);
    PublicRatios {
        closing: row.closed_on,
        kind: kind_of(row.kind),
        sales: income(row.amounts.chiffre_d_affaires),
        ebit: income(row.amounts.ebit),
        net_result: income(row.amounts.resultat_net),
        debt_to_equity: balance(row.ratios.taux_d_endettement),
        autonomy: balance(row.ratios.autonomie_financiere),
        liquidity: balance(row.ratios.ratio_de_liquidite),
        cash_flow_to_sales: income_ratio(row.ratios.caf_sur_ca),
        repayment: income_ratio(row.ratios.capacite_de_remboursement),
        confidential,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::Siren;
    use crate::formats::annual_accounts::Line;

    fn row(confidentiality: Confidentiality) -> AccountsRow {
        let line = Line {
            n: Some(1_000),
            previous: Some(900),
        };
        AccountsRow {
            siren: Siren::parse("000081018").expect("a SIREN"),
            closed_on: NaiveDate::from_ymd_opt(2025, 12, 31).expect("a day"),
            deposited_on: None,
            kind: AccountsKind::Complete,
            confidentiality,
            deleted: false,
            months: Some(12),
            previous_months: None,
            lines: ["DL", "HN"].map(|code| (code.to_owned(), line)).into(),
        }
    }

    #[test]
    fn what_is_confidential_is_not_read_even_where_a_file_holds_it() {
        for (confidentiality, expected) in [
            (Confidentiality::Public, vec!["DL", "HN"]),
            (Confidentiality::Unknown, vec!["DL", "HN"]),
            (Confidentiality::Simplified, vec!["DL", "HN"]),
            (Confidentiality::Partial, vec!["DL"]),
            (Confidentiality::Confidential, vec![]),
        ] {
            let accounts = filed(row(confidentiality), "INPI")
                .expect("accounts")
                .accounts;
            let (now, before) = (&accounts.lines, &accounts.previous_lines);
            assert!(now.keys().eq(expected.iter()), "{confidentiality:?}");
            assert!(before.keys().eq(expected.iter()), "{confidentiality:?}");
        }
    }
}
