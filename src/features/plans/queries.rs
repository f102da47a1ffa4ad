//! SQL of plans. What a person sees: everything for the council; for an adviser the shared actions of their
//! territories, and those that their organisation carries out.

pub mod actions;
pub mod contents;
pub mod documents;
pub mod parts;
pub mod writing;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::features::meetings::queries::Reader;

/// A plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Key.
    pub id: Uuid,
    /// Company.
    pub siren: String,
    /// Its name; null when masked.
    pub company: Option<String>,
    /// What it is for.
    pub objective: String,
    /// Since when.
    pub opened_on: NaiveDate,
    /// Who opened it.
    pub opened_by: String,
    /// Closed on that day.
    pub closed_on: Option<NaiveDate>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// What came of it: code.
    pub outcome: Option<String>,
    /// Why, for the council.
    pub outcome_motive: Option<String>,
    /// Whether the company holds a place: else its plan is in no figure.
    pub holds_place: bool,
    /// Moves at each change.
    pub version: i32,
}

/// The plans of a company within the scope, or this one, the running one first.
pub async fn plans(
    conn: &mut PgConnection,
    reader: Reader<'_>,
    (siren, id): (Option<&str>, Option<Uuid>),
) -> sqlx::Result<Vec<Plan>> {
    sqlx::query_as!(
        Plan,
        r#"select p.id, p.siren, case when c.diffusible or not c.is_person then c.name end as company, p.objective,
                  p.opened_on, o.full_name as opened_by, p.closed_on, k.full_name as "closed_by?", p.outcome,
                  case when $2 then p.outcome_motive end as outcome_motive,
                  exists (select from key_companies h where h.siren = p.siren and h.exited_on is null)
                    as "holds_place!", p.version
           from action_plans p
           join companies c on c.siren = p.siren
           join users o on o.id = p.opened_by
           left join users k on k.id = p.closed_by
           where (p.siren = $3 or p.id = $4) and ($1::text[] is null or exists (
             select from establishments s join current_memberships m on m.insee_code = s.insee_code
             where s.siren = p.siren and m.territory_siren = any($1)))
           order by p.closed_on is not null, p.closed_on desc, p.opened_on desc, p.id limit 50"#,
        reader.scope,
        reader.council,
        siren,
        id,
    )
    .fetch_all(conn)
    .await
}

/// Who may carry out an action, help or pay.
#[derive(Debug, Clone)]
pub struct Party {
    /// `u:` and an account, `p:` and a person, `o:` and an organisation.
    pub key: String,
    /// In words.
    pub label: String,
    /// The organisation.
    pub organisation_id: Uuid,
}

/// Accounts that may carry out actions, people and organisations; what this action names stays in the list.
pub async fn parties(conn: &mut PgConnection, kept: Option<Uuid>) -> sqlx::Result<Vec<Party>> {
    sqlx::query_as!(
        Party,
        r#"with kept as (select owner_user_id, owner_person_id, owner_organisation_id, partner_organisation_id
                         from actions where id = $1)
           select key as "key!", label as "label!", organisation_id as "organisation_id!" from (
             select 1 as rank, 'u:' || u.id as key, u.full_name || ', ' || o.name as label, o.id as organisation_id
             from users u join organisations o on o.id = u.organisation_id
             where u.role in ('staff', 'adviser') and u.status = 'active'
                or u.id in (select owner_user_id from kept)
             union all
             select 2, 'p:' || p.id, p.full_name || ', ' || o.name, o.id
             from partner_people p join organisations o on o.id = p.organisation_id
             where p.user_id is null and p.archived_on is null and o.archived_on is null
                or p.id in (select owner_person_id from kept)
             union all
             select 3, 'o:' || o.id, o.name, o.id
             from organisations o
             where o.archived_on is null
                or o.id in (select unnest(array[owner_organisation_id, partner_organisation_id]) from kept)
           ) parties
           order by rank, fold_text(label) collate "C", key"#,
        kept,
    )
    .fetch_all(conn)
    .await
}

/// A need to answer by an action.
#[derive(Debug, Clone)]
pub struct Need {
    /// `company_needs.id`
    pub id: Uuid,
    /// Company.
    pub siren: String,
    /// Code of the dossier.
    pub dossier: String,
    /// What.
    pub need: String,
    /// Code of the status.
    pub status: String,
    /// The action that answers it.
    pub action_id: Option<Uuid>,
}

/// A need, for the council.
pub async fn need(conn: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Need>> {
    sqlx::query_as!(
        Need,
        r#"select n.id, n.siren, n.dossier, n.need, n.status,
                  (select a.id from actions a where a.need_id = n.id order by a.created_at desc limit 1) as action_id
           from company_needs n where n.id = $1"#,
        id,
    )
    .fetch_optional(conn)
    .await
}

/// A territory or an organisation to filter by.
#[derive(Debug)]
pub struct OptionRow {
    /// `territory` or `owner`.
    pub kind: String,
    /// Key.
    pub value: String,
    /// Name.
    pub label: String,
}

/// Territories that the person sees, organisations that carry out what they see.
pub async fn options(conn: &mut PgConnection, reader: Reader<'_>) -> sqlx::Result<Vec<OptionRow>> {
    sqlx::query_as!(
        OptionRow,
        r#"select kind as "kind!", value as "value!", label as "label!" from (
             select 'territory' as kind, siren as value, short_name as label from territories
             where $1::text[] is null or siren = any($1)
             union all
             select 'owner', o.id::text, o.name from organisations o
             where exists (
               select from actions a join action_plans p on p.id = a.plan_id and p.closed_on is null
               where a.owner_organisation_id = o.id
                 and ($2 or a.is_shared and (o.id = $3 or $1 is null or exists (
                   select from establishments s join current_memberships m on m.insee_code = s.insee_code
                   where s.siren = p.siren and m.territory_siren = any($1)))))) options
           order by kind, fold_text(label) collate "C""#,
        reader.scope,
        reader.council,
        reader.organisation,
    )
    .fetch_all(conn)
    .await
}
