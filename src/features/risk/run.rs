//! Scoring: gather, assess, keep what changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{Connection as _, PgConnection};

use super::queries::{self, LastRow, NewAssessment};
use super::{dossiers, models};
use crate::domain::insolvency::{Insolvency, State};
use crate::scoring::assessment::{Assessment, Scorer};
use crate::scoring::dossier::Dossier;
use crate::scoring::level::Level;
use crate::scoring::numbers::long_date;

/// Companies gathered at once.
const BATCH: usize = 500;

/// Where a company stands: what lists show and alerts look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Level retained; none is « non évalué ».
    pub level: Option<Level>,
    /// State in insolvency law.
    pub state: String,
    /// A fall of many points at once.
    pub is_sudden: bool,
}

/// A company whose assessment was written.
#[derive(Debug, Clone)]
pub struct Assessed {
    /// Company.
    pub siren: String,
    /// The new assessment.
    pub assessment_id: i64,
    /// Day that it speaks of.
    pub as_of: NaiveDate,
    /// Where it stood before; none at its first assessment.
    pub before: Option<Standing>,
    /// Where it stands.
    pub after: Standing,
    /// Closing date of the accounts that were read.
    pub closing: Option<NaiveDate>,
    /// The notice that brought its state, and when it took effect.
    pub notice: Option<(String, NaiveDate)>,
    /// Every notice that stands.
    pub standing: Vec<String>,
    /// The one sentence of the explanation.
    pub sentence: String,
}

/// The code of a state in the database.
pub fn state_code(assessment: &Assessment) -> &'static str {
    match assessment.insolvency.state {
        State::Safeguard => "safeguard",
        State::SafeguardPlan => "safeguard_plan",
        State::Receivership => "receivership",
        State::ReceivershipPlan => "receivership_plan",
        State::Liquidation => "liquidation",
        State::Dissolved => "dissolved",
        State::None | State::Closed if assessment.insolvency.radiation.is_some() => "struck_off",
        State::Closed => "closed",
        State::None => "none",
    }
}

/// Scores every company of which something is known.
pub async fn everything(
    conn: &mut PgConnection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Assessed>> {
    let sirens = queries::to_score(conn).await?;
    let written = rescore(conn, &sirens, on, now).await?;
    if let Some(scorer) = models::on(on) {
        let version = &scorer.model().identity.version;
        queries::keep_day(conn, on, version, written.len(), now).await?;
    }
    Ok(written)
}

/// Whether every company was scored on a day, by the model in use.
pub async fn is_scored(conn: &mut PgConnection, on: NaiveDate) -> sqlx::Result<bool> {
    match models::on(on) {
        Some(scorer) => queries::has_day(conn, on, &scorer.model().identity.version).await,
        None => Ok(true),
    }
}

/// Scores every company as of a past day, for the history: the last word on a company stays with the
/// latest day, and nobody is alerted today of what is past. Says how many were written.
pub async fn past(
    conn: &mut PgConnection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<usize> {
    let mut tx = conn.begin().await?;
    let written = everything(&mut tx, on, now).await?;
    tx.commit().await?;
    Ok(written.len())
}

/// Scores these companies again; gives those whose assessment changed.
pub async fn rescore(
    conn: &mut PgConnection,
    sirens: &[String],
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Assessed>> {
    let Some(scorer) = models::on(on) else {
        return Ok(Vec::new());
    };
    let mut written = Vec::new();
    for batch in sirens.chunks(BATCH) {
        let mut gathered = dossiers::gather(conn, batch).await?;
        dossiers::add_reserved(conn, &mut gathered, batch, on).await?;
        let mut before: BTreeMap<String, LastRow> = queries::last(conn, batch, on)
            .await?
            .into_iter()
            .map(|row| (row.siren.clone(), row))
            .collect();
        for siren in batch {
            let dossier = gathered.remove(siren).unwrap_or_default().at(on);
            let last = before.remove(siren);
            // Of a company of which nothing was ever known there is nothing to say.
            if dossier.is_empty() && last.is_none() {
                continue;
            }
            let case = Case {
                scorer,
                siren,
                dossier,
                last,
                on,
                now,
            };
            written.extend(case.keep(conn).await?);
        }
    }
    Ok(written)
}

struct Case<'a> {
    scorer: &'a Scorer,
    siren: &'a str,
    dossier: Dossier,
    last: Option<LastRow>,
    on: NaiveDate,
    now: DateTime<Utc>,
}

impl Case<'_> {
    /// Writes the assessment unless it would say what the last one says.
    async fn keep(self, conn: &mut PgConnection) -> sqlx::Result<Option<Assessed>> {
        let assessment = self.scorer.assess(&self.dossier, self.on);
        let hash = self.dossier.digest();
        let after = standing(&assessment);
        let before = self.last.as_ref().map(known_standing);
        let identity = &self.scorer.model().identity;
        let is_same = self.last.as_ref().is_some_and(|last| {
            last.inputs_hash == hash
                && last.model_version == identity.version
                && before.as_ref() == Some(&after)
        });
        if is_same {
            return Ok(None);
        }
        let code = |level: Option<Level>| level.map(Level::code);
        let retained = &assessment.retained;
        let assessment_id = queries::insert(
            conn,
            &NewAssessment {
                siren: self.siren,
                as_of: self.on,
                at: self.now,
                model: (&identity.id, &identity.version),
                points: assessment
                    .points
                    .and_then(|points| i16::try_from(points).ok()),
                completeness: hundredths(assessment.completeness),
                held: code(assessment.held),
                levels: [
                    code(retained.statistical),
                    code(retained.events),
                    code(retained.human),
                    code(retained.level),
                ],
                state: &after.state,
                change: assessment
                    .change
                    .and_then(|change| i16::try_from(change).ok()),
                is_sudden: assessment.is_sudden,
                cause: &cause(self.last.as_ref(), &self.dossier, &identity.version),
                inputs: &self.dossier,
                inputs_hash: &hash,
                explanation: &assessment.explanation,
            },
        )
        .await?;
        queries::retain(conn, assessment_id).await?;
        let insolvency = &assessment.insolvency;
        Ok(Some(Assessed {
            siren: self.siren.to_owned(),
            assessment_id,
            as_of: self.on,
            before,
            after,
            closing: assessment.explanation.closing,
            notice: notice(insolvency),
            standing: insolvency.standing.clone(),
            sentence: assessment.explanation.sentence,
        }))
    }
}

/// The notice that tells the state: the one of the procedure, else the one of the radiation.
fn notice(insolvency: &Insolvency) -> Option<(String, NaiveDate)> {
    let of_procedure = insolvency.by.clone().zip(insolvency.since);
    let radiation = insolvency.radiation.as_ref();
    match insolvency.state {
        State::None | State::Closed => radiation
            .map(|radiation| (radiation.notice.clone(), radiation.on))
            .or(of_procedure),
        _ => of_procedure,
    }
}

/// Where an assessment puts its company.
pub fn standing(assessment: &Assessment) -> Standing {
    Standing {
        level: assessment.retained.level,
        state: state_code(assessment).to_owned(),
        is_sudden: assessment.is_sudden,
    }
}

fn known_standing(last: &LastRow) -> Standing {
    Standing {
        level: last.retained.as_deref().and_then(Level::from_code),
        state: last.state.clone(),
        is_sudden: last.is_sudden,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a share between 0 and 1 gives 0 to 100"
)]
fn hundredths(share: f64) -> i16 {
    (share.clamp(0.0, 1.0) * 100.0).round() as i16
}

/// What made a new assessment, in French: what is known now that was not, and the reverse.
fn cause(last: Option<&LastRow>, after: &Dossier, version: &str) -> String {
    let Some(last) = last else {
        return "Première évaluation.".to_owned();
    };
    if last.model_version != version {
        return format!("Nouvelle version du modèle\u{a0}: {version}.");
    }
    let before = &last.inputs.0;
    let mut causes = Vec::new();
    let closings = |dossier: &Dossier| -> BTreeSet<NaiveDate> {
        let filed = dossier.accounts.iter().map(|filed| filed.accounts.closing);
        filed
            .chain(dossier.ratios.iter().map(|ratios| ratios.closing))
            .collect()
    };
    for closing in closings(after).difference(&closings(before)) {
        causes.push(format!("comptes au {}", long_date(*closing)));
    }
    if causes.is_empty() && (before.accounts != after.accounts || before.ratios != after.ratios) {
        causes.push("comptes corrigés".to_owned());
    }
    if before.notices != after.notices {
        causes.push("annonces légales".to_owned());
    }
    if before.flags != after.flags {
        causes.push("signaux de terrain".to_owned());
    }
    if before.overrides != after.overrides {
        causes.push("avis d’un conseiller".to_owned());
    }
    if before.reserved_since != after.reserved_since {
        causes.push("un fait réservé".to_owned());
    }
    if causes.is_empty() {
        return "Passage du temps\u{a0}: des comptes ont vieilli.".to_owned();
    }
    format!("Du nouveau\u{a0}: {}.", causes.join(", "))
}

/// How many assessments say again, to the point, what they said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verified {
    /// Computed again.
    pub checked: u64,
    /// Said something else.
    pub different: u64,
    /// Made by a version that this program does not have.
    pub unknown_model: u64,
}

/// Computes every kept assessment again from what was kept with it.
pub async fn verify(conn: &mut PgConnection) -> sqlx::Result<Verified> {
    let mut verified = Verified::default();
    let mut after = 0;
    loop {
        let rows = queries::kept_after(conn, after, 500).await?;
        let Some(last) = rows.last() else {
            return Ok(verified);
        };
        after = last.id;
        for row in rows {
            let Some(scorer) = models::find(&row.model_id, &row.model_version) else {
                verified.unknown_model += 1;
                continue;
            };
            let again = scorer.assess(&row.inputs, row.as_of);
            let points = again.points.and_then(|points| i16::try_from(points).ok());
            let level = |level: Option<Level>| level.map(|level| level.code().to_owned());
            let is_same = points == row.points
                && level(again.retained.statistical) == row.statistical
                && level(again.retained.level) == row.retained;
            verified.checked += 1;
            verified.different += u64::from(!is_same);
        }
    }
}

/// Scores the past with the version in use, beside what was said then and never in its place.
pub async fn compare_past(
    conn: &mut PgConnection,
    on: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let Some(scorer) = models::on(on) else {
        return Ok(0);
    };
    let identity = &scorer.model().identity;
    let model = (identity.id.as_str(), identity.version.as_str());
    let (mut compared, mut after) = (0, 0);
    loop {
        let rows = queries::kept_after(conn, after, 500).await?;
        let Some(last) = rows.last() else {
            return Ok(compared);
        };
        after = last.id;
        for row in rows {
            if (row.model_id.as_str(), row.model_version.as_str()) == model {
                continue;
            }
            let again = scorer.assess(&row.inputs, row.as_of);
            let points = again.points.and_then(|points| i16::try_from(points).ok());
            let level = again.retained.statistical.map(Level::code);
            queries::compare(conn, row.id, model, (points, level), now).await?;
            compared += 1;
        }
    }
}
