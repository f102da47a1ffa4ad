//! Places found by the search of the header; companies are found by [`super::list`].

use sqlx::PgConnection;

/// A territory or a commune that the words name.
#[derive(Debug)]
pub struct PlaceRow {
    /// Whether it is a commune.
    pub is_commune: bool,
    /// Its name.
    pub name: String,
    /// Code of the département; null for a territory.
    pub department: Option<String>,
    /// Territory to go to.
    pub territory_siren: String,
    /// Name of that territory.
    pub territory: String,
}

/// Territories and communes nearest to the words, at most `limit` of each, within the scope.
pub async fn places(
    conn: &mut PgConnection,
    scope: Option<&[String]>,
    text: &str,
    limit: i64,
) -> sqlx::Result<Vec<PlaceRow>> {
    sqlx::query_as!(
        PlaceRow,
        r#"(select false as "is_commune!", t.name as "name!", null as department,
                   t.siren as "territory_siren!", t.short_name as "territory!"
            from territories t
            where ($1::text[] is null or t.siren = any($1))
              and (t.siren = $2 or word_similarity(fold_text($2), fold_text(t.name)) >= 0.6
                   or word_similarity(fold_text($2), fold_text(t.short_name)) >= 0.6)
            order by word_similarity(fold_text($2), fold_text(t.name)) desc, t.name limit $3)
           union all
           (select true, u.name, u.department, t.siren, t.short_name
            from municipalities u
            join current_memberships m on m.insee_code = u.insee_code
            join territories t on t.siren = m.territory_siren
            where ($1 is null or t.siren = any($1))
              and (u.insee_code = $2 or $2 = any(u.postcodes)
                   or word_similarity(fold_text($2), u.search_name) >= 0.6)
            order by similarity(fold_text($2), u.search_name) desc, u.name limit $3)"#,
        scope,
        text,
        limit,
    )
    .fetch_all(conn)
    .await
}
