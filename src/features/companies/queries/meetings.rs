//! The meetings of a company that the visitor may see.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

/// A meeting on the page of its company.
#[derive(Debug)]
pub struct MetRow {
    /// Key.
    pub id: Uuid,
    /// Code of the kind.
    pub kind: String,
    /// Code of the status.
    pub status: String,
    /// Day.
    pub on: NaiveDate,
    /// The essential.
    pub summary: String,
    /// Who noted it.
    pub author: String,
    /// Their organisation.
    pub organisation: String,
}

/// The last ones, the newest first: all for the council, else what is shared or of one's organisation. The
/// caller has found the company within the scope.
pub async fn last(
    conn: &mut PgConnection,
    siren: &str,
    (council, organisation): (bool, Uuid),
    limit: i64,
) -> sqlx::Result<Vec<MetRow>> {
    sqlx::query_as!(
        MetRow,
        "select m.id, m.kind, m.status, m.held_on as on, m.summary, m.author_name as author, o.name as organisation
         from meetings m join organisations o on o.id = m.organisation_id
         where m.siren = $1 and m.undone_at is null and ($2 or m.is_shared or m.organisation_id = $3 and not m.by_council)
         order by m.held_on desc, m.id desc limit $4",
        siren,
        council,
        organisation,
        limit,
    )
    .fetch_all(conn)
    .await
}
