//! SQL of needs, offers and introductions. Who reads what is `reads_matching`, in the schema.

pub mod entries;
pub mod introductions;
pub mod suggestions;
pub mod writing;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// A theme of the reference list.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Key.
    pub code: String,
    /// Code of its dossier.
    pub dossier: String,
    /// In words.
    pub label: String,
}

/// The reference list, in its order.
pub async fn themes(conn: &mut PgConnection) -> sqlx::Result<Vec<Theme>> {
    sqlx::query_as!(
        Theme,
        "select code, dossier, label from matching_themes order by position",
    )
    .fetch_all(conn)
    .await
}

/// A theme or a territory to filter by.
#[derive(Debug)]
pub struct OptionRow {
    /// `theme` or `territory`.
    pub kind: String,
    /// Key.
    pub value: String,
    /// In words.
    pub label: String,
}

/// Themes, and the territories that the reader sees.
pub async fn options(conn: &mut PgConnection, reader: Reader<'_>) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'theme' as kind, code as value, label, position as rank from matching_themes
             union all
             select 'territory', siren, short_name, 0 from territories
             where $1::text[] is null or siren = any($1)) options
           order by kind, rank, fold_text(label) collate "C""#,
        reader.scope,
    )
    .fetch_all(conn)
    .await
}

/// How many there are, of those that the reader sees.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    /// Needs still open.
    pub needs: i64,
    /// Offers still open.
    pub offers: i64,
    /// Introductions of the twelve months before.
    pub proposed: i64,
    /// Of those, where the two met.
    pub met: i64,
    /// Of those, with something that followed.
    pub pursued: i64,
}

/// The figures of the list.
pub async fn figures(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    today: NaiveDate,
) -> sqlx::Result<Figures> {
    sqlx::query_as!(
        Figures,
        r#"select (select count(*) from matching_entries e
                   where e.closed_on is null and e.side = 'need' and reads_matching($2, $1, $3, e.id)) as "needs!",
                  (select count(*) from matching_entries e
                   where e.closed_on is null and e.side = 'offer' and reads_matching($2, $1, $3, e.id)) as "offers!",
                  count(*) as "proposed!",
                  count(*) filter (where exists (select from introduction_events v
                    where v.introduction_id = i.id and v.state in ('met', 'pursued'))) as "met!",
                  count(*) filter (where i.state = 'pursued') as "pursued!"
           from introductions i
           where i.proposed_on > $4::date - interval '12 months' and i.proposed_on <= $4
             and reads_matching($2, $1, $3, i.need_id)"#,
        reader.scope,
        reader.council,
        reader.organisation,
        today,
    )
    .fetch_one(conn)
    .await
}

/// Who needs or offers.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// SIREN of a company.
    pub siren: Option<String>,
    /// Or an organisation.
    pub organisation_id: Option<Uuid>,
    /// Its name.
    pub name: String,
}

/// The name of an organisation that is not set aside.
pub async fn organisation_name(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select name from organisations where id = $1 and archived_on is null",
        id
    )
    .fetch_optional(conn)
    .await
}

/// The need or offer that comes from a need heard at a meeting.
pub async fn heard(conn: &mut PgConnection, need: Uuid) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select id from matching_entries where company_need_id = $1",
        need
    )
    .fetch_optional(conn)
    .await
}
