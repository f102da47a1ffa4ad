//! What two versions of the model say of the same companies. Reads what `risk` keeps: an assessment, and
//! beside it what another version says of the same facts.

use chrono::NaiveDate;
use sqlx::PgConnection;

/// A version of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionKey {
    /// Identifier of the model.
    pub id: String,
    /// Version.
    pub version: String,
}

/// The versions that were compared with this one, the last compared first.
pub async fn others(conn: &mut PgConnection, used: &VersionKey) -> sqlx::Result<Vec<VersionKey>> {
    sqlx::query_as!(
        VersionKey,
        r#"select id as "id!", version as "version!" from (
             select a.model_id as id, a.model_version as version, c.compared_at as at
             from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
             where c.model_id = $1 and c.model_version = $2
             union all
             select c.model_id, c.model_version, c.compared_at
             from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
             where a.model_id = $1 and a.model_version = $2) compared
           where (id, version) <> ($1, $2)
           group by id, version
           order by max(at) desc, id, version"#,
        used.id,
        used.version,
    )
    .fetch_all(conn)
    .await
}

/// Companies at a pair of levels.
#[derive(Debug)]
pub struct PairRow {
    /// Level with the other version; none is not assessed.
    pub other: Option<String>,
    /// Level with the version in use.
    pub used: Option<String>,
    /// How many.
    pub companies: i64,
}

/// How many companies of the scope stand at each pair of levels, by their last compared assessment.
pub async fn pairs(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    used: &VersionKey,
    other: &VersionKey,
) -> sqlx::Result<Vec<PairRow>> {
    sqlx::query_as!(
        PairRow,
        r#"select other, used, count(*) as "companies!" from (
             select distinct on (siren) siren, other, used from (
               select a.siren, a.as_of, a.id, a.statistical as other, c.statistical as used
               from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
               where c.model_id = $2 and c.model_version = $3 and a.model_id = $4 and a.model_version = $5
               union all
               select a.siren, a.as_of, a.id, c.statistical, a.statistical
               from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
               where a.model_id = $2 and a.model_version = $3 and c.model_id = $4 and c.model_version = $5
             ) compared
             order by siren, as_of desc, id desc) last
           join companies k using (siren)
           where $1::text[] is null or exists (
             select from establishments s join current_memberships m on m.insee_code = s.insee_code
             where s.siren = k.siren and m.territory_siren = any($1))
           group by other, used"#,
        scope as Option<&[String]>,
        used.id,
        used.version,
        other.id,
        other.version,
    )
    .fetch_all(conn)
    .await
}

/// A company that the two versions put at different levels.
#[derive(Debug)]
pub struct ChangedRow {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
    /// Its territory, when it has one here.
    pub territory: Option<String>,
    /// Day that the assessment speaks of.
    pub as_of: NaiveDate,
    /// Level with the other version.
    pub other: Option<String>,
    /// Points with the other version.
    pub other_points: Option<i16>,
    /// Level with the version in use.
    pub used: Option<String>,
    /// Points with the version in use.
    pub used_points: Option<i16>,
    /// Rows in all.
    pub total: i64,
}

/// Companies of the scope whose level is not the same, those that the version in use finds worst first.
pub async fn changed(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    (used, other): (&VersionKey, &VersionKey),
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<ChangedRow>> {
    sqlx::query_as!(
        ChangedRow,
        r#"select k.siren, case when k.diffusible or not k.is_person then k.name end as name,
                  t.short_name as "territory?", as_of as "as_of!", other, other_points, used, used_points,
                  count(*) over () as "total!"
           from (
             select distinct on (siren) siren, as_of, other, other_points, used, used_points from (
               select a.siren, a.as_of, a.id, a.statistical as other, a.points as other_points,
                      c.statistical as used, c.points as used_points
               from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
               where c.model_id = $2 and c.model_version = $3 and a.model_id = $4 and a.model_version = $5
               union all
               select a.siren, a.as_of, a.id, c.statistical, c.points, a.statistical, a.points
               from risk_comparisons c join risk_assessments a on a.id = c.assessment_id
               where a.model_id = $2 and a.model_version = $3 and c.model_id = $4 and c.model_version = $5
             ) compared
             order by siren, as_of desc, id desc) last
           join companies k using (siren)
           left join establishments e on e.siret = k.local_siret
           left join current_memberships m on m.insee_code = e.insee_code
           left join territories t on t.siren = m.territory_siren
           where other is distinct from used and ($1::text[] is null or exists (
             select from establishments s join current_memberships sm on sm.insee_code = s.insee_code
             where s.siren = k.siren and sm.territory_siren = any($1)))
           order by array_position(array['critical', 'high', 'moderate', 'low'], used),
                    array_position(array['low', 'moderate', 'high', 'critical'], other), k.search_name, k.siren
           limit $6 offset $7"#,
        scope as Option<&[String]>,
        used.id,
        used.version,
        other.id,
        other.version,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}
