//! Introductions about the needs that the reader sees.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// An introduction.
#[derive(Debug, Clone)]
pub struct Introduction {
    /// Key.
    pub id: Uuid,
    /// The need that it is about.
    pub need_id: Uuid,
    /// What is needed.
    pub need: String,
    /// The company that needs it.
    pub need_siren: Option<String>,
    /// Or the organisation.
    pub need_organisation_id: Option<Uuid>,
    /// Its name; null when masked.
    pub bearer: Option<String>,
    /// Words of the theme.
    pub theme_label: String,
    /// Code of the dossier.
    pub dossier: String,
    /// Names of the territories of who needs it.
    pub territories: Vec<String>,
    /// With this company; null when it is out of the reader's scope.
    pub siren: Option<String>,
    /// Or this organisation.
    pub organisation_id: Option<Uuid>,
    /// Its name; null when masked or out of scope.
    pub party: Option<String>,
    /// Whether the reader may know who it is.
    pub is_party_seen: bool,
    /// The offer that answers, when the reader sees it.
    pub offer_id: Option<Uuid>,
    /// What is offered.
    pub offer: Option<String>,
    /// Code of the state.
    pub state: String,
    /// Since when.
    pub state_on: NaiveDate,
    /// What followed, or why nothing did.
    pub outcome: String,
    /// The day on which it was proposed.
    pub proposed_on: NaiveDate,
    /// By whom.
    pub author: String,
    /// Moves at each change.
    pub version: i32,
    /// How many the query found in all.
    pub total: i64,
}

/// Which introductions.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// This one.
    pub id: Option<Uuid>,
    /// About this need or offer.
    pub entry_id: Option<Uuid>,
    /// About a need of this dossier.
    pub dossier: Option<&'static str>,
    /// Of this theme.
    pub theme: Option<String>,
    /// Of a territory.
    pub territory: Option<String>,
    /// In this state.
    pub state: Option<&'static str>,
}

/// Introductions: those that go on first, then the most recent.
pub async fn introductions(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    wanted: &Wanted,
    (limit, offset): (i64, i64),
) -> sqlx::Result<Vec<Introduction>> {
    sqlx::query_as!(
        Introduction,
        r#"select i.id, i.need_id, n.text as "need!", n.siren as need_siren,
                  n.organisation_id as need_organisation_id, n.bearer, n.theme_label as "theme_label!",
                  n.dossier as "dossier!",
                  array(select t.short_name from territories t where t.siren = any(n.territories)
                        order by fold_text(t.short_name)) as "territories!",
                  case when p.is_seen then i.siren end as siren, i.organisation_id,
                  case when i.siren is null then o.name
                       when p.is_seen and (c.diffusible or not c.is_person) then c.name end as party,
                  p.is_seen as "is_party_seen!", f.id as "offer_id?", f.text as "offer?", i.state, i.state_on, i.outcome,
                  i.proposed_on, i.author_name as author, i.version, count(*) over () as "total!"
           from introductions i
           join matching_board n on n.id = i.need_id
           left join organisations o on o.id = i.organisation_id
           left join companies c on c.siren = i.siren
           left join matching_entries f on f.id = i.offer_id and reads_matching($2, $1, $3, f.id)
           cross join lateral (
             select i.siren is null or $1::text[] is null or exists (
               select from establishments s join current_memberships m on m.insee_code = s.insee_code
               where s.siren = i.siren and m.territory_siren = any($1)) as is_seen) p
           where reads_matching($2, $1, $3, i.need_id)
             and ($4::uuid is null or i.id = $4)
             and ($5::uuid is null or i.need_id = $5 or i.offer_id = $5)
             and ($6::text is null or n.dossier = $6)
             and ($7::text is null or n.theme = $7)
             and ($8::text is null or n.is_everywhere or $8 = any(n.territories))
             and ($9::text is null or i.state = $9)
           order by i.state in ('pursued', 'dropped'), i.proposed_on desc, i.id desc
           limit $10 offset $11"#,
        reader.scope,
        reader.council,
        reader.organisation,
        wanted.id,
        wanted.entry_id,
        wanted.dossier,
        wanted.theme.as_deref(),
        wanted.territory.as_deref(),
        wanted.state,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
}

/// A step of an introduction.
#[derive(Debug)]
pub struct Event {
    /// Code of the state.
    pub state: String,
    /// The day.
    pub on: NaiveDate,
    /// What was said of it.
    pub note: String,
    /// Who wrote it.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The steps of an introduction that the reader sees, in their order.
pub async fn events(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        "select state, happened_on as on, note, actor_name as actor, at
         from introduction_events where introduction_id = $1 order by id",
        id,
    )
    .fetch_all(conn)
    .await
}
