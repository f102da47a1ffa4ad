//! What is written about organisations.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::OrganisationKind;

/// The organisation of this name, added if nobody had written it yet: case and accents do not tell
/// two organisations apart.
pub async fn provide(
    conn: &mut PgConnection,
    name: &str,
    kind: OrganisationKind,
) -> sqlx::Result<Uuid> {
    sqlx::query!(
        "insert into organisations (name, kind)
         select $1, $2 where not exists (
           select from organisations where fold_text(name) = fold_text($1))
         on conflict do nothing",
        name,
        kind.code()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_scalar!(
        "select id from organisations where fold_text(name) = fold_text($1)
         order by archived_on is not null, created_at, id limit 1",
        name
    )
    .fetch_one(conn)
    .await
}
