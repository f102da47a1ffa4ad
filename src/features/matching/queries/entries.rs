//! Needs and offers, as far as the reader sees them.

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// A need or an offer.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Key.
    pub id: Uuid,
    /// `need` or `offer`.
    pub side: String,
    /// The company that bears it.
    pub siren: Option<String>,
    /// Or the organisation.
    pub organisation_id: Option<Uuid>,
    /// Its name; null when masked.
    pub bearer: Option<String>,
    /// Code of the organisation's kind.
    pub bearer_kind: Option<String>,
    /// Names of the territories where it works.
    pub territories: Vec<String>,
    /// Whether it works everywhere.
    pub is_everywhere: bool,
    /// Code of the theme.
    pub theme: String,
    /// Its words.
    pub theme_label: String,
    /// Code of the dossier.
    pub dossier: String,
    /// What is needed or offered.
    pub text: String,
    /// The day on which it was said.
    pub said_on: NaiveDate,
    /// The meeting where it was heard, for the council.
    pub meeting_id: Option<Uuid>,
    /// Else for the council and its writer.
    pub is_shared: bool,
    /// Closed on that day.
    pub closed_on: Option<NaiveDate>,
    /// Why.
    pub closing_motive: String,
    /// Who wrote it.
    pub author: String,
    /// Of which organisation.
    pub written_by: Uuid,
    /// Whether the council wrote it.
    pub by_council: bool,
    /// Its name.
    pub written_by_name: String,
    /// Introductions about it.
    pub introductions: i64,
    /// Moves at each change.
    pub version: i32,
    /// How many the query found in all.
    pub total: i64,
}

/// Which needs and offers.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// This one.
    pub id: Option<Uuid>,
    /// `need` or `offer`.
    pub side: Option<&'static str>,
    /// Of this dossier.
    pub dossier: Option<&'static str>,
    /// Of this theme.
    pub theme: Option<String>,
    /// Borne in this territory.
    pub territory: Option<String>,
    /// Open or closed ones only.
    pub is_open: Option<bool>,
}

/// Needs and offers: open ones first, then the most recent.
pub async fn entries(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    wanted: &Wanted,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select b.id as "id!", b.side as "side!", b.siren, b.organisation_id, b.bearer, b.bearer_kind,
                  array(select t.short_name from territories t where t.siren = any(b.territories)
                        order by fold_text(t.short_name)) as "territories!",
                  b.is_everywhere as "is_everywhere!", b.theme as "theme!", b.theme_label as "theme_label!",
                  b.dossier as "dossier!", b.text as "text!", b.said_on as "said_on!", n.meeting_id as "meeting_id?",
                  b.is_shared as "is_shared!", b.closed_on, b.closing_motive as "closing_motive!",
                  b.author_name as "author!", b.written_by as "written_by!", b.by_council as "by_council!", w.name as written_by_name,
                  (select count(*) from introductions i where i.need_id = b.id or i.offer_id = b.id)
                    as "introductions!",
                  b.version as "version!", count(*) over () as "total!"
           from matching_board b
           join organisations w on w.id = b.written_by
           left join company_needs n on n.id = b.company_need_id and $2
           where reads_matching($2, $1, $3, b.id)
             and ($4::uuid is null or b.id = $4)
             and ($5::text is null or b.side = $5)
             and ($6::text is null or b.dossier = $6)
             and ($7::text is null or b.theme = $7)
             and ($8::text is null or b.is_everywhere or $8 = any(b.territories))
             and ($9::bool is null or (b.closed_on is null) = $9)
           order by b.closed_on is not null, b.said_on desc, b.id desc
           limit $10 offset $11"#,
        reader.scope,
        reader.council,
        reader.organisation,
        wanted.id,
        wanted.side,
        wanted.dossier,
        wanted.theme.as_deref(),
        wanted.territory.as_deref(),
        wanted.is_open,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}
