//! The meetings with a company and the workshops that spoke of it, as far as the visitor may see them.

use chrono::NaiveDate;
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::history::Seen;
use crate::features::companies::supply::SupplyLine;
use crate::features::organisations::matched::MatchLine;

/// A meeting on the page of its company.
#[derive(Debug, Deserialize)]
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

/// A workshop with the company on its agenda.
#[derive(Debug, Deserialize)]
pub struct WorkshopRow {
    /// `workshops.id`
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Its day in France.
    pub on: NaiveDate,
    /// What was decided of the company, with who and for when.
    pub decisions: Vec<String>,
}

/// The actions of a dossier in the plan that runs.
#[derive(Debug, Clone, Deserialize)]
pub struct DossierRow {
    /// Code.
    pub dossier: String,
    /// Still to be done.
    pub open: i64,
    /// Of those, late.
    pub late: i64,
    /// Of those, blocked.
    pub blocked: i64,
    /// Done.
    pub done: i64,
}

/// What people exchanged, the newest first, and what they do.
#[derive(Debug)]
pub struct Exchanges {
    /// Meetings: all for the council, else what is shared or of one's organisation.
    pub meetings: Json<Vec<MetRow>>,
    /// Workshops of one's territories, or to which one's organisation is invited.
    pub workshops: Json<Vec<WorkshopRow>>,
    /// Dossiers with an action that the visitor may see; none when no plan runs.
    pub dossiers: Option<Json<Vec<DossierRow>>>,
    /// Needs, offers and introductions that the visitor may see.
    pub matched: Json<Vec<MatchLine>>,
    /// Current links with customers and suppliers.
    pub supply: Json<Vec<SupplyLine>>,
}

/// The last meetings and workshops and the plan that runs, in one statement. The caller has found the company within the scope.
pub async fn last(
    conn: &mut PgConnection,
    seen: Seen<'_>,
    siren: &str,
    (meetings, workshops): (i64, i64),
    today: NaiveDate,
) -> sqlx::Result<Exchanges> {
    sqlx::query_as!(
        Exchanges,
        r#"select
             (select coalesce(jsonb_agg(to_jsonb(x) order by x.on desc, x.id desc), '[]') from (
                select m.id, m.kind, m.status, m.held_on as on, m.summary, m.author_name as author,
                       o.name as organisation
                from meetings m join organisations o on o.id = m.organisation_id
                where m.siren = $3 and m.undone_at is null and $5::uuid is not null
                  and ($4 or m.is_shared or m.organisation_id = $5 and not m.by_council)
                order by m.held_on desc, m.id desc limit $6) x) as "meetings!: Json<Vec<MetRow>>",
             (select coalesce(jsonb_agg(to_jsonb(x) - 'at' order by x.at desc, x.id), '[]') from (
                select w.id, w.title, (w.held_at at time zone 'Europe/Paris')::date as on, w.held_at as at,
                       array(select d.text || ' (' || o.name || ', pour le ' || to_char(d.due_on, 'DD/MM/YYYY')
                                    || case d.status when 'done' then ', fait' when 'dropped' then ', abandonné'
                                                     else '' end || ')'
                             from workshop_decisions d join organisations o on o.id = d.owner_organisation_id
                             where d.workshop_id = w.id and d.siren = a.siren
                             order by d.decided_at, d.id) as decisions
                from workshop_companies a join workshops w on w.id = a.workshop_id
                where a.siren = $3 and w.cancelled_at is null and $2::uuid is not null
                  and ($1::text[] is null or w.territory_siren = any($1) or workshop_concerns(w.id, $2))
                order by w.held_at desc, w.id limit $7) x) as "workshops!: Json<Vec<WorkshopRow>>",
             (select (select coalesce(jsonb_agg(to_jsonb(x)), '[]') from (
                select n.dossier, count(*) filter (where n.is_open) as open,
                       count(*) filter (where n.is_open and n.due_on < $8) as late,
                       count(*) filter (where n.status = 'blocked') as blocked,
                       count(*) filter (where n.status = 'done') as done
                from (select a.*, a.status in ('todo', 'ongoing', 'blocked') as is_open from actions a
                      where a.plan_id = p.id and ($4 or a.is_shared)) n
                group by n.dossier) x)
              from action_plans p where p.siren = $3 and p.closed_on is null and $5 is not null)
                as "dossiers: Json<Vec<DossierRow>>",
             case when $5 is null then '[]' else matching_lines($4, $1, $5, $3, null) end
               as "matched!: Json<Vec<MatchLine>>",
             case when $5 is null then '[]' else supply_lines($9, $1, $3, null) end
               as "supply!: Json<Vec<SupplyLine>>""#,
        seen.scope,
        seen.organisation_id,
        siren,
        seen.meetings.is_some_and(|(council, _)| council),
        seen.meetings.map(|(_, organisation)| organisation),
        meetings,
        workshops,
        today,
        seen.risk,
    )
    .fetch_one(conn)
    .await
}
