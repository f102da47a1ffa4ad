//! The last assessment of a company, with its explanation.

use chrono::NaiveDate;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::scoring::explanation::Explanation;

/// Where a company stands, and why.
#[derive(Debug)]
pub struct RiskRow {
    /// Level retained, or `procedure`; none is « non évalué ».
    pub shown: Option<String>,
    /// Since when the company has this level and state.
    pub since: NaiveDate,
    /// Points; none without accounts.
    pub points: Option<i16>,
    /// Known share of the model's weight, in hundredths.
    pub completeness: i16,
    /// Level of the statistics, of the events, of the red flags.
    pub statistical: Option<String>,
    /// The same for events.
    pub events_floor: Option<String>,
    /// The same for red flags.
    pub flags_floor: Option<String>,
    /// Day that the assessment speaks of.
    pub as_of: NaiveDate,
    /// What made it.
    pub cause: String,
    /// Version of the model.
    pub model_version: String,
    /// What is shown.
    pub explanation: Json<Explanation>,
}

/// The last assessment; none for a company of which nothing is known. The caller has checked that the
/// company is within the scope and that the person may see risks.
pub async fn last(conn: &mut PgConnection, siren: &str) -> sqlx::Result<Option<RiskRow>> {
    sqlx::query_as!(
        RiskRow,
        r#"select r.shown, r.since, a.points, a.completeness, a.statistical, a.events_floor,
                  a.flags_floor, a.as_of, a.cause, a.model_version,
                  a.explanation as "explanation: Json<Explanation>"
             from company_risks r join risk_assessments a on a.id = r.assessment_id
            where r.siren = $1"#,
        siren
    )
    .fetch_optional(conn)
    .await
}
