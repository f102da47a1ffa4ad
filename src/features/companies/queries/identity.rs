//! The name of one company, for the pages of other features.

use sqlx::PgConnection;

/// A company by its name.
#[derive(Debug)]
pub struct CompanyName {
    /// SIREN.
    pub siren: String,
    /// Null when masked.
    pub name: Option<String>,
}

/// The company, if it exists within the scope.
pub async fn company(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    siren: &str,
) -> sqlx::Result<Option<CompanyName>> {
    sqlx::query_as!(
        CompanyName,
        "select c.siren, case when c.diffusible or not c.is_person then c.name end as name
         from companies c
         where c.siren = $2 and ($1::text[] is null or exists (
           select from establishments s join current_memberships m on m.insee_code = s.insee_code
           where s.siren = c.siren and m.territory_siren = any($1)))",
        scope,
        siren,
    )
    .fetch_optional(conn)
    .await
}
